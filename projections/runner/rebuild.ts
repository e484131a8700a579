import type { Envelope } from '#event-log/envelope';
import type { LogReader } from '#event-log/port';
import type { Comparison } from './compare.ts';
import type { Runner } from './runner.ts';
import type { Tables } from './tables.ts';

export interface RebuildOptions {
  readonly log: LogReader;
  readonly envelope: Envelope;
  readonly tables: Tables;
  /**
   * The runner that works on these tables in this process. Without one nobody else may work on a file of tables; on
   * shared tables it makes no difference.
   */
  readonly runner?: Runner;
  /** Compares the rebuilt tables with the live ones, at one position, before they take their place. Default: false. */
  readonly compare?: boolean;
  readonly onProgress?: (facts: number, position: string) => void;
  readonly clock?: { now(): number };
}

export interface Rebuilt {
  readonly facts: number;
  /** Where the tables stand now. */
  readonly position: string;
  /** Absent where it was not asked for, or the live tables were empty or outdated. */
  readonly comparison?: Comparison;
}

/**
 * Makes the tables anew from the log's first fact and puts them in the live ones' place. The log may grow and the runner
 * may work meanwhile: it stands still only for the last few facts and the exchange (on SQLite for the comparison too).
 * @throws {AnotherRunner} somebody else works on the file of tables.
 */
export function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  return options.tables.rebuild(options);
}
