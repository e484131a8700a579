import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page, Route } from 'playwright-core';
import { GOOD, POOR } from '../staff/reason.ts';
import { apartFromLateTokens, ClockedPages } from './clocked-pages.ts';
import { faultsIn } from './faults.ts';
import { focused } from './focus.ts';

const LEFT = 'Second failed sync found on INV-91';

/** It is nine in London and ten in Berlin, where both people are. */
describe('More time, asked for from a visit that runs out, in a browser', () => {
  let opened: ClockedPages;
  let maria: Page;
  let sam: Page;
  let console_: Page;
  let complaints: string[][];

  beforeAll(async () => {
    opened = await ClockedPages.open();
    ({ maria, sam, complaints } = await opened.mariaAndSam());
    await opened.turnOn(maria);
    await opened.visitToLook(sam, { minutes: 15 });
    console_ = await sam.context().newPage();
    await console_.goto(`${opened.story.service.url}/staff`);
    // A tab of its own signs in by itself: time passes once it is there.
    await more().waitFor();
  });
  afterAll(() => opened.close());

  const more = () => console_.getByRole('button', { name: 'Ask for more time', exact: true });
  const dialog = () => console_.getByRole('dialog', { name: 'Ask for more time in Acme Co' });
  const reason = () => dialog().getByRole('textbox', { name: 'Why you need it: what is left to find out' });
  const send = () => dialog().getByRole('button', { name: 'Ask for more time' });
  const asked = () => opened.facts('AccessRequested');
  const starts = async () =>
    (await opened.facts('SessionStarted')).map(([, { sessionId, plannedEnd }]) => [sessionId, plannedEnd]);

  it('says that the end stays as it is, and begins with the visit’s own reason', async () => {
    await maria.getByRole('button', { name: 'Change', exact: true }).first().click();
    await maria.getByRole('checkbox', { name: /^Ask me for each visit/ }).check();
    await maria.getByRole('button', { name: 'Set staff access anew' }).click();
    await maria.getByRole('button', { name: 'Set staff access anew' }).waitFor({ state: 'detached' });
    await opened.pass(5);
    await more().click();
    await dialog().getByText('This visit ends at 10:15 all the same').waitFor();
    expect(await reason().inputValue()).toBe(GOOD);
    await dialog().getByText(`Sam Lee asked to look for longer, for 30 minutes, for CASE-123: “${GOOD}”`).waitFor();
    expect(await faultsIn(opened, console_, 'staff-more-time')).toEqual({});
  });

  it('is left by Escape with nothing written, and gives the focus back', async () => {
    await console_.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await focused(more());
    expect(await asked()).toEqual([]);
  });

  it('is not asked for with a reason that says nothing', async () => {
    await more().press('Enter');
    await reason().fill(POOR);
    await send().click();
    await dialog().getByText('The reason would be refused as it stands.').waitFor();
    await focused(reason());
    expect(await asked()).toEqual([]);
  });

  it('counts once where the answer was lost on the way', async () => {
    await reason().fill(LEFT);
    await dialog().getByText('15 min').click();
    await dialog().getByText(`Sam Lee asked to look for longer, for 15 minutes, for CASE-123: “${LEFT}”`).waitFor();
    const lost = async (route: Route) => {
      if (!route.request().postData()?.includes('mutation RequestAccess')) return route.continue();
      await route.fetch();
      await route.abort();
    };
    await console_.route('**/graphql', lost);
    await send().click();
    await dialog().getByText('It isn’t known here whether your request was written.').waitFor();
    await console_.unroute('**/graphql', lost);
    await send().click();
    await dialog().waitFor({ state: 'detached' });
    await console_.getByText('You asked for more time. Your requests say what comes of it.').waitFor();
    const [[session]] = (await starts()) as [[string]];
    expect(await asked()).toEqual([
      [
        'AccessRequested',
        expect.objectContaining({ kind: 'extension', extends: session, caseRef: 'CASE-123', asks: 'customer' }),
      ],
    ]);
  });

  it('is approved by the owner, and is a visit of its own: no end that was granted is moved (policy.md, 2)', async () => {
    const card = maria.getByRole('region', { name: 'Waiting for you' }).getByRole('article');
    await card.getByText(LEFT).first().waitFor();
    await card.getByRole('button', { name: /^Approve once/ }).click();
    await card.getByRole('heading', { name: 'Read, then approve' }).waitFor();
    await card.getByRole('button', { name: /^Approve once/ }).click();
    await maria.getByText('Maria Ortiz approved Sam Lee’s request to look for longer, for 15 minutes').waitFor();
    await console_.goto('/staff/requests');
    const approved = console_.getByRole('article', { name: 'Approved, once: to look for longer' });
    await approved.waitFor();
    expect(await opened.facts('SessionEnded')).toEqual([]);
    await approved.getByRole('button', { name: /^Start visit/ }).click();
    await console_.getByRole('region', { name: 'Support session' }).waitFor();
    const [first, second, ...others] = await starts();
    expect([first?.[1], second?.[1], others]).toEqual(['2031-03-04T09:15:00.000Z', '2031-03-04T09:20:00.000Z', []]);
    // One’s own gives way: nobody is in two visits.
    expect(await opened.facts('SessionEnded')).toEqual([
      ['SessionEnded', expect.objectContaining({ sessionId: first?.[0], at: '2031-03-04T09:05:00.000Z' })],
    ]);
    expect(apartFromLateTokens(complaints)).toEqual([[], []]);
  });

  it('goes with the visit that it was about to be asked for in, and leaves the focus where that stood', async () => {
    const [, [session]] = (await starts()) as [[string], [string]];
    await sam.goto(`${opened.story.service.url}/staff/visit/${session}`);
    await sam.getByRole('button', { name: 'Exit this visit' }).focus();
    await console_.goto(`${opened.story.service.url}/staff`);
    await more().click();
    await dialog().waitFor();
    await maria.getByRole('button', { name: 'End this visit now: Sam Lee' }).click();
    await dialog().waitFor({ state: 'detached' });
    await console_.getByText('You are in no customer’s workspace.').waitFor();
    await focused(console_.getByRole('region', { name: 'Now' }));
    // On the visit’s own page all of it is another one then.
    await focused(sam.getByRole('heading', { level: 1, name: 'Your visit to Acme Co has ended' }));
  });
});
