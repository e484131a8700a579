import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Trigger } from '#domain/policy/triggers';
import type { RequestKind, ScopeChange, Wanted } from '#domain/request/request';
import type { Schema } from '../projections.ts';
import { cut, pageOf, type Page, type PageOptions } from '../runner/paging.ts';
import type { RowOf } from '../runner/table.ts';
import type { TablesReader } from '../runner/tables.ts';
import type { requests } from './table.ts';

export const REQUEST_PHASES = ['waiting', 'information asked', 'approved', 'declined', 'withdrawn', 'lapsed'] as const;
export type RequestPhase = (typeof REQUEST_PHASES)[number];
const OPEN_PHASES: readonly RequestPhase[] = ['waiting', 'information asked'];
export const GRANT_PHASES = ['to confirm', 'ready', 'in use', 'spent', 'lapsed'] as const;
export type GrantPhase = (typeof GRANT_PHASES)[number];

/** Who decided something; the id is `policy` where nobody was asked. */
export interface DecidedBy {
  readonly id: string;
  readonly name: string | null;
  readonly at: number;
}

/** A request for access with what came of it. Times are epoch milliseconds. */
export interface RequestLine {
  readonly id: string;
  readonly position: string;
  readonly workspaceId: string;
  readonly staff: { readonly id: string; readonly name: string | null; readonly email: string | null };
  readonly kind: RequestKind;
  readonly caseRef: string | null;
  readonly job: string | null;
  readonly reason: string | null;
  /** The member to view as; `null`: as support. */
  readonly viewAs: { readonly id: string; readonly name: string | null } | null;
  readonly asked: Wanted;
  /** As it stands, or as it was granted. */
  readonly wanted: Wanted;
  /** As asked for. */
  readonly arguments: Readonly<Record<string, unknown>> | null;
  /** As they stand, or as they were granted. */
  readonly wantedArguments: Readonly<Record<string, unknown>> | null;
  readonly triggers: readonly string[];
  readonly asks: 'nobody' | 'customer' | 'vendor' | 'both';
  readonly plannedStart: number | null;
  readonly lapsesAt: number;
  readonly requestedAt: number;
  readonly phase: RequestPhase;
  readonly digest: string;
  readonly question: string | null;
  readonly answer: string | null;
  readonly firstApproval: DecidedBy | null;
  readonly decision: DecidedBy | null;
  readonly message: string | null;
  readonly endedAt: number | null;
  readonly endCause: string | null;
  readonly change: ScopeChange | null;
  readonly grant: {
    readonly id: string;
    readonly phase: GrantPhase;
    readonly cause: string | null;
    readonly startBy: number;
    readonly sessionId: string | null;
    readonly actionId: string | null;
    readonly actionOutcome: 'done' | 'failed' | 'unknown' | null;
  } | null;
}

export interface ForVendor {
  /** Who reads: nobody decides about their own (S1-28). */
  readonly reader: string;
  /** Only what waits for the vendor now: of two, the customer's approval stands. */
  readonly waiting: boolean;
  /** Triggers for which the settings ask the customer: what hits one waits for the vendor behind a first approval only. */
  readonly customerFirst?: readonly Trigger[];
}

export interface RequestsQuery {
  readonly workspaceId?: string;
  readonly staffId?: string;
  /** Only these phases. */
  readonly phases?: readonly RequestPhase[];
  /** Only what waits, and what this member decided or approved first. */
  readonly openOrDecidedBy?: string;
  /** Only what the vendor's second person decides about, as this staff member reads it. */
  readonly forVendor?: ForVendor;
  readonly page: PageOptions;
}

/** Requests, the newest first. */
export function requestsPage(tables: TablesReader, { page, ...which }: RequestsQuery): Promise<Page<RequestLine>> {
  return tables.read(async (db) => {
    const { limit, direction, from } = cut(page, true);
    let found = db
      .selectFrom('requests')
      .selectAll()
      .select(viewAsName)
      .where((where) => fits(where, which));
    if (from) found = found.where('position', from.operator, from.position);
    const rows = pageOf(await found.orderBy('position', direction).limit(limit).execute(), page);
    return { ...rows, items: rows.items.map(lineOf) };
  });
}

/** How many there are, counted up to `most`. */
export function requestsCount(tables: TablesReader, which: Omit<RequestsQuery, 'page'>, most: number): Promise<number> {
  return tables.read(async (db) => {
    const found = db
      .selectFrom('requests')
      .select('id')
      .where((where) => fits(where, which));
    return (await found.limit(most).execute()).length;
  });
}

/** What the member to view as is called now. */
function viewAsName(of: ExpressionBuilder<Schema, 'requests'>) {
  return of
    .selectFrom('people')
    .select('people.name')
    .whereRef('people.id', '=', 'requests.view_as')
    .as('view_as_name');
}

function fits(
  where: ExpressionBuilder<Schema, 'requests'>,
  { workspaceId, staffId, phases, openOrDecidedBy: decider, forVendor }: Omit<RequestsQuery, 'page'>,
): Expression<SqlBool> {
  return where.and([
    ...(workspaceId === undefined ? [] : [where('workspace_id', '=', workspaceId)]),
    ...(staffId === undefined ? [] : [where('staff_id', '=', staffId)]),
    ...(phases === undefined ? [] : [where('phase', 'in', phases.length > 0 ? [...phases] : [''])]),
    ...(decider === undefined
      ? []
      : [
          where.or([
            where('phase', 'in', OPEN_PHASES),
            where('decided_by', '=', decider),
            where('first_by', '=', decider),
          ]),
        ]),
    ...(forVendor === undefined
      ? []
      : [
          where('staff_id', '!=', forVendor.reader),
          where.or([
            where('asks', '=', 'vendor'),
            where('first_by', 'is not', null),
            ...(forVendor.waiting ? [] : [where('asks', '=', 'both')]),
          ]),
          ...(forVendor.waiting ? [where('phase', 'in', OPEN_PHASES), ...behindTheCustomer(where, forVendor)] : []),
        ]),
  ]);
}

/** Names of triggers stand in quotes in the column's JSON, and none is a pattern. */
function behindTheCustomer(where: ExpressionBuilder<Schema, 'requests'>, { customerFirst = [] }: ForVendor) {
  if (customerFirst.length === 0) return [];
  const hitsNone = customerFirst.map((trigger) => where('triggers', 'not like', `%${JSON.stringify(trigger)}%`));
  return [where.or([where('first_by', 'is not', null), where.and(hitsNone)])];
}

/** What waits for the vendor's second person, as far as the tables know, and where it is: `most` of it. */
export function waitingForVendor(
  tables: TablesReader,
  forVendor: ForVendor,
  most: number,
): Promise<readonly { readonly id: string; readonly workspaceId: string }[]> {
  return tables.read((db) =>
    db
      .selectFrom('requests')
      .select(['id', 'workspace_id as workspaceId'])
      .where((where) => fits(where, { forVendor }))
      .limit(most)
      .execute(),
  );
}

/** The same of one request: whether the vendor's second person is asked, and whether it waits for them now. */
export function isForVendor(
  { staff, asks, firstApproval, phase }: RequestLine,
  { reader, waiting }: ForVendor,
): boolean {
  const isTheirTurn = asks === 'vendor' || firstApproval !== null;
  if (staff.id === reader || (!isTheirTurn && (waiting || asks !== 'both'))) return false;
  return !waiting || OPEN_PHASES.some((open) => open === phase);
}

interface Decided {
  readonly phase: string;
  readonly decision: { readonly id: string } | null;
  readonly firstApproval: { readonly id: string } | null;
}

/** The same of one request: whether it waits, or was decided or approved first by this member. */
export function isOpenOrDecidedBy({ phase, decision, firstApproval }: Decided, memberId: string): boolean {
  return OPEN_PHASES.some((open) => open === phase) || decision?.id === memberId || firstApproval?.id === memberId;
}

export function requestById(tables: TablesReader, id: string): Promise<RequestLine | undefined> {
  return tables.read(async (db) => {
    const row = await db.selectFrom('requests').selectAll().select(viewAsName).where('id', '=', id).executeTakeFirst();
    return row && lineOf(row);
  });
}

/** What facts name of requests: their own ids, or those of the actions that came of them. */
export interface RequestsTold {
  readonly requestIds: readonly string[];
  readonly actionIds: readonly string[];
}

/** The requests that are named so, the oldest first. */
export function requestsTold(tables: TablesReader, { requestIds, actionIds }: RequestsTold): Promise<RequestLine[]> {
  return tables.read(async (db) => {
    const rows = await db
      .selectFrom('requests')
      .selectAll()
      .select(viewAsName)
      .where((where) =>
        where.or([
          where('id', 'in', requestIds.length > 0 ? [...requestIds] : ['']),
          where('action_id', 'in', actionIds.length > 0 ? [...actionIds] : ['']),
        ]),
      )
      .orderBy('position', 'asc')
      .execute();
    return rows.map(lineOf);
  });
}

/** The workspaces in which a staff member has a request that waits, or has or gave a grant that is not used. */
export function workspacesAskedBy(tables: TablesReader, staffId: string): Promise<readonly string[]> {
  return tables.read(async (db) => {
    const rows = await db
      .selectFrom('requests')
      .select('workspace_id')
      .distinct()
      .where((where) => {
        const unused = where('grant_phase', 'in', ['to confirm', 'ready']);
        const theirs = where('staff_id', '=', staffId);
        return where.or([
          theirs.and('phase', 'in', OPEN_PHASES),
          theirs.and(unused),
          where('decided_by', '=', staffId).and(unused),
        ]);
      })
      .execute();
    return rows.map(({ workspace_id }) => workspace_id);
  });
}

function argumentsIn(text: string | null): Readonly<Record<string, unknown>> | null {
  return text === null ? null : (JSON.parse(text) as Record<string, unknown>);
}

function lineOf(row: RowOf<typeof requests> & { readonly view_as_name: string | null }): RequestLine {
  return {
    id: row.id,
    position: row.position,
    workspaceId: row.workspace_id,
    staff: { id: row.staff_id, name: row.staff_name, email: row.staff_email },
    kind: row.kind as RequestKind,
    caseRef: row.case_ref,
    job: row.job,
    reason: row.reason,
    viewAs: row.view_as === null ? null : { id: row.view_as, name: row.view_as_name },
    asked: JSON.parse(row.asked) as Wanted,
    wanted: JSON.parse(row.wanted) as Wanted,
    arguments: argumentsIn(row.arguments),
    wantedArguments: argumentsIn(row.approved_arguments ?? row.arguments),
    triggers: JSON.parse(row.triggers) as string[],
    asks: row.asks as RequestLine['asks'],
    plannedStart: row.planned_start,
    lapsesAt: row.lapses_at,
    requestedAt: row.requested_at,
    phase: row.phase as RequestPhase,
    digest: row.digest,
    question: row.question,
    answer: row.answer,
    firstApproval: row.first_by === null ? null : { id: row.first_by, name: row.first_name, at: row.first_at ?? 0 },
    decision: row.decided_by === null ? null : { id: row.decided_by, name: row.decided_name, at: row.ended_at ?? 0 },
    message: row.message,
    endedAt: row.ended_at,
    endCause: row.end_cause,
    change: row.change === null ? null : (JSON.parse(row.change) as ScopeChange),
    grant:
      row.grant_id === null
        ? null
        : {
            id: row.grant_id,
            phase: (row.grant_phase ?? 'ready') as GrantPhase,
            cause: row.grant_cause,
            startBy: row.start_by ?? 0,
            sessionId: row.session_id,
            actionId: row.action_id,
            actionOutcome: row.action_outcome as 'done' | 'failed' | 'unknown' | null,
          },
  };
}
