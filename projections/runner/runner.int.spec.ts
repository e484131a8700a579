import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLog, LogReader } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { activeSessionsProjection } from '../active-sessions/fold.ts';
import {
  liveSessions,
  logPage,
  startRunner,
  TablesNotReady,
  type Runner,
  type RunnerOptions,
  type Tables,
} from '../index.ts';
import { all } from '#event-log/contract/specimens';
import { equalsRebuilt } from '../testing/judge-tables.ts';
import { kindsOfTables } from '../testing/kinds.ts';
import { appendStory, castOf, envelope, story } from '../testing/story.ts';
import { LONG_ENOUGH_MS, readerOf, until } from '../testing/world.ts';
import type { Fold } from './table.ts';

const { workspace, session } = castOf(1);
/** Longer than any spec takes. */
const LONG = 600_000;

describe.each(kindsOfTables())('The runner on $name', (kind) => {
  let directory: string;
  let log: EventLog;
  let tables: Tables;
  let errors: unknown[];
  let runners: Runner[];

  beforeAll(() => kind.start());
  afterAll(() => kind.stop());

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-projections-'));
    log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
    tables = await kind.open(directory);
    errors = [];
    runners = [];
  });

  afterEach(async () => {
    for (const runner of runners) await runner.stop();
    await tables.close();
    await log.close();
    rmSync(directory, { recursive: true });
  });

  function start(options: Partial<RunnerOptions> = {}): Runner {
    const runner = startRunner({
      log,
      tables,
      envelope,
      onError: (error) => errors.push(error),
      pauseMs: 5,
      ...options,
    });
    runners.push(runner);
    return runner;
  }

  const equal = () => equalsRebuilt({ tables, log, envelope, directory });
  const reach = async (runner: Runner, position: string) =>
    expect(await runner.waitFor(position, LONG_ENOUGH_MS)).toBe(true);

  it('puts what stood in the log and what comes after into the tables', async () => {
    await appendStory(log, story({ until: 'inside' }));
    const runner = start();
    await runner.ready;
    expect((await liveSessions(tables, { workspaceId: workspace })).map(({ id }) => id)).toEqual([session]);
    const rest = story().slice(story({ until: 'inside' }).length);
    await reach(runner, await appendStory(log, rest));
    expect(await liveSessions(tables, { workspaceId: workspace })).toEqual([]);
    expect(runner.position()).toBe(await log.head());
    // Of a machine that stood still the log was not heard for a while.
    await until(() => runner.lag().ms === 0);
    expect(runner.lag().facts).toBe(0);
    expect(await equal()).toBe(true);
    expect(errors).toEqual([]);
  });

  it('answers whether a position was reached in time', async () => {
    const runner = start();
    await runner.ready;
    expect(await runner.waitFor('00000000000000000001', 20)).toBe(false);
    const waiting = runner.waitFor('00000000000000000021', LONG_ENOUGH_MS);
    await appendStory(log, story());
    expect(await waiting).toBe(true);
  });

  it('saves where it looked also when nothing matched', async () => {
    const runner = start();
    await runner.ready;
    const [told] = story();
    if (!told) throw new Error('An empty story.');
    const { position } = await log.append('notices-ws_1', 'none', [envelope.encode(told.fact)]);
    await reach(runner, position);
    expect((await tables.stand()).position).toBe(position);
  });

  it('goes on from its checkpoint, and reads nothing twice', async () => {
    await appendStory(log, story());
    const first = start();
    await first.ready;
    await first.stop();
    const followed: (string | undefined)[] = [];
    const watched: LogReader = {
      ...readerOf(log),
      follow: (options) => {
        followed.push(options.after);
        return log.follow(options);
      },
    };
    const last = await appendStory(log, story({ n: 2 }));
    const second = start({ log: watched });
    await reach(second, last);
    expect(followed).toEqual([first.position()]);
    expect(await equal()).toBe(true);
  });

  it('passes over what it has, and begins again from the checkpoint where a fact is missing', async () => {
    await appendStory(log, story({ until: 'inside' }));
    const runner = start();
    await runner.ready;
    await runner.stop();
    const started = (await all(log.readAll())).find(({ type }) => type === 'SessionStarted');
    if (!started) throw new Error('The story has no visit.');
    let lossy = true;
    const strange: LogReader = {
      ...readerOf(log),
      async *follow(options) {
        for await (const heard of log.follow(options)) {
          if (heard.kind === 'fact' && lossy && heard.fact.type === 'StaffAccessDisabled') {
            lossy = false;
            continue;
          }
          yield heard;
          if (heard.kind === 'fact') yield heard;
          if (heard.kind === 'fact' && heard.fact.type === 'SessionEnded') yield { kind: 'fact', fact: started };
        }
      },
    };
    const again = start({ log: strange });
    await reach(again, await appendStory(log, story().slice(story({ until: 'inside' }).length)));
    expect(await liveSessions(tables)).toEqual([]);
    expect(errors.map((error) => (error as Error).name)).toEqual(['MissedFact']);
    expect(await equal()).toBe(true);
  });

  it('commits rows and checkpoint together: what fails in the middle leaves neither, also for who opens the tables anew', async () => {
    const runner = start();
    await runner.ready;
    const broken = activeSessionsProjection as { fold: Fold };
    const { fold } = broken;
    // A column that doesn't exist: the transaction fails when rows of the visit log are in it already.
    broken.fold = (fact, known) =>
      fold(fact, known).map((change) =>
        change.kind === 'set' && fact.type === 'PresenceConfirmed' ? { ...change, columns: { nowhere: 1 } } : change,
      );
    try {
      await appendStory(log, story());
      await until(() => errors.length >= 2);
      await runner.stop();
      await tables.close();
      tables = await kind.open(directory);
      const { position } = await tables.stand();
      const { items } = await logPage(tables, { workspaceId: workspace, page: { first: 100 } });
      expect(items.filter((line) => line.position > position)).toEqual([]);
      expect(position < (await log.head())).toBe(true);
    } finally {
      broken.fold = fold;
    }
    expect(await equal()).toBe(true);
    await reach(start(), await log.head());
    expect(await equal()).toBe(true);
  });

  it('survives an end at any moment: reopened tables stand where their checkpoint says', async () => {
    await appendStory(log, story());
    const runner = start();
    await runner.ready;
    for (let n = 2; n < 30; n++) await appendStory(log, story({ n }));
    await runner.stop();
    await tables.close();
    tables = await kind.open(directory);
    expect(await equal()).toBe(true);
    const again = start();
    await reach(again, await log.head());
    expect(await equal()).toBe(true);
  });

  it('goes on by itself when the log was away', async () => {
    let away = true;
    const flaky: LogReader = {
      ...readerOf(log),
      follow: (options) => {
        if (away) throw new Error('The log is away.');
        return log.follow(options);
      },
    };
    const runner = start({ log: flaky });
    await until(() => errors.length >= 2 && runner.state === 'pausing after an error');
    away = false;
    await reach(runner, await appendStory(log, story()));
    expect(runner.state).toBe('following');
  });

  it('works alone: a second one waits, and has the lease when the first has stopped', async () => {
    const first = start({ owner: 'first', leaseMs: LONG });
    await first.ready;
    const beside = await kind.open(directory);
    try {
      const second = start({ owner: 'second', tables: beside, leaseMs: LONG });
      const waits = tables.isShared ? 'standing by' : 'waiting for the lease';
      await until(() => second.state === waits);
      const position = await appendStory(log, story());
      await reach(first, position);
      expect((await tables.stand()).owner).toBe('first');
      expect(second.state).toBe(waits);
      await first.stop();
      await second.ready;
      await until(() => second.state === 'following');
      await reach(second, position);
      expect(await equal()).toBe(true);
      await second.stop();
    } finally {
      await beside.close();
    }
  });

  it('takes a lease that has run out, and not before', async () => {
    await kind.forge(directory, tables, { owner: 'dead', leaseMs: LONG });
    let looks = 0;
    const watched = new Proxy(tables, {
      get(of, name) {
        if (name === (of.isShared ? 'stand' : 'takeLease')) looks++;
        const value: unknown = Reflect.get(of, name, of);
        return typeof value === 'function' ? (value.bind(of) as unknown) : value;
      },
    });
    const runner = start({ tables: watched, leaseMs: 40 });
    await until(() => looks >= 3);
    expect((await tables.stand()).owner).toBe('dead');
    await kind.forge(directory, tables, { owner: 'dead', leaseMs: 0 });
    await runner.ready;
    await until(() => runner.state === 'following');
    expect((await tables.stand()).owner).toBe(runner.owner);
  });

  it('rebuilds tables that other versions made, and lets nobody read them before', async () => {
    await appendStory(log, story());
    const runner = start();
    await runner.ready;
    await runner.stop();
    await tables.writer.deleteFrom('visit_log').execute();
    await kind.makeStale(directory, tables);
    await tables.close();
    tables = await kind.open(directory);
    await expect(logPage(tables, { workspaceId: workspace, page: { first: 1 } })).rejects.toThrow(TablesNotReady);
    const again = start();
    await again.ready;
    expect((await logPage(tables, { workspaceId: workspace, page: { first: 1 } })).items).toHaveLength(1);
    expect(await equal()).toBe(true);
  });

  it('says how far it is while it rebuilds, and nothing where it only follows', async () => {
    const told: number[] = [];
    const onFilling = (facts: number) => told.push(facts);
    await appendStory(log, story());
    const first = start({ onFilling });
    await first.ready;
    const facts = (await all(log.readAll())).length;
    expect(told.at(-1)).toBe(facts);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    await first.stop();
    told.length = 0;
    const second = start({ onFilling });
    await second.ready;
    expect(told).toEqual([]);
  });

  it('gives what nobody can read its line, and goes on', async () => {
    const runner = start();
    await runner.ready;
    const metadata = { schemaVersion: 1, time: 'yesterday', codec: 'plain' };
    const id = '0199aa00-0000-7000-8000-ffffffffffff';
    const { position } = await log.append(`workspace-${workspace}`, 'any', [
      { id, type: 'PageViewed', data: '{"page":"billing"}', metadata: JSON.stringify(metadata) },
      { id: id.replace('ffff', 'fffe'), type: 'FutureFact', data: '{broken}', metadata: '{broken}' },
    ]);
    await reach(runner, position);
    const { items } = await logPage(tables, { workspaceId: workspace, page: { first: 10 } });
    expect(items.map(({ sentence, outcome }) => [sentence.text, outcome])).toEqual([
      ['A line that this version can’t read (FutureFact)', 'unreadable'],
      ['A line that this version can’t read (PageViewed)', 'unreadable'],
    ]);
    expect(errors).toEqual([]);
  });
});
