import { sql, type Kysely } from 'kysely';
import { PROJECTIONS } from '../projections.ts';
import { createIndexes, REBUILT_TABLES, type FullSchema } from './control.ts';
import { typeOf } from './postgres-changes.ts';
import type { LeaseWish, Stand, Step } from './tables.ts';

/** The tables that one set of projections' versions has: where they are, how far they are, who works on them. */
interface LiveTables {
  /** Each projection with its version. An older program beside a newer one has a row, and tables, of its own. */
  readonly versions: string;
  /** They stand in the schema `<schema>_<generation>`; 0: there are none yet. */
  readonly generation: number;
  readonly position: string;
  readonly owner: string;
  readonly lease_until: Date;
  readonly renewed_at: Date;
  readonly behind_ms: number;
  readonly behind_facts: number;
}

/** What is in the schema itself; the projections' tables stand in schemas beside it, one for each generation. */
export interface ControlSchema {
  live_tables: LiveTables;
  migrations: { readonly number: number };
}

export type Control = Kysely<ControlSchema & FullSchema>;

/**
 * What has been done to the runner's own tables, in order. Only ever added to, and each step must leave what older
 * programs use: during an upgrade they run beside newer ones, and pass over numbers that they don't know.
 */
const MIGRATIONS: readonly ((schema: string, db: Control) => Promise<unknown>)[] = [
  async (schema, db) => {
    await sql`create table ${sql.id(schema, 'live_tables')} (
      versions text collate "C" primary key,
      generation int8 not null default 0,
      position text collate "C" not null default '',
      owner text collate "C" not null default '',
      lease_until timestamptz not null default '-infinity',
      renewed_at timestamptz not null default clock_timestamp(),
      behind_ms int8 not null default 0,
      behind_facts int8 not null default 0
    )`.execute(db);
    await sql`create sequence ${sql.id(schema, 'generations')}`.execute(db);
  },
];

/** Tables that no program of their versions has worked on for so long are dropped: nobody goes back to it any more. */
const ABANDONED = '1 day';

export function versionsText(): string {
  return PROJECTIONS.map(({ name, version }) => `${name}:${version}`)
    .toSorted()
    .join();
}

/** Everything that is asked of the runner's own tables in one schema, for one set of versions. */
export class PostgresControl {
  readonly schema: string;
  readonly versions: string;

  constructor(schema: string) {
    this.schema = schema;
    this.versions = versionsText();
  }

  /** Makes what is missing, once, however many instances start at a time. */
  async migrate(db: Control): Promise<void> {
    await db.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`${this.schema} migrations`}, 0))`.execute(transaction);
      // Asked first: who may use the schema needn't be allowed to make one.
      const found = await sql`select 1 from pg_namespace where nspname = ${this.schema}`.execute(transaction);
      if (found.rows.length === 0) await sql`create schema ${sql.id(this.schema)}`.execute(transaction);
      await sql`create table if not exists ${sql.id(this.schema, 'migrations')} (
        number int8 primary key, done_at timestamptz not null default clock_timestamp())`.execute(transaction);
      const mine = transaction.withSchema(this.schema);
      const done = new Set(
        (await mine.selectFrom('migrations').select('number').execute()).map(({ number }) => number),
      );
      for (const [at, migration] of MIGRATIONS.entries()) {
        if (done.has(at + 1)) continue;
        await migration(this.schema, transaction);
        await mine
          .insertInto('migrations')
          .values({ number: at + 1 })
          .execute();
      }
      const rows = await mine.selectFrom('live_tables').select('versions').execute();
      // Asked first: to write what stands there already would wait for whoever is working on it.
      if (rows.some(({ versions }) => versions === this.versions)) return;
      if (rows.length > 0) return this.#register(transaction);
      // Nothing was ever here: empty tables, which a reader may see as they are.
      const generation = await this.newGeneration(transaction);
      for (const table of REBUILT_TABLES) await createIndexes(this.tablesOf(transaction, generation), table);
      await mine
        .insertInto('live_tables')
        .values({ versions: this.versions, generation } as LiveTables)
        .execute();
    });
  }

  #register(db: Control): Promise<void> {
    return sql`insert into ${this.#live} (versions) values (${this.versions}) on conflict do nothing`
      .execute(db)
      .then(() => undefined);
  }

  get #live() {
    return sql.id(this.schema, 'live_tables');
  }

  schemaOf(generation: number): string {
    return `${this.schema}_${generation}`;
  }

  tablesOf(db: Kysely<never> | Control, generation: number): Kysely<FullSchema> {
    return (db as unknown as Kysely<FullSchema>).withSchema(this.schemaOf(generation));
  }

  async stand(db: Control, { lock = false } = {}): Promise<Stand & { readonly generation: number }> {
    const ask = () =>
      sql<{
        generation: number;
        position: string;
        owner: string;
        free: boolean;
        silent: number;
        behind_ms: number;
        behind_facts: number;
      }>`select generation, position, owner, behind_ms, behind_facts, lease_until <= clock_timestamp() as free,
          (extract(epoch from clock_timestamp() - renewed_at) * 1000)::float8 as silent
        from ${this.#live} where versions = ${this.versions} ${lock ? sql`for update` : sql``}`.execute(db);
    let [row] = (await ask()).rows;
    if (!row) {
      // Nobody worked on them for long, and another version dropped them.
      await this.#register(db);
      [row] = (await ask()).rows;
    }
    if (!row) throw new Error(`There is no row for these tables in ${this.schema}.live_tables.`);
    const { generation, position, owner, free, silent } = row;
    return {
      generation,
      position,
      owner,
      free,
      behind: { ms: row.behind_ms, facts: row.behind_facts },
      silentMs: Math.max(0, Math.round(silent)),
    };
  }

  async takeLease(db: Control, { owner, leaseMs }: LeaseWish): Promise<boolean> {
    const { rows } = await sql`update ${this.#live} set owner = ${owner}, ${this.#renewed(leaseMs)}
      where versions = ${this.versions} and (owner = ${owner} or lease_until <= clock_timestamp())
      returning generation`.execute(db);
    return rows.length === 1;
  }

  async releaseLease(db: Control, owner: string): Promise<void> {
    await sql`update ${this.#live} set lease_until = '-infinity' where versions = ${this.versions} and owner = ${owner}`.execute(
      db,
    );
  }

  /** Moves the checkpoint from where the step expects it; the generation that its rows belong to, or `undefined`. */
  async advance(db: Control, { owner, from, to, leaseMs, behind }: Step): Promise<number | undefined> {
    const { rows } = await sql<{ generation: number }>`update ${this.#live}
      set position = ${to}, behind_ms = ${behind.ms}, behind_facts = ${behind.facts}, ${this.#renewed(leaseMs)}
      where versions = ${this.versions} and owner = ${owner} and position = ${from} and generation > 0
      returning generation`.execute(db);
    return rows[0]?.generation;
  }

  #renewed(leaseMs: number) {
    return sql`renewed_at = clock_timestamp(),
      lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000}::float8)`;
  }

  /** Puts another generation in the live one's place. The row must be locked. */
  async swap(db: Control, generation: number, position: string): Promise<void> {
    await sql`update ${this.#live} set generation = ${generation}, position = ${position}
      where versions = ${this.versions}`.execute(db);
  }

  /** Makes a generation's tables, without indexes beside their keys. */
  async newGeneration(db: Control): Promise<number> {
    const { rows } = await sql<{ generation: number }>`
      select nextval(${`${quoted(this.schema)}.generations`}::regclass) as generation`.execute(db);
    const generation = rows[0]?.generation ?? 0;
    const schema = this.schemaOf(generation);
    await sql`create schema ${sql.id(schema)}`.execute(db);
    for (const table of REBUILT_TABLES) {
      const columns = Object.entries(table.columns).map(([name, type]) => {
        // Bytewise, as SQLite compares: pages, keys and positions are in one order everywhere.
        const typed = typeOf(table, name) === 'text' ? sql`text collate "C"` : sql`int8`;
        const key = name === table.key ? sql`primary key` : type.endsWith('?') ? sql`` : sql`not null`;
        return sql`${sql.ref(name)} ${typed} ${key}`;
      });
      await sql`create table ${sql.id(schema, table.name)} (${sql.join(columns)})`.execute(db);
    }
    return generation;
  }

  /** What rebuilds that ended in the middle left behind, and tables that nobody has used for long. */
  async clean(db: Control): Promise<void> {
    await sql`delete from ${this.#live} where versions <> ${this.versions}
      and renewed_at < clock_timestamp() - ${ABANDONED}::interval`.execute(db);
    const { rows } = await sql<{ generation: number }>`
      select found.generation from (
        select substr(nspname, ${this.schema.length + 2}::int4)::int8 as generation from pg_namespace
        where nspname ~ ${`^${this.schema}_[0-9]+$`}
      ) as found
      where found.generation not in (select generation from ${this.#live})`.execute(db);
    for (const { generation } of rows) await this.drop(db, generation);
  }

  /** One table at a time: a statement that still reads several of them is waited for, and waits for nothing itself. */
  async drop(db: Control, generation: number): Promise<void> {
    const schema = this.schemaOf(generation);
    for (const { name } of REBUILT_TABLES) await sql`drop table if exists ${sql.id(schema, name)}`.execute(db);
    await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(db);
  }

  async lockRebuilds(db: Control): Promise<boolean> {
    const { rows } = await sql<{ locked: boolean }>`
      select pg_try_advisory_lock(hashtextextended(${this.#rebuilds}, 0)) as locked`.execute(db);
    return rows[0]?.locked === true;
  }

  /** A sign of life of the connection that holds the lock. */
  async ping(db: Control): Promise<void> {
    await sql`select 1`.execute(db);
  }

  async unlockRebuilds(db: Control): Promise<void> {
    await sql`select pg_advisory_unlock(hashtextextended(${this.#rebuilds}, 0))`.execute(db);
  }

  get #rebuilds(): string {
    return `${this.schema} rebuilds`;
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
