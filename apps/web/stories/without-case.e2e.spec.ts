import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { GOOD } from '../staff/reason.ts';
import { ClockedPages } from './clocked-pages.ts';
import { faultsIn } from './faults.ts';

describe('A visit for no case, in a browser, where the settings ask for none (S0-44, policy.md)', () => {
  let opened: ClockedPages;
  let maria: Page;
  let sam: Page;
  let complaints: string[][];

  beforeAll(async () => {
    opened = await ClockedPages.open('preset: default\ncaseAnchor: optional\n');
    ({ maria, sam, complaints } = await opened.mariaAndSam());
    await opened.turnOn(maria);
  });
  afterAll(() => opened.close());

  const log = () => maria.getByRole('region', { name: 'Visit log' });

  it('is begun without one, and the line says so before it is written', async () => {
    await sam.goto('/staff/start');
    await sam.getByText('A visit is for one open support case, where there is one.').waitFor();
    const cases = sam.getByRole('combobox', { name: 'Open case' });
    expect(await cases.getByRole('option').allInnerTexts()).toContain('Without a case');
    expect(await cases.getAttribute('aria-required')).toBe('false');
    await sam.getByRole('combobox', { name: 'Workspace' }).selectOption({ label: 'Acme Co' });
    await cases.selectOption({ label: 'Without a case' });
    await sam.getByRole('heading', { level: 1, name: 'Start a visit to Acme Co', exact: true }).waitFor();
    await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(GOOD);
    await sam.getByText(`Sam Lee came in without a case to look, for up to 30 minutes: “${GOOD}”`).waitFor();
    await sam.getByRole('button', { name: 'Start support session' }).click();
    await opened.throughTheDoor(sam, 'Sam Lee');
    await sam.getByRole('region', { name: 'Support session' }).getByText('in Acme Co without a case').waitFor();
    expect(await opened.facts('SessionStarted')).toEqual([
      ['SessionStarted', expect.objectContaining({ caseId: null, caseRef: null })],
    ]);
  });

  it('says of itself to the owner that it is for none, while it goes on and in the book', async () => {
    const inside = maria.getByRole('article', { name: 'Sam Lee, without a case' });
    await inside.getByText(GOOD).waitFor();
    expect(await faultsIn(opened, maria, 'owner-without-case')).toEqual({});
    // Nothing moves under the pointer.
    await maria.mouse.move(0, 0);
    await log().getByRole('heading', { name: 'Sam Lee came in without a case' }).waitFor();
    await log().getByRole('listitem').filter({ hasText: 'Sam Lee came in without a case to look' }).waitFor();
  });

  it('says so in the line of more time for it, before it is asked for', async () => {
    const own = await sam.context().newPage();
    await own.goto(`${opened.story.service.url}/staff`);
    await own.getByRole('button', { name: 'Ask for more time', exact: true }).click();
    const line = `Sam Lee asked to look for longer, for 30 minutes, without a case: “${GOOD}”`;
    await own.getByRole('dialog').getByText(line).waitFor();
    await own.close();
  });

  it('says so on Sam’s own pages, and what was recorded of it leads to another without one', async () => {
    await sam.getByRole('button', { name: /^Exit/ }).click();
    await sam.getByRole('link', { name: 'What was recorded' }).click();
    await sam.getByRole('heading', { name: 'If there is more to do' }).waitFor();
    await sam.getByRole('link', { name: 'Start a new visit without a case' }).waitFor();
    await sam.goto(`${opened.story.service.url}/staff`);
    await sam.getByText('Acme Co, without a case').first().waitFor();
  });

  it('is among the first that a reviewer looks at, and says why', async () => {
    const { page: jonas } = await opened.windowOf('Jonas Weber');
    await jonas.goto('/review');
    const row = jonas.getByRole('region', { name: 'Visits' }).getByRole('listitem').filter({ hasText: 'Sam Lee' });
    await row.getByText('Here because no case was named.').waitFor();
    await row.getByRole('link', { name: 'Sam Lee visited Acme Co without a case' }).click();
    await jonas.getByRole('heading', { level: 1, name: /^Sam Lee .* Acme Co without a case/ }).waitFor();
    await jonas.getByText('Here because no case was named.').first().waitFor();
    await jonas.context().close();
  });

  it('complained of nothing', () => expect(complaints.flat()).toEqual([]));
});
