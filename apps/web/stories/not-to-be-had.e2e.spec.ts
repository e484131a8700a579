import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { readdirSync, readFileSync } from 'node:fs';
import { GOOD } from '../staff/reason.ts';
import { faultsIn } from './faults.ts';
import { OpenedPages } from './opened-pages.ts';

const ASSETS = 'dist/apps/web/assets';

describe('Files of the pages that are not to be had', () => {
  let opened: OpenedPages;
  let maria: Page;
  let sam: Page;
  let complaints: string[][];

  beforeAll(async () => {
    opened = await OpenedPages.open();
    ({ maria, sam, complaints } = await opened.mariaAndSam());
  });
  afterAll(() => opened.close());

  const without = async (page: Page, files: string, then: () => Promise<void>) => {
    await page.route(files, (route) => route.fulfill({ status: 404 }));
    await then();
    await page.unroute(files);
  };
  const lost = (page: Page) => page.getByRole('alert').filter({ hasText: 'A part of this page could not be loaded.' });

  it('leave a way to load the page again, whichever of those it begins with is missing', async () => {
    const first = readFileSync('dist/apps/web/index.html', 'utf8').match(/[\w-]+\.js/g)!;
    expect(first.length).toBeGreaterThan(1);
    for (const file of first)
      await without(sam, `**/assets/${file}`, async () => {
        await sam.goto('/staff/requests?from=here');
        await sam.getByText('The page is not there yet.').waitFor();
        if (file === first[0]) expect(await faultsIn(opened, sam, 'page-lost')).toEqual({});
      });
    await sam.getByRole('link', { name: 'load it again' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Your requests' }).waitFor();
    expect(new URL(sam.url()).search).toBe('?from=here');
  });

  it('are told where only the line is missing that a press writes', async () => {
    const wording = `**/assets/${readdirSync(ASSETS).find((name) => /^wording-.*\.js$/.test(name))!}`;
    await without(sam, wording, async () => {
      await sam.goto('/staff/start?case=CASE-123');
      await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(GOOD);
      await lost(sam).waitFor();
      await sam.getByText('What it opens could not be loaded.').waitFor();
      expect(await sam.getByText('Reading', { exact: false }).count()).toBe(0);
      expect(await faultsIn(opened, sam, 'line-lost')).toEqual({});
    });
    await lost(sam).getByRole('button', { name: 'Load the page again' }).click();
    await sam.getByText(`Sam Lee came in for CASE-123 to look, for up to 30 minutes: “${GOOD}”`).waitFor();
    await without(maria, wording, async () => {
      await maria.goto('/owner');
      await maria.getByRole('switch').click();
      await lost(maria).waitFor();
    });
    await maria.reload();
    await opened.turnOn(maria);
    const about = ['--as', 'sam', '--case', 'CASE-123', '--kind', 'write', '--reason', GOOD];
    await opened.story.command('request', 'acme', ...about, '--action', 'invoice.retrySync', '--target', 'INV-88');
    await without(maria, wording, async () => {
      await maria.goto('/owner');
      const card = maria.getByRole('region', { name: 'Waiting for you' }).getByRole('article');
      await card.getByRole('button', { name: /^Approve once/ }).click();
      await card.getByRole('form', { name: 'Read, then approve' }).locator(lost(maria)).waitFor();
    });
    const person = await opened.visit();
    await person.open('/billing');
    await without(sam, wording, async () => {
      await sam.goto('/staff');
      await sam.getByRole('button', { name: 'Ask for more time' }).click();
      await sam.getByRole('dialog').locator(lost(sam)).waitFor();
    });
    // That a file is missing is said by the browser; nothing of ours fails on top.
    expect(complaints.flat().filter((text) => !text.includes('404 (Not Found) /assets/'))).toEqual([]);
  });

  it('stand over a page whose sign-in has run out, where it can only be said so', async () => {
    const { page: hers } = await opened.windowOf('Maria Ortiz');
    await hers.goto('/owner');
    await hers.getByRole('switch').waitFor();
    await hers.route('**/assets/dialog-*.js', (route) => route.fulfill({ status: 404 }));
    const other = await hers.context().newPage();
    await other.goto('/');
    await other.getByRole('button', { name: /^Nina Brandt/ }).click();
    await other.getByRole('switch').waitFor();
    await hers.route('**/graphql', (route) =>
      route.fulfill({ status: 401, contentType: 'application/json', body: '{"errors":[]}' }),
    );
    const press = lost(hers).getByRole('button', { name: 'Load the page again' });
    await press.waitFor();
    const over = await hers.getByRole('switch').evaluate((element) => {
      element.scrollIntoView({ block: 'center' });
      const { left, top, width, height } = element.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2)?.closest('.veil') != null;
    });
    expect(over).toBe(true);
    await hers.unroute('**/graphql');
    await press.click();
    await hers.getByText(/^Nina Brandt,/).waitFor();
    await hers.context().close();
  });

  it('may have been of another version: what can’t be drawn says so, and the ways to other pages stay', async () => {
    const other = { data: { workspaces: { nodes: [], pageInfo: { hasNextPage: false } } } };
    const answered = '**/graphql';
    await sam.route(answered, (route) =>
      route.request().postData()?.includes('query StartChoices') ? route.fulfill({ json: other }) : route.continue(),
    );
    await sam.goto('/staff/start');
    await sam.getByRole('alert').getByText('Something went wrong in this page.').waitFor();
    expect(await faultsIn(opened, sam, 'page-broken')).toEqual({});
    await sam.getByRole('link', { name: 'Gatebook' }).click();
    await sam.getByRole('button', { name: 'Begin the story' }).waitFor();
    await sam.unroute(answered);
    await sam.goto('/staff/start');
    await sam.getByRole('heading', { level: 1, name: /^Start a visit/ }).waitFor();
  });
});
