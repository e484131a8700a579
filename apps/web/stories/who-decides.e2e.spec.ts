import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { GOOD } from '../staff/reason.ts';
import { ClockedPages } from './clocked-pages.ts';
import { focused } from './focus.ts';

describe('An agent of the customer, whom the preset by-request lets decide, in a browser (S2-5)', () => {
  let opened: ClockedPages;
  let omar: Page;
  let sam: Page;

  beforeAll(async () => {
    opened = await ClockedPages.open('preset: by-request\n');
    ({ page: omar } = await opened.windowOf('Omar Haddad', { viewport: { width: 390, height: 844 } }));
    ({ page: sam } = await opened.windowOf('Sam Lee'));
  });
  afterAll(() => opened.close());

  const waiting = () => omar.getByRole('region', { name: 'Waiting for you' });

  it('sees at once what waits, and nothing of the book', async () => {
    await omar.getByRole('region', { name: 'The rules' }).waitFor();
    expect(await waiting().count()).toBe(0);
    await sam.goto('/staff/start?case=CASE-123');
    await sam.getByRole('radio', { name: /^Failed invoice sync/ }).check();
    await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(GOOD);
    await sam.getByRole('button', { name: 'Start support session' }).click();
    await sam.getByRole('button', { name: 'Ask for access instead' }).click();
    await sam.getByRole('button', { name: 'Ask for access', exact: true }).click();
    await sam.getByRole('heading', { level: 1, name: 'Your requests' }).waitFor();
    await waiting().getByText(GOOD).waitFor();
    for (const name of ['Visit log', 'Refused']) expect(await omar.getByRole('region', { name }).count()).toBe(0);
  });

  it('approves it once, and sees what became of it', async () => {
    await waiting().getByRole('button', { name: 'Approve once' }).click();
    await waiting().getByRole('button', { name: 'Approve once' }).click();
    await waiting().getByText('Nothing waits any more.').waitFor();
    const result = waiting().getByRole('listitem');
    await focused(result);
    const box = (await result.boundingBox())!;
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.y + box.height).toBeLessThanOrEqual(844);
    await omar.getByRole('region', { name: 'Requests' }).getByRole('listitem').first().waitFor();
    expect(await opened.facts('AccessRequested', 'AccessApproved')).toEqual([
      ['AccessRequested', expect.objectContaining({ kind: 'read' })],
      ['AccessApproved', expect.objectContaining({ change: null })],
    ]);
  });
});
