import { DENIALS_PREFIX } from './runner/streams.ts';
import type { TablesReader } from './runner/tables.ts';

/*
 * How many items a list has, counted along its index and no further than `most`: what stands behind is not looked at.
 */

/** Lines of a workspace's book. */
export function logCount(tables: TablesReader, workspaceId: string, most: number): Promise<number> {
  return tables.read(async (db) => {
    const some = db.selectFrom('visit_log').select('position').where('workspace_id', '=', workspaceId).limit(most);
    const found = db.selectFrom(some.as('some')).select((eb) => eb.fn.countAll<number>().as('items'));
    return Number((await found.executeTakeFirstOrThrow()).items);
  });
}

/** A staff member's visits. */
export function visitsCount(tables: TablesReader, staffId: string, most: number): Promise<number> {
  return tables.read(async (db) => {
    const some = db.selectFrom('visits').select('position').where('staff_id', '=', staffId).limit(most);
    const found = db.selectFrom(some.as('some')).select((eb) => eb.fn.countAll<number>().as('items'));
    return Number((await found.executeTakeFirstOrThrow()).items);
  });
}

/** Refusals in a workspace's book, or somebody's own. */
export function denialsCount(
  tables: TablesReader,
  of: { readonly workspaceId: string } | { readonly actorId: string },
  most: number,
): Promise<number> {
  return tables.read(async (db) => {
    const all = db.selectFrom('denials').select('position');
    const some =
      'actorId' in of
        ? all.where('actor_id', '=', of.actorId)
        : all.where('stream', '=', DENIALS_PREFIX + of.workspaceId);
    const found = db.selectFrom(some.limit(most).as('some')).select((eb) => eb.fn.countAll<number>().as('items'));
    return Number((await found.executeTakeFirstOrThrow()).items);
  });
}
