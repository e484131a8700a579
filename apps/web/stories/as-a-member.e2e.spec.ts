import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { GOOD } from '../staff/reason.ts';
import { ClockedPages } from './clocked-pages.ts';
import { faultsIn } from './faults.ts';
import { focused } from './focus.ts';

describe('A look as one of the members, in a browser (S1-4, S3-13)', () => {
  let opened: ClockedPages;
  let maria: Page;
  let sam: Page;
  let tomsId: string;

  beforeAll(async () => {
    opened = await ClockedPages.open();
    ({ maria, sam } = await opened.mariaAndSam());
    await opened.turnOn(maria);
    const told = await opened.facts('MemberRoleChanged');
    const tom = told.find(([, { personal }]) => (personal as { name: string }).name === 'Tom Reyes');
    tomsId = tom?.[1].memberId as string;
  });
  afterAll(() => opened.close());

  const member = () => sam.getByRole('textbox', { name: 'The member’s id' });
  const asks = () => sam.getByRole('button', { name: 'Ask for access', exact: true });

  it('is asked for, from the form that starts a visit, and names one member by the id', async () => {
    await sam.goto('/staff/start?case=CASE-123');
    await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(GOOD);
    await sam.getByRole('button', { name: 'ask for it' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Ask for access to Acme Co for CASE-123' }).waitFor();
    await focused(member());
    await asks().click();
    await sam.getByText('Name one member by the id: mem_ and 26 letters and digits.').waitFor();
    await member().fill('tom@acme.example');
    await asks().click();
    expect(await member().getAttribute('aria-invalid')).toBe('true');
    expect(await opened.facts('AccessRequested')).toEqual([]);
    // Nobody of the workspace is named to somebody who isn’t let in.
    expect(await sam.getByText('Tom Reyes').count()).toBe(0);
  });

  it('is shown before it is written, by the id, whatever the width', async () => {
    await member().fill(tomsId);
    await sam
      .getByText(`Sam Lee asked to look, viewing as Member ${tomsId}, for 30 minutes, for CASE-123: “${GOOD}”`)
      .waitFor();
    expect(await faultsIn(opened, sam, 'staff-ask-as-member')).toEqual({});
  });

  it('is no more once it is oneself again', async () => {
    await sam.getByRole('radio', { name: 'As yourself' }).check();
    await sam.getByText(`Sam Lee asked to look, for 30 minutes, for CASE-123: “${GOOD}”`).waitFor();
    await sam.getByRole('radio', { name: 'As a member' }).check();
    await member().fill(tomsId);
  });

  it('stands by the member’s name before both, once it is written', async () => {
    await asks().click();
    await sam.getByRole('article', { name: 'Waits for an answer: to look, viewing as Tom Reyes' }).waitFor();
    const card = maria.getByRole('article', { name: 'Request from Sam Lee to look, viewing as Tom Reyes' });
    await card.getByText('Sam would see what they see.').waitFor();
    expect(await opened.facts('AccessRequested')).toEqual([
      ['AccessRequested', expect.objectContaining({ kind: 'read', viewAs: tomsId })],
    ]);
    await maria.mouse.move(0, 0);
    const log = maria.getByRole('region', { name: 'Visit log' });
    await log.getByText('to look, viewing as Tom Reyes, for 30 minutes').first().waitFor();
  });

  it('can be asked for anew with the same member', async () => {
    const card = maria.getByRole('article', { name: 'Request from Sam Lee to look, viewing as Tom Reyes' });
    await card.getByRole('button', { name: 'Decline' }).click();
    await card.getByRole('form', { name: 'Decline the request' }).getByRole('button', { name: 'Decline' }).click();
    const declined = sam.getByRole('article', { name: 'Declined: to look, viewing as Tom Reyes' });
    await declined.getByRole('link', { name: 'Ask anew' }).click();
    expect(await member().inputValue()).toBe(tomsId);
  });
});
