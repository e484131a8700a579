import type { Kysely } from 'kysely';
import type { Envelope } from '#event-log/envelope';
import type { LogReader } from '#event-log/port';
import type { Schema } from '../projections.ts';
import type { FullSchema } from './control.ts';
import type { Rebuilt, RebuildOptions } from './rebuild.ts';
import type { Change, Table } from './table.ts';

export { removeTables } from './files.ts';

/** Whatever queries run on: the live tables, or those that a rebuild has just made. */
export interface TablesReader {
  /** @throws {TablesNotReady} */
  read<Answer>(query: (tables: Kysely<Schema>) => Promise<Answer>): Promise<Answer>;
  /**
   * Grows with each commit that touches one of these tables, and with each exchange of them all: what was read while it
   * stood still is still there. Not there where other processes write too.
   */
  versionOf?(tables: readonly Table[]): number;
}

/** Who works on the tables, and how far. */
export interface Stand {
  /** Everything up to here is in the tables; `''` before the first checkpoint. */
  readonly position: string;
  /** Who has or had the lease; `''`: nobody yet. */
  readonly owner: string;
  /** The lease has run out or was given back: whoever asks first has it. */
  readonly free: boolean;
  /** How far the owner was behind the log when it was last heard of, and how long ago that was. */
  readonly behind: Behind;
  readonly silentMs: number;
}

export interface Behind {
  readonly ms: number;
  readonly facts: number;
}

export interface LeaseWish {
  readonly owner: string;
  readonly leaseMs: number;
  /** The instance's own clock, epoch milliseconds. Shared tables don't believe it: they go by the database's. */
  readonly now: number;
}

/** One commit of the runner: the checkpoint is moved from where it expects it, and the lease is renewed with it. */
export interface Step extends LeaseWish {
  readonly from: string;
  readonly to: string;
  readonly behind: Behind;
}

/** What a commit's rows are made of: asked inside the transaction, once the checkpoint was found where it must stand. */
export type Folding = (stands: {
  /** Which tables these are: another number, other tables. */
  readonly generation: number;
  headsOf(streams: readonly string[]): Promise<Map<string, number>>;
}) => Promise<readonly Change[]>;

export interface FillOptions {
  readonly log: LogReader;
  readonly envelope: Envelope;
  readonly lease: () => LeaseWish;
  /** Now and then while it takes its time, with the facts folded so far; what it throws ends the filling. */
  readonly onProgress: (facts: number) => Promise<void>;
}

/** The projections' tables, wherever they are: one runner writes to them, anybody reads. */
export interface Tables extends TablesReader {
  /** Whether other processes may work on them too, by turns: a lost lease is then no end, but a wait for the next. */
  readonly isShared: boolean;
  /**
   * Most facts of one commit. A file's holds the event loop for some milliseconds, and what is being decided waits that
   * long; a server's costs round trips more than time.
   */
  readonly batchFacts: number;
  /** There are none of this version of the projections yet: nothing is read before they are rebuilt. */
  readonly stale: boolean;
  /** The live tables as the runner writes to them. */
  readonly writer: Kysely<FullSchema>;
  stand(): Promise<Stand>;
  /** Takes or renews the lease; false while somebody else holds it. `force`: the caller knows that nobody does. */
  takeLease(wish: LeaseWish & { readonly force?: boolean }): Promise<boolean>;
  releaseLease(owner: string): Promise<void>;
  /**
   * Rows and checkpoint, both or neither.
   * @throws {AnotherRunner} the checkpoint or the lease is not where the step expects it; nothing was changed.
   */
  commit(step: Step, fold: Folding): Promise<void>;
  /** Fills empty or outdated tables from the log's first fact, for whoever holds the lease; resolves with the position. */
  fill(options: FillOptions): Promise<string>;
  /** @throws {AnotherRunner} */
  rebuild(options: RebuildOptions): Promise<Rebuilt>;
  close(): Promise<void>;
}

/** The tables were made by other versions of the projections and are being rebuilt, or they can't be reached. */
export class TablesNotReady extends Error {
  override readonly name: string = 'TablesNotReady';

  constructor(message = 'The tables are being rebuilt from the log.', options?: ErrorOptions) {
    super(message, options);
  }
}

/** The database with the tables doesn't answer; it is asked again with each query. */
export class TablesAway extends TablesNotReady {
  override readonly name = 'TablesAway';

  constructor(cause: unknown) {
    super('The database with the tables can’t be reached.', { cause });
  }
}
