import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { all, ids, newFact, newFacts } from '../contract/specimens.ts';
import { openHastyLog, openPatientLog } from '../eventstoredb/testing/patience.ts';
import type { EventLog, LogReader } from '../port.ts';
import { openSqliteLog } from '../sqlite/log.ts';
import { open } from '../stand-in/testing/open.ts';
import type { Opened } from '../stand-in/testing/open.ts';
import { checkMigration, HoldsOtherFacts, migrateLog } from './migrate.ts';
import type { MigrationProgress } from './migrate.ts';

/** Recorded long before it is moved. */
const RECORDED = Date.parse('2026-03-02T10:00:00.123Z');

let opened: Opened;
let from: EventLog;
let to: EventLog;

beforeEach(async () => {
  opened = await open();
  let clock = RECORDED;
  from = openSqliteLog({ directory: `${opened.directory}/from`, synchronous: 'off', now: () => clock++ });
  to = await openPatientLog(opened.standIn.connectionString);
});

afterEach(async () => {
  await from.close();
  await to.close();
  await opened.close();
});

/** Over 2,000 facts in runs of one to fifty over six streams, a thousand in one go among them. */
async function fill(): Promise<void> {
  const revisions = new Map<string, number>();
  const append = async (stream: string, facts: ReturnType<typeof newFacts>) => {
    const { revision } = await from.append(stream, revisions.get(stream) ?? 'none', facts);
    revisions.set(stream, revision);
  };
  await append('installation', [{ ...newFact(), data: '{ "title":"Zażółć \\u0000 😀",\n"n":1.0e3}', metadata: '{}' }]);
  for (let i = 0, count = 1; i < 1000; i += count, count = (count * 7) % 51 || 1) {
    await append(`workspace-${i % 5}`, newFacts(count));
  }
  await append('staff-1', newFacts(1000));
  for (let i = 0; i < 30; i++) await append(`workspace-${i % 5}`, newFacts(10));
}

const bare = async (log: LogReader) => (await all(log.readAll())).map((fact) => ({ ...fact, position: '' }));

describe('Moving a log into EventStoreDB', () => {
  it('keeps ids, order, revisions, texts and times of recording, and tells how far it is', async () => {
    await fill();
    const facts = await bare(from);
    const heard: MigrationProgress[] = [];
    const { length } = facts;
    expect(await migrateLog({ from, to, onProgress: (progress) => heard.push(progress) })).toEqual({
      facts: length,
      copied: length,
    });
    expect(await bare(to)).toEqual(facts);
    expect(facts[0]!.recordedAt).toBe(RECORDED);
    expect(heard.at(-1)).toEqual({ facts: length, position: await from.head(), end: await from.head() });
    expect(heard.slice(0, 2).map((progress) => progress.facts)).toEqual([1000, 2000]);
    expect(await checkMigration({ from, to })).toEqual({ facts: length });
  });

  it('keeps the time that came with a fact out of its stream and out of its clock', async () => {
    await from.append('workspace-a', 'none', newFacts(1));
    await migrateLog({ from, to });
    const { metadata } = (await all(from.readAll()))[0]!;
    for await (const { event } of opened.client.readStream('workspace-a')) {
      expect(event?.metadata).toEqual({ ...(JSON.parse(metadata) as object), $gatebookRecordedAt: RECORDED });
    }
    const [next] = newFacts(1);
    expect((await to.append('workspace-a', 0, [next!])).revision).toBe(1);
    const [, own] = await all(to.readStream('workspace-a'));
    expect(own!.recordedAt).toBeGreaterThan(RECORDED + 1_000_000);
    expect((await to.health()).newestRecordedAt).toBe(own!.recordedAt);
  });

  it('goes on where it was ended, as often as it takes', async () => {
    await fill();
    const { length } = await all(from.readAll());
    let copied = 0;
    for (let runs = 0; runs < 2; runs++) {
      const stop = new AbortController();
      const reason = new Error('Enough for today.');
      const before = (await all(to.readAll())).length;
      const onProgress = ({ facts }: MigrationProgress) => facts > before && stop.abort(reason);
      await expect(migrateLog({ from, to, onProgress, signal: stop.signal })).rejects.toBe(reason);
      copied = (await all(to.readAll())).length;
      expect(copied).toBeGreaterThan(before);
    }
    expect(await migrateLog({ from, to })).toEqual({ facts: length, copied: length - copied });
    expect(await migrateLog({ from, to })).toEqual({ facts: length, copied: 0 });
    expect(await checkMigration({ from, to })).toEqual({ facts: length });
  });

  it('copies nothing twice where answers get lost', async () => {
    for (let i = 0; i < 8; i++) await from.append(`workspace-${i % 3}`, 'any', newFacts(3));
    const hasty = await openHastyLog(opened.standIn.connectionString, { appendTimeoutMs: 300 });
    opened.standIn.faults.dropAppendAnswers(0.4);
    expect(await migrateLog({ from, to: hasty })).toEqual({ facts: 24, copied: 24 });
    await hasty.close();
    expect(await bare(to)).toEqual(await bare(from));
  });

  it('copies behind nothing that isn’t its own', async () => {
    await from.append('workspace-a', 'none', newFacts(2));
    const [other] = newFacts(1);
    await to.append('workspace-b', 'none', [other!]);
    await expect(migrateLog({ from, to })).rejects.toBeInstanceOf(HoldsOtherFacts);
    expect(ids(await all(to.readAll()))).toEqual([other!.id]);
  });

  it('refuses a log that goes on where its own ends', async () => {
    await from.append('workspace-a', 'none', newFacts(2));
    await migrateLog({ from, to });
    const [further] = newFacts(1);
    await to.append('workspace-a', 1, [further!]);
    await expect(migrateLog({ from, to })).rejects.toThrow(
      `The first log ends after 2 facts; the second goes on with PageViewed ${further!.id} (workspace-a, revision 2).`,
    );
  });
});

describe('Checking a log that was moved', () => {
  it.each([
    ['data', { data: '{"page":"other"}' }, 'its data is another'],
    ['metadata', { metadata: '{"schemaVersion":2}' }, 'its metadata is another'],
    ['type', { type: 'AreaEntered' }, 'its type is another'],
  ])('finds another %s', async (_, change, what) => {
    const facts = newFacts(5);
    await from.append('workspace-a', 'none', facts);
    const changed = facts.map((fact, i) => (i === 3 ? { ...fact, ...change } : fact));
    const second = openSqliteLog({ directory: `${opened.directory}/second`, now: sameClock() });
    await second.append('workspace-a', 'none', changed);
    expect(await checkMigration({ from, to: second })).toEqual({
      facts: 3,
      difference: `After 3 facts that are the same comes PageViewed ${facts[3]!.id} (workspace-a, revision 3): in the second log ${what}.`,
    });
    await second.close();
  });

  it('finds another time, another order, and what is missing', async () => {
    const [first, second, third] = newFacts(3);
    await from.append('workspace-a', 'none', [first!]);
    await from.append('workspace-b', 'none', [second!]);
    await from.append('workspace-a', 0, [third!]);
    const check = async (name: string, now: () => number, appends: [string, ReturnType<typeof newFact>][]) => {
      const log = openSqliteLog({ directory: `${opened.directory}/${name}`, now });
      for (const [stream, fact] of appends) await log.append(stream, 'any', [fact]);
      const { difference } = await checkMigration({ from, to: log });
      await log.close();
      return difference;
    };
    const same: [string, ReturnType<typeof newFact>][] = [
      ['workspace-a', first!],
      ['workspace-b', second!],
    ];
    expect(await check('time', () => RECORDED, same)).toMatch(
      /After 1 facts .*: in the second log its recordedAt is another\.$/,
    );
    expect(await check('missing', sameClock(), same)).toBe(
      `The second log ends after 2 facts; PageViewed ${third!.id} (workspace-a, revision 1) is missing.`,
    );
    const reordered: typeof same = [
      ['workspace-a', first!],
      ['workspace-a', third!],
      ['workspace-b', second!],
    ];
    expect(await check('order', sameClock(), reordered)).toContain(
      `in the second log there stands PageViewed ${third!.id} (workspace-a, revision 1).`,
    );
  });
});

function sameClock(): () => number {
  let clock = RECORDED;
  return () => clock++;
}
