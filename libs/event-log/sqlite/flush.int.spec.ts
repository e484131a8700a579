import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import { all, failure, ids, newFact, newFacts } from '../contract/specimens.ts';
import { LogUnavailable, OutcomeUnknown, WrongRevision } from '../port.ts';
import type { EventLog } from '../port.ts';
import { openSqliteLog } from './log.ts';
import type { SqliteLogOptions, Step } from './log.ts';

describe('A flush of the SQLite log', () => {
  let directory: string;
  let log: EventLog;
  let steps: Step[];
  /** Thrown at a step, once. */
  let failures: Map<Step, unknown>;
  let fatal: unknown[];
  let connection: DatabaseSync;

  const open = (options: Partial<SqliteLogOptions> = {}) =>
    openSqliteLog({
      directory,
      onFatal: (error) => fatal.push(error),
      hooks: {
        opened: (database) => (connection = database),
        step(step) {
          steps.push(step);
          const error = failures.get(step);
          failures.delete(step);
          if (error !== undefined) throw error;
        },
      },
      ...options,
    });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-log-'));
    steps = [];
    failures = new Map();
    fatal = [];
    log = open();
  });

  afterEach(async () => {
    await log.close();
    rmSync(directory, { recursive: true });
  });

  const appendMany = (count: number) =>
    Promise.allSettled(Array.from({ length: count }, (_, i) => log.append(`lane-${i}`, 'none', [newFact()])));

  describe('that succeeds', () => {
    it('is shared by all appends of one turn: every fact written, one flush, and only then the answers', async () => {
      await appendMany(64);
      expect(steps).toEqual([
        ...Array<Step>(64).fill('fact written'),
        'flush begins',
        'flush ended',
        ...Array<Step>(64).fill('answered'),
      ]);
    });

    it('answers nobody before it has ended', async () => {
      const stepsAtAnswer: Step[][] = [];
      await Promise.all(
        ['a', 'b'].map((stream) => log.append(stream, 'none', [newFact()]).then(() => stepsAtAnswer.push([...steps]))),
      );
      for (const seen of stepsAtAnswer) expect(seen).toContain('flush ended');
      expect(stepsAtAnswer).toHaveLength(2);
    });

    it('happens once for each turn that appends', async () => {
      await appendMany(3);
      await log.append('lane-0', 0, [newFact()]);
      expect(steps.filter((step) => step === 'flush begins')).toHaveLength(2);
    });

    it('is left out when nothing is stored: refusals and repeats of durable facts', async () => {
      const fact = newFact();
      await log.append('lane', 'none', [fact]);
      steps.length = 0;
      expect(await failure(log.append('lane', 7, [newFact()]))).toBeInstanceOf(WrongRevision);
      expect((await log.append('lane', 'none', [fact])).revision).toBe(0);
      expect(steps).toEqual(['answered', 'answered']);
    });

    it('stamps all its facts with one reading of the clock', async () => {
      await log.close();
      let time = 1_000;
      log = open({ now: () => time++ });
      await appendMany(3);
      await log.append('lane-0', 0, newFacts(2));
      expect((await all(log.readAll())).map(({ recordedAt }) => recordedAt)).toEqual([1000, 1000, 1000, 1001, 1001]);
    });

    it.each(['00000000000000000002', '1', '0000000000000000000x'])(
      'lets nobody follow from a position that the log does not have: %s',
      async (after) => {
        await log.append('lane', 'none', [newFact()]);
        const { signal } = new AbortController();
        expect(await failure(all(log.follow({ after, signal })))).toBeInstanceOf(RangeError);
      },
    );

    it('gives positions of 20 digits, one after the other', async () => {
      expect(await log.head()).toBe('00000000000000000000');
      expect((await log.append('lane', 'none', newFacts(12))).position).toBe('00000000000000000012');
    });
  });

  describe('that fails', () => {
    it('leaves everybody with an unknown outcome, tells the process, and ends the log', async () => {
      await log.append('before', 'none', [newFact()]);
      const error = Object.assign(new Error('disk I/O error'), { errcode: 1034 });
      failures.set('flush begins', error);
      const outcomes = await appendMany(3);
      for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: expect.any(OutcomeUnknown) });
      expect(fatal).toEqual([error]);

      expect(await failure(log.append('later', 'none', [newFact()]))).toBeInstanceOf(LogUnavailable);
      expect(await failure(all(log.readAll()))).toBeInstanceOf(LogUnavailable);
      expect(await log.health()).toMatchObject({
        writable: false,
        readable: false,
        problem: expect.stringContaining('disk I/O error'),
      });
    });

    it('ends the iteration of who follows with an error', async () => {
      const following = all(log.follow({ signal: new AbortController().signal }));
      await log.append('lane', 'none', [newFact()]);
      failures.set('fact written', new Error('disk I/O error'));
      await failure(log.append('lane', 0, [newFact()]));
      expect(await failure(following)).toBeInstanceOf(LogUnavailable);
    });

    it.each<[Step, number]>([
      ['flush begins', 0],
      ['flush ended', 1],
    ])('at "%s" left %d facts, and repeating the append settles it after opening anew', async (step, left) => {
      const fact = newFact();
      failures.set(step, new Error('disk I/O error'));
      expect(await failure(log.append('lane', 'none', [fact]))).toBeInstanceOf(OutcomeUnknown);
      await log.close();
      log = open();
      expect(await all(log.readStream('lane'))).toHaveLength(left);
      expect((await log.append('lane', 'none', [fact])).revision).toBe(0);
      expect(ids(await all(log.readStream('lane')))).toEqual([fact.id]);
    });
  });

  describe('on a full disk', () => {
    /** Lets the file grow no further than so many pages beyond what it has now. */
    const capPages = (more: number) => {
      const pages = Number(connection.prepare('PRAGMA page_count').get()!['page_count']);
      connection.exec(`PRAGMA max_page_count = ${pages + more}`);
    };

    it('stores nothing, says so, goes on reading, and recovers by itself once there is room', async () => {
      const standing = newFacts(3);
      await log.append('lane', 'none', standing);
      capPages(2);
      const refused = await failure(log.append('lane', 2, newFacts(10, 20_000)));
      expect(refused).toBeInstanceOf(LogUnavailable);
      expect((refused as Error).message).toBe(`The disk that holds the log is full (${directory}).`);
      expect(await log.health()).toMatchObject({
        writable: false,
        readable: true,
        problem: (refused as Error).message,
      });
      expect(ids(await all(log.readStream('lane')))).toEqual(ids(standing));
      expect(fatal).toEqual([]);

      capPages(1000);
      const next = newFact();
      expect(await log.append('lane', 2, [next])).toEqual({ revision: 3, position: '00000000000000000004' });
      expect(await log.health()).toMatchObject({ writable: true, problem: undefined });
      expect(ids(await all(log.readAll()))).toEqual(ids([...standing, next]));
    });

    it('is found to have room again by asking for its health, so that nobody has to try', async () => {
      capPages(0);
      await failure(log.append('lane', 'none', newFacts(10, 20_000)));
      expect((await log.health()).writable).toBe(false);
      capPages(1000);
      expect((await log.health()).writable).toBe(true);
    });

    it('can be closed, and opened again with everything that was answered', async () => {
      const facts = newFacts(5);
      await log.append('lane', 'none', facts);
      capPages(0);
      await failure(log.append('lane', 4, newFacts(10, 20_000)));
      await log.close();
      log = open();
      expect(ids(await all(log.readStream('lane')))).toEqual(ids(facts));
    });

    it('fails all appends of the turn, but not the answer to a repeat of what is durable', async () => {
      const fact = newFact();
      const answer = await log.append('lane', 'none', [fact]);
      const staged = newFact();
      failures.set('flush begins', Object.assign(new Error('database or disk is full'), { errcode: 13 }));
      const outcomes = await Promise.allSettled([
        log.append('lane', 'none', [fact]),
        log.append('lane', 0, [staged]),
        log.append('lane', 0, [staged]),
        log.append('other', 'none', [newFact()]),
      ]);
      expect(outcomes.map((outcome) => ('value' in outcome ? outcome.value : outcome.reason.name))).toEqual([
        answer,
        'LogUnavailable',
        'LogUnavailable',
        'LogUnavailable',
      ]);
      expect((await log.append('lane', 0, [staged])).revision).toBe(1);
      expect((await log.append('other', 'none', [newFact()])).revision).toBe(0);
      expect((await all(log.readAll())).map(({ stream, revision }) => [stream, revision])).toEqual([
        ['lane', 0],
        ['lane', 1],
        ['other', 0],
      ]);
    });
  });

  it('on a file that another program keeps locked stores nothing, and the next one works', async () => {
    failures.set('fact written', Object.assign(new Error('database is locked'), { errcode: 5 }));
    expect(await failure(log.append('lane', 'none', [newFact()]))).toBeInstanceOf(LogUnavailable);
    expect((await log.append('lane', 'none', [newFact()])).revision).toBe(0);
    expect(fatal).toEqual([]);
  });

  it('refuses a log that a newer program wrote', async () => {
    connection.exec('PRAGMA user_version = 2');
    await log.close();
    expect(() => open()).toThrow(LogUnavailable);
    expect(() => open()).toThrow('version 2 of the schema');
  });
});
