import type { Kysely } from 'kysely';
import type { Actor } from '@gatebook/protocol';
import type { RequestKind, Wanted } from '#domain/request/request';
import type { NamedRequest, NamedSession, Names } from '#wording/wording';
import type { Schema } from '../projections.ts';
import type { TablesReader } from '../runner/tables.ts';

/** A fact as far as its names go. */
export interface NamingFact {
  readonly data: unknown;
  readonly metadata: { readonly actor: Actor; readonly onBehalfOf?: Actor };
}

/** Everything that sentences about these facts need to know, from the tables. */
export function namesFor(tables: TablesReader, facts: readonly NamingFact[]): Promise<Names> {
  return tables.read((db) => namesIn(db, facts));
}

export async function namesIn(db: Kysely<Schema>, facts: readonly NamingFact[]): Promise<Names> {
  const ids = {
    people: new Set<string>(),
    sessions: new Set<string>(),
    workspaces: new Set<string>(),
    cases: new Set<string>(),
    requests: new Set<string>(),
  };
  let areas = false;
  for (const { data, metadata } of facts) {
    ids.people.add(metadata.actor.id);
    if (metadata.onBehalfOf) ids.people.add(metadata.onBehalfOf.id);
    if (data === null || typeof data !== 'object') continue;
    const { memberId, staffId, approvedBy, sessionId, requestId, workspaceId, onlyCase, withoutAreas, by } =
      data as Partial<Record<string, unknown>>;
    const { viewAs, viewedAs, firstApprovedBy } = data as Partial<Record<string, unknown>>;
    const first = (firstApprovedBy as { memberId?: unknown } | undefined)?.memberId;
    const approver = (approvedBy as { memberId?: unknown } | undefined)?.memberId;
    const decider = by as { memberId?: unknown; staffId?: unknown } | undefined;
    for (const id of [memberId, staffId, approver, first, viewAs, viewedAs, decider?.memberId, decider?.staffId])
      if (typeof id === 'string') ids.people.add(id);
    if (typeof sessionId === 'string') ids.sessions.add(sessionId);
    if (typeof requestId === 'string') ids.requests.add(requestId);
    if (typeof workspaceId === 'string') ids.workspaces.add(workspaceId);
    if (typeof onlyCase === 'string') ids.cases.add(onlyCase);
    areas ||= Array.isArray(withoutAreas) && withoutAreas.length > 0;
  }
  const sessions = await sessionsIn(db, [...ids.sessions]);
  const requests = await requestsIn(db, [...ids.requests]);
  for (const { staffId, viewedAs } of sessions.values()) {
    ids.people.add(staffId);
    if (viewedAs) ids.people.add(viewedAs);
  }
  for (const { viewAs } of requests.values()) if (viewAs) ids.people.add(viewAs);
  return {
    sessions,
    requests,
    people: await labelled(ids.people, (wanted) =>
      db.selectFrom('people').select(['id', 'name as label']).where('id', 'in', wanted).execute(),
    ),
    workspaces: await labelled(ids.workspaces, (wanted) =>
      db.selectFrom('workspaces').select(['id', 'name as label']).where('id', 'in', wanted).execute(),
    ),
    cases: await labelled(ids.cases, (wanted) =>
      db.selectFrom('cases').select(['id', 'case_ref as label']).where('id', 'in', wanted).execute(),
    ),
    areas: new Map(
      areas ? (await db.selectFrom('areas').selectAll().execute()).map(({ id, label }) => [id, label]) : [],
    ),
  };
}

async function labelled(
  ids: ReadonlySet<string>,
  find: (ids: string[]) => Promise<{ id: string; label: string | null }[]>,
): Promise<ReadonlyMap<string, string>> {
  if (ids.size === 0) return new Map();
  const found = await find([...ids]);
  return new Map(found.flatMap(({ id, label }) => (label === null ? [] : [[id, label] as const])));
}

async function requestsIn(db: Kysely<Schema>, ids: string[]): Promise<ReadonlyMap<string, NamedRequest>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('requests')
    .select(['id', 'staff_id', 'staff_name', 'view_as', 'kind', 'wanted'])
    .where('id', 'in', ids)
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        staffId: row.staff_id,
        staffName: row.staff_name,
        viewAs: row.view_as,
        about: { kind: row.kind as RequestKind, wanted: JSON.parse(row.wanted) as Wanted },
      },
    ]),
  );
}

async function sessionsIn(db: Kysely<Schema>, ids: string[]): Promise<ReadonlyMap<string, NamedSession>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('visits').selectAll().where('session_id', 'in', ids).execute();
  return new Map(
    rows.map((row) => [
      row.session_id,
      {
        staffId: row.staff_id,
        staffName: row.staff_name,
        startedAt: row.started_at,
        plannedEnd: row.planned_end,
        viewedAs: row.viewed_as,
      },
    ]),
  );
}
