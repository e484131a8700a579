import type { Kysely } from 'kysely';
import type { Schema } from '../projections.ts';
import { AnotherRunner, headsOf, type FullSchema } from './control.ts';
import { connect, sqlState } from './postgres.ts';
import { applyInBulk } from './postgres-changes.ts';
import { PostgresControl, type Control } from './postgres-control.ts';
import { fillGeneration, rebuildGeneration, type Workshop } from './postgres-rebuild.ts';
import type { RebuildOptions, Rebuilt } from './rebuild.ts';
import {
  TablesNotReady,
  type FillOptions,
  type Folding,
  type LeaseWish,
  type Stand,
  type Step,
  type Tables,
} from './tables.ts';

export interface PostgresTablesOptions {
  /** `postgres://user:password@host:port/database`; the user may create schemas there. */
  readonly url: string;
  /** Lower-case letters, digits and `_`, at most 40. Rebuilds make schemas beside it, `<schema>_<number>`. Default: `gatebook`. */
  readonly schema?: string;
  /** Connections that read. The runner has two of its own, a rebuild three while it runs. Default: 10. */
  readonly poolSize?: number;
  /** How long the database may take for an answer before it counts as away, milliseconds. Default: 10,000. */
  readonly answerMs?: number;
  /** How long a connection may take to come, milliseconds. Default: 3,000. */
  readonly connectMs?: number;
  /** How long the runner may stand still within a transaction before the database ends it, milliseconds. Default: 2,000. */
  readonly idleMs?: number;
  /** Hears of connections that broke while nobody used them; they are opened anew by themselves. */
  readonly onError: (error: unknown) => void;
}

// A table or schema that is no longer there, and a wait in a circle with whoever drops it.
const EXCHANGED = ['42P01', '3F000', '40P01'];

/**
 * Opens the tables in a PostgreSQL database, for any number of instances; makes them where there are none.
 * @throws {TablesAway}
 */
export async function openPostgresTables(options: PostgresTablesOptions): Promise<PostgresTables> {
  const { schema = 'gatebook' } = options;
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(schema)) throw new RangeError(`"${schema}" can't be the tables' schema.`);
  const tables = new PostgresTables({ ...options, schema });
  try {
    await tables.open();
  } catch (error) {
    await tables.close();
    throw error;
  }
  return tables;
}

/**
 * Tables that several instances share. Which generation of them is live stands in one row, beside the checkpoint and the
 * lease: a reader has all its answers of one generation, and an exchange is that row's change.
 */
export class PostgresTables implements Tables {
  readonly isShared = true;
  readonly batchFacts = 250;
  readonly #options: PostgresTablesOptions;
  readonly #control: PostgresControl;
  readonly #reading: Kysely<Schema>;
  readonly #working: Control;
  #generation = 0;

  constructor(options: PostgresTablesOptions & { readonly schema: string }) {
    const { url, schema, poolSize = 10, answerMs = 10_000, connectMs, idleMs, onError } = options;
    this.#options = options;
    this.#control = new PostgresControl(schema);
    this.#reading = connect({ url, size: poolSize, onError, answerMs, connectMs, idleMs });
    this.#working = connect({ url, size: 2, onError, answerMs, connectMs, idleMs });
  }

  async open(): Promise<void> {
    await this.#control.migrate(this.#working);
    await this.stand();
  }

  get stale(): boolean {
    return this.#generation === 0;
  }

  /** Where the live tables are now. */
  get generationSchema(): string {
    return this.#control.schemaOf(this.#generation);
  }

  get writer(): Kysely<FullSchema> {
    return this.#control.tablesOf(this.#working, this.#generation);
  }

  async read<Answer>(query: (tables: Kysely<Schema>) => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const generation = this.#generation;
      if (generation === 0) throw new TablesNotReady();
      try {
        return await query(this.#reading.withSchema(this.#control.schemaOf(generation)));
      } catch (error) {
        if (!EXCHANGED.includes(sqlState(error) ?? '')) throw error;
        // They were exchanged while it read: it reads the new ones, from its beginning.
        await this.stand();
        if (this.#generation === generation) throw error;
      }
    }
  }

  async stand(): Promise<Stand> {
    const { generation, ...stand } = await this.#control.stand(this.#working);
    this.#generation = generation;
    return stand;
  }

  takeLease(wish: LeaseWish): Promise<boolean> {
    return this.#control.takeLease(this.#working, wish);
  }

  releaseLease(owner: string): Promise<void> {
    return this.#control.releaseLease(this.#working, owner);
  }

  async commit(step: Step, fold: Folding): Promise<void> {
    this.#generation = await this.#working.transaction().execute(async (transaction) => {
      const generation = await this.#control.advance(transaction, step);
      if (generation === undefined) throw new AnotherRunner();
      const tables = this.#control.tablesOf(transaction, generation);
      const changes = await fold({ generation, headsOf: (streams) => headsOf(tables, streams) });
      await applyInBulk(transaction, this.#control.schemaOf(generation), changes);
      return generation;
    });
  }

  async fill(options: FillOptions): Promise<string> {
    const position = await fillGeneration(this.#workshop(), options);
    await this.stand();
    return position;
  }

  async rebuild(options: RebuildOptions): Promise<Rebuilt> {
    const rebuilt = await rebuildGeneration(this.#workshop(), options, () => this.stand());
    return rebuilt;
  }

  #workshop(): Workshop {
    const { url, connectMs, onError } = this.#options;
    return { url, connectMs, onError, control: this.#control };
  }

  async close(): Promise<void> {
    await Promise.all([this.#reading.destroy(), this.#working.destroy()]);
  }
}
