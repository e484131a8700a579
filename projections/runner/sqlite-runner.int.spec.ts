import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import {
  AnotherRunner,
  logPage,
  openTables,
  startRunner,
  type Runner,
  type RunnerOptions,
  type SqliteTables,
} from '../index.ts';
import { appendStory, castOf, envelope, story } from '../testing/story.ts';
import { until } from '../testing/world.ts';
import { readProgress, writeProgress } from './control.ts';

const { workspace } = castOf(1);

describe('The runner on a file that one instance has for itself', () => {
  let directory: string;
  let log: EventLog;
  let tables: SqliteTables;
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
    const onError = (error: unknown) => errors.push(error);
    const runner = startRunner({ log, tables, envelope, onError, pauseMs: 5, ...options });
    runners.push(runner);
    return runner;
  }

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
});
