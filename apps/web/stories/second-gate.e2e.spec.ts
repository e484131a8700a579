import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { GOOD } from '../staff/reason.ts';
import { apartFromLateTokens, ClockedPages } from './clocked-pages.ts';
import { faultsIn } from './faults.ts';
import { focused, hasFocus } from './focus.ts';

const RETRY = 'retry the failed invoice sync on INV-88, once';
const SECOND = 'Now a second person of Fernway decides; you can still decline it.';
const MAX_TABS = 40;

describe('The second gate, in a browser: the customer first, then a lead of the vendor (S1-27, S1-28)', () => {
  let opened: ClockedPages;
  let maria: Page;
  let sam: Page;
  let priya: Page;
  const complaints: string[][] = [];

  beforeAll(async () => {
    opened = await ClockedPages.open('preset: default\napproval: { asked: { every write: both } }\n');
    const windows: Page[] = [];
    for (const name of ['Maria Ortiz', 'Sam Lee', 'Priya Nair']) {
      const { page, complaints: heard } = await opened.windowOf(name);
      windows.push(page);
      complaints.push(heard);
    }
    [maria, sam, priya] = windows as [Page, Page, Page];
    await opened.turnOn(maria);
    await priya.getByRole('link', { name: 'To decide' }).click();
    await priya.getByText('Nothing waits for your decision.').waitFor();
  });
  afterAll(() => opened.close());

  const waiting = (page: Page) => page.getByRole('region', { name: 'Waiting for you' });
  const card = (page: Page) => waiting(page).getByRole('article', { name: /^Write request from / });
  const mine = (name: string) => sam.getByRole('article', { name: `${name}: to ${RETRY}` });
  const row = (page: Page, name: string) => card(page).getByRole('row', { name, exact: true });
  const press = (page: Page, name: string | RegExp) => card(page).getByRole('button', { name }).click();
  const ask = async (page: Page) => {
    await page.goto('/staff/ask?case=CASE-123&action=invoice.retrySync&target=INV-88');
    await page.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(GOOD);
    await page.getByRole('button', { name: 'Ask for access' }).click();
    await page.getByRole('heading', { level: 1, name: 'Your requests' }).waitFor();
  };
  const approveFirst = async () => {
    await press(maria, /^Approve once/);
    await press(maria, 'Approve once');
    await card(maria).getByText(SECOND).waitFor();
  };
  const ownAct = () => card(maria).getByText('It is another request than you were reading.').count();

  it('stands before the customer alone to begin with, and before the lead not yet', async () => {
    await ask(sam);
    await card(maria)
      .getByText('It needs two approvals: yours first, then that of a second person of Fernway.')
      .waitFor();
    expect(await card(priya).count()).toBe(0);
  });

  it('is approved for less by the customer, and then stands before the lead by itself, asked and allowed side by side', async () => {
    await press(maria, 'Approve with changes');
    await card(maria).getByRole('radio', { name: '15 min' }).check();
    await press(maria, 'Approve with changes');
    await card(priya).getByText(GOOD).waitFor();
    await card(priya).getByText('To Acme Co. For CASE-123.').waitFor();
    await card(priya)
      .getByText('Maria Ortiz approved it first, for the customer. It needs one more approval: yours')
      .waitFor();
    await card(priya).getByText('Maria Ortiz allowed less than was asked').waitFor();
    await row(priya, 'Time 30 min 15 min').waitFor();
    for (const name of ['Sam could', 'Sam still could not'])
      await card(priya).getByRole('heading', { name, exact: true }).waitFor();
    await waiting(priya).getByText('1 request', { exact: true }).waitFor();
    // Her own approval is no news to Maria, and what waits for Fernway is not counted as hers.
    await waiting(maria).getByRole('heading', { name: 'Waits for Fernway' }).waitFor();
    await waiting(maria).getByText('Nothing waits for you.', { exact: true }).waitFor();
    await card(maria).getByText(SECOND).waitFor();
    expect(await ownAct()).toBe(0);
  });

  it('can’t be made more or another thing by the second, and looks right from phone to desk, light and dark', async () => {
    await press(priya, 'Approve with changes');
    await card(priya).getByText('Counted from the moment Sam comes in. Allowed first: 15 min.').waitFor();
    expect(await card(priya).getByRole('radio', { name: '30 min' }).count()).toBe(0);
    expect(await card(priya).getByRole('textbox', { name: 'On which one' }).count()).toBe(0);
    // Nothing differs yet, so that nothing could be pressed and no line is promised.
    await card(priya).getByText('Nothing is changed yet').waitFor();
    expect(await card(priya).getByText('If you press, this line is written').count()).toBe(0);
    expect(await faultsIn(opened, priya, 'staff-deciding')).toEqual({});
    await press(priya, 'Go back');
    expect(await faultsIn(opened, priya, 'staff-to-decide')).toEqual({});
  });

  it('is on a phone, with the deciding pair at the bottom and no way to the side', async () => {
    await priya.setViewportSize({ width: 320, height: 640 });
    await press(priya, /^Approve once/);
    const last = card(priya).getByRole('button', { name: 'Approve once' });
    const box = (await last.boundingBox())!;
    expect(box.y + box.height).toBeLessThanOrEqual(640);
    expect(box.height).toBeGreaterThanOrEqual(44);
    expect(await priya.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await press(priya, 'Go back');
    await priya.setViewportSize({ width: 1280, height: 900 });
  });

  it('is approved by keyboard alone, once who presses proved again who they are (S1-32)', async () => {
    await opened.pass(6);
    const tabTo = async (target: Locator) => {
      for (let tabs = 0; tabs < MAX_TABS && !(await hasFocus(target)); tabs++) await priya.keyboard.press('Tab');
      await focused(target);
    };
    await tabTo(card(priya).getByRole('button', { name: /^Approve once/ }));
    await priya.keyboard.press('Enter');
    const review = card(priya).getByRole('heading', { name: 'Read, then approve' });
    await review.waitFor();
    await focused(review);
    const line = /^Priya Nair approved with changes Sam Lee’s request to retry .* 15 minutes where 30/;
    await card(priya).getByText(line).waitFor();
    await tabTo(card(priya).getByRole('button', { name: 'Approve once' }));
    await priya.keyboard.press('Enter');
    await priya.getByText('Approving needs a proof of who you are from the last 5 minutes.').waitFor();
    expect(await opened.facts('AccessApproved')).toEqual([]);
    await opened.proveAgain(priya, 'Priya');
    await card(priya).getByText(line).waitFor();
    await press(priya, 'Approve once');
    await waiting(priya).getByText(`Sam Lee asked to ${RETRY}: Priya Nair approved it with changes.`).waitFor();
    await mine('Approved with changes')
      .getByRole('row', { name: /^Time 30 min 15 min/ })
      .waitFor();
    expect(await opened.facts('FirstApprovalGiven', 'AccessApproved')).toEqual([
      ['FirstApprovalGiven', expect.objectContaining({ by: expect.objectContaining({ kind: 'member' }) })],
      ['AccessApproved', expect.objectContaining({ by: expect.objectContaining({ kind: 'staff' }) })],
    ]);
    await mine('Approved with changes')
      .getByRole('button', { name: /^Give it back/ })
      .click();
  });

  it('is asked about, made less and declined by the lead as by the customer, each with its word', async () => {
    await ask(sam);
    await press(maria, /^Approve once/);
    await press(maria, 'Approve once');
    await opened.proveAgain(maria, 'Maria');
    await press(maria, 'Approve once');
    await card(maria).getByText(SECOND).waitFor();
    await press(priya, 'Ask Sam a question');
    await card(priya).getByRole('textbox', { name: 'Your question to Sam' }).fill('Which of the two?');
    await press(priya, 'Ask the question');
    const asked = mine('You are asked something about');
    await asked.getByRole('textbox', { name: '“Which of the two?”' }).fill('The one of Tuesday.');
    await asked.getByRole('button', { name: 'Answer' }).click();
    await card(priya).getByText('Sam answered: “The one of Tuesday.”').waitFor();
    await press(priya, 'Approve with changes');
    await card(priya).getByRole('radio', { name: '10 min' }).check();
    await row(priya, 'Time 30 min 10 min').waitFor();
    await press(priya, 'Go back');
    await press(priya, 'Decline');
    await card(priya)
      .getByRole('textbox', { name: /^Message to Sam/ })
      .fill('We send it again from here.');
    await card(priya).getByText('Priya Nair declined Sam Lee’s request').waitFor();
    await press(priya, 'Decline');
    await mine('Declined').getByText('“We send it again from here.”').first().waitFor();
    await waiting(priya).getByText(`Sam Lee asked to ${RETRY}: Priya Nair declined it.`, { exact: false }).waitFor();
  });

  it('is never the lead’s own: it waits for another', async () => {
    const { page: own } = await opened.windowOf('Priya Nair');
    await ask(own);
    await approveFirst();
    await priya.reload();
    await waiting(priya).getByText('Nothing waits for your decision.').waitFor();
    expect(await card(priya).count()).toBe(0);
  });

  it('is on no page of who may not decide for the vendor, and nothing of it is tried for them', async () => {
    expect(await sam.getByRole('link', { name: 'To decide' }).count()).toBe(0);
    await sam.goto('/staff/decide');
    await sam.getByText('Your roles don’t let you decide for Fernway.').waitFor();
    const { service } = opened.story;
    expect(await service.facts(`denials-${service.staffId('sam')}`)).toEqual([]);
  });

  it('complained of nothing', () => expect(apartFromLateTokens(complaints)).toEqual([[], [], []]));
});
