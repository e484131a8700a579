import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLog, LogReader } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { activeSessionsProjection } from '../active-sessions/fold.ts';
import {
  AnotherRunner,
  liveSessions,
  logPage,
  openTables,
  startRunner,
  TablesNotReady,
  type Runner,
  type RunnerOptions,
  type SqliteTables as Tables,
} from '../index.ts';
import { all } from '#event-log/contract/specimens';
import { appendStory, castOf, envelope, story } from '../testing/story.ts';
import { compareTables } from './compare.ts';
import { readProgress, writeProgress } from './control.ts';
import { Shadow } from './shadow.ts';
import type { Fold } from './table.ts';

const { workspace, session } = castOf(1);

describe('The runner', () => {
  let directory: string;
  let log: EventLog;
  let tables: Tables;
  let errors: unknown[];
  let runners: Runner[];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-projections-'));
    log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
    tables = await openTables({ directory });
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

  /** The live tables against tables made anew from the log, at one position. */
  async function equalsRebuilt(of: Tables = tables): Promise<boolean> {
    const shadow = await Shadow.make({ file: join(directory, 'compared.db'), log, envelope });
    try {
      await shadow.fill((await readProgress(of.writer)).position);
      const { equal, tables: compared } = await compareTables(of, shadow);
      if (!equal) throw new Error(JSON.stringify(compared.filter(({ firstDifference }) => firstDifference)));
      return equal;
    } finally {
      await shadow.discard();
    }
  }

  const reach = async (runner: Runner, position: string) => expect(await runner.waitFor(position, 5000)).toBe(true);

  it('puts what stood in the log and what comes after into the tables', async () => {
    await appendStory(log, story({ until: 'inside' }));
    const runner = start();
    await runner.ready;
    expect((await liveSessions(tables, { workspaceId: workspace })).map(({ id }) => id)).toEqual([session]);
    const rest = story().slice(story({ until: 'inside' }).length);
    await reach(runner, await appendStory(log, rest));
    expect(await liveSessions(tables, { workspaceId: workspace })).toEqual([]);
    expect(runner.position()).toBe(await log.head());
    expect(runner.lag()).toEqual({ ms: 0, facts: 0 });
    expect(await equalsRebuilt()).toBe(true);
    expect(errors).toEqual([]);
  });

  it('answers whether a position was reached in time', async () => {
    const runner = start();
    await runner.ready;
    expect(await runner.waitFor('00000000000000000001', 20)).toBe(false);
    const waiting = runner.waitFor('00000000000000000021', 5000);
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
    expect((await readProgress(tables.writer)).position).toBe(position);
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
    expect(await equalsRebuilt()).toBe(true);
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
    expect(await equalsRebuilt()).toBe(true);
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
      tables = await openTables({ directory });
      const { position } = await readProgress(tables.writer);
      const { items } = await logPage(tables, { workspaceId: workspace, page: { first: 100 } });
      expect(items.filter((line) => line.position > position)).toEqual([]);
      expect(position < (await log.head())).toBe(true);
    } finally {
      broken.fold = fold;
    }
    expect(await equalsRebuilt()).toBe(true);
    await reach(start(), await log.head());
    expect(await equalsRebuilt()).toBe(true);
  });

  it('survives an end at any moment: reopened tables stand where their checkpoint says', async () => {
    await appendStory(log, story());
    const runner = start();
    await runner.ready;
    for (let n = 2; n < 30; n++) await appendStory(log, story({ n }));
    await runner.stop();
    await tables.close();
    tables = await openTables({ directory });
    expect(await equalsRebuilt()).toBe(true);
    const again = start();
    await reach(again, await log.head());
    expect(await equalsRebuilt()).toBe(true);
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
    await until(() => errors.length >= 2);
    expect(runner.state).toBe('pausing after an error');
    away = false;
    await reach(runner, await appendStory(log, story()));
    expect(runner.state).toBe('following');
  });

  it('works alone: a second one waits for the lease, and has it when the first has stopped', async () => {
    const first = start({ owner: 'first' });
    await first.ready;
    const beside = await openTables({ directory });
    try {
      const second = start({ owner: 'second', tables: beside });
      await until(() => second.state === 'waiting for the lease');
      const position = await appendStory(log, story());
      await reach(first, position);
      expect(second.position()).toBe('');
      await first.stop();
      await second.ready;
      await reach(second, position);
      await second.stop();
    } finally {
      await beside.close();
    }
  });

  it('takes over a lease that has run out on its clock, and not before', async () => {
    let now = 1_000_000;
    const clock = { now: () => now };
    const { position } = await readProgress(tables.writer);
    await writeProgress(tables.writer, { position, owner: 'dead', leaseUntil: now + 60_000 });
    const runner = start({ clock, leaseMs: 40 });
    await until(() => runner.state === 'waiting for the lease');
    expect((await readProgress(tables.writer)).owner).toBe('dead');
    now += 60_000;
    await runner.ready;
    expect((await readProgress(tables.writer)).owner).toBe(runner.owner);
  });

  it('takes a dead runner’s lease at once when it knows that it is alone', async () => {
    await writeProgress(tables.writer, { position: '', owner: 'dead', leaseUntil: Date.now() + 60_000 });
    const runner = start({ alone: true });
    await runner.ready;
    expect(errors).toEqual([]);
  });

  it.each<[string, (position: string, owner: string) => { position: string; owner: string }]>([
    ['somebody else moved the checkpoint', (position, owner) => ({ position: position.replace(/.$/, '9'), owner })],
    ['somebody else holds the lease', (position) => ({ position, owner: 'another' })],
  ])('stops with a typed error when %s', async (_, moved) => {
    const runner = start();
    await runner.ready;
    const stands = await readProgress(tables.writer);
    await writeProgress(tables.writer, { ...stands, ...moved(stands.position, stands.owner) });
    await appendStory(log, story());
    await until(() => runner.state === 'stopped');
    expect(errors).toEqual([expect.any(AnotherRunner)]);
    expect((await logPage(tables, { workspaceId: workspace, page: { first: 1 } })).items).toEqual([]);
    expect(await runner.waitFor('00000000000000000099', 1000)).toBe(false);
  });

  it('rebuilds tables that other versions made, and lets nobody read them before', async () => {
    await appendStory(log, story());
    const runner = start();
    await runner.ready;
    await runner.stop();
    await tables.writer.updateTable('projection_versions').set({ version: 0 }).where('name', '=', 'denials').execute();
    await tables.writer.deleteFrom('visit_log').execute();
    await tables.close();
    tables = await openTables({ directory });
    await expect(logPage(tables, { workspaceId: workspace, page: { first: 1 } })).rejects.toThrow(TablesNotReady);
    const again = start();
    await again.ready;
    expect((await logPage(tables, { workspaceId: workspace, page: { first: 1 } })).items).toHaveLength(1);
    expect(await equalsRebuilt()).toBe(true);
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

function readerOf(log: EventLog): LogReader {
  return {
    readStream: (stream, options) => log.readStream(stream, options),
    readAll: (options) => log.readAll(options),
    head: () => log.head(),
    follow: (options) => log.follow(options),
    health: () => log.health(),
    close: () => log.close(),
  };
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('It did not come about in 5 s.');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
