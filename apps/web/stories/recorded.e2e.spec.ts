import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { GOOD } from '../staff/reason.ts';
import { ClockedPages } from './clocked-pages.ts';
import { faultsIn } from './faults.ts';
import { focused } from './focus.ts';

const PAGES = ['', 'billing', 'invoices', 'integrations', 'invoices/INV-88'];
const NAVIGATION = { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-user': '?1' };

describe('What is left of a visit to who was inside, in a browser', () => {
  let opened: ClockedPages;
  let maria: Page;
  let sam: Page;

  const recorded = () => sam.getByRole('region', { name: 'What was recorded' });
  const lines = () => recorded().getByRole('list', { name: 'Line by line' }).getByRole('listitem');
  const since = () => recorded().getByRole('list', { name: 'After the end' }).getByRole('listitem');
  const more = () => recorded().getByRole('button', { name: 'Show more lines' });
  const sentences = (list: Locator) => list.locator('.say > p:first-child').allInnerTexts();

  beforeAll(async () => {
    opened = await ClockedPages.open();
    ({ page: maria } = await opened.windowOf('Maria Ortiz'));
    ({ page: sam } = await opened.windowOf('Sam Lee'));
    await maria.getByRole('switch', { name: 'Allow staff to open my workspace' }).click();
    await maria.getByRole('button', { name: 'Turn staff access on' }).click();
    await maria.getByText(/^On until/).waitFor();
    await opened.visitToLook(sam, { minutes: 60 });
    // Enough for two pages of lines.
    for (let round = 0; round < 6; round++) {
      await opened.pass(2);
      for (const page of PAGES)
        await sam.context().request.get(`${opened.story.demoUrl}/${page}`, { headers: NAVIGATION });
    }
    await sam.goto(`${opened.story.demoUrl}/invoices/INV-88`);
    await opened.sends(sam, '/invoices/INV-88/retry-sync');
    await sam.getByRole('link', { name: 'Ask for it' }).waitFor();
    await maria.getByRole('button', { name: /^End this visit now/ }).click();
    await maria.getByText('Nobody from outside is in your workspace.').waitFor();
    await sam.goto(`${opened.story.demoUrl}/invoices`);
    await sam.getByRole('link', { name: 'What was recorded' }).click();
    await sam.getByText('The customer ended this visit. Nothing of Acme Co is open any more.').waitFor();
  });
  afterAll(() => opened.close());

  it('is each line of it, page by page; who asks for more reads on there, by keyboard and by ear (S1-34, S3-21)', async () => {
    await lines().nth(49).waitFor();
    expect(await lines().count()).toBe(50);
    expect(await since().count()).toBe(0);
    expect((await sentences(lines())).slice(0, 4)).toEqual([
      `Sam Lee came in for CASE-123 to look, for up to 60 minutes: “${GOOD}”`,
      'Sam Lee arrived in the workspace',
      'Sam Lee moved to Overview',
      'Sam Lee viewed Dashboard',
    ]);
    await more().focus();
    await sam.keyboard.press('Enter');
    await since().first().waitFor();
    expect(await more().count()).toBe(0);
    await focused(lines().nth(50));
    await recorded()
      .getByRole('status')
      .getByText(/^\d+ more lines$/)
      .waitFor();
  });

  it('is what the customer reads, sentence by sentence, from coming in to what was tried after the end', async () => {
    await maria.reload();
    const visit = maria.getByRole('region', { name: 'Visit log' }).getByRole('article', { name: /^Sam Lee came in/ });
    await visit.waitFor();
    await maria.getByRole('button', { name: 'Show older lines' }).click();
    await visit.getByText('came in for CASE-123 to look').waitFor();
    const theirs = await sentences(visit);
    expect([...(await sentences(lines())), ...(await sentences(since()))]).toEqual(theirs);
    expect(theirs.slice(-3)).toEqual([
      'Refused: Sam Lee tried to retry the failed invoice sync on INV-88',
      'Sam Lee’s visit ended: the customer ended it',
      'Refused: Sam Lee tried to open Invoices',
    ]);
    expect(theirs.length).toBeGreaterThan(55);
  });

  it('leads from what was refused to asking for it', async () => {
    const refused = lines().filter({ hasText: 'Refused: Sam Lee tried to retry the failed invoice sync on INV-88' });
    await refused.getByText('Ask to retry the failed invoice sync on INV-88, once.').waitFor();
    await refused.getByRole('link', { name: 'Ask for it' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Ask for access to Acme Co for CASE-123' }).waitFor();
    expect(await sam.getByRole('textbox', { name: 'Which invoice' }).inputValue()).toBe('INV-88');
    await sam.goBack();
    await lines().nth(49).waitFor();
  });

  it('is read from phone to desk, light and dark', async () => {
    await more().click();
    await since().first().waitFor();
    expect(await faultsIn(opened, sam, 'staff-recorded')).toEqual({});
  });
});
