import type { Kysely } from 'kysely';
import type { EndCause } from '@gatebook/protocol';
import { identityAs, type IdentityShown } from '#wording/identity';
import { letInBy, type LetInKind } from '#wording/let-in';
import { visitNote, type ToldAction } from '#wording/visit-note';
import type { Schema } from '../projections.ts';
import { cut, pageOf, type Page, type PageOptions } from '../runner/paging.ts';
import type { RowOf } from '../runner/table.ts';
import type { TablesReader } from '../runner/tables.ts';
import { visitsOf } from './queries.ts';
import type { PlacedVisit } from './reviewed.ts';
import type { visits } from './table.ts';

/** Visits to one workspace that have ended, those that ended last first; `place`: where in that list. */
export function endedVisits(
  tables: TablesReader,
  { workspaceId, page }: { readonly workspaceId: string; readonly page: PageOptions },
): Promise<Page<PlacedVisit>> {
  return tables.read(async (db) => {
    const { limit, direction, from } = cut(page, true);
    let found = db
      .selectFrom('visits')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .where('ended_at', 'is not', null);
    if (from) {
      const [endedAt = '', position = ''] = from.position.split(' ');
      found = found.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('ended_at', 'position'), from.operator, tuple(Number(endedAt), position)),
      );
    }
    const ordered = found.orderBy('ended_at', direction).orderBy('position', direction);
    const rows = pageOf(await ordered.limit(limit).execute(), page);
    const items = await visitsOf(db, rows.items);
    return { ...rows, items: items.map((visit) => ({ ...visit, place: `${visit.endedAt} ${visit.position}` })) };
  });
}

/** What stands of a visit beside its row, for its note. */
type Told = Pick<
  Parameters<typeof visitNote>[0],
  'pages' | 'revealed' | 'refused' | 'actions' | 'everyPage' | 'viewedAs' | 'task'
>;

/** Something told with as much of the vendor’s people as its reader is shown. */
export interface Retold {
  readonly as: (shown: IdentityShown) => string;
}

/** Notes of visits whose end is written, by visit (S4-57): one that goes on has none. */
export function visitNotes(tables: TablesReader, sessionIds: readonly string[]): Promise<ReadonlyMap<string, Retold>> {
  return tables.read(async (db) => {
    const rows = await db
      .selectFrom('visits')
      .selectAll()
      .where('session_id', 'in', sessionIds)
      .where('ended_at', 'is not', null)
      .execute();
    if (rows.length === 0) return new Map();
    const told = await toldOf(db, rows);
    return new Map(
      rows.map((row) => [row.session_id, { as: (shown: IdentityShown) => noteOf(row, told(row), shown) }]),
    );
  });
}

function noteOf(row: RowOf<typeof visits>, told: Told, shown: IdentityShown): string {
  const { name } = identityAs(shown, row.staff_id, { name: row.staff_name, email: null });
  return visitNote({
    ...told,
    staffName: name,
    caseRef: row.case_ref,
    lastedMs: (row.ended_at ?? row.started_at) - row.started_at,
    endCause: row.end_cause as EndCause,
  });
}

async function toldOf(
  db: Kysely<Schema>,
  rows: readonly RowOf<typeof visits>[],
): Promise<(row: RowOf<typeof visits>) => Told> {
  const ids = rows.map(({ session_id }) => session_id);
  const lines = await db
    .selectFrom('visit_log')
    .select(['session_id', 'kind', (eb) => eb.fn.countAll<number>().as('lines')])
    .where('session_id', 'in', ids)
    .where('mark', '=', 'viewed')
    .groupBy(['session_id', 'kind'])
    .execute();
  const refusals = await db
    .selectFrom('visit_log')
    .innerJoin('denials', 'denials.fact_id', 'visit_log.fact_id')
    .select(['visit_log.session_id', (eb) => eb.fn.sum<number>('denials.times').as('times')])
    .where('visit_log.session_id', 'in', ids)
    .where('visit_log.mark', '=', 'refused')
    .groupBy('visit_log.session_id')
    .execute();
  const actions = await actionsOf(db, ids);
  const tasks = await tasksOf(db, ids);
  const depths = await db.selectFrom('recordings').selectAll().orderBy('position').execute();
  const viewed = rows.flatMap(({ viewed_as: id }) => (id === null ? [] : [id]));
  const people = await namesOf(db, viewed);
  const count = (id: string, kind: string) =>
    Number(lines.find((line) => line.session_id === id && line.kind === kind)?.lines ?? 0);
  return (row) => {
    const { session_id: id, viewed_as: as } = row;
    return {
      pages: count(id, 'PageViewed'),
      revealed: count(id, 'FieldRevealed'),
      refused: Number(refusals.find(({ session_id }) => session_id === id)?.times ?? 0),
      actions: (actions.get(id) ?? []).map((action) => ({ ...action, approved: row.approved_by_kind !== 'policy' })),
      everyPage: isEveryPage(row, depths),
      task: tasks.get(id),
      ...(as !== null && { viewedAs: { name: people.get(as) ?? null } }),
    };
  };
}

/** Whether at no moment of the visit the settings wrote down sensitive pages alone. */
function isEveryPage({ position, ended_at }: RowOf<typeof visits>, depths: readonly Schema['recordings'][]): boolean {
  const before = depths.findLast((depth) => depth.position < position);
  const during = depths.filter((depth) => depth.position > position && depth.at <= (ended_at ?? Infinity));
  return [...(before ? [before] : []), ...during].every(({ recording }) => recording !== 'sensitive pages');
}

/** What was done in visits, by visit, each with what came of it: an action is allowed in one line and told of in another. */
export async function actionsOf(
  db: Kysely<Schema>,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Omit<ToldAction, 'approved'>[]>> {
  if (sessionIds.length === 0) return new Map();
  const lines = await db
    .selectFrom('visit_log')
    .select(['session_id', 'kind', 'data'])
    .where('session_id', 'in', sessionIds)
    .where('mark', '=', 'changed')
    .orderBy('position')
    .execute();
  if (lines.length === 0) return new Map();
  const read = lines.map(({ session_id, kind, data }) => ({
    ...(JSON.parse(data ?? '{}') as { actionId?: string; requestId?: string; outcome?: ToldAction['outcome'] }),
    sessionId: session_id ?? '',
    kind,
  }));
  const outcomes = new Map(
    read.flatMap(({ kind, actionId, outcome }) =>
      kind === 'ActionReported' && actionId !== undefined && outcome !== undefined ? [[actionId, outcome]] : [],
    ),
  );
  const allowed = read.filter(({ kind }) => kind === 'ActionAuthorised');
  const exports = await exportsAmong(
    db,
    allowed.flatMap(({ requestId }) => requestId ?? []),
  );
  const told = allowed.map(({ sessionId, actionId, requestId }) => ({
    sessionId,
    kind: exports.has(requestId ?? '') ? ('export' as const) : ('change' as const),
    outcome: outcomes.get(actionId ?? '') ?? ('waiting' as const),
  }));
  return Map.groupBy(told, ({ sessionId }) => sessionId);
}

/** What visits were for, as their first lines say, of those that were for one action. */
async function tasksOf(db: Kysely<Schema>, sessionIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const lines = await db
    .selectFrom('visit_log')
    .select(['session_id', 'data'])
    .where('session_id', 'in', sessionIds)
    .where('mark', '=', 'in')
    .execute();
  return new Map(
    lines.flatMap(({ session_id, data }) => {
      const { action } = JSON.parse(data ?? '{}') as { action?: { label: string } | null };
      return session_id !== null && action ? [[session_id, action.label] as const] : [];
    }),
  );
}

async function exportsAmong(db: Kysely<Schema>, requestIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (requestIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('requests')
    .select('id')
    .where('id', 'in', requestIds)
    .where('kind', '=', 'export')
    .execute();
  return new Set(rows.map(({ id }) => id));
}

async function namesOf(db: Kysely<Schema>, ids: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('people').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Who let visits in, by visit, as a sentence, as somebody reads it who is shown so much of the vendor's people. */
export function visitsLetIn(tables: TablesReader, sessionIds: readonly string[]): Promise<ReadonlyMap<string, Retold>> {
  return tables.read(async (db) => {
    const rows = await db.selectFrom('visits').selectAll().where('session_id', 'in', sessionIds).execute();
    const members = rows.flatMap(({ approved_by, first_approver }) => [approved_by, first_approver ?? approved_by]);
    const people = await namesOf(db, [...new Set(members)]);
    return new Map(
      rows.map(({ session_id, approved_by, approved_by_kind, approver_name, first_approver }) => {
        const kind = approved_by_kind as LetInKind;
        const name = approver_name ?? people.get(approved_by) ?? null;
        const first = first_approver === null ? undefined : (people.get(first_approver) ?? 'A member');
        const called = (shown: IdentityShown) =>
          kind === 'staff' ? identityAs(shown, approved_by, { name, email: null }).name : name;
        return [session_id, { as: (shown: IdentityShown) => letInBy(kind, called(shown), first) }];
      }),
    );
  });
}
