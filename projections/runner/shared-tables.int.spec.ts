import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { denialsProjection } from '../denials/fold.ts';
import {
  AnotherRunner,
  liveSessions,
  logPage,
  openPostgresTables,
  peopleByIds,
  rebuild,
  startRunner,
  TablesAway,
  TablesNotReady,
  workspaceByExternalId,
  type Runner,
  type RunnerOptions,
  type Tables,
} from '../index.ts';
import { judgeTables } from '../testing/judge-tables.ts';
import { PATIENT, TestPostgres, Way } from '../testing/postgres.ts';
import { appendStory, castOf, envelope, story } from '../testing/story.ts';
import { LONG_ENOUGH_MS, readerOf, until } from '../testing/world.ts';
import type { PostgresTablesOptions } from './postgres-tables.ts';
import { put } from './table.ts';
import { people } from '../people/table.ts';

const { workspace, session } = castOf(1);
/** Longer than any spec takes. */
const LONG = 600_000;

describe('Tables that several instances share', () => {
  let server: TestPostgres;
  let directory: string;
  let schema: string;
  let log: EventLog;
  let errors: unknown[];
  let closing: (() => Promise<void>)[];
  let specs = 0;

  beforeAll(async () => {
    server = await TestPostgres.start();
  });

  afterAll(() => server.stop());

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-shared-'));
    schema = `shared_${++specs}`;
    log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
    errors = [];
    closing = [];
  });

  afterEach(async () => {
    for (const close of closing.toReversed()) await close();
    await log.close();
    rmSync(directory, { recursive: true });
  });

  /** Another instance's tables. */
  async function open(url = server.url, patience: Pick<PostgresTablesOptions, 'answerMs'> = PATIENT): Promise<Tables> {
    const tables = await openPostgresTables({ url, schema, poolSize: 3, ...patience, onError: () => undefined });
    closing.push(() => tables.close());
    return tables;
  }

  function start(tables: Tables, options: Partial<RunnerOptions> = {}): Runner {
    const onError = (error: unknown) => errors.push(error);
    const runner = startRunner({ log, tables, envelope, onError, pauseMs: 5, ...options });
    closing.push(() => runner.stop());
    return runner;
  }

  const follows = (runner: Runner) => until(() => runner.state === 'following', 'Following');
  const reach = async (runner: Runner, position: string) =>
    expect(await runner.waitFor(position, LONG_ENOUGH_MS)).toBe(true);
  const wrongIn = (tables: Tables) => judgeTables({ tables, log, envelope, directory });
  const generations = async () =>
    (await server.run(`select nspname from pg_namespace where nspname ~ '^${schema}_[0-9]+$' order by 1`)).length;

  it('have one runner; the others stand by, know how far the tables are, and are ready', async () => {
    await appendStory(log, story({ until: 'inside' }));
    const [a, b] = [await open(), await open()];
    const first = start(a, { owner: 'first', leaseMs: LONG });
    await first.ready;
    const second = start(b, { owner: 'second', leaseMs: LONG });
    await second.ready;
    expect([first.state, second.state]).toEqual(['following', 'standing by']);
    expect((await liveSessions(b, { workspaceId: workspace })).map(({ id }) => id)).toEqual([session]);
    expect(await second.waitFor('99999999999999999999', 20)).toBe(false);
    for (let n = 2; n <= 10; n++) await appendStory(log, story({ n }));
    const rest = story().slice(story({ until: 'inside' }).length);
    const position = await appendStory(log, rest);
    await reach(second, position);
    expect(await liveSessions(b, { workspaceId: workspace })).toEqual([]);
    expect(second.position()).toBe(await log.head());
    // Of a machine that stood still nothing was heard for a while.
    await until(() => second.lag().ms === 0);
    expect(second.lag().facts).toBe(0);
    expect((await b.stand()).owner).toBe('first');
    expect(await wrongIn(b)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('are worked on by the next instance at once when the first one stops, however long its lease', async () => {
    const [a, b] = [await open(), await open()];
    const first = start(a, { leaseMs: LONG });
    await first.ready;
    const second = start(b, { leaseMs: LONG });
    await until(() => second.state === 'standing by');
    await appendStory(log, story());
    // Its lease is not waited for, which holds for longer than is waited here.
    await first.stop();
    await follows(second);
    await reach(second, await appendStory(log, story({ n: 2 })));
    expect(await wrongIn(b)).toEqual([]);
  });

  it('are taken over from a frozen runner, which changes nothing when it wakes, and stands by', async () => {
    const way = await Way.to(server.url);
    closing.push(() => way.close());
    const [a, b] = [await open(way.url, { answerMs: 1000 }), await open()];
    const first = start(a, { owner: 'first', leaseMs: 500 });
    await first.ready;
    const second = start(b, { owner: 'second', leaseMs: LONG });
    way.freeze();
    // What it hears now it tries to write.
    await appendStory(log, story());
    await follows(second);
    await reach(second, await log.head());
    await appendStory(log, story({ n: 2 }));
    way.thaw();
    await until(() => first.state === 'standing by', 'Standing by');
    await reach(second, await log.head());
    await reach(first, await log.head());
    expect((await b.stand()).owner).toBe('second');
    expect(await wrongIn(b)).toEqual([]);
    expect(errors.some((error) => error instanceof TablesAway || error instanceof AnotherRunner)).toBe(true);
  });

  it.each<[string, { owner?: string; from?: string }]>([
    ['another owner', { owner: 'another' }],
    ['another checkpoint', { from: '00000000000000000001' }],
  ])('change by no row for a step of %s', async (_, wrong) => {
    const tables = await open();
    const lease = { owner: 'mine', leaseMs: LONG, now: 0 };
    expect(await tables.takeLease(lease)).toBe(true);
    const step = { ...lease, from: '', to: '00000000000000000005', behind: { ms: 0, facts: 0 } };
    const row = { id: 'stf_1', kind: 'staff', name: 'Sam', email: null, issuer: null, subject: null };
    const fold = () => Promise.resolve([put(people, { ...row, enabled: 1, roles: null })]);
    await expect(tables.commit({ ...step, ...wrong }, fold)).rejects.toThrow(AnotherRunner);
    expect(await peopleByIds(tables, ['stf_1'])).toEqual([]);
    expect(await tables.stand()).toMatchObject({ position: '', owner: 'mine' });
    await tables.commit(step, fold);
    expect(await peopleByIds(tables, ['stf_1'])).toHaveLength(1);
    expect((await tables.stand()).position).toBe('00000000000000000005');
  });

  it('go by the database’s clock: a wrong one steals no lease, and keeps none', async () => {
    const [a, b] = [await open(), await open()];
    const day = 24 * 60 * 60_000;
    const early = { clock: { now: () => Date.now() - 30 * day } };
    const late = { clock: { now: () => Date.now() + 30 * day } };
    const first = start(a, { owner: 'first', leaseMs: LONG, ...early });
    await first.ready;
    const second = start(b, { owner: 'second', leaseMs: LONG, ...late });
    await second.ready;
    await reach(second, await appendStory(log, story()));
    expect(await b.takeLease({ owner: 'third', leaseMs: LONG, now: late.clock.now() })).toBe(false);
    expect([first.state, second.state]).toEqual(['following', 'standing by']);
    // A lease of 50 ms that was taken by a clock 30 days ahead has run out 50 ms later.
    await first.stop();
    await second.stop();
    expect(await a.takeLease({ owner: 'short', leaseMs: 50, now: late.clock.now() })).toBe(true);
    await until(async () => (await a.stand()).free);
    expect(await a.takeLease({ owner: 'next', leaseMs: 50, now: early.clock.now() })).toBe(true);
  });

  it('go on under the same runner when the server lost its last commits', async () => {
    const tables = await open();
    const runner = start(tables, { leaseMs: LONG });
    await runner.ready;
    const before = await appendStory(log, story());
    await reach(runner, before);
    await appendStory(log, story({ n: 2 }));
    await reach(runner, await log.head());
    await server.run(`update ${schema}.live_tables set position = '${before}'`);
    await reach(runner, await appendStory(log, story({ n: 3 })));
    expect(errors).toEqual([expect.any(AnotherRunner)]);
    expect(await wrongIn(tables)).toEqual([]);
  });

  it('are made once when many instances start at a time', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => open()));
    expect(await generations()).toBe(1);
    expect(await Promise.all(all.map(async (tables) => (await tables.stand()).position))).toEqual(['', '', '', '', '']);
  });

  it('of an older program stay as they are while a newer one makes its own, and each works on its own', async () => {
    await appendStory(log, story());
    const older = await open();
    const oldRunner = start(older);
    await oldRunner.ready;
    const changed = denialsProjection as { version: number };
    changed.version++;
    try {
      const newer = await open();
      await expect(liveSessions(newer)).rejects.toThrow(TablesNotReady);
      const newRunner = start(newer);
      await newRunner.ready;
      const position = await appendStory(log, story({ n: 2 }));
      await reach(oldRunner, position);
      await reach(newRunner, position);
      expect([oldRunner.state, newRunner.state]).toEqual(['following', 'following']);
      expect(await wrongIn(older)).toEqual([]);
      expect(await wrongIn(newer)).toEqual([]);
      expect(await generations()).toBe(2);
      // A day later nobody goes back to the older ones.
      await oldRunner.stop();
      await older.close();
      await server.run(
        `update ${schema}.live_tables set renewed_at = now() - interval '25 hours' where versions like '%denials:${changed.version - 1},%'`,
      );
      await rebuild({ log, envelope, tables: newer });
      expect(await generations()).toBe(1);
      expect(errors).toEqual([]);
    } finally {
      changed.version--;
    }
  });

  it('are rebuilt from any instance while the runner of another one writes, and no reader sees half or goes back', async () => {
    const [a, b] = [await open(), await open()];
    const runner = start(a, { leaseMs: LONG });
    await runner.ready;
    await reach(runner, await appendStory(log, story({ morePages: 50 })));
    let growing = true;
    let stories = 1;
    const grown = (async () => {
      while (growing) {
        await appendStory(log, story({ n: ++stories }));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    const seen = new Set<number>();
    const look = async (tables: Tables) => {
      let before = 0;
      while (growing) {
        const { items } = await logPage(tables, { workspaceId: workspace, page: { first: 100 } });
        seen.add(items.length);
        const lines = await tables.read((db) =>
          db
            .selectFrom('visit_log')
            .select((eb) => eb.fn.countAll<number>().as('all'))
            .executeTakeFirstOrThrow(),
        );
        if (lines.all < before) throw new Error(`${lines.all} lines after ${before}.`);
        before = lines.all;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const looked = [look(a), look(b)];
    for (let round = 0; round < 3; round++) {
      const { comparison } = await rebuild({ log, envelope, tables: b, compare: true });
      expect(comparison?.tables.filter(({ firstDifference }) => firstDifference)).toEqual([]);
    }
    growing = false;
    await Promise.all([grown, ...looked]);
    expect([...seen]).toEqual([65]);
    await reach(runner, await log.head());
    expect(runner.state).toBe('following');
    expect(await wrongIn(a)).toEqual([]);
    expect(await generations()).toBe(1);
    expect(errors.map((error) => (error as Error).cause ?? error)).toEqual([]);
  });

  it('are filled once, also when it takes longer than a lease', async () => {
    await appendStory(log, story());
    const [a, b] = [await open(), await open()];
    let fillings = 0;
    const slow = {
      ...readerOf(log),
      async *readAll(options?: Parameters<EventLog['readAll']>[0]) {
        fillings++;
        // Until the other one has the lease.
        const { owner } = await a.stand();
        await until(async () => (await a.stand()).owner !== owner);
        yield* log.readAll(options);
      },
    };
    const runners = [a, b].map((tables) => start(tables, { log: slow, leaseMs: 200 }));
    await Promise.all(runners.map(({ ready }) => ready));
    expect(fillings).toBe(1);
    for (const runner of runners) await reach(runner, await appendStory(log, story({ n: 2 })));
    expect(errors.every((error) => error instanceof AnotherRunner)).toBe(true);
    expect(await generations()).toBe(1);
  });

  it('say how far their filling is, and never less than before, however long a step takes', async () => {
    await appendStory(log, story());
    const tables = await open();
    const told: number[] = [];
    const onProgress = async (facts: number) => {
      const isStep = facts > 0 && !told.includes(facts);
      const before = told.push(facts);
      if (isStep) await until(() => told.length > before);
    };
    await tables.fill({ log, envelope, lease: () => ({ owner: 'mine', leaseMs: LONG, now: 0 }), onProgress });
    const facts = story().length;
    expect(told.at(-1)).toBe(facts);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });

  it('are rebuilt by one instance at a time', async () => {
    const [a, b] = [await open(), await open()];
    const runner = start(a);
    await runner.ready;
    await reach(runner, await appendStory(log, story()));
    let atWork = 0;
    const watched = {
      ...readerOf(log),
      async *readAll(options?: Parameters<EventLog['readAll']>[0]) {
        expect(++atWork).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 20));
        yield* log.readAll(options);
        atWork--;
      },
    };
    const both = await Promise.all([a, b].map((tables) => rebuild({ log: watched, envelope, tables, compare: true })));
    expect(both.map(({ comparison }) => comparison?.equal)).toEqual([true, true]);
    expect(await generations()).toBe(1);
  });

  it('keep no rubbish: a rebuild that fails takes its own away, and what a dead one left goes with the next', async () => {
    const tables = await open();
    const runner = start(tables);
    await runner.ready;
    await reach(runner, await appendStory(log, story()));
    const broken = {
      ...readerOf(log),

      async *readAll(): AsyncGenerator<never> {
        await Promise.resolve();
        throw new Error('The log is away.');
      },
    };
    await expect(rebuild({ log: broken, envelope, tables })).rejects.toThrow('The log is away.');
    expect(await generations()).toBe(1);
    await server.run(`create schema ${schema}_77; create table ${schema}_77.visit_log (fact_id text)`);
    await rebuild({ log, envelope, tables, runner });
    expect(await generations()).toBe(1);
    expect(await wrongIn(tables)).toEqual([]);
  });

  it('are asked for in vain while the database is away, and come back by themselves', async () => {
    const way = await Way.to(server.url);
    closing.push(() => way.close());
    const tables = await open(way.url);
    const runner = start(tables, { leaseMs: 200 });
    await runner.ready;
    way.cut();
    const position = await appendStory(log, story());
    const asked = liveSessions(tables);
    await expect(asked).rejects.toThrow(TablesAway);
    await expect(asked).rejects.toBeInstanceOf(TablesNotReady);
    await until(() => runner.state === 'pausing after an error');
    expect(errors.every((error) => error instanceof TablesAway)).toBe(true);
    way.mend();
    await reach(runner, position);
    expect(runner.state).toBe('following');
    expect(await wrongIn(tables)).toEqual([]);
    await expect(openPostgresTables({ url: 'postgres://127.0.0.1:1/none', onError: () => undefined })).rejects.toThrow(
      TablesAway,
    );
  });

  it('take a name with a NUL, which PostgreSQL has no room for, and a question with one', async () => {
    const tables = await open();
    const runner = start(tables);
    await runner.ready;
    const told = story().map(({ stream, fact }) => {
      if (fact.type !== 'WorkspaceRegistered') return { stream, fact };
      return { stream, fact: { ...fact, data: { ...(fact.data as object), name: 'Ac\0me' } } };
    });
    await reach(runner, await appendStory(log, told));
    expect(await workspaceByExternalId(tables, 'fernway', 'acme-1')).toMatchObject({ name: 'Ac\uFFFDme' });
    expect(await workspaceByExternalId(tables, 'fernway', '\0')).toBeUndefined();
    expect(errors).toEqual([]);
  });

  it('refuse a schema that is none', async () => {
    const wrong = openPostgresTables({ url: server.url, schema: 'a"b', onError: () => undefined });
    await expect(wrong).rejects.toThrow(RangeError);
  });
});
