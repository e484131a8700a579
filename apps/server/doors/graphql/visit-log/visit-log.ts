import { Inject, Injectable } from '@nestjs/common';
import {
  logCount,
  logFacets,
  logLine,
  logPage,
  visitById,
  type LogFilter,
  type LogLine,
  type Page,
  type PageOptions,
} from '#projections/index';
import type { ExportFact } from '#domain/log-export/log-export';
import { personAs, utcTime, type IdentityShown, type Mark } from '#wording/wording';
import { shownActor } from '../actors.ts';
import { neverChanges } from '../compiled/unchanging.ts';
import { triedAction } from '../denials/denials.resolver.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { COUNT_MAX, PAGE_MAX } from '../paging.ts';
import { tablesReach } from '../tables-reach.ts';
import type { LogExport } from './export.types.ts';
import {
  FACETS_MAX,
  LogEntry,
  type LogFacets,
  type LogFilterInput,
  type Outcome,
  VisitLine,
} from './visit-log.types.ts';

/** A filtered book is looked through so many lines at a time, and isn't counted beyond so many. */
const COUNTED_TOGETHER = 500;
const LINES_COUNTED = 10_000;

/** The lines of workspaces' books as they are shown. */
@Injectable()
export class VisitLog {
  readonly #door: GraphqlDoorOptions;

  constructor(@Inject(GRAPHQL_DOOR) door: GraphqlDoorOptions) {
    this.#door = door;
  }

  async page(
    workspaceId: string,
    page: PageOptions,
    filter: LogFilterInput | null | undefined,
    identity: IdentityShown,
  ): Promise<Page<LogEntry>> {
    const lines = await logPage(this.#door.tables, { workspaceId, page, filter: filterFrom(filter), identity });
    return { ...lines, items: lines.items.map(shown) };
  }

  /**
   * Of a staff member's own visit, in written order; `undefined`: there is none of this id, or it is another's. They keep
   * the sentences that the customer reads, and none of the titles by which the product called its records.
   */
  async ofOwnVisit(staffId: string, sessionId: string, page: PageOptions): Promise<Page<VisitLine> | undefined> {
    const { tables } = this.#door;
    const visit = await visitById(tables, sessionId);
    if (visit?.staff.id !== staffId) return undefined;
    const { workspaceId } = visit;
    const query = {
      workspaceId,
      page,
      filter: { session: sessionId },
      order: 'oldest first',
      withoutTitles: true,
    } as const;
    const lines = await logPage(tables, query);
    return { ...lines, items: lines.items.map(visitLineOf) };
  }

  /** Of a whole book, which is counted along its index; `null` for a filtered one, which would be looked through. */
  async count(workspaceId: string, filter: LogFilterInput | null | undefined): Promise<number | null> {
    if (Object.keys(filterFrom(filter)).length > 0) return null;
    return logCount(this.#door.tables, workspaceId, COUNT_MAX + 1);
  }

  async facets(workspaceId: string, identity: IdentityShown): Promise<LogFacets> {
    const { people, cases } = await logFacets(this.#door.tables, workspaceId, FACETS_MAX);
    return { people: people.map((person) => shownActor(personAs(identity, person))), cases };
  }

  /** How many lines there are, and the newest of them; `lines` is `null` where there are too many to look through. */
  async extent(
    workspaceId: string,
    filter: LogFilterInput | null | undefined,
    identity: IdentityShown,
  ): Promise<{ readonly lines: number | null; readonly upTo: string | null }> {
    const { tables } = this.#door;
    const [newest] = (await logPage(tables, { workspaceId, page: { first: 1 } })).items;
    if (!newest) return { lines: 0, upTo: null };
    const upTo = newest.position;
    const wanted = filterFrom(filter);
    // A whole book's lines are numbered.
    if (Object.keys(wanted).length === 0) return { lines: newest.number, upTo };
    let lines = 0;
    for (let after: string | undefined; ;) {
      const page = { first: COUNTED_TOGETHER, ...(after !== undefined && { after }) };
      const { items, hasNext } = await logPage(tables, { workspaceId, page, filter: wanted, identity });
      // What came while it was counted is not in the file.
      lines += items.filter(({ position }) => position <= upTo).length;
      after = items.at(-1)?.position;
      if (lines > LINES_COUNTED) return { lines: null, upTo };
      if (!hasNext || after === undefined) return { lines, upTo };
    }
  }

  /** What stands in the book of an export, once the tables have it; `undefined`: they don't in time. */
  async exported(workspaceId: string, commandId: string, position: string | null): Promise<LogExport | undefined> {
    const { tables } = this.#door;
    if (position === null || !(await tablesReach(this.#door, position))) return undefined;
    const filter = { kinds: ['LogExported'] };
    const { items } = await logPage(tables, { workspaceId, page: { first: PAGE_MAX }, filter });
    const line = items.find(({ technical }) => (technical.metadata as { commandId?: string }).commandId === commandId);
    const { format, lines, upTo } = (line?.technical.data ?? {}) as Partial<ExportFact['data']>;
    return format && { format, lines: lines ?? null, upTo: upTo ?? null };
  }

  async line(id: string, identity?: IdentityShown): Promise<LogEntry | undefined> {
    const line = await logLine(this.#door.tables, id, utcTime, identity);
    return line && shown(line);
  }
}

function filterFrom(filter: LogFilterInput | null | undefined): LogFilter {
  const { sessionId, actor, kind, mark, outcome, occurredAt, search } = filter ?? {};
  return {
    ...(sessionId != null && { session: sessionId }),
    ...(actor != null && { actors: actor.id.in }),
    ...(kind != null && { kinds: kind.in }),
    ...(mark != null && { marks: mark.in as readonly Mark[] }),
    ...(search != null && { search }),
    ...(outcome != null && { outcomes: outcome.in }),
    ...(occurredAt?.gte != null && { occurredFrom: occurredAt.gte.getTime() }),
    ...(occurredAt?.lt != null && { occurredBefore: occurredAt.lt.getTime() }),
  };
}

function visitLineOf({ id, position, occurredAt, kind, mark, sentence, technical }: LogLine): VisitLine {
  const { rule, instead, attempt, personal } = (technical.data ?? {}) as {
    readonly rule?: string;
    readonly instead?: string | null;
    readonly attempt?: Partial<Record<'action' | 'record' | 'page' | 'field', string>>;
    readonly personal?: { readonly exactly?: { readonly tried: Readonly<Record<string, unknown>> | null } };
  };
  const refused = kind === 'AttemptDenied';
  return Object.assign(new VisitLine(), {
    id,
    position,
    occurredAt: new Date(occurredAt),
    kind,
    mark,
    summary: sentence.text,
    parts: sentence.parts.map(({ text, strong = false }) => ({ text, strong })),
    detail: sentence.detail ?? null,
    rule: (refused && rule) || null,
    instead: (refused && instead) || null,
    action:
      refused && attempt?.action
        ? triedAction(attempt.action, attempt.record ?? null, personal?.exactly?.tried ?? null)
        : null,
    page: (refused && attempt?.page) || null,
    field: refused && attempt?.field ? { field: attempt.field, record: attempt.record ?? null } : null,
  });
}

const entries = new WeakMap<LogLine, LogEntry>();

/** Of a line that was shown before it is the same entry. */
export function shown(line: LogLine): LogEntry {
  let entry = entries.get(line);
  // A line is made for whom it is shown to, and isn't changed afterwards.
  if (!entry) entries.set(line, (entry = neverChanges(entryOf(line))));
  return entry;
}

function entryOf(line: LogLine): LogEntry {
  const { sentence, actor, onBehalfOf, technical, occurredAt, recordedAt, outcome, ...same } = line;
  return Object.assign(new LogEntry(), {
    ...same,
    occurredAt: new Date(occurredAt),
    recordedAt: new Date(recordedAt),
    summary: sentence.text,
    parts: sentence.parts.map(({ text, strong = false }) => ({ text, strong })),
    detail: sentence.detail ?? null,
    actor: shownActor(actor),
    onBehalfOf: onBehalfOf && shownActor(onBehalfOf),
    outcome: outcome as Outcome,
    technicalDetail: technical,
  });
}
