import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLog } from '#event-log/sqlite/log';
import { logPage, rebuild, type Tables } from '../index.ts';
import { kindsOfTables } from '../testing/kinds.ts';
import { appendStory, castOf, envelope, story } from '../testing/story.ts';

const WORDS = { 'Failed invoice sync since Tuesday': 'Ärger mit ÜBERWEISUNG seit Świątek' };

describe.each(kindsOfTables())('Searching letters beyond ASCII in $name', (kind) => {
  const { workspace } = castOf(1);
  let directory: string;
  let tables: Tables;

  beforeAll(async () => {
    await kind.start();
    directory = mkdtempSync(join(tmpdir(), 'gatebook-search-'));
    const log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
    await appendStory(log, inOtherWords(story()));
    tables = await kind.open(directory);
    await rebuild({ log, envelope, tables });
    await log.close();
  });
  afterAll(async () => {
    await tables.close();
    await kind.stop();
    rmSync(directory, { recursive: true });
  });

  const found = async (search: string): Promise<boolean> => {
    const { items } = await logPage(tables, { workspaceId: workspace, page: { first: 1 }, filter: { search } });
    return items.length > 0;
  };

  it.each(['ärger', 'Ärger', 'ÄRGER', 'überweisung', 'Überweisung', 'świątek', 'ŚWIĄTEK', 'ärger świątek'])(
    'finds %s, in whichever case it is asked for',
    async (search) => expect(await found(search)).toBe(true),
  );

  it.each(['arger', 'ångström', 'ärger ångström'])('does not find %s', async (search) =>
    expect(await found(search)).toBe(false),
  );
});

function inOtherWords<Story>(told: Story): Story {
  let text = JSON.stringify(told);
  for (const [plain, other] of Object.entries(WORDS)) text = text.replaceAll(plain, other);
  return JSON.parse(text) as Story;
}
