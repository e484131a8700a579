import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { all, failure, newFact, newFacts } from '../contract/specimens.ts';
import type { EventLog, LogReader, RecordedFact } from '../port.ts';
import { openSqliteLog } from './log.ts';
import { openSqliteLogReader } from './reader.ts';

/** More than the 8,192 facts that gather before the index is written, and no multiple of it. */
const FACTS = 9_000;
const STREAMS = 60;

describe('The stream index of the SQLite log', () => {
  let directory: string;
  let log: EventLog;

  const open = () => openSqliteLog({ directory, synchronous: 'off', indexAt: 8192 });
  const file = (name: string) => join(directory, name);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-log-'));
    log = open();
  });

  afterEach(async () => {
    await log.close();
    rmSync(directory, { recursive: true });
  });

  const fill = async () => {
    for (let i = 0; i < FACTS / 10; i++) await log.append(`lane-${i % STREAMS}`, 'any', newFacts(10));
  };

  /** Compares each stream, both ways, with what the facts table says about it. */
  const expectEveryStreamRight = async (reading: LogReader) => {
    const expected = new Map<string, RecordedFact[]>();
    for (const fact of await all(reading.readAll())) {
      expected.set(fact.stream, [...(expected.get(fact.stream) ?? []), fact]);
    }
    for (const [stream, facts] of expected) {
      expect(facts.map(({ revision }) => revision)).toEqual(facts.keys().toArray());
      expect(await all(reading.readStream(stream))).toEqual(facts);
      expect(await all(reading.readStream(stream, { direction: 'backwards', limit: 20 }))).toEqual(
        facts.slice(-20).toReversed(),
      );
    }
  };

  const expectRightAfterOpening = async () => {
    log = open();
    await expectEveryStreamRight(log);
    expect(await failure(log.append('lane-0', 'none', [newFact()]))).toMatchObject({ actual: FACTS / STREAMS - 1 });
    expect((await log.append('lane-0', FACTS / STREAMS - 1, [newFact()])).revision).toBe(FACTS / STREAMS);
    expect((await log.append('lane-new', 'none', [newFact()])).revision).toBe(0);
  };

  const indexed = () => {
    const index = new DatabaseSync(file('index.db'), { readOnly: true });
    const { entries } = index.prepare('SELECT count(*) AS entries FROM entries').get()!;
    const { position } = index.prepare('SELECT position FROM reached').get()!;
    index.close();
    return { entries: Number(entries), position: Number(position) };
  };

  it('lets each stream be read rightly at any time while it is being filled', async () => {
    for (let i = 0; i < 10; i++) {
      await Promise.all(Array.from({ length: 500 }, (_, j) => log.append(`lane-${j}`, 'any', newFacts(2))));
      const facts = await all(log.readStream('lane-7'));
      expect(facts.map(({ revision }) => revision)).toEqual(Array.from({ length: 2 * (i + 1) }, (_, at) => at));
      expect(new Set(facts.map(({ stream }) => stream))).toEqual(new Set(['lane-7']));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expectEveryStreamRight(log);
  });

  it('is filled between other work, and completely when the log is closed', async () => {
    await fill();
    for (let turns = 0; indexed().position === 0; turns++) {
      expect(turns).toBeLessThan(1000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(indexed().position).toBeLessThan(FACTS);
    await log.close();
    expect(indexed()).toEqual({ entries: FACTS, position: FACTS });
  });

  it.each<[string, () => void]>([
    ['is missing', () => rmSync(file('index.db'))],
    ['is empty', () => writeFileSync(file('index.db'), '')],
    [
      'is something else',
      () => writeFileSync(file('index.db'), 'not a database, but long enough to look like one'.repeat(99)),
    ],
    ['is another schema', () => change('PRAGMA user_version = 9')],
    ['has lost its table', () => change('DROP TABLE entries')],
    ['ends with a fact that the log has not', () => change("UPDATE reached SET fact_id = 'another'")],
    ['goes further than the log', () => change('UPDATE reached SET position = position + 1')],
    ['is wrong about every end', () => change('UPDATE entries SET position = 1 WHERE revision > 5')],
    ['is wrong about some facts', () => change('UPDATE entries SET position = position + 1 WHERE revision = 40')],
    [
      'knows an end that there is not',
      () =>
        change(
          "INSERT INTO streams VALUES (900, 'lane-new');" +
            "INSERT INTO entries SELECT number, 500, 17 FROM streams WHERE name = 'lane-0' UNION SELECT 900, 3, 17",
        ),
    ],
    ['lacks entries in the middle', () => change('DELETE FROM entries WHERE revision BETWEEN 40 AND 60')],
  ])('is built anew when it %s', async (_, damage) => {
    await fill();
    await log.close();
    damage();
    await expectRightAfterOpening();
    await log.close();
    expect(indexed()).toEqual({ entries: FACTS + 2, position: FACTS + 2 });
  });

  const change = (sql: string) => {
    const index = new DatabaseSync(file('index.db'));
    index.exec(sql);
    index.close();
  };

  it('is built anew when its pages are overwritten while the log is open', async () => {
    await fill();
    await log.close();
    log = open();
    const index = new DatabaseSync(file('index.db'));
    index.exec('UPDATE entries SET position = position + 1');
    index.close();
    await expectEveryStreamRight(log);
  });

  it('is caught up when it is behind the log', async () => {
    await log.close();
    copyFileSync(file('index.db'), file('index.old'));
    log = open();
    await fill();
    await log.close();
    copyFileSync(file('index.old'), file('index.db'));
    await expectRightAfterOpening();
  });

  it('of a later state is not believed when an older log was put back', async () => {
    await log.append('lane-0', 'none', newFacts(5));
    await log.close();
    copyFileSync(file('log.db'), file('log.old'));
    log = open();
    await log.append('lane-0', 4, newFacts(5));
    await log.close();
    copyFileSync(file('log.old'), file('log.db'));
    log = open();
    expect(await failure(log.append('lane-0', 9, [newFact()]))).toMatchObject({ actual: 4 });
    expect((await log.append('lane-0', 4, newFacts(6))).revision).toBe(10);
    await expectEveryStreamRight(log);
  });

  it.each([
    ['while the log is written', false],
    ['after the log was closed', true],
  ])('serves a reader beside the writer, %s', async (_, closed) => {
    await fill();
    if (closed) await log.close();
    const reader = openSqliteLogReader({ directory });
    await expectEveryStreamRight(reader);
    expect(await all(reader.readStream('missing'))).toEqual([]);
    expect(await reader.head()).toBe('00000000000000009000');
    await reader.close();
  });

  it('may be wrong or missing for a reader, who then looks through the log', async () => {
    await fill();
    await log.close();
    const reader = openSqliteLogReader({ directory });
    change('UPDATE entries SET position = position + 1 WHERE revision = 40');
    await expectEveryStreamRight(reader);
    writeFileSync(file('index.db'), 'nonsense');
    await expectEveryStreamRight(reader);
    await reader.close();
  });
});
