import type { Kysely, Transaction } from 'kysely';
import { PROJECTIONS, type Schema } from '../projections.ts';
import { defineTable, type RowOf, type Table } from './table.ts';

/** How far each stream was folded; what is not newer is passed over. */
export const streamHeads = defineTable({
  name: 'stream_heads',
  columns: { stream: 'text', revision: 'bigint' },
  key: 'stream',
  indexes: [],
});

/** One row: the checkpoint, who works on the tables, and until when that is certain. */
const progress = defineTable({
  name: 'runner_progress',
  columns: { id: 'text', position: 'text', owner: 'text', lease_until: 'bigint' },
  key: 'id',
  indexes: [],
});

const versions = defineTable({
  name: 'projection_versions',
  columns: { name: 'text', version: 'integer' },
  key: 'name',
  indexes: [],
});

/** The projections' tables and the runner's own. */
export interface FullSchema extends Schema {
  stream_heads: RowOf<typeof streamHeads>;
  runner_progress: RowOf<typeof progress>;
  projection_versions: RowOf<typeof versions>;
}

/** What a rebuild must give back: the projections' tables and the streams' heads. */
export const REBUILT_TABLES: readonly Table[] = [...PROJECTIONS.flatMap(({ tables }) => tables), streamHeads];

const ROW = 'tables';

/** The tables of another runner: its checkpoint moved, or it holds the lease. */
export class AnotherRunner extends Error {
  override readonly name = 'AnotherRunner';

  constructor() {
    super('Another runner works on these tables, or has moved their checkpoint.');
  }
}

/** Makes every table; when `bare`, those that only grow are left to {@link GrowingTables}. */
export async function createTables(kysely: Kysely<FullSchema>, { bare = false } = {}): Promise<void> {
  for (const table of [...REBUILT_TABLES, progress, versions]) {
    if (bare && table.onlyAdded) continue;
    let create = kysely.schema.createTable(table.name);
    for (const [name, type] of Object.entries(table.columns)) {
      const sqlType = type.startsWith('text') ? 'text' : type.startsWith('integer') ? 'integer' : 'bigint';
      create = create.addColumn(name, sqlType, (column) => {
        const typed = type.endsWith('?') ? column : column.notNull();
        return name === table.key ? typed.primaryKey() : typed;
      });
    }
    await create.execute();
    await createIndexes(kysely, table);
  }
  await kysely.insertInto('runner_progress').values({ id: ROW, position: '', owner: '', lease_until: 0 }).execute();
  await kysely
    .insertInto('projection_versions')
    .values(PROJECTIONS.map(({ name, version }) => ({ name, version })))
    .execute();
}

export async function createIndexes(kysely: Kysely<FullSchema>, { name, indexes }: Table): Promise<void> {
  for (const columns of indexes) {
    await kysely.schema
      .createIndex(`${name}_by_${columns.join('_')}`)
      .on(name)
      .columns([...columns])
      .execute();
  }
}

/** `'none'`: an empty file. `'old'`: made by projections of other versions. */
export async function standOf(kysely: Kysely<FullSchema>): Promise<'none' | 'old' | 'current'> {
  const tables = await kysely.introspection.getTables();
  if (!tables.some(({ name }) => name === versions.name)) return 'none';
  const stored = await kysely.selectFrom('projection_versions').selectAll().execute();
  const text = (all: readonly { name: string; version: number }[]) =>
    all
      .map(({ name, version }) => `${name}:${version}`)
      .toSorted()
      .join();
  return text(stored) === text(PROJECTIONS) ? 'current' : 'old';
}

export interface Progress {
  /** `''` before the first checkpoint. */
  readonly position: string;
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly leaseUntil: number;
}

export async function readProgress(kysely: Kysely<FullSchema>): Promise<Progress> {
  const row = await kysely.selectFrom('runner_progress').selectAll().where('id', '=', ROW).executeTakeFirstOrThrow();
  return { position: row.position, owner: row.owner, leaseUntil: row.lease_until };
}

/** Takes or renews the lease; false while somebody else holds it. */
export async function takeLease(
  kysely: Kysely<FullSchema>,
  { owner, now, until, force }: { owner: string; now: number; until: number; force: boolean },
): Promise<boolean> {
  const { numUpdatedRows } = await kysely
    .updateTable('runner_progress')
    .set({ owner, lease_until: until })
    .where('id', '=', ROW)
    .$if(!force, (update) => update.where((eb) => eb.or([eb('owner', '=', owner), eb('lease_until', '<=', now)])))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function releaseLease(kysely: Kysely<FullSchema>, owner: string): Promise<void> {
  await kysely.updateTable('runner_progress').set({ lease_until: 0 }).where('owner', '=', owner).execute();
}

/** Writes progress as a rebuild leaves it. */
export async function writeProgress(kysely: Kysely<FullSchema>, { position, owner, leaseUntil }: Progress) {
  const columns = { position, owner, lease_until: leaseUntil };
  await kysely.updateTable('runner_progress').set(columns).where('id', '=', ROW).execute();
}

/**
 * Moves the checkpoint from where this runner left it, and renews its lease.
 * @throws {AnotherRunner}
 */
export async function advance(
  transaction: Transaction<FullSchema>,
  { owner, from, to, leaseUntil }: { owner: string; from: string; to: string; leaseUntil: number },
): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable('runner_progress')
    .set({ position: to, lease_until: leaseUntil })
    .where('id', '=', ROW)
    .where('position', '=', from)
    .where('owner', '=', owner)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new AnotherRunner();
}

/** The last revision folded of each of these streams; -1 where none was. */
export async function headsOf(kysely: Kysely<FullSchema>, streams: readonly string[]): Promise<Map<string, number>> {
  const heads = new Map(streams.map((stream) => [stream, -1]));
  for (let at = 0; at < streams.length; at += 500) {
    const rows = await kysely
      .selectFrom('stream_heads')
      .selectAll()
      .where('stream', 'in', streams.slice(at, at + 500))
      .execute();
    for (const { stream, revision } of rows) heads.set(stream, revision);
  }
  return heads;
}
