import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KyselyPlugin } from 'kysely';
import type { EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { logPage, openTables, rebuild, startRunner, type LogQuery, type Runner, type SqliteTables } from '../index.ts';
import type { TablesReader } from '../runner/tables.ts';
import { appendStory, castOf, envelope, story } from '../testing/story.ts';
import { LONG_ENOUGH_MS } from '../testing/world.ts';
import { namesIn } from './names.ts';
import { SPOKEN_OF } from './remembered-lines.ts';

const { workspace, maria, sam } = castOf(1);
const told = story();
const book = `workspace-${workspace}`;

let directory: string;
let log: EventLog;
let tables: SqliteTables;
let runner: Runner;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gatebook-lines-'));
  log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
  tables = await openTables({ directory });
  runner = startRunner({ log, tables, envelope, pauseMs: 5, onError: (error) => void errors.push(error) });
  await runner.ready;
  await appendStory(log, told);
  await caughtUp();
});
afterEach(async () => {
  await runner.stop();
  await tables.close();
  await log.close();
  rmSync(directory, { recursive: true });
  expect(errors.splice(0)).toEqual([]);
});

const errors: unknown[] = [];

async function caughtUp(): Promise<void> {
  expect(await runner.waitFor(await log.head(), LONG_ENOUGH_MS)).toBe(true);
}

/** The same tables, which nothing is remembered of. */
const plain = (): TablesReader => ({ read: (query) => tables.read(query) });

const page = (query: Partial<LogQuery> = {}, of: TablesReader = tables) =>
  logPage(of, { workspaceId: workspace, page: { first: 5 }, ...query });

/** Says what was said before once more, under ids of its own: only what is other in `data` has changed. */
async function tell(type: string, data: object, stream = book): Promise<void> {
  const { fact } = told.find((each) => each.fact.type === type)!;
  const id = fact.id.replace('8000', '9000');
  await log.append(stream, 'any', [
    envelope.encode({ ...fact, id, data: { ...(fact.data as object), ...data } } as typeof fact),
  ]);
  await caughtUp();
}

describe('Lines that were read before', () => {
  it('are the same ones, and say what they said', async () => {
    const first = await page();
    const again = await page();
    expect(again).toEqual(first);
    expect(again.items.map((line, at) => line === first.items[at])).toEqual([true, true, true, true, true]);
  });

  it.each<[string, LogQuery['page']]>([
    ['the front', { first: 3 }],
    ['the back', { last: 4 }],
    ['all', { first: 100 }],
  ])('stand in pages as they do when nothing is remembered: from %s, and on from there', async (_, part) => {
    await page({ page: { first: 7 } });
    const [known, made] = [await page({ page: part }), await page({ page: part }, plain())];
    expect(known).toEqual(made);
    const [from = ''] = known.items.map(({ position }) => position).slice(1);
    for (const on of [
      { first: 2, after: from },
      { last: 2, before: from },
    ] as const) {
      for (const order of ['newest first', 'oldest first'] as const) {
        expect(await page({ page: on, order })).toEqual(await page({ page: on, order }, plain()));
      }
    }
  });

  it('are other lines for each reader that is shown another identity', async () => {
    const everything = await page({ page: { first: 100 } });
    const less = await page({ page: { first: 100 }, identity: 'support identity' });
    expect(less).toEqual(await page({ page: { first: 100 }, identity: 'support identity' }, plain()));
    expect(less).not.toEqual(everything);
    expect(await page({ page: { first: 100 } })).toEqual(everything);
  });

  it('stand behind lines that have come since, with the numbers that they had', async () => {
    const before = await page();
    await tell('PageViewed', { label: 'Another page' });
    const { items } = await page();
    expect(items.slice(1).map((line, at) => line === before.items[at])).toEqual([true, true, true, true]);
    expect(items[0]?.number).toBe((before.items[0]?.number ?? 0) + 1);
  });

  it('call people by the names that they have now', async () => {
    const called = async () => {
      const { items } = await page({ page: { first: 100 } });
      return new Set(items.flatMap(({ actor }) => (actor.id === maria ? [actor.name] : [])));
    };
    expect(await called()).toEqual(new Set(['Maria']));
    const personal = { subject: maria, name: 'Mary', email: 'mary@acme1.example' };
    await tell('MemberRoleChanged', { personal });
    expect(await called()).toEqual(new Set(['Mary']));
    expect(await page({ page: { first: 100 } })).toEqual(await page({ page: { first: 100 } }, plain()));
  });

  it('are made anew of rebuilt tables', async () => {
    const before = await page();
    await rebuild({ log, envelope, tables, runner });
    const after = await page();
    expect(after).toEqual(before);
    expect(after.items[0]).not.toBe(before.items[0]);
  });

  it('are another workspace’s for nobody', async () => {
    await page({ page: { first: 100 } });
    const { items } = await page({ workspaceId: castOf(2).workspace, page: { first: 100 } });
    expect(items).toEqual([]);
  });
});

it('Every table that names are read from has lines made anew', async () => {
  const asked = new Set<string>();
  const fact = {
    data: {
      ...{ memberId: maria, staffId: sam, sessionId: castOf(1).session, requestId: 'req_1', workspaceId: workspace },
      ...{ onlyCase: castOf(1).supportCase, withoutAreas: ['billing'], approvedBy: { memberId: maria } },
    },
    metadata: { actor: { kind: 'member' as const, id: maria } },
  };
  const watching: KyselyPlugin = {
    transformQuery({ node }) {
      for (const [, name] of JSON.stringify(node).matchAll(
        /"identifier":\{"kind":"IdentifierNode","name":"(\w+)"\}\}/g,
      ))
        asked.add(name!);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  await tables.read((db) => namesIn(db.withPlugin(watching), [fact]));
  expect([...asked].toSorted()).toEqual(SPOKEN_OF.map(({ name }) => name).toSorted());
});
