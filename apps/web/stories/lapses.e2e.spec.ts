import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { GOOD } from '../staff/reason.ts';
import { apartFromLateTokens, ClockedPages } from './clocked-pages.ts';
import { focused } from './focus.ts';

const RETRY = 'retry the failed invoice sync on INV-88, once';

/** It is nine in London and ten in Berlin, where both people are. */
describe('What was asked for and nobody takes up, in a browser', () => {
  let opened: ClockedPages;
  let maria: Page;
  let sam: Page;
  let complaints: string[][];

  beforeAll(async () => {
    opened = await ClockedPages.open('preset: default\nrequest: { lapseMinutes: 45, startByMinutes: 20 }\n');
    ({ maria, sam, complaints } = await opened.mariaAndSam());
    await opened.turnOn(maria);
  });
  afterAll(() => opened.close());

  const log = () => maria.getByRole('region', { name: 'Visit log' });
  const line = (text: string) => log().getByRole('listitem').filter({ hasText: text });

  const waiting = () => maria.getByRole('region', { name: 'Waiting for you' });
  const requests = () => maria.getByRole('region', { name: 'Requests' });
  const card = () => waiting().getByRole('article', { name: `Write request from Sam Lee to ${RETRY}` });
  const mine = (name: string) => sam.getByRole('article', { name: `${name}: to ${RETRY}` });
  const ask = async () => {
    await sam.goto(`${opened.story.service.url}/staff/ask?case=CASE-123&action=invoice.retrySync&target=INV-88`);
    await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(GOOD);
    await sam.getByRole('button', { name: 'Ask for access' }).click();
    await mine('Waits for an answer').waitFor();
    await card().waitFor();
  };

  it('lapses at its instant where nobody decides, under the eyes of both (S4-55)', async () => {
    await ask();
    await card().getByText('in 45 min, and nothing happens.').waitFor();
    await opened.pass(44);
    await card().getByText('If nobody answers, it lapses Tue 4 Mar, 10:45, in 1 min, and nothing happens.').waitFor();
    await mine('Waits for an answer').getByText('If nobody answers, it lapses Tue 4 Mar, 10:45, in 1 min.').waitFor();
    // Even who was about to approve it: nothing is left to press.
    await card()
      .getByRole('button', { name: /^Approve once/ })
      .click();
    await card().getByRole('heading', { name: 'Read, then approve' }).waitFor();
    await opened.pass(1);
    await waiting().getByText(`Sam Lee asked to ${RETRY}: It lapsed: nobody decided in time.`).waitFor();
    expect(await card().count()).toBe(0);
    // Who was in the form by keyboard is at what became of it.
    await focused(waiting().getByRole('listitem').filter({ hasText: 'It lapsed' }));
    await mine('Lapsed').getByText('It lapsed: nobody decided in time.').waitFor();
    await line('Sam Lee’s request lapsed: nobody decided in time').waitFor();
    expect(await opened.facts('AccessLapsed', 'AccessApproved')).toEqual([
      ['AccessLapsed', expect.objectContaining({ cause: 'nobody decided', at: '2031-03-04T09:45:00.000Z' })],
    ]);
  });

  it('lapses once approved where nobody begins, and can’t be begun any more, on both screens at once (S4-55)', async () => {
    await ask();
    await maria.reload();
    await card()
      .getByRole('button', { name: /^Approve once/ })
      .click();
    await card()
      .getByText(/^Maria Ortiz approved Sam Lee’s request/)
      .waitFor();
    const approve = card().getByRole('button', { name: /^Approve once/ });
    await approve.click();
    await opened.proveAgain(maria, 'Maria');
    await card()
      .getByText(/^Maria Ortiz approved Sam Lee’s request/)
      .waitFor();
    await approve.click();
    await mine('Approved, once').getByText('Begin it by Tue 4 Mar, 11:05, in 20 min.').waitFor();
    await opened.pass(19);
    await mine('Approved, once').getByText('Begin it by Tue 4 Mar, 11:05, in 1 min.').waitFor();
    expect(await opened.facts('GrantLapsed')).toEqual([]);
    await opened.pass(1);
    await mine('Approved').getByText('It ended unused: it was not begun in time.').waitFor();
    expect(await sam.getByRole('button', { name: /^Start visit/ }).count()).toBe(0);
    await requests().getByText('It ended unused: it was not begun in time.').waitFor();
    // Nothing moves under the pointer.
    await maria.mouse.move(0, 0);
    await line('What Sam Lee was granted lapsed').waitFor();
    expect(await opened.facts('GrantLapsed')).toEqual([
      ['GrantLapsed', expect.objectContaining({ cause: 'not started in time', at: '2031-03-04T10:05:00.000Z' })],
    ]);
  });

  it('complained of nothing but what was refused on purpose', () => {
    expect(
      apartFromLateTokens(complaints)
        .flat()
        .filter((text) => !/403/.test(text)),
    ).toEqual([]);
  });
});
