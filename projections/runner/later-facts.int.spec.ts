import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { envelopeWith, type PersonalCodec } from '#event-log/envelope';
import type { EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { startRunner } from '../index.ts';
import { appendStory, envelope, story, type ToldFact } from '../testing/story.ts';
import { LONG_ENOUGH_MS } from '../testing/world.ts';
import { compareTables } from './compare.ts';
import { beginLater } from './later-facts.ts';
import { Shadow } from './shadow.ts';
import { openTables } from './sqlite-tables.ts';

describe('A rebuild by two threads', () => {
  let directory: string;
  let log: EventLog;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-later-'));
    log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
  });

  afterEach(async () => {
    await log.close();
    rmSync(directory, { recursive: true });
  });

  const file = () => join(directory, 'shadow.db');
  const laterFile = () => `${file()}.later`;

  async function comparedWithLive(twoThreadsFrom: number) {
    const tables = await openTables({ directory });
    const onError = (error: unknown) => {
      throw error;
    };
    const runner = startRunner({ log, tables, envelope, onError });
    const shadow = await Shadow.make({ file: file(), log, envelope, twoThreadsFrom });
    try {
      await runner.ready;
      expect(await runner.waitFor(await log.head(), LONG_ENOUGH_MS)).toBe(true);
      await shadow.fill();
      return { facts: shadow.facts, comparison: await compareTables(tables, shadow) };
    } finally {
      await shadow.discard();
      await runner.stop();
      await tables.close();
    }
  }

  it('gives the live tables, byte for byte, also where visits lie across the middle', async () => {
    for (let n = 1; n <= 6; n++) await appendStory(log, story({ n, until: 'inside' }));
    for (let n = 1; n <= 6; n++) {
      await appendStory(log, story({ n }).slice(story({ n, until: 'inside' }).length));
    }
    const { facts, comparison } = await comparedWithLive(2);
    expect(comparison.tables.filter(({ digests: [live, made] }) => live !== made)).toEqual([]);
    expect(comparison.equal).toBe(true);
    expect(comparison.tables.find(({ table }) => table === 'visit_log')?.rows[1]).toBeGreaterThan(50);
    expect(facts).toBe(Number(await log.head()));
    expect(existsSync(laterFile())).toBe(false);
  });

  it('lets a denial that stands in both halves stand once, in its first place', async () => {
    const isDenial = ({ fact }: ToldFact) => fact.type === 'AttemptDenied';
    await appendStory(log, story());
    await appendStory(log, story({ n: 2 }));
    await appendStory(log, story().filter(isDenial));
    const { comparison } = await comparedWithLive(2);
    expect(comparison.equal).toBe(true);
    const denials = story().filter(isDenial).length;
    expect(comparison.tables.find(({ table }) => table === 'denials')?.rows).toEqual([2 * denials, 2 * denials]);
  });

  const wanted = async (changed = {}) =>
    beginLater({ log, envelope, after: undefined, upTo: await log.head(), file: laterFile(), ...changed });

  it('folds the later half apart, and takes its file away', async () => {
    await appendStory(log, story());
    const part = await wanted({ twoThreadsFrom: 2 });
    const done = await part?.done;
    expect(done?.position).toBe(await log.head());
    expect(done?.facts).toBe(story().length - Number(part?.after));
    expect(existsSync(laterFile())).toBe(true);
    await part?.close();
    expect(existsSync(laterFile())).toBe(false);
  });

  it('leaves a short log, a log of another kind and what another codec sealed to one thread', async () => {
    await appendStory(log, story());
    const turned: PersonalCodec = { name: 'turned', seal: (it) => it, open: (it) => it };
    const { readAll, head } = log;
    expect(await wanted()).toBeUndefined();
    expect(await wanted({ twoThreadsFrom: 2, log: { readAll, head } })).toBeUndefined();
    expect(await wanted({ twoThreadsFrom: 2, envelope: envelopeWith(turned) })).toBeUndefined();
  });

  it('fails where the other thread fails', async () => {
    await appendStory(log, story());
    const { beside } = log;
    const elsewhere = { ...beside, place: { kind: 'sqlite', directory: join(directory, 'nowhere') } };
    const part = await wanted({ twoThreadsFrom: 2, log: { ...log, beside: elsewhere } });
    await expect(part?.done).rejects.toThrow(/nowhere/);
    await part?.close();
  });
});
