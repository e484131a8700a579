import { sql, type Kysely } from 'kysely';
import type { RecordedFact } from '#event-log/port';
import type { Schema } from '../projections.ts';
import { createIndexes, REBUILT_TABLES } from './control.ts';
import { foldEach, headChanges } from './folding.ts';
import { HeldRows, type Due } from './held-rows.ts';
import { applyInBulk } from './postgres-changes.ts';
import type { Control, PostgresControl } from './postgres-control.ts';
import type { RebuildOptions } from './rebuild.ts';
import { STREAM_PREFIXES } from './streams.ts';
import type { Change } from './table.ts';
import type { TablesReader } from './tables.ts';

const BATCH_FACTS = 5000;

export interface PostgresShadowOptions extends Pick<RebuildOptions, 'log' | 'envelope'> {
  readonly db: Control;
  readonly control: PostgresControl;
  /** After each batch: how many facts so far, and the position reached. */
  readonly onProgress?: (facts: number, position: string) => void | Promise<void>;
}

/** A generation that nobody reads yet: written in bulk, and indexed when it is full. */
export class PostgresShadow implements TablesReader {
  readonly generation: number;
  readonly #options: PostgresShadowOptions;
  readonly #heads = new Map<string, number>();
  readonly #rows = new HeldRows();
  #position = '';
  #facts = 0;
  #indexed = false;

  private constructor(options: PostgresShadowOptions, generation: number) {
    this.#options = options;
    this.generation = generation;
  }

  static async make(options: PostgresShadowOptions): Promise<PostgresShadow> {
    const { db, control } = options;
    const generation = await db.transaction().execute(async (transaction) => {
      const made = await control.newGeneration(transaction);
      const tables = control.tablesOf(transaction, made);
      for (const table of REBUILT_TABLES) if (!table.onlyAdded) await createIndexes(tables, table);
      return made;
    });
    return new PostgresShadow(options, generation);
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
    if (end > this.#position) {
      for await (const fact of log.readAll({ ...after, streamPrefixes: STREAM_PREFIXES })) {
        if (fact.position > end) break;
        batch.push(fact);
        if (batch.length < BATCH_FACTS) continue;
        await this.#fold(batch);
        batch = [];
      }
      await this.#fold(batch);
      await this.#write(this.#rows.due({ all: true }));
      this.#position = end;
    }
    if (!this.#indexed) await this.#index();
  }

  async #fold(batch: readonly RecordedFact[]): Promise<void> {
    const last = batch.at(-1);
    if (!last) return;
    const { envelope, onProgress } = this.#options;
    const moved = foldEach(batch, this.#heads, envelope, this.#rows.take);
    headChanges(moved).forEach(this.#rows.take);
    await this.#write(this.#rows.due());
    this.#position = last.position;
    this.#facts += batch.length;
    await onProgress?.(this.#facts, this.#position);
  }

  async #write({ added, changes, rows }: Due): Promise<void> {
    const all: Change[] = [];
    for (const [table, its] of added) for (const row of its) all.push({ kind: 'add', table, row });
    for (const change of changes) all.push(change);
    for (const [table, its] of rows) for (const row of its) all.push({ kind: 'put', table, row });
    const { db, control } = this.#options;
    const schema = control.schemaOf(this.generation);
    await db.transaction().execute((transaction) => applyInBulk(transaction, schema, all));
  }

  async #index(): Promise<void> {
    this.#indexed = true;
    const { db, control } = this.#options;
    const tables = control.tablesOf(db, this.generation);
    for (const table of REBUILT_TABLES) {
      if (table.onlyAdded) await createIndexes(tables, table);
      await sql`analyze ${sql.id(control.schemaOf(this.generation), table.name)}`.execute(db);
    }
  }

  read<Answer>(query: (tables: Kysely<Schema>) => Promise<Answer>): Promise<Answer> {
    const { db, control } = this.#options;
    return query(control.tablesOf(db, this.generation) as unknown as Kysely<Schema>);
  }

  /** Removes it, unless it became the live one though its rebuild never heard so. */
  async discard(): Promise<void> {
    const { db, control } = this.#options;
    await db.transaction().execute(async (transaction) => {
      const { generation } = await control.stand(transaction, { lock: true });
      if (generation !== this.generation) await control.drop(transaction, this.generation);
    });
  }
}
