import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Person } from '../testing/person.ts';
import { FernwayWithService } from './fernway-with-service.ts';

const REASON = 'Failed invoice sync since Tuesday';
const POLICY = 'preset: default\nsession: { rowsInAll: 30 }\n';

let story: FernwayWithService;
let sam: Person;
const folder = mkdtempSync(join(tmpdir(), 'gatebook-rows-'));

beforeAll(async () => {
  story = await FernwayWithService.start();
  const policyFile = join(folder, 'policy.yaml');
  writeFileSync(policyFile, POLICY);
  await story.service.restart({ policyFile });
  sam = story.newPerson();
  await sam.signIn('/sign-in/staff', 'sam');
});
afterAll(async () => {
  await story.close();
  rmSync(folder, { recursive: true });
});

const book = async () => story.service.facts(`workspace-${story.service.workspaceId('acme')}`);

it('Fernway counts the rows of its lists, each is written before it is shown, and the row beyond the budget is shown to nobody', async () => {
  await story.gatebook(['access', 'on', 'acme', '--as', 'maria']);
  const start = ['sessions', 'start', 'acme', '--as', 'sam', '--case', 'CASE-123', '--reason', REASON, '--json'];
  const { entryCode } = JSON.parse((await story.gatebook(start)).out) as { entryCode: string };
  await sam.post('/gatebook/enter', { code: entryCode });

  // Eight customers, again eight though it is the same view, and one that was searched for.
  expect((await sam.open('/customers')).page).toContain('<p>8 customers</p>');
  expect((await sam.open('/customers')).page).toContain('<p>8 customers</p>');
  expect((await sam.open('/customers?q=bluebird')).page).toContain('<p>1 customer</p>');
  expect((await sam.open('/customers?q=nobody-is-called-that')).page).toContain('No customer is called that.');
  // Thirteen are left: seven invoices, and not those seven again.
  const invoices = await sam.open('/invoices');
  expect([invoices.status, invoices.page.includes('INV-88')]).toEqual([200, true]);
  const before = (await book()).length;
  const beyond = await sam.open('/invoices');
  expect([beyond.status, beyond.page.includes('INV-88')]).toEqual([403, false]);
  expect(beyond.page).toContain('More data was opened than one visit needs, so this visit has ended.');

  const facts = await book();
  expect(facts.filter(({ type }) => type === 'RowsShown').map(({ data }) => [data['page'], data['rows']])).toEqual([
    ['customers', 8],
    ['customers', 8],
    ['customers', 1],
    ['invoices', 7],
  ]);
  const views = facts.filter(({ type }) => type === 'PageViewed');
  expect(views.map(({ data }) => [data['page'], data['rows']])).toEqual([
    ['dashboard', undefined],
    ['customers', undefined],
    ['invoices', undefined],
  ]);
  expect(facts.slice(before).map(({ type, data }) => [type, data['cause']])).toEqual([['SessionEnded', 'too fast']]);

  const { out } = await story.gatebook(['log', 'acme', '--as', 'maria', '--first', '4']);
  expect(out.split('\n').filter((line) => line.includes(' shown '))).toEqual([
    expect.stringMatching(/ Sam Lee was shown 7 rows of Invoices$/),
  ]);
});
