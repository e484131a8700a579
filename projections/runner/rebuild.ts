import { randomUUID } from 'node:crypto';
import type { Envelope } from '#event-log/envelope';
import type { LogReader } from '#event-log/port';
import { compareTables, type Comparison } from './compare.ts';
import { AnotherRunner, readProgress, releaseLease, takeLease } from './control.ts';
import type { Runner } from './runner.ts';
import { Shadow } from './shadow.ts';
import type { Tables } from './tables.ts';

export interface RebuildOptions {
  readonly log: LogReader;
  readonly envelope: Envelope;
  readonly tables: Tables;
  /** The runner that works on these tables in this process. Without one nobody else may work on them. */
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

/** How long a runner may take to come to where the rebuild stands. */
const CATCH_UP_MS = 60_000;
const LEASE_MS = 60_000;

/**
 * Makes the tables anew from the log's first fact and puts them in the live ones' place. The log may grow and the runner
 * may work meanwhile: it stands still only for the last few facts, the comparison and the exchange.
 * @throws {AnotherRunner} somebody else works on the tables.
 */
export function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const { runner, tables } = options;
  return tables.oneRebuild(() => (runner ? beside(runner, options) : alone(options)));
}

async function beside(runner: Runner, options: RebuildOptions): Promise<Rebuilt> {
  const { tables, compare = false, onProgress } = options;
  return withShadow(options, onProgress, async (shadow) => {
    await shadow.fill();
    // Never behind what readers have seen: the live tables come first, then the rebuilt ones follow to the same place.
    if (!(await runner.waitFor(shadow.position, CATCH_UP_MS))) {
      throw new Error('The runner did not come to where the rebuild stands, so the tables were left as they are.');
    }
    return runner.hold(async () => {
      const { position, owner, leaseUntil } = await readProgress(tables.writer);
      await shadow.fill(position);
      const comparison = compare ? await compareTables(tables, shadow) : undefined;
      await shadow.finish({ owner, leaseUntil });
      await tables.replaceWith(tables.shadowFile);
      return { facts: shadow.facts, position: shadow.position, ...(comparison && { comparison }) };
    });
  });
}

async function alone(options: RebuildOptions): Promise<Rebuilt> {
  const { tables, compare = false, onProgress, clock = Date } = options;
  const owner = randomUUID();
  const hold = async () => {
    const now = clock.now();
    if (!(await takeLease(tables.writer, { owner, now, until: now + LEASE_MS, force: false })))
      throw new AnotherRunner();
  };
  await hold();
  const renewing = async (facts: number, position: string) => {
    await hold();
    onProgress?.(facts, position);
  };
  try {
    return await withShadow(options, renewing, async (shadow) => {
      const { position } = await readProgress(tables.writer);
      let comparison: Comparison | undefined;
      if (compare && position !== '' && !tables.stale) {
        await shadow.fill(position);
        comparison = await compareTables(tables, shadow);
      }
      await shadow.fill();
      await shadow.finish({ owner, leaseUntil: 0 });
      await tables.replaceWith(tables.shadowFile);
      return { facts: shadow.facts, position: shadow.position, ...(comparison && { comparison }) };
    });
  } catch (error) {
    await releaseLease(tables.writer, owner);
    throw error;
  }
}

async function withShadow(
  { tables, log, envelope }: RebuildOptions,
  onProgress: RebuildOptions['onProgress'] | ((facts: number, position: string) => Promise<void>),
  work: (shadow: Shadow) => Promise<Rebuilt>,
): Promise<Rebuilt> {
  const shadow = await Shadow.make({ file: tables.shadowFile, log, envelope, ...(onProgress && { onProgress }) });
  try {
    return await work(shadow);
  } catch (error) {
    await shadow.discard();
    throw error;
  }
}
