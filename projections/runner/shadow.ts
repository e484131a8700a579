import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { Envelope } from '#event-log/envelope';
import type { LogReader, RecordedFact } from '#event-log/port';
import type { Schema } from '../projections.ts';
import {
  createIndexes,
  createTables,
  REBUILT_TABLES,
  writeProgress,
  type FullSchema,
  type Progress,
} from './control.ts';
import { foldEach } from './folding.ts';
import { HeldRows, type Due } from './held-rows.ts';
import { openSqliteFile, type SqliteFile } from './sqlite.ts';
import { Statements, type Statement } from './statements.ts';
import { STREAM_PREFIXES } from './streams.ts';
import { removeTables, type TablesReader } from './tables.ts';

/** Facts and their rows are let go after so many, while they are young: that spares the garbage collector most of its work. */
const TOGETHER = 500;
/** Progress is told after so many. */
const TELL_FACTS = 5000;
const INSERT_CACHE = 'PRAGMA cache_size = -65536';
/** Small runs of rows are sorted in the processor's own cache. */
const INDEX_CACHE = 'PRAGMA cache_size = -4096';

export interface ShadowOptions {
  readonly file: string;
  readonly log: LogReader;
  readonly envelope: Envelope;
  /** After each batch: how many facts so far, and the position reached. */
  readonly onProgress?: (facts: number, position: string) => void | Promise<void>;
}

/**
 * Tables made anew beside the live ones: nothing is flushed, rows are folded in memory, and big tables get their indexes
 * when they are full.
 */
export class Shadow implements TablesReader {
  readonly #options: ShadowOptions;
  readonly #file: SqliteFile<FullSchema>;
  readonly #statements: Statements;
  readonly #prepared = new Map<string, StatementSync>();
  readonly #heads = new Map<string, number>();
  readonly #rows = new HeldRows();
  #position = '';
  #facts = 0;
  #told = 0;
  #indexed = false;

  private constructor(options: ShadowOptions) {
    this.#options = options;
    removeTables(options.file);
    this.#file = openSqliteFile(options.file);
    this.#statements = new Statements(this.#file.kysely);
  }

  static async make(options: ShadowOptions): Promise<Shadow> {
    const shadow = new Shadow(options);
    shadow.#file.database.exec(
      `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; ${INSERT_CACHE}`,
    );
    await createTables(shadow.#file.kysely, { bare: true });
    return shadow;
  }

  /** Everything up to here is in it. */
  get position(): string {
    return this.#position;
  }

  get facts(): number {
    return this.#facts;
  }

  /** Folds on, to the log's end or to a position, also while the log grows. */
  async fill(upTo?: string): Promise<void> {
    const { log } = this.#options;
    const end = upTo ?? (await log.head());
    const after = this.#position === '' ? {} : { after: this.#position };
    let batch: RecordedFact[] = [];
    for await (const fact of log.readAll({ ...after, streamPrefixes: STREAM_PREFIXES })) {
      if (fact.position > end) break;
      batch.push(fact);
      if (batch.length < TOGETHER) continue;
      this.#fold(batch);
      batch = [];
      if (this.#facts - this.#told >= TELL_FACTS) await this.#tell();
    }
    this.#fold(batch);
    if (this.#facts > this.#told) await this.#tell();
    this.#write(this.#rows.due({ all: true }));
    if (end > this.#position) this.#position = end;
    if (this.#indexed) return;
    this.#indexed = true;
    const { database, kysely } = this.#file;
    database.exec(INDEX_CACHE);
    for (const table of REBUILT_TABLES) if (table.onlyAdded) await createIndexes(kysely, table);
    database.exec(INSERT_CACHE);
  }

  #fold(batch: readonly RecordedFact[]): void {
    const last = batch.at(-1);
    if (!last) return;
    foldEach(batch, this.#heads, this.#options.envelope, this.#rows.take);
    this.#write(this.#rows.due());
    this.#position = last.position;
    this.#facts += batch.length;
  }

  async #tell(): Promise<void> {
    this.#told = this.#facts;
    await this.#options.onProgress?.(this.#facts, this.#position);
  }

  #write({ added, changes, rows }: Due): void {
    const { database } = this.#file;
    database.exec('BEGIN');
    for (const [table, its] of added) this.#run(this.#statements.rows('add', table, its));
    this.#run(this.#statements.all(changes));
    for (const [table, its] of rows) this.#run(this.#statements.rows('put', table, its));
    database.exec('COMMIT');
  }

  #run(statements: Iterable<Statement>): void {
    for (const { sql, parameters } of statements) {
      let statement = this.#prepared.get(sql);
      if (!statement) this.#prepared.set(sql, (statement = this.#file.database.prepare(sql)));
      statement.run(...(parameters as SQLInputValue[]));
    }
  }

  read<Answer>(query: (tables: Kysely<Schema>) => Promise<Answer>): Promise<Answer> {
    return query(this.#file.kysely as unknown as Kysely<Schema>);
  }

  /** Leaves a file that can take the live one's place, worked on by whom `lease` says. */
  async finish(lease: Omit<Progress, 'position'>): Promise<void> {
    await writeProgress(this.#file.kysely, { ...lease, position: this.#position });
    await this.#close();
  }

  async discard(): Promise<void> {
    await this.#close();
    removeTables(this.#options.file);
  }

  async #close(): Promise<void> {
    await this.#file.kysely.destroy();
    if (this.#file.database.isOpen) this.#file.database.close();
  }
}
