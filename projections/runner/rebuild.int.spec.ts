import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { AnotherRunner, logPage, rebuild, startRunner, type Runner, type Tables } from '../index.ts';
import { isSqlite, kindsOfTables } from '../testing/kinds.ts';
import { apply, sorted, type MemoryTables } from '../testing/rows.ts';
import { appendStory, castOf, envelope, placed, recorded, story } from '../testing/story.ts';
import { LONG_ENOUGH_MS } from '../testing/world.ts';
import { REBUILT_TABLES } from './control.ts';
import { foldFacts } from './folding.ts';

const { workspace } = castOf(1);

describe.each(kindsOfTables())('A rebuild on $name', (kind) => {
  let directory: string;
  let log: EventLog;
  let tables: Tables;
  let runner: Runner | undefined;

  beforeAll(() => kind.start());
  afterAll(() => kind.stop());

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-rebuild-'));
    log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
    tables = await kind.open(directory);
    runner = undefined;
  });

  afterEach(async () => {
    await runner?.stop();
    await tables.close();
    await log.close();
    rmSync(directory, { recursive: true });
  });

  async function following(): Promise<Runner> {
    runner = startRunner({
      log,
      tables,
      envelope,
      onError: (error) => {
        throw error;
      },
    });
    await runner.ready;
    return runner;
  }

  const reach = async (live: Runner, position: string) =>
    expect(await live.waitFor(position, LONG_ENOUGH_MS)).toBe(true);

  /** On PostgreSQL the specification of shared tables looks. */
  const leftOver = () => {
    if (!isSqlite(tables)) return false;
    const { shadowFile } = tables;
    return readdirSync(dirname(shadowFile)).some((name) => name.startsWith(basename(shadowFile)));
  };

  const numbers = async () =>
    (await logPage(tables, { workspaceId: workspace, page: { first: 100 }, order: 'oldest first' })).items.map(
      ({ number }) => number,
    );

  it('gives the live tables, byte for byte, and takes their place under a running runner', async () => {
    const live = await following();
    for (let n = 1; n <= 5; n++) await appendStory(log, story({ n }));
    await reach(live, await log.head());
    const progress: number[] = [];
    const rebuilt = await rebuild({
      log,
      envelope,
      tables,
      runner: live,
      compare: true,
      onProgress: (facts) => progress.push(facts),
    });
    expect(rebuilt.comparison?.equal).toBe(true);
    expect(rebuilt.comparison?.tables.find(({ table }) => table === 'visit_log')?.rows).toEqual([75, 75]);
    expect(rebuilt).toMatchObject({ facts: 97, position: await log.head() });
    expect(progress).toEqual([97]);
    expect(leftOver()).toBe(false);

    const position = await appendStory(log, story({ n: 6 }));
    await reach(live, position);
    expect(live.state).toBe('following');
    const again = await rebuild({ log, envelope, tables, runner: live, compare: true });
    expect(again.comparison?.equal).toBe(true);
  });

  it('tells which row of which table differs', async () => {
    const live = await following();
    await reach(live, await appendStory(log, story()));
    await tables.writer
      .updateTable('visit_log')
      .set({ kind: 'PageForged' })
      .where('kind', '=', 'AreaEntered')
      .execute();
    await tables.writer.deleteFrom('members').where('role', '=', 'agent').execute();
    const { comparison } = await rebuild({ log, envelope, tables, runner: live, compare: true });
    expect(comparison?.equal).toBe(false);
    const different = comparison?.tables.filter(({ digests: [a, b] }) => a !== b);
    expect(
      different?.map(({ table, firstDifference }) => [
        table,
        firstDifference?.left?.['kind'],
        firstDifference?.right?.['kind'],
      ]),
    ).toEqual([
      ['visit_log', 'PageForged', 'AreaEntered'],
      ['members', undefined, undefined],
    ]);
    expect(different?.[1]).toMatchObject({ rows: [1, 2], firstDifference: { left: null, right: { role: 'agent' } } });
    // What took their place is right again.
    const { comparison: mended } = await rebuild({ log, envelope, tables, runner: live, compare: true });
    expect(mended?.equal).toBe(true);
  });

  it('works while the log grows and people read, and no reader sees a place before the last', async () => {
    const live = await following();
    await appendStory(log, story({ morePages: 50 }));
    let growing = true;
    const grow = async () => {
      for (let n = 2; growing || n < 40; n++) {
        await appendStory(log, story({ n }));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const sizes: number[] = [];
    const look = async () => {
      while (growing) {
        sizes.push((await logPage(tables, { workspaceId: workspace, page: { first: 100 } })).items.length);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    await reach(live, await log.head());
    const grown = grow();
    const looked = look();
    for (let round = 0; round < 3; round++) {
      const { comparison } = await rebuild({ log, envelope, tables, runner: live, compare: true });
      expect(comparison?.equal).toBe(true);
    }
    growing = false;
    await Promise.all([grown, looked]);
    expect(new Set(sizes)).toEqual(new Set([65]));
    await reach(live, await log.head());
    expect((await rebuild({ log, envelope, tables, runner: live, compare: true })).comparison?.equal).toBe(true);
  });

  it('needs no runner; a file it refuses beside a living one that is not its own', async () => {
    await appendStory(log, story());
    const alone = await rebuild({ log, envelope, tables, compare: true });
    expect(alone).toEqual({ facts: 21, position: await log.head() });
    expect(await numbers()).toEqual(Array.from({ length: 15 }, (_, at) => at + 1));
    const live = await following();
    const beside = rebuild({ log, envelope, tables, compare: true });
    if (isSqlite(tables)) await expect(beside).rejects.toThrow(AnotherRunner);
    else expect((await beside).comparison?.equal).toBe(true);
    expect(leftOver()).toBe(false);
    await reach(live, await appendStory(log, story({ n: 2 })));
  });

  it('gives what plain maps give', async () => {
    const told = story({ until: 'inside' });
    await appendStory(log, told);
    await rebuild({ log, envelope, tables });
    const memory: MemoryTables = new Map();
    const rows: Record<string, unknown> = {};
    // The log records at another time than the story says: both sides take the log's.
    const facts = [];
    for await (const fact of log.readAll()) facts.push(fact);
    expect(facts.map(({ id }) => id)).toEqual(recorded(placed(told)).map(({ id }) => id));
    for (const change of foldFacts(facts, new Map(), envelope)) apply(memory, change);
    for (const table of REBUILT_TABLES) {
      rows[table.name] = sorted(memory, table);
      const stored = await tables.writer
        .selectFrom(table.name as 'areas')
        .selectAll()
        .orderBy(table.key as 'id')
        .execute();
      expect({ table: table.name, rows: stored }).toEqual({ table: table.name, rows: rows[table.name] });
    }
  });
});
