import { randomUUID } from 'node:crypto';
import { compareTables, type Comparison } from './compare.ts';
import { AnotherRunner, readProgress, releaseLease } from './control.ts';
import type { RebuildOptions, Rebuilt } from './rebuild.ts';
import type { Runner } from './runner.ts';
import { Shadow } from './shadow.ts';
import type { SqliteTables } from './sqlite-tables.ts';
import type { FillOptions } from './tables.ts';

/** How long a runner may take to come to where the rebuild stands. */
const CATCH_UP_MS = 60_000;
const LEASE_MS = 60_000;

/** Fills the file for the runner that holds its lease. */
export async function fillFile(
  tables: SqliteTables,
  { log, envelope, lease, onProgress }: FillOptions,
): Promise<string> {
  const shadow = await Shadow.make({ file: tables.shadowFile, log, envelope, onProgress });
  try {
    await shadow.fill();
    const { owner, now, leaseMs } = lease();
    await shadow.finish({ owner, leaseUntil: now + leaseMs });
    await tables.replaceWith(tables.shadowFile);
  } catch (error) {
    await shadow.discard();
    throw error;
  }
  return shadow.position;
}

/** Makes a new file beside the live one and puts it in its place. The runner stands still only for the last few facts. */
export function rebuildFile(tables: SqliteTables, options: RebuildOptions): Promise<Rebuilt> {
  return options.runner ? beside(options.runner, tables, options) : alone(tables, options);
}

async function beside(runner: Runner, tables: SqliteTables, options: RebuildOptions): Promise<Rebuilt> {
  const { compare = false, onProgress } = options;
  return withShadow(tables, options, onProgress, async (shadow) => {
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

async function alone(tables: SqliteTables, options: RebuildOptions): Promise<Rebuilt> {
  const { compare = false, onProgress, clock = Date } = options;
  const owner = randomUUID();
  const hold = async () => {
    if (!(await tables.takeLease({ owner, now: clock.now(), leaseMs: LEASE_MS }))) throw new AnotherRunner();
  };
  await hold();
  const renewing = async (facts: number, position: string) => {
    await hold();
    onProgress?.(facts, position);
  };
  try {
    return await withShadow(tables, options, renewing, async (shadow) => {
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
  tables: SqliteTables,
  { log, envelope }: RebuildOptions,
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
