import type { Actor, RuleCode } from '@gatebook/protocol';
import { toInstant } from '#domain/fact';
import {
  EVERYTHING,
  factAs,
  namesAs,
  noNames,
  personAs,
  sentenceFor,
  utcTime,
  type FormatTime,
  type IdentityShown,
  type Sentence,
} from '#wording/wording';
import { cut, pageOf, type Page, type PageOptions } from '../runner/paging.ts';
import { DENIALS_PREFIX } from '../runner/streams.ts';
import type { RowOf } from '../runner/table.ts';
import type { TablesReader } from '../runner/tables.ts';
import type { denials } from './table.ts';

/** A refused attempt. Times are epoch milliseconds. */
export interface DenialLine {
  /** The fact's id. */
  readonly id: string;
  readonly position: string;
  /** `null`: it stands in the asker's own book. */
  readonly workspaceId: string | null;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly actor: Actor & { readonly name: string | null };
  readonly command: string;
  /** What follows "tried to". */
  readonly attempt: string;
  readonly page: string | null;
  readonly action: string | null;
  /** The masked field, by the catalogue's name. */
  readonly field: string | null;
  readonly record: string | null;
  /** What the action was tried with; `null`: nothing, or it was erased. */
  readonly tried: Readonly<Record<string, unknown>> | null;
  readonly caseRef: string | null;
  readonly reason: string | null;
  readonly rule: RuleCode;
  readonly because: string;
  readonly instead: string | null;
  readonly sessionId: string | null;
  /** How many attempts it stands for, and when the first of them was made. */
  readonly times: number;
  readonly since: number;
  readonly sentence: Sentence;
}

export interface DenialsQuery {
  /** Denials of this workspace's book, and no others. */
  readonly workspaceId?: string;
  /** Denials of whoever tried, wherever they stand. */
  readonly actorId?: string;
  readonly sessionId?: string;
  readonly page: PageOptions;
  readonly formatTime?: FormatTime;
  /** As much of the vendor's people as the reader is shown. Default: everything. */
  readonly identity?: IdentityShown;
}

/** Denials, the newest first. */
export function denialsPage(
  tables: TablesReader,
  { workspaceId, actorId, sessionId, page, formatTime = utcTime, identity = EVERYTHING }: DenialsQuery,
): Promise<Page<DenialLine>> {
  return tables.read(async (db) => {
    const { limit, direction, from } = cut(page, true);
    let found = db.selectFrom('denials').selectAll();
    if (workspaceId !== undefined) found = found.where('stream', '=', DENIALS_PREFIX + workspaceId);
    if (actorId !== undefined) found = found.where('actor_id', '=', actorId);
    if (sessionId !== undefined) found = found.where('session_id', '=', sessionId);
    if (from) found = found.where('position', from.operator, from.position);
    const rows = pageOf(await found.orderBy('position', direction).limit(limit).execute(), page);
    const ids = [
      ...new Set(
        rows.items.flatMap(({ actor_id, behalf_id }) => [actor_id, ...(behalf_id === null ? [] : [behalf_id])]),
      ),
    ];
    const people = ids.length === 0 ? [] : await db.selectFrom('people').selectAll().where('id', 'in', ids).execute();
    const names = new Map(people.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])));
    return { ...rows, items: rows.items.map((row) => denialLineOf(row, names, formatTime, identity)) };
  });
}

export function denialLineOf(
  row: RowOf<typeof denials>,
  people: ReadonlyMap<string, string>,
  formatTime: FormatTime,
  shown: IdentityShown = EVERYTHING,
): DenialLine {
  const actor: Actor = { kind: row.actor_kind as Actor['kind'], id: row.actor_id };
  const fact = factAs(shown, {
    type: 'AttemptDenied',
    data: {
      attempt: { command: row.command, label: row.attempt },
      rule: row.rule,
      because: row.because,
      instead: row.instead,
      sessionId: row.session_id,
      count: row.times,
      since: toInstant(row.since_at),
      ...((row.actor_name !== null || row.exactly !== null) && {
        personal: {
          subject: row.actor_id,
          name: row.actor_name,
          ...(row.exactly !== null && { exactly: JSON.parse(row.exactly) as unknown }),
        },
      }),
    },
    metadata: {
      time: toInstant(row.occurred_at),
      actor,
      ...(row.behalf_id !== null && { onBehalfOf: { kind: 'member', id: row.behalf_id } }),
    },
  });
  return {
    id: row.fact_id,
    position: row.position,
    workspaceId: row.workspace_id,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    actor: personAs(shown, { ...actor, name: row.actor_name ?? people.get(row.actor_id) ?? null }),
    command: row.command,
    attempt: row.attempt,
    page: row.page,
    action: row.action,
    field: row.field,
    record: row.record,
    tried: row.exactly === null ? null : (JSON.parse(row.exactly) as Pick<DenialLine, 'tried'>).tried,
    caseRef: row.case_ref,
    reason: row.reason,
    rule: row.rule as RuleCode,
    because: row.because,
    instead: row.instead,
    sessionId: row.session_id,
    times: row.times,
    since: row.since_at,
    sentence: sentenceFor(fact, namesAs(shown, { ...noNames, people }), formatTime),
  };
}
