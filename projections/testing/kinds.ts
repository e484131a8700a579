import { join } from 'node:path';
import { openPostgresTables, openTables, type SqliteTables, type Tables } from '../index.ts';
import { readProgress, writeProgress } from '../runner/control.ts';
import { PATIENT, TestPostgres } from './postgres.ts';

/** Who works on tables and how far, as somebody else would have left it. */
export interface Forged {
  readonly position?: string;
  readonly owner: string;
  readonly leaseMs: number;
}

/** A kind of tables, to run one specification on all of them. */
export interface TablesKind {
  readonly name: 'SQLite' | 'PostgreSQL';
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The tables of a directory: opened twice, they are the same ones. */
  open(directory: string): Promise<Tables>;
  forge(directory: string, tables: Tables, forged: Forged): Promise<void>;
  /** As if programs of other versions had made them, and this one never had any. */
  makeStale(directory: string, tables: Tables): Promise<void>;
}

const sqlite: TablesKind = {
  name: 'SQLite',
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  open: (directory) => openTables({ directory: join(directory, 'tables') }),
  async forge(_, tables, { position, owner, leaseMs }) {
    const stands = await readProgress(tables.writer);
    const leaseUntil = Date.now() + leaseMs;
    await writeProgress(tables.writer, { position: position ?? stands.position, owner, leaseUntil });
  },
  async makeStale(_, tables) {
    await tables.writer.updateTable('projection_versions').set({ version: 0 }).where('name', '=', 'denials').execute();
  },
};

function postgres(): TablesKind {
  let server: TestPostgres;
  // A schema is made quicker than a database.
  const schemas = new Map<string, string>();
  return {
    name: 'PostgreSQL',
    async start() {
      server = await TestPostgres.start();
    },
    stop: () => server.stop(),
    async open(directory) {
      const schema = schemas.get(directory) ?? `tables_${schemas.size + 1}`;
      schemas.set(directory, schema);
      // Connections end without a word when the server stops, and that is no news.
      return openPostgresTables({ url: server.url, schema, poolSize: 3, ...PATIENT, onError: () => undefined });
    },
    async forge(directory, _, { position, owner, leaseMs }) {
      const moved = position === undefined ? '' : `, position = '${position}'`;
      await server.run(
        `update ${schemas.get(directory) ?? ''}.live_tables set owner = '${owner}',
           lease_until = clock_timestamp() + interval '${leaseMs} ms', renewed_at = clock_timestamp() ${moved}`,
      );
    },
    async makeStale(directory) {
      await server.run(`update ${schemas.get(directory) ?? ''}.live_tables set versions = 'denials:0'`);
    },
  };
}

/** One of each, for `describe.each`. */
export function kindsOfTables(): TablesKind[] {
  return [sqlite, postgres()];
}

export function isSqlite(tables: Tables): tables is SqliteTables {
  return !tables.isShared;
}
