import type { TablesReader } from '../runner/tables.ts';
import type { NamedActor } from './queries.ts';

/** Lines, and visits, that are looked through at most: a book may have millions. */
const LINES_MAX = 10_000;
const VISITS_MAX = 2_000;

/** What a book's lines can be told apart by. */
export interface LogFacets {
  /** Members and staff who did something, who did so last first. */
  readonly people: readonly NamedActor[];
  /** Cases that visits were for, as the help desk writes them; the newest visit's first. */
  readonly cases: readonly string[];
}

/** People and cases of a workspace's book, as far as its newest lines and visits have them; `most` of each. */
export function logFacets(tables: TablesReader, workspaceId: string, most: number): Promise<LogFacets> {
  return tables.read(async (db) => {
    const actors = await db
      .selectFrom(
        db
          .selectFrom('visit_log')
          .select(['actor_kind', 'actor_id', 'position'])
          .where('workspace_id', '=', workspaceId)
          .orderBy('position', 'desc')
          .limit(LINES_MAX)
          .as('newest'),
      )
      .select(['actor_kind', 'actor_id', (eb) => eb.fn.max('position').as('last')])
      .where('actor_kind', 'in', ['member', 'staff'])
      .groupBy(['actor_kind', 'actor_id'])
      .orderBy('last', 'desc')
      .limit(most)
      .execute();
    const cases = await db
      .selectFrom(
        db
          .selectFrom('visits')
          .select(['case_ref', 'position'])
          .where('workspace_id', '=', workspaceId)
          .where('case_ref', 'is not', null)
          .orderBy('position', 'desc')
          .limit(VISITS_MAX)
          .as('newest'),
      )
      .select(['case_ref', (eb) => eb.fn.max('position').as('last')])
      .groupBy('case_ref')
      .orderBy('last', 'desc')
      .limit(most)
      .execute();
    const ids = actors.map(({ actor_id: id }) => id);
    const named =
      ids.length === 0 ? [] : await db.selectFrom('people').select(['id', 'name']).where('id', 'in', ids).execute();
    const names = new Map(named.map(({ id, name }) => [id, name]));
    return {
      people: actors.map(({ actor_kind: kind, actor_id: id }) => ({
        kind: kind as NamedActor['kind'],
        id,
        name: names.get(id) ?? null,
      })),
      cases: cases.flatMap(({ case_ref: ref }) => ref ?? []),
    };
  });
}
