import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { GOOD } from '../staff/reason.ts';
import { ClockedPages } from './clocked-pages.ts';
import { focused } from './focus.ts';

const QUESTION = 'Is INV-88 the only one?';
const ANSWER = 'It is. The others were sent.';

describe('A visit that is asked for each time, in a browser, under the preset by-request', () => {
  let opened: ClockedPages;
  let maria: Page;
  let tom: Page;
  let sam: Page;

  const cardOf = (page: Page) =>
    page
      .getByRole('region', { name: 'Waiting for you' })
      .getByRole('article', { name: /^Request from Support \w{6} to look$/ });
  const card = () => cardOf(maria);
  const mine = (name: string) => sam.getByRole('article', { name: `${name}: to look` });
  const trims = async () => {
    await card().getByRole('button', { name: 'Approve with changes' }).click();
    await card().getByRole('checkbox', { name: 'Open Integrations' }).uncheck();
    await card().getByRole('radio', { name: '15 min' }).check();
  };

  beforeAll(async () => {
    opened = await ClockedPages.open('preset: by-request\n');
    ({ page: maria } = await opened.windowOf('Maria Ortiz'));
    ({ page: tom } = await opened.windowOf('Tom Reyes'));
    ({ page: sam } = await opened.windowOf('Sam Lee'));
  });
  afterAll(() => opened.close());

  it('doesn’t begin by itself, and is asked for from the same form, with what was typed (S2-8)', async () => {
    await sam.goto('/staff/start?case=CASE-123');
    await sam.getByRole('radio', { name: /^Failed invoice sync/ }).check();
    await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(GOOD);
    await sam.getByRole('button', { name: 'Start support session' }).click();
    await sam.getByRole('alert').getByText('Each visit here is approved first.').waitFor();
    await sam.getByRole('button', { name: 'Ask for access instead' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Ask for access to Acme Co for CASE-123' }).waitFor();
    const line = `Sam Lee asked to look, for 30 minutes, for CASE-123: “${GOOD}”`;
    await sam.getByText(line).waitFor();
    await sam.getByRole('button', { name: 'Ask for access', exact: true }).click();
    await mine('Waits for an answer').waitFor();
    expect(await opened.facts('SessionStarted', 'AccessRequested')).toEqual([
      ['AccessRequested', expect.objectContaining({ kind: 'read', caseRef: 'CASE-123' })],
    ]);
  });

  it('stands before the customer, under the name that the preset shows, and no visit is told of (S2-27)', async () => {
    await card().getByText(GOOD).waitFor();
    await card().getByText('Open Dashboard, Billing, Invoices, Invoice and Integrations').waitFor();
    await maria.mouse.move(0, 0);
    const log = maria.getByRole('region', { name: 'Visit log' });
    await log
      .getByRole('listitem')
      .filter({ hasText: /^.*Refused: Support \w{6} tried to start a visit for CASE-123/s })
      .waitFor();
    expect(await maria.getByText('Sam Lee').count()).toBe(0);
    // It was tried to begin one; nobody came in.
    expect(await log.getByRole('article').count()).toBe(0);
    expect(await log.getByText('came in').count()).toBe(0);
  });

  it('is decided by nobody who was shown another request: what was said meanwhile is read first (S4-47)', async () => {
    await trims();
    // Maria’s page hears of nothing until she presses.
    let deaf = true;
    await maria.route('**/graphql', (route) => {
      if (route.request().postData()?.includes('mutation ')) deaf = false;
      return deaf ? route.abort() : route.continue();
    });
    await cardOf(tom).getByRole('button', { name: 'Ask Support a question' }).click();
    await cardOf(tom).getByRole('textbox', { name: 'Your question to Support' }).fill(QUESTION);
    await cardOf(tom).getByRole('button', { name: 'Ask the question' }).click();
    const asked = mine('You are asked something about');
    await asked.getByRole('textbox', { name: `“${QUESTION}”` }).fill(ANSWER);
    await asked.getByRole('button', { name: 'Answer' }).click();
    await mine('Waits for an answer').waitFor();
    await card().getByRole('button', { name: 'Approve with changes' }).click();

    const told = card().getByRole('alert').filter({ hasText: 'It is another request than you were reading.' });
    await told.getByText(`Somebody asked: “${QUESTION}”`).waitFor();
    await told.getByText(`Support answered: “${ANSWER}”`).waitFor();
    expect(await opened.facts('AccessApproved')).toEqual([]);
    // The form is gone, and who was in it by keyboard is at the request's head.
    expect(await card().getByRole('heading', { name: 'What Support may do' }).count()).toBe(0);
    await focused(card().getByRole('heading', { name: /^Request from/ }));
    await maria.unroute('**/graphql');
  });

  it('is approved for less, asked and allowed side by side on both screens (S4-26)', async () => {
    await trims();
    const pages = 'Dashboard, Billing, Invoices, Invoice';
    const row = (where: Locator, name: string) => where.getByRole('row', { name, exact: true });
    await row(card(), `Pages ${pages}, Integrations ${pages}`).waitFor();
    await row(card(), 'Time 30 min 15 min').waitFor();
    await card()
      .getByText(
        /^Maria Ortiz approved with changes Support \w{6}’s request to look, for 15 minutes\. Left out: open Integrations; 15 minutes where 30 were asked for\./,
      )
      .waitFor();
    await card().getByRole('button', { name: 'Approve with changes' }).click();
    await row(mine('Approved with changes'), `Pages ${pages}, Integrations ${pages}`).waitFor();
    await row(mine('Approved with changes'), 'Time 30 min 15 min').waitFor();
    expect(await opened.facts('SessionStarted', 'ScopeConfirmed')).toEqual([]);
  });

  it('is confirmed as changed by who goes in, and opens that much and no more (S4-32)', async () => {
    await mine('Approved with changes')
      .getByRole('button', { name: /^Confirm and start/ })
      .click();
    await opened.throughTheDoor(sam, 'Sam Lee');
    await sam.getByText('Ends 09:15 UTC, in 15 min.').waitFor();
    const types = (await opened.facts('ScopeConfirmed', 'SessionStarted')).map(([type]) => type);
    expect(types).toEqual(['ScopeConfirmed', 'SessionStarted']);
    await sam.goto(`${opened.story.demoUrl}/billing`);
    await sam.getByRole('heading', { level: 1, name: 'Billing' }).waitFor();
    await sam.goto(`${opened.story.demoUrl}/integrations`);
    await sam.getByText('This attempt was written down. The rest of your visit goes on.').waitFor();
    const inside = maria.getByRole('article', { name: /^Support \w{6}, CASE-123$/ });
    await inside.getByText('Looking at Billing').waitFor();
    await inside.getByText('15 min left').waitFor();
  });
});
