import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { OpenedPages } from './opened-pages.ts';

const DESK: BrowserContextOptions = {};
const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

let opened: OpenedPages;
beforeAll(async () => {
  opened = await OpenedPages.open();
});
afterAll(() => opened.close());

describe.each([
  ['at a desk', DESK, 'Checking failed invoice sync on INV-88', 'You, Sam Lee, are in Acme Co for CASE-123'],
  ['on phones', PHONE, 'Checking failed invoice sync on INV-91', /Acme Co, CASE-123, 2\d min left/],
])('Owner and staff side by side, %s', (_size, window, reason, strip) => {
  let maria: Page;
  let sam: Page;
  let console_: Page;
  let complaints: string[][];
  const gate = () => maria.getByRole('switch', { name: 'Allow staff to open my workspace' });
  const log = () => maria.getByRole('region', { name: 'Visit log' });
  const inside = () => maria.getByRole('article', { name: 'Sam Lee, CASE-123' });
  const line = (text: string) => log().getByRole('listitem').filter({ hasText: text }).first();
  const banner = () => sam.getByRole('region', { name: 'Support session' });
  const field = () => sam.getByRole('textbox', { name: 'What are you going in to find out?' });
  const press = () => sam.getByRole('button', { name: 'Start support session' });

  beforeAll(async () => {
    ({ maria, sam, complaints } = await opened.mariaAndSam(window));
  });
  afterAll(async () => {
    await maria.context().close();
    await sam.context().close();
  });

  it('the owner lets support in, and staff come in from the case (S0-9, S1-14, S4-29)', async () => {
    await gate().click();
    await maria.getByRole('button', { name: 'Turn staff access on' }).click();
    await maria.getByText(/^On until/).waitFor();
    await sam.goto('/staff/start?case=CASE-123');
    const drafted = `Sam Lee came in for CASE-123 to look, for up to 30 minutes: “${reason}”`;
    await field().fill(reason);
    await sam.getByText(drafted, { exact: true }).waitFor();
    await press().click();
    await opened.throughTheDoor(sam, 'Sam Lee');
    await banner().getByText(strip).waitFor();
    await line(drafted).waitFor();
  });

  it('the owner sees who is inside, and each page as it is opened (S0-48, S3-20)', async () => {
    await inside().getByText(reason).waitFor();
    await inside().getByText('READ ONLY').waitFor();
    for (const name of ['Billing', 'Invoices']) {
      await sam.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
      await sam.getByRole('heading', { level: 1, name }).waitFor();
      await inside().getByText(`Looking at ${name}`).waitFor();
      await line(`Sam Lee viewed ${name}`).waitFor();
    }
  });

  it('what the visit may not open is refused, and stands with the owner at once (S0-41)', async () => {
    await sam.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Customers', exact: true }).click();
    await sam.getByText('This attempt was written down. The rest of your visit goes on.').waitFor();
    await banner().waitFor();
    await maria.getByRole('region', { name: 'Refused' }).getByText('tried to open Customers').first().waitFor();
  });

  it('one press of the owner, and the visit is over: in the product, and in the console (S0-19, S3-7)', async () => {
    console_ = await sam.context().newPage();
    await console_.goto(`${opened.story.serviceUrl}/staff`);
    await console_.getByRole('article', { name: 'Acme Co for CASE-123' }).waitFor();
    await gate().click();
    await maria.getByRole('status').getByText('Staff access is off. 1 visit has ended.').waitFor();
    // The console hears of it by itself.
    await console_.getByRole('region', { name: 'Now' }).getByText('You are in no customer’s workspace.').waitFor();
    await sam.goto(`${opened.story.demoUrl}/invoices`);
    await sam.getByRole('heading', { level: 1, name: 'Your visit to Acme Co has ended' }).waitFor();
    await sam.getByText('Support access has been revoked').waitFor();
    expect(await banner().count()).toBe(0);
    expect(await sam.getByText('INV-88').count()).toBe(0);
  });

  it('staff read why, and what was recorded of it; the owner reads the same lines (S3-21)', async () => {
    await sam.getByRole('link', { name: 'What was recorded' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Your visit to Acme Co has ended' }).waitFor();
    await sam.getByText('The customer turned staff access off. Nothing of Acme Co is open any more.').waitFor();
    const recorded = sam.getByRole('region', { name: 'What was recorded' });
    await recorded.getByRole('blockquote').filter({ hasText: reason }).waitFor();
    await recorded.getByText('3 pages', { exact: true }).waitFor();
    await recorded.getByText('tried to open Customers').waitFor();
    await recorded.getByText('tried to open Invoices').waitFor();
    await line('Sam Lee’s visit ended: staff access was turned off').waitFor();
    await log().getByText('After the end').first().waitFor();
    await line('Refused: Sam Lee tried to open Invoices').waitFor();
  });

  it('an attempt while it is off shows nothing, and both are told (S0-9, S3-14)', async () => {
    await sam.getByRole('link', { name: 'Start a new visit for CASE-123' }).click();
    await field().fill(reason);
    await press().click();
    await sam.getByRole('alert').getByText('Staff access to Acme Co is off').waitFor();
    await maria
      .getByRole('region', { name: 'Refused' })
      .getByText('tried to start a visit for CASE-123')
      .first()
      .waitFor();
    await sam.getByRole('link', { name: 'My visits' }).click();
    await sam
      .getByRole('region', { name: 'Refused' })
      .getByText('tried to start a visit for CASE-123')
      .first()
      .waitFor();
  });

  it('and no page of ours is wider than its window, or complained of anything', async () => {
    for (const page of [maria, sam]) {
      expect(
        await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
      ).toBeLessThanOrEqual(0);
    }
    // What is refused in the product is a 403 there: the browser says so in its console.
    expect(complaints.flat().filter((text) => !text.includes('403'))).toEqual([]);
  });
});
