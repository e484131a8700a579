import { sql, type Expression, type ExpressionBuilder, type RawBuilder, type SqlBool } from 'kysely';
import type { EndCause } from '@gatebook/protocol';
import type { Mark } from '#wording/wording';
import type { Schema } from '../projections.ts';
import { cut, pageOf, type Page, type PageOptions } from '../runner/paging.ts';
import type { TablesReader } from '../runner/tables.ts';
import { actionsOf } from './notes.ts';
import { visitsOf, type Visit } from './queries.ts';

/** Which visits; all conditions hold together. */
export interface VisitFilter {
  readonly workspaces?: readonly string[];
  readonly staff?: readonly string[];
  /** With at least one line of these marks. */
  readonly marks?: readonly Mark[];
  /** Epoch milliseconds, inclusive. */
  readonly startedFrom?: number;
  /** Epoch milliseconds, exclusive. */
  readonly startedBefore?: number;
}

/** `notable first`: what was changed, then what was refused, then what somebody ended, then the rest. */
export type VisitOrder = 'newest first' | 'notable first';

/** Its place in the list that it was read from: pages begin behind it. */
export type PlacedVisit = Visit & { readonly place: string };

/** Ends that somebody brought about because of the visit, or of its visitor. */
const STOPPED: readonly EndCause[] = ['too fast', 'staff disabled'];
const CLOSED_BY_CUSTOMER: readonly EndCause[] = ['ended by owner', 'revoked'];

/** Visits of every workspace, for those who check them (S1-82, S1-96). */
export function reviewedVisits(
  tables: TablesReader,
  { filter, order, page }: { readonly filter: VisitFilter; readonly order: VisitOrder; readonly page: PageOptions },
): Promise<Page<PlacedVisit>> {
  return tables.read(async (db) => {
    const { limit, direction, from } = cut(page, true);
    let found = db
      .selectFrom('visits')
      .selectAll('visits')
      .select((eb) => placeOf(eb, order).as('place'))
      .where((eb) => fits(eb, filter));
    if (from) found = found.where((eb) => eb(placeOf(eb, order), from.operator, from.position));
    const rows = pageOf(await found.orderBy('place', direction).limit(limit).execute(), page);
    const visits = await visitsOf(db, rows.items);
    return { ...rows, items: visits.map((visit, at) => ({ ...visit, place: rows.items[at]?.place ?? '' })) };
  });
}

/** How many visits fit, counted no further than `most`. */
export function reviewedCount(tables: TablesReader, filter: VisitFilter, most: number): Promise<number> {
  return tables.read(async (db) => {
    const some = db
      .selectFrom('visits')
      .select('position')
      .where((eb) => fits(eb, filter))
      .limit(most);
    const found = db.selectFrom(some.as('some')).select((eb) => eb.fn.countAll<number>().as('items'));
    return Number((await found.executeTakeFirstOrThrow()).items);
  });
}

type Visits = ExpressionBuilder<Schema, 'visits'>;

const hasMark = (eb: Visits, marks: readonly Mark[]) =>
  eb.exists(
    eb
      .selectFrom('visit_log')
      .select('visit_log.fact_id')
      .whereRef('visit_log.session_id', '=', 'visits.session_id')
      .where('visit_log.mark', 'in', marks),
  );

function fits(eb: Visits, { workspaces, staff, marks, startedFrom, startedBefore }: VisitFilter): Expression<SqlBool> {
  if ([workspaces, staff, marks].some((wanted) => wanted?.length === 0)) return eb.lit(false);
  return eb.and([
    ...(workspaces ? [eb('visits.workspace_id', 'in', workspaces)] : []),
    ...(staff ? [eb('visits.staff_id', 'in', staff)] : []),
    ...(startedFrom === undefined ? [] : [eb('visits.started_at', '>=', startedFrom)]),
    ...(startedBefore === undefined ? [] : [eb('visits.started_at', '<', startedBefore)]),
    ...(marks ? [hasMark(eb, marks)] : []),
  ]);
}

/** Text that sorts as the list does, the first of it the greatest. */
function placeOf(eb: Visits, order: VisitOrder): RawBuilder<string> {
  const position = sql<string>`${eb.ref('visits.position')}`;
  if (order === 'newest first') return position;
  const rank = eb
    .case()
    .when(hasMark(eb, ['emergency', 'changed']))
    .then(sql.lit('3'))
    .when(eb.or([hasMark(eb, ['refused']), eb('visits.end_cause', 'in', STOPPED)]))
    .then(sql.lit('2'))
    // Without a case a reason is all that a visit is measured by.
    .when(eb.or([eb('visits.end_cause', 'in', CLOSED_BY_CUSTOMER), eb('visits.case_ref', 'is', null)]))
    .then(sql.lit('1'))
    .else(sql.lit('0'))
    .end();
  return sql<string>`${rank} || ${position}`;
}

/** How many lines of the kinds that a reviewer tells apart. */
export interface VisitCounts {
  readonly viewed: number;
  /** Masked values that were shown, as it was approved. */
  readonly revealed: number;
  /** Within pages, where the settings want every click. */
  readonly clicked: number;
  /** Actions that were allowed, but for those that failed: one whose outcome is unknown may have changed something. */
  readonly changed: number;
  readonly refused: number;
}

/** By visit; what has no line of a kind has none. */
export function visitCounts(
  tables: TablesReader,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, VisitCounts>> {
  return tables.read(async (db) => {
    const rows = await db
      .selectFrom('visit_log')
      .select(['session_id', 'mark', (eb) => eb.fn.countAll<number>().as('lines')])
      .where('session_id', 'in', sessionIds)
      .where((eb) => eb.or([eb('mark', 'in', ['viewed', 'changed', 'refused']), eb('kind', '=', 'PartClicked')]))
      .groupBy(['session_id', 'mark'])
      // What was shown is one line of the request's grant: counted there, no line is read for its kind.
      .unionAll((eb) =>
        eb
          .selectFrom('requests')
          .select(['session_id', sql.lit('revealed').as('mark'), ({ fn }) => fn.countAll<number>().as('lines')])
          .where('session_id', 'in', sessionIds)
          .where('kind', '=', 'reveal')
          .where('grant_phase', '=', 'spent')
          .groupBy('session_id'),
      )
      .execute();
    const changed = rows.flatMap(({ session_id: id, mark }) => (id !== null && mark === 'changed' ? [id] : []));
    const actions = await actionsOf(db, changed);
    const count = (id: string, mark: Mark | 'revealed') =>
      Number(rows.find((row) => row.session_id === id && row.mark === mark)?.lines ?? 0);
    return new Map(
      sessionIds.map((id) => [
        id,
        {
          viewed: count(id, 'viewed') - count(id, 'revealed'),
          revealed: count(id, 'revealed'),
          // Of all lines of this mark clicks alone were read.
          clicked: count(id, 'dot'),
          changed: (actions.get(id) ?? []).filter(({ outcome }) => outcome !== 'failed').length,
          refused: count(id, 'refused'),
        },
      ]),
    );
  });
}

/** What customers call their workspaces, by id. */
export function workspaceNames(tables: TablesReader, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return tables.read(async (db) => {
    const rows = await db.selectFrom('workspaces').select(['id', 'name']).where('id', 'in', ids).execute();
    return new Map(rows.map(({ id, name }) => [id, name]));
  });
}
