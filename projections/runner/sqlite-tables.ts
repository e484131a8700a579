import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Schema } from '../projections.ts';
import {
  advance,
  createTables,
  headsOf,
  readProgress,
  releaseLease,
  standOf,
  takeLease,
  type FullSchema,
} from './control.ts';
import { PAGES } from './files.ts';
import type { RebuildOptions, Rebuilt } from './rebuild.ts';
import { openSqliteFile, type SqliteFile } from './sqlite.ts';
import { fillFile, rebuildFile } from './sqlite-rebuild.ts';
import { Statements } from './statements.ts';
import type { Change, Table } from './table.ts';
import {
  removeTables,
  TablesNotReady,
  type FillOptions,
  type Folding,
  type LeaseWish,
  type Stand,
  type Step,
  type Tables,
} from './tables.ts';

export interface TablesOptions {
  /** Where `tables.db` is; made when it doesn't exist. */
  readonly directory: string;
}

/** Opens the tables of a directory, or makes empty ones; so too where the file is broken. */
export async function openTables({ directory }: TablesOptions): Promise<SqliteTables> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const tables = new SqliteTables(directory);
  try {
    await tables.open();
  } catch (error) {
    if (!isBroken(error)) throw error;
    // Nothing is lost: the log has it all.
    await tables.close();
    removeTables(tables.file);
    await tables.open();
  }
  return tables;
}

/** The file that holds the tables, one connection to write and one to read: a reader sees only what was committed. */
export class SqliteTables implements Tables {
  readonly isShared = false;
  readonly batchFacts = 50;
  readonly #directory: string;
  #writer: SqliteFile<FullSchema> | undefined;
  #reader: SqliteFile<Schema> | undefined;
  #statements: Statements | undefined;
  #stale = false;
  #generation = 0;
  #version = 0;
  /** At which version the last exchange was, and by table the last commit that touched it. */
  #exchanged = 0;
  readonly #touched = new Map<Table, number>();
  #reading = 0;
  #idle: (() => void) | undefined;
  /** Set while the file is exchanged: reads wait for it. */
  #exchange: Promise<void> | undefined;
  #rebuild: Promise<void> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  get file(): string {
    return join(this.#directory, 'tables.db');
  }

  /** Where a rebuild makes the tables that take this one's place. */
  get shadowFile(): string {
    return join(this.#directory, 'tables.rebuild.db');
  }

  get stale(): boolean {
    return this.#stale;
  }

  get writer(): Kysely<FullSchema> {
    if (!this.#writer) throw new Error('The tables are closed.');
    return this.#writer.kysely;
  }

  async open(): Promise<void> {
    const writer = openSqliteFile<FullSchema>(this.file);
    this.#writer = writer;
    // Not flushed at each commit: a power cut takes rows and checkpoint back together, and the log has them.
    writer.database.exec(`${PAGES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;`);
    const stand = await standOf(writer.kysely);
    if (stand === 'none') await writer.kysely.transaction().execute((transaction) => createTables(transaction));
    this.#stale = stand === 'old';
    this.#statements = new Statements(writer.kysely);
    this.#generation++;
    this.#exchanged = ++this.#version;
    this.#reader = openSqliteFile<Schema>(this.file, { readOnly: true });
  }

  async read<Answer>(query: (tables: Kysely<Schema>) => Promise<Answer>): Promise<Answer> {
    while (this.#exchange) await this.#exchange;
    if (this.#stale) throw new TablesNotReady();
    if (!this.#reader) throw new Error('The tables are closed.');
    this.#reading++;
    try {
      return await query(this.#reader.kysely);
    } finally {
      this.#reading--;
      if (this.#reading === 0) this.#idle?.();
    }
  }

  versionOf(tables: readonly Table[]): number {
    return Math.max(this.#exchanged, ...tables.map((table) => this.#touched.get(table) ?? 0));
  }

  async stand(): Promise<Stand> {
    const { position, owner, leaseUntil } = await readProgress(this.writer);
    return { position, owner, free: leaseUntil <= Date.now(), behind: { ms: 0, facts: 0 }, silentMs: 0 };
  }

  takeLease({ owner, now, leaseMs, force = false }: LeaseWish & { readonly force?: boolean }): Promise<boolean> {
    return takeLease(this.writer, { owner, now, until: now + leaseMs, force });
  }

  releaseLease(owner: string): Promise<void> {
    return releaseLease(this.writer, owner);
  }

  async commit({ owner, from, to, now, leaseMs }: Step, fold: Folding): Promise<void> {
    let touched: readonly Change[] = [];
    try {
      await this.writer.transaction().execute(async (transaction) => {
        await advance(transaction, { owner, from, to, leaseUntil: now + leaseMs });
        const changes = await fold({
          generation: this.#generation,
          headsOf: (streams) => headsOf(transaction, streams),
        });
        for (const { sql, parameters } of this.#statements?.all(changes) ?? []) {
          await transaction.executeQuery(CompiledQuery.raw(sql, parameters));
        }
        // Twice: what is read before the commit is there and what behind it must not be taken for one another.
        this.#touch((touched = changes));
      });
    } finally {
      this.#touch(touched);
    }
  }

  #touch(changes: readonly Change[]): void {
    const version = ++this.#version;
    for (const { table } of changes) this.#touched.set(table, version);
  }

  fill(options: FillOptions): Promise<string> {
    return this.#oneRebuild(() => fillFile(this, options));
  }

  rebuild(options: RebuildOptions): Promise<Rebuilt> {
    return this.#oneRebuild(() => rebuildFile(this, options));
  }

  /** One rebuild at a time: each makes its tables in the same file. */
  async #oneRebuild<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const before = this.#rebuild;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#rebuild = promise;
    await before;
    try {
      return await work();
    } finally {
      resolve();
    }
  }

  /** Puts another file in this one's place; reads under way are answered first, new ones wait. Nobody may write meanwhile. */
  async replaceWith(file: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#exchange = promise;
    try {
      await this.#close();
      if (existsSync(`${this.file}-wal`)) {
        throw new Error(`Another process has ${this.file} open, so it can't be replaced.`);
      }
      flush(file);
      renameSync(file, this.file);
      flush(this.#directory);
    } finally {
      try {
        await this.open();
      } finally {
        this.#exchange = undefined;
        resolve();
      }
    }
  }

  async close(): Promise<void> {
    while (this.#exchange) await this.#exchange;
    await this.#close();
  }

  async #close(): Promise<void> {
    if (this.#reading > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
      this.#idle = undefined;
    }
    // The connection that writes goes last: closing it empties the write-ahead log into the file.
    await closeFile(this.#reader);
    await closeFile(this.#writer);
    this.#reader = undefined;
    this.#writer = undefined;
  }
}

/** Kysely closes only a connection that it has used. */
async function closeFile(file: SqliteFile<never> | SqliteFile<FullSchema> | SqliteFile<Schema> | undefined) {
  await file?.kysely.destroy();
  if (file?.database.isOpen) file.database.close();
}

// SQLite's result codes (sqlite.org/rescode.html); the low byte is the primary code.
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

function isBroken(error: unknown): boolean {
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === 'number' && [SQLITE_CORRUPT, SQLITE_NOTADB].includes(code & 0xff);
}

function flush(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
