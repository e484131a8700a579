import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Envelope } from '#event-log/envelope';
import type { LogReader } from '#event-log/port';
import { compareTables, type Tables } from '../index.ts';
import { Shadow } from '../runner/shadow.ts';

export interface JudgedTables {
  readonly tables: Tables;
  readonly log: LogReader;
  readonly envelope: Envelope;
  /** Where the judge may put a file of its own. */
  readonly directory: string;
}

/**
 * What is wrong with tables that nobody writes to: how they differ from tables made anew from the log, to their own
 * checkpoint. The judge's are always a file, whatever the judged ones are: both kinds must hold the same rows.
 */
export async function judgeTables({ tables, log, envelope, directory }: JudgedTables): Promise<string[]> {
  const file = join(directory, 'judge.db');
  rmSync(file, { force: true });
  const shadow = await Shadow.make({ file, log, envelope });
  try {
    const { position } = await tables.stand();
    // Up to nowhere is not up to the end.
    if (position !== '') await shadow.fill(position);
    const { tables: compared } = await compareTables(tables, shadow);
    return compared
      .filter(({ digests: [live, judge] }) => live !== judge)
      .map(({ table, firstDifference }) => `${table}: ${JSON.stringify(firstDifference)}`);
  } finally {
    await shadow.discard();
  }
}

/** @throws {Error} they don't; how they differ. */
export async function equalsRebuilt(judged: JudgedTables): Promise<boolean> {
  const wrong = await judgeTables(judged);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return true;
}
