import { closeSync, fdatasync, openSync } from 'node:fs';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { Kysely } from 'kysely';
import type { Envelope } from '#event-log/envelope';
import type { LogReader, Position, RecordedFact } from '#event-log/port';
import type { Schema } from '../projections.ts';
import { batchesOf } from './batches.ts';
import { createTables, writeProgress, type FullSchema, type Progress } from './control.ts';
import { foldEach, headChanges, MissedFact } from './folding.ts';
import { GrowingTables, UNFLUSHED } from './growing-tables.ts';
import { HeldRows, type Due } from './held-rows.ts';
import { beginLater, type Later } from './later-facts.ts';
import { openSqliteFile, type SqliteFile } from './sqlite.ts';
import { Statements, type Statement } from './statements.ts';
import { removeTables, type TablesReader } from './tables.ts';

/** Progress is told after so many. */
const TELL_FACTS = 5000;

export interface ShadowOptions {
  readonly file: string;
  readonly log: LogReader;
  readonly envelope: Envelope;
  /** After each batch: how many facts so far, and the position reached. */
  readonly onProgress?: (facts: number, position: string) => void | Promise<void>;
  /** A log of so many facts is folded by two threads. Default: 100,000. */
  readonly twoThreadsFrom?: number;
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
  /** Streams whose heads are not in the tables yet. */
  readonly #moved = new Map<string, number>();
  readonly #rows = new HeldRows();
  /** Until they are full. */
  #growing: GrowingTables | undefined;
  #position = '';
  #facts = 0;
  #told = 0;

  private constructor(options: ShadowOptions) {
    this.#options = options;
    removeTables(options.file);
    removeTables(this.#laterFile);
    this.#file = openSqliteFile(options.file);
    this.#statements = new Statements(this.#file.kysely);
  }

  static async make(options: ShadowOptions): Promise<Shadow> {
    const shadow = new Shadow(options);
    const { database, kysely } = shadow.#file;
    database.exec(UNFLUSHED);
    await createTables(kysely, { bare: true });
    shadow.#growing = new GrowingTables(database);
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
  async fill(upTo?: Position): Promise<void> {
    const end = upTo ?? (await this.#options.log.head());
    while (end > this.#position) {
      const later =
        this.#growing && beginLater({ ...this.#options, after: this.#after, upTo: end, file: this.#laterFile });
      try {
        await this.#foldUpTo(later?.after ?? end);
        if (later) this.#takeOver(await later.done);
        await this.#tell();
      } finally {
        await later?.close();
      }
    }
    headChanges(this.#moved).forEach(this.#rows.take);
    this.#moved.clear();
    this.#write(this.#rows.due({ all: true }));
    if (!this.#growing) return;
    // What is there by now gets to the disk while the indexes are made.
    const flushed = flush(this.#options.file);
    try {
      this.#growing.finish();
    } finally {
      await flushed;
    }
    this.#growing = undefined;
  }

  get #after(): Position | undefined {
    return this.#position === '' ? undefined : this.#position;
  }

  get #laterFile(): string {
    return `${this.#options.file}.later`;
  }

  async #foldUpTo(upTo: Position): Promise<void> {
    for await (const batch of batchesOf(this.#options.log, { after: this.#after, upTo })) {
      this.#fold(batch);
      if (this.#facts - this.#told >= TELL_FACTS) await this.#tell();
    }
    this.#position = upTo;
  }

  /** What another thread has folded goes behind what was folded here. */
  #takeOver({ facts, position, streams, changes }: Later): void {
    for (const [stream, first, last] of streams) {
      const head = this.#heads.get(stream) ?? -1;
      if (first !== head + 1) throw new MissedFact({ stream, revision: first, position }, head);
      this.#heads.set(stream, last);
      this.#moved.set(stream, last);
    }
    this.#growing?.takeFrom(this.#laterFile);
    changes.forEach(this.#rows.take);
    this.#write(this.#rows.due());
    this.#position = position;
    this.#facts += facts;
  }

  #fold(batch: readonly RecordedFact[]): void {
    const last = batch.at(-1);
    if (!last) return;
    const moved = foldEach(batch, this.#heads, this.#options.envelope, this.#rows.take);
    for (const [stream, head] of moved) this.#moved.set(stream, head);
    this.#write(this.#rows.due());
    this.#position = last.position;
    this.#facts += batch.length;
  }

  async #tell(): Promise<void> {
    if (this.#facts === this.#told) return;
    this.#told = this.#facts;
    await this.#options.onProgress?.(this.#facts, this.#position);
  }

  #write({ added, changes, rows }: Due): void {
    const { database } = this.#file;
    database.exec('BEGIN');
    for (const [table, its] of added) {
      if (this.#growing) this.#growing.append(table, its);
      else this.#run(this.#statements.rows('add', table, its));
    }
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

/** Begins at once, in a thread of its own. */
async function flush(file: string): Promise<void> {
  const handle = openSync(file, 'r');
  try {
    await promisify(fdatasync)(handle);
  } finally {
    closeSync(handle);
  }
}
