import type { Kysely } from 'kysely';
import type { Actor, EndCause } from '@gatebook/protocol';
import {
  EVERYTHING,
  factAs,
  identityAs,
  namesAs,
  personAs,
  sentenceFor,
  utcTime,
  type FormatTime,
  type IdentityShown,
  type Mark,
  type Sentence,
} from '#wording/wording';
import type { Schema } from '../projections.ts';
import { cut, pageOf, type Page, type PageOptions } from '../runner/paging.ts';
import type { RowOf } from '../runner/table.ts';
import type { TablesReader } from '../runner/tables.ts';
import { namesIn } from './names.ts';
import { numbersOf } from './numbers.ts';
import { rememberedLines, rememberedPage } from './remembered-lines.ts';
import { holdsAll, mayHold, termsOf, textsIn } from './search.ts';
import type { visitLog, visits } from './table.ts';

export { namesFor, type NamingFact } from './names.ts';

export type LineOutcome = 'done' | 'refused' | 'unreadable';

/** One line of a workspace's book. Times are epoch milliseconds. */
export interface LogLine {
  /** The fact's id. */
  readonly id: string;
  readonly position: string;
  /** Its place in the workspace's book, from 1: facts and denials counted in the log's order. */
  readonly number: number;
  readonly workspaceId: string;
  readonly kind: string;
  readonly mark: Mark;
  readonly outcome: LineOutcome;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly sentence: Sentence;
  readonly actor: NamedActor;
  readonly onBehalfOf: NamedActor | null;
  readonly sessionId: string | null;
  /** For details: as it stands in the log, personal part opened. `data` is `null` where it can't be read. */
  readonly technical: {
    readonly stream: string;
    readonly revision: number;
    readonly data: unknown;
    readonly metadata: unknown;
  };
}

export interface NamedActor extends Actor {
  readonly name: string | null;
}

export interface LogFilter {
  readonly session?: string;
  readonly actors?: readonly string[];
  /** Types of facts. */
  readonly kinds?: readonly string[];
  readonly marks?: readonly Mark[];
  readonly outcomes?: readonly LineOutcome[];
  /** Inclusive, epoch milliseconds. */
  readonly occurredFrom?: number;
  /** Exclusive, epoch milliseconds. */
  readonly occurredBefore?: number;
  /** Words, all of which the line holds: in its own text, its visit's case, reason and staff member, its actor's name. */
  readonly search?: string;
}

export interface LogQuery {
  readonly workspaceId: string;
  readonly page: PageOptions;
  readonly filter?: LogFilter;
  /** Default: the newest first. */
  readonly order?: 'newest first' | 'oldest first';
  /** How times stand in sentences. Default: UTC. */
  readonly formatTime?: FormatTime;
  /** As much of the vendor's people as the reader is shown, and can search for. Default: everything. */
  readonly identity?: IdentityShown;
  /** Pages are called as the catalogue calls them, without the titles that the product gave of records. */
  readonly withoutTitles?: boolean;
}

/** A page of a workspace's book, by position. */
export function logPage(tables: TablesReader, query: LogQuery): Promise<Page<LogLine>> {
  const { workspaceId, page, filter = {}, order = 'newest first', formatTime = utcTime } = query;
  const { identity = EVERYTHING, withoutTitles = false } = query;
  const { session, actors, kinds, marks, outcomes, occurredFrom, occurredBefore } = filter;
  if ([actors, kinds, marks, outcomes].some((wanted) => wanted?.length === 0)) {
    return Promise.resolve({ items: [], hasNext: false, hasPrevious: false });
  }
  const terms = termsOf(filter.search ?? '');
  const memory = formatTime === utcTime && Object.keys(filter).length === 0 ? rememberedLines(tables) : undefined;
  return tables.read(async (db) => {
    const where = cut(page, order === 'newest first');
    if (memory) {
      const make = (rows: readonly RowOf<typeof visitLog>[]) => linesOf(db, rows, formatTime, identity);
      return rememberedPage(db, memory, { workspaceId, reading: identity, page, cut: where, make });
    }
    const { limit, direction, from } = where;
    const called = terms.length > 0 ? await staffAs(db, workspaceId, identity) : [];
    let lines = db.selectFrom('visit_log').selectAll('visit_log').where('workspace_id', '=', workspaceId);
    if (session !== undefined) lines = lines.where('session_id', '=', session);
    if (actors) lines = lines.where('actor_id', 'in', actors);
    if (kinds) lines = lines.where('kind', 'in', kinds);
    if (marks) lines = lines.where('mark', 'in', marks);
    if (outcomes) lines = lines.where('outcome', 'in', outcomes);
    if (occurredFrom !== undefined) lines = lines.where('occurred_at', '>=', occurredFrom);
    if (occurredBefore !== undefined) lines = lines.where('occurred_at', '<', occurredBefore);
    for (const term of terms) {
      const so = called.filter(({ name }) => name?.toLowerCase().includes(term)).map(({ id }) => id);
      lines = lines.where((eb) => mayHold(eb, workspaceId, term, so));
    }
    const behind = (position: typeof from, most: number) =>
      (position ? lines.where('position', position.operator, position.position) : lines)
        .orderBy('position', direction)
        .limit(most)
        .execute();
    if (terms.length === 0) {
      const rows = pageOf(await behind(from, limit), page);
      return { ...rows, items: await linesOf(db, rows.items, formatTime, identity, withoutTitles) };
    }
    const found: LogLine[] = [];
    const operator = direction === 'asc' ? '>' : '<';
    for (let at = from, rounds = 0; found.length < limit && rounds < SEARCH_ROUNDS; rounds++) {
      // Nearly all that may hold it does.
      const most = rounds === 0 ? limit : SEARCH_ROWS;
      const rows = await behind(at, most);
      const last = rows.at(-1);
      const texts = await visitTextsOf(db, rows, identity);
      for (const line of await linesOf(db, rows, formatTime, identity)) {
        if (holdsAll(terms, [...textsOf(line), ...(texts.get(line.sessionId ?? '') ?? [])])) found.push(line);
      }
      if (!last || rows.length < most) break;
      at = { operator, position: last.position };
    }
    return pageOf(found.slice(0, limit), page);
  });
}

/** A search looks through so many lines at a time, and so many times, that may hold what is searched for. */
const SEARCH_ROWS = 100;
const SEARCH_ROUNDS = 30;

/** Visitors of a workspace who are called otherwise than the tables call them. */
async function staffAs(db: Kysely<Schema>, workspaceId: string, shown: IdentityShown) {
  if (shown === EVERYTHING || shown === 'name') return [];
  const found = await db
    .selectFrom('visits')
    .select('staff_id as id')
    .distinct()
    .where('workspace_id', '=', workspaceId)
    .execute();
  return found.map(({ id }) => personAs<{ id: string; name: string | null }>(shown, { id, name: null }));
}

/** What is searched of a line itself. */
function textsOf({ sentence: { text, detail = '' }, actor, onBehalfOf, technical }: LogLine): string[] {
  return [text, detail, actor.name ?? '', onBehalfOf?.name ?? '', ...textsIn(technical.data)];
}

/** What is searched of the visits that lines belong to. */
async function visitTextsOf(
  db: Kysely<Schema>,
  rows: readonly RowOf<typeof visitLog>[],
  shown: IdentityShown,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = [...new Set(rows.flatMap(({ session_id: id }) => (id === null ? [] : [id])))];
  if (ids.length === 0) return new Map();
  const found = await db
    .selectFrom('visits')
    .select(['session_id', 'staff_id', 'staff_name', 'staff_email', 'case_ref', 'reason'])
    .where('session_id', 'in', ids)
    .execute();
  return new Map(
    found.map((visit) => {
      const { name, email } = identityAs(shown, visit.staff_id, { name: visit.staff_name, email: visit.staff_email });
      return [visit.session_id, [name ?? '', email ?? '', visit.case_ref ?? '', visit.reason ?? '']];
    }),
  );
}

/** One line by its fact's id. */
export function logLine(
  tables: TablesReader,
  factId: string,
  formatTime: FormatTime = utcTime,
  identity: IdentityShown = EVERYTHING,
): Promise<LogLine | undefined> {
  return tables.read(async (db) => {
    const row = await db.selectFrom('visit_log').selectAll().where('fact_id', '=', factId).executeTakeFirst();
    return row && (await linesOf(db, [row], formatTime, identity))[0];
  });
}

async function linesOf(
  db: Kysely<Schema>,
  rows: readonly RowOf<typeof visitLog>[],
  formatTime: FormatTime,
  shown: IdentityShown,
  withoutTitles = false,
): Promise<LogLine[]> {
  const facts = rows.map(({ kind, data, metadata }) =>
    factAs(shown, {
      type: kind,
      data: data === null ? null : withoutTitles ? untitled(kind, JSON.parse(data)) : (JSON.parse(data) as unknown),
      metadata: JSON.parse(metadata) as { time: string; actor: Actor; onBehalfOf?: Actor },
    }),
  );
  const names = namesAs(shown, await namesIn(db, facts));
  const numbers = await numbersOf(db, rows);
  const named = (actor: Actor): NamedActor => personAs(shown, { ...actor, name: names.people.get(actor.id) ?? null });
  const lines: LogLine[] = [];
  for (const [at, row] of rows.entries()) {
    const fact = facts[at];
    if (!fact) continue;
    const { actor, onBehalfOf } = fact.metadata;
    lines.push({
      id: row.fact_id,
      position: row.position,
      number: numbers.get(row.fact_id) ?? 0,
      workspaceId: row.workspace_id,
      kind: row.kind,
      mark: row.mark as Mark,
      outcome: row.outcome as LineOutcome,
      occurredAt: row.occurred_at,
      recordedAt: row.recorded_at,
      sentence: sentenceFor(fact, names, formatTime),
      actor: named(actor),
      onBehalfOf: onBehalfOf ? named(onBehalfOf) : null,
      sessionId: row.session_id,
      technical: { stream: row.stream, revision: row.revision, data: fact.data, metadata: fact.metadata },
    });
  }
  return lines;
}

/** A page's title names the person of its record: it is all that stands in the fact's personal part. */
function untitled(kind: string, data: unknown): unknown {
  return kind === 'PageViewed' ? { ...(data as object), personal: undefined } : data;
}

/** One visit, live or ended; what happened in it, `visitCounts` counts. Times are epoch milliseconds. */
export interface Visit {
  readonly sessionId: string;
  readonly workspaceId: string;
  readonly staff: { readonly id: string; readonly name: string | null; readonly email: string | null };
  readonly caseId: string | null;
  readonly caseRef: string | null;
  readonly job: string | null;
  readonly mode: 'read';
  readonly reason: string | null;
  readonly approvedBy: { readonly id: string; readonly name: string | null };
  /** The member viewed as; `null`: as support. */
  readonly viewedAs: { readonly id: string; readonly name: string | null } | null;
  readonly startedAt: number;
  readonly plannedEnd: number;
  /** The true end; `null` while it goes on. */
  readonly endedAt: number | null;
  readonly endCause: EndCause | null;
  /** Position of its start, for paging. */
  readonly position: string;
}

export interface VisitsQuery {
  readonly workspaceId?: string;
  readonly staffId?: string;
  readonly page: PageOptions;
}

/** Visits, the newest first: of a workspace, of a staff member, or all. */
export function visitsPage(tables: TablesReader, { workspaceId, staffId, page }: VisitsQuery): Promise<Page<Visit>> {
  return tables.read(async (db) => {
    const { limit, direction, from } = cut(page, true);
    let found = db.selectFrom('visits').selectAll();
    if (workspaceId !== undefined) found = found.where('workspace_id', '=', workspaceId);
    if (staffId !== undefined) found = found.where('staff_id', '=', staffId);
    if (from) found = found.where('position', from.operator, from.position);
    const rows = pageOf(await found.orderBy('position', direction).limit(limit).execute(), page);
    return { ...rows, items: await visitsOf(db, rows.items) };
  });
}

export function visitById(tables: TablesReader, sessionId: string): Promise<Visit | undefined> {
  return tables.read(async (db) => {
    const row = await db.selectFrom('visits').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
    return row && (await visitsOf(db, [row]))[0];
  });
}

export async function visitsOf(db: Kysely<Schema>, rows: readonly RowOf<typeof visits>[]): Promise<Visit[]> {
  const viewed = rows.flatMap(({ viewed_as }) => (viewed_as === null ? [] : [viewed_as]));
  const people =
    viewed.length === 0 ? [] : await db.selectFrom('people').select(['id', 'name']).where('id', 'in', viewed).execute();
  return rows.map((row) => ({
    sessionId: row.session_id,
    workspaceId: row.workspace_id,
    staff: { id: row.staff_id, name: row.staff_name, email: row.staff_email },
    caseId: row.case_id,
    caseRef: row.case_ref,
    job: row.job,
    mode: 'read',
    reason: row.reason,
    approvedBy: { id: row.approved_by, name: row.approver_name },
    viewedAs:
      row.viewed_as === null
        ? null
        : { id: row.viewed_as, name: people.find(({ id }) => id === row.viewed_as)?.name ?? null },
    startedAt: row.started_at,
    plannedEnd: row.planned_end,
    endedAt: row.ended_at,
    endCause: row.end_cause as EndCause | null,
    position: row.position,
  }));
}

/** Some line of some book, as it was read from the log; `undefined` where there is none. */
export function someLine(tables: TablesReader): Promise<LinePlace | undefined> {
  return tables.read((db) =>
    db.selectFrom('visit_log').select(['fact_id as id', 'stream', 'revision', 'position']).limit(1).executeTakeFirst(),
  );
}

export interface LinePlace {
  /** The fact's id. */
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
}
