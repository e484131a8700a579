import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { apartFromLateTokens, ClockedPages } from './clocked-pages.ts';
import { faultsIn } from './faults.ts';
import { focused } from './focus.ts';

/** It is nine in London and ten in Berlin, where both people are. */
describe('A visit that nobody uses, in a browser', () => {
  let opened: ClockedPages;
  let maria: Page;
  let sam: Page;
  let complaints: string[][];

  beforeAll(async () => {
    opened = await ClockedPages.open();
    ({ maria, sam, complaints } = await opened.mariaAndSam());
    await opened.turnOn(maria);
  });
  afterAll(() => opened.close());

  const log = () => maria.getByRole('region', { name: 'Visit log' });
  const line = (text: string) => log().getByRole('listitem').filter({ hasText: text });

  let console_: Page;
  const inside = () => maria.getByRole('article', { name: 'Sam Lee, CASE-123' });
  const warning = () => console_.getByRole('alertdialog', { name: 'Are you still there?' });
  const stays = () => opened.facts('PresenceConfirmed');

  beforeAll(async () => {
    await opened.visitToLook(sam, { minutes: 60 });
    console_ = await sam.context().newPage();
    await console_.goto(`${opened.story.service.url}/staff`);
    // A tab of its own signs in by itself: time passes once it is there.
    await console_.getByRole('button', { name: 'Exit this visit' }).waitFor();
  });
  afterAll(() => console_?.close());

  it('says in the product when it would end, and goes on from there by one key (S1-31, S4-62)', async () => {
    await opened.pass(10);
    await sam.getByText('What can I do?').click();
    await sam.getByText('Left alone, this visit ends at 09:15 UTC').waitFor();
    await sam.getByRole('button', { name: 'Stay' }).first().focus();
    await sam.keyboard.press('Enter');
    await sam.waitForURL('**/');
    await line('Sam Lee pressed Stay').waitFor();
    await console_.getByText('or at 10:25, if you do nothing').waitFor();
    expect(await stays()).toHaveLength(1);
  });

  it('is warned about a minute before, and not earlier, in a dialog in which one key stays (WCAG 2.2.1)', async () => {
    await opened.pass(13);
    await console_.getByText('37 min left').waitFor();
    expect(await warning().count()).toBe(0);
    await opened.pass(1);
    await warning().getByText('It ends by itself at 10:25, in 1 min, unless you stay.').waitFor();
    await focused(warning().getByRole('button', { name: 'Stay in this visit' }));
    expect(await faultsIn(opened, console_, 'staff-still-there')).toEqual({});
    await console_.keyboard.press('Enter');
    await warning().waitFor({ state: 'detached' });
    await console_.getByRole('status').getByText('You stay. The idle clock begins anew.').waitFor();
    await console_.getByText('or at 10:39, if you do nothing').waitFor();
    const [, second] = await stays();
    expect(second).toEqual(['PresenceConfirmed', { sessionId: expect.stringMatching(/^ses_/) }]);
    await inside().getByText('36 min left').waitFor();
    await line('Sam Lee pressed Stay').nth(1).waitFor();
    expect(await stays()).toHaveLength(2);
  });

  it('ends at its instant where nobody stays, as often as it was stayed in before (S1-31, S4-62)', async () => {
    await opened.pass(14);
    await warning().waitFor();
    expect(await opened.facts('SessionEnded')).toEqual([]);
    await opened.pass(1);
    await console_.getByRole('region', { name: 'Now' }).getByText('You are in no customer’s workspace.').waitFor();
    expect(await warning().count()).toBe(0);
    await line('Sam Lee’s visit ended: nobody had used it for a while').waitFor();
    expect(await opened.facts('SessionEnded')).toEqual([
      ['SessionEnded', { sessionId: expect.stringMatching(/^ses_/), cause: 'idle', at: '2031-03-04T09:39:00.000Z' }],
    ]);
  });

  it('is told of alike to the owner, in the product, and to who was inside', async () => {
    await maria.getByText('Nobody from outside is in your workspace.').waitFor();
    await line('Sam Lee’s visit ended').getByText('It ended after 39 of 60 minutes.').waitFor();
    await sam.goto(`${opened.story.demoUrl}/invoices`);
    await sam.getByRole('heading', { level: 1, name: 'Your visit to Acme Co has ended' }).waitFor();
    await sam.getByText('This visit has ended: nobody had used it for a while.').waitFor();
    expect(await sam.getByText('INV-88').count()).toBe(0);
    await sam.getByRole('link', { name: 'What was recorded' }).click();
    await sam.getByText('Nobody used it for a while. Nothing of Acme Co is open any more.').waitFor();
    await sam.getByText('An open visit that nobody uses is a door left open.').waitFor();
    const recorded = sam.getByRole('region', { name: 'What was recorded' });
    await recorded.getByText('Tue 4 Mar, 10:00 to 10:39, 39 of 60 minutes').waitFor();
  });

  it('complained of nothing but what was refused on purpose', () => {
    const [hers, his] = apartFromLateTokens(complaints);
    expect([hers, his?.filter((text) => !/403/.test(text))]).toEqual([[], []]);
  });
});
