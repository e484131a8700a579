import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { openPostgresTables, openTables, startRunner, type Tables } from '../index.ts';
import type { Fault } from '../testing/faulty-tables.ts';
import { judgeTables } from '../testing/judge-tables.ts';
import { TestPostgres } from '../testing/postgres.ts';
import { RunningRunner } from '../testing/running-runner.ts';
import { appendStory, envelope, story } from '../testing/story.ts';
import { numbersFrom, until } from '../testing/world.ts';

/** Kills on each kind of tables; the full count is run by `npm run test:long`. */
const KILLS = process.env['GATEBOOK_LONG'] ? 100 : 10;
const SEED = Number(process.env['GATEBOOK_SEED'] ?? Math.trunc(Math.random() * 0x7fffffff));
/** A runner works this long before a kill, at least and at most, milliseconds. */
const WORK_MS = [10, 200] as const;
const LEASE_MS = 300;
/** A story of 21 facts comes so often; the judge reads them all after each kill. */
const GROWTH_MS = 30;

jest.setTimeout(30 * 60_000);

describe(`${KILLS} kills of the runner (seed ${SEED}, GATEBOOK_SEED)`, () => {
  let server: TestPostgres;
  let directory: string;
  let log: EventLog;
  let stories: number;
  let runners: RunningRunner[];
  let owners = 0;

  beforeAll(async () => {
    server = await TestPostgres.start();
  });

  afterAll(() => server.stop());

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-runner-kills-'));
    log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
    stories = 0;
    runners = [];
  });

  afterEach(async () => {
    for (const runner of runners) await runner.kill();
    await log.close();
    rmSync(directory, { recursive: true });
  });

  const schema = () => `kills_${directory.slice(-6).toLowerCase()}`;

  function prepare(kind: 'SQLite' | 'PostgreSQL', fault?: Fault): RunningRunner {
    const tables = kind === 'SQLite' ? { directory } : { url: server.url, schema: schema() };
    const logDirectory = join(directory, 'log');
    const runner = new RunningRunner({ logDirectory, tables, owner: `runner-${++owners}`, leaseMs: LEASE_MS, fault });
    runners.push(runner);
    return runner;
  }

  /** What is wrong with the tables where their checkpoint stands, once nobody works on them any more. */
  async function judged(kind: 'SQLite' | 'PostgreSQL', work?: (tables: Tables) => Promise<void>): Promise<string[]> {
    if (kind === 'PostgreSQL') {
      // The server may still do what a dead runner asked of it last.
      const sessions = `select 1 from pg_stat_activity where application_name = 'gatebook'`;
      await until(async () => (await server.run(sessions)).length === 0);
    }
    const tables =
      kind === 'SQLite'
        ? await openTables({ directory })
        : await openPostgresTables({ url: server.url, schema: schema(), onError: () => undefined });
    try {
      await work?.(tables);
      return await judgeTables({ tables, log, envelope, directory });
    } finally {
      await tables.close();
    }
  }

  /** The log grows until it is told to stop. */
  function growing(): () => Promise<void> {
    let on = true;
    const grown = (async () => {
      while (on) {
        await appendStory(log, story({ n: ++stories }));
        await passed(GROWTH_MS);
      }
    })();
    return () => {
      on = false;
      return grown;
    };
  }

  it.each(['SQLite', 'PostgreSQL'] as const)('leaves no row wrong, missing or twice on %s', async (kind) => {
    const random = numbersFrom(SEED);
    const between = () => WORK_MS[0] + random() * (WORK_MS[1] - WORK_MS[0]);
    const together = kind === 'SQLite' ? 1 : 2;
    const wrong: string[] = [];
    let kills = 0;
    let freezes = 0;
    await appendStory(log, story({ n: ++stories }));
    let next = Array.from({ length: together }, () => prepare(kind));
    while (kills < KILLS) {
      const now = next;
      for (const runner of now) runner.begin();
      const stop = growing();
      next = Array.from({ length: together }, () => prepare(kind));
      const told = () => `A runner that follows (${now.map((runner) => runner.told).join(' | ')})`;
      await until(() => now.some(({ state }) => state === 'following'), told);
      await passed(between());
      if (now.length > 1 && freezes < KILLS / 10 && random() < 0.4) {
        freezes++;
        const holder = now.find(({ state }) => state === 'following');
        const other = now.find((runner) => runner !== holder);
        holder?.freeze();
        await other?.is('following');
        await passed(between());
        holder?.wake();
        await passed(between());
      }
      for (const runner of now.toSorted(() => random() - 0.5)) {
        await runner.kill();
        kills++;
        // Sometimes the other one has the time to take over.
        await passed(random() * LEASE_MS);
      }
      await stop();
      wrong.push(...(await judged(kind)));
    }
    // And who comes then has it all.
    const finished = await judged(kind, async (tables) => {
      const errors: unknown[] = [];
      const runner = startRunner({ log, tables, envelope, alone: true, onError: (error) => errors.push(error) });
      const reached = await runner.waitFor(await log.head(), 60_000);
      const { state } = runner;
      await runner.stop();
      expect({ reached, state, errors }).toEqual({ reached: true, state: 'following', errors: [] });
    });
    console.log(
      JSON.stringify({
        harness: 'runner kills',
        tables: kind,
        seed: SEED,
        kills,
        freezes,
        stories,
        violations: wrong.length + finished.length,
      }),
    );
    expect([...wrong, ...finished]).toEqual([]);
    expect(stories).toBeGreaterThan(KILLS);
  });

  describe.each(['SQLite', 'PostgreSQL'] as const)('The harness finds, on %s, a runner that commits', (kind) => {
    it.each<Fault>(['rows before the checkpoint', 'the checkpoint before rows'])('%s', async (fault) => {
      await appendStory(log, story({ n: ++stories }));
      const runner = prepare(kind, fault);
      runner.begin();
      await runner.is('following');
      const stop = growing();
      await runner.ended();
      await stop();
      expect(await judged(kind)).not.toEqual([]);
    });
  });
});
