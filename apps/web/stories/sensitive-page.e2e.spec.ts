import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ClockedPages } from './clocked-pages.ts';
import { faultsIn } from './faults.ts';

const REASON = 'The import of contacts stops at customer 3: is the address broken there?';

describe('A page that holds sensitive data, asked for from its refusal, in a browser', () => {
  let opened: ClockedPages;
  let maria: Page;
  let sam: Page;
  let complaints: string[][];
  let customer: string;

  beforeAll(async () => {
    opened = await ClockedPages.open();
    ({ maria, sam, complaints } = await opened.mariaAndSam());
    await opened.turnOn(maria);
    await opened.visitToLook(sam);
    customer = `${opened.story.demoUrl}/customers/cus_81`;
  });
  afterAll(() => opened.close());

  const sensitive = () => sam.getByRole('group', { name: 'What you need to open, of what is sensitive' });

  it('stays closed, and its refusal in the product leads to where it is asked for (S4-21)', async () => {
    await sam.goto(customer);
    await sam.getByRole('heading', { name: 'This page holds sensitive data and is not open in this visit.' }).waitFor();
    await sam.getByRole('link', { name: 'Ask for it' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Ask for access to Acme Co for CASE-123' }).waitFor();
    expect(await sensitive().getByRole('checkbox', { name: 'Customer' }).isChecked()).toBe(true);
  });

  it('is among one’s own refusals with the same way on', async () => {
    await sam.goto(`${opened.story.service.url}/staff`);
    const refused = sam.getByRole('region', { name: 'Refused' }).getByRole('listitem');
    await refused.getByRole('link', { name: 'Ask for it' }).click();
    expect(await sensitive().getByRole('checkbox', { name: 'Customer' }).isChecked()).toBe(true);
  });

  it('is asked for with the job’s own pages and no other that is sensitive', async () => {
    await sam.getByRole('radio', { name: /^Failed invoice sync/ }).check();
    await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(REASON);
    await sam.getByText('Sam Lee asked to look at what is sensitive').waitFor();
    await sam.getByText('Integrations and Customer', { exact: false }).first().waitFor();
    expect(await faultsIn(opened, sam, 'staff-ask-sensitive')).toEqual({});
    await sam.getByRole('button', { name: 'Ask for access', exact: true }).click();
    await sam.getByRole('heading', { level: 1, name: 'Your requests' }).waitFor();
    const [asked, ...others] = await opened.facts('AccessRequested');
    expect(others).toEqual([]);
    expect(asked?.[1]).toMatchObject({
      kind: 'sensitive entry',
      triggers: ['every session', 'sensitive page'],
      wanted: { pages: ['dashboard', 'billing', 'invoices', 'invoice', 'integrations', 'customer'] },
    });
  });

  it('is approved by the owner and a second person of the vendor, and each view of it is a line (S4-21)', async () => {
    const { page: priya } = await opened.windowOf('Priya Nair');
    await priya.goto('/staff/decide');
    for (const page of [maria, priya]) {
      const card = page.getByRole('region', { name: 'Waiting for you' }).getByRole('article');
      await card.getByText(REASON).first().waitFor();
      await card.getByRole('button', { name: /^Approve once/ }).click();
      await card.getByRole('heading', { name: 'Read, then approve' }).waitFor();
      // The line that is read is the line that is written.
      await card
        .getByText(/Sam Lee’s request to look at what is sensitive/)
        .first()
        .waitFor();
      await card.getByRole('button', { name: /^Approve once/ }).click();
    }
    const approved = sam.getByRole('article', { name: 'Approved, once: to look at what is sensitive' });
    await approved.getByRole('button', { name: /^Start visit/ }).click();
    await sam.getByRole('region', { name: 'Support session' }).waitFor();
    await sam.goto(customer);
    await sam.getByRole('heading', { level: 1, name: 'Bluebird Bakery' }).waitFor();
    const [, view] = (await opened.facts('PageViewed')).slice(-1)[0] ?? [];
    expect(view).toMatchObject({ page: 'customer', masked: expect.arrayContaining(['email']) });
    // The page itself says no, as a page does.
    expect(complaints).toEqual([[], [expect.stringContaining('403 (Forbidden) /customers/cus_81')]]);
  });

  it('is closed in more time for that visit, which says so before it is asked for', async () => {
    await sam.goto(`${opened.story.service.url}/staff`);
    await sam.getByRole('button', { name: 'Ask for more time', exact: true }).click();
    await sam.getByRole('dialog').getByText('Closed in it: Customer.').waitFor();
  });

  it('tells a reviewer of the visit from its request on: asked, approved by one and the other, begun, viewed (S1-62)', async () => {
    const { page: jonas } = await opened.windowOf('Jonas Weber');
    const [, { sessionId }] = (await opened.facts('SessionStarted')).at(-1)!;
    await jonas.goto(`/review/visit/${String(sessionId)}`);
    const told = jonas.getByRole('region', { name: 'What happened, in order' });
    await told.getByText('Sam Lee asked to look at what is sensitive').waitFor();
    const lines = (await told.locator('ol.timeline').first().locator('> li').allInnerTexts()).map((text) =>
      text.split('\n').find((part) => /[a-z]{3}/.test(part)),
    );
    expect(lines).toEqual([
      expect.stringMatching(/^Maria Ortiz turned staff access on until /),
      expect.stringContaining(`Sam Lee asked to look at what is sensitive, for 30 minutes, for CASE-123: “${REASON}”`),
      expect.stringMatching(/^Maria Ortiz approved first, .*: Sam Lee’s request to look at what is sensitive$/),
      'Priya Nair approved Sam Lee’s request to look at what is sensitive, for 30 minutes',
      expect.stringMatching(/^Sam Lee came in for CASE-123/),
      expect.stringMatching(/^Sam Lee viewed 2 pages: Dashboard, Customer/),
      'Still inside, looking at Customer Bluebird Bakery',
    ]);
    expect(await faultsIn(opened, jonas, 'review-asked')).toEqual({});
  });
});
