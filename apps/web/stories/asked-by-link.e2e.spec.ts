import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { GOOD } from '../staff/reason.ts';
import { faultsIn } from './faults.ts';
import { focused } from './focus.ts';
import { OpenedPages } from './opened-pages.ts';

describe('The form to ask with, filled in by whatever a link says', () => {
  let opened: OpenedPages;
  let sam: Page;
  let complaints: string[];

  beforeAll(async () => {
    opened = await OpenedPages.open('preset: default\nwrite: { capMinutes: 45 }\n');
    await opened.story.command('access', 'on', 'acme', '--as', 'maria');
    ({ page: sam, complaints } = await opened.windowOf('Sam Lee'));
  });
  afterAll(() => opened.close());

  const askFor = async (wish: Record<string, string>) => {
    await sam.goto(`/staff/ask?${new URLSearchParams({ case: 'CASE-123', ...wish })}`);
    await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(GOOD);
  };
  const change = () => sam.getByRole('region', { name: 'The one change' });
  const which = () => change().getByRole('combobox', { name: 'What you ask to do' });
  const ask = () => sam.getByRole('button', { name: 'Ask for access', exact: true });
  const sent = async () => {
    const [request] = await Promise.all([
      sam.waitForRequest((one) => one.postData()?.includes('mutation RequestAccess') === true),
      ask().click(),
    ]);
    await sam.getByRole('heading', { level: 1, name: 'Your requests' }).waitFor();
    const { variables } = request.postDataJSON() as { variables: { input: Record<string, unknown> } };
    return variables.input;
  };

  it('says what is open to nobody, takes nothing of it over, and asks for what can be asked for (S0-38)', async () => {
    for (const wish of [{}, { job: 'invoice-sync' }] as Record<string, string>[]) {
      await askFor({ action: 'billing.changePlan', target: 'plus', args: '{"plan":"x"}', ...wish });
      await change().getByText('To change the plan is open to nobody of support, whoever approves it.').waitFor();
      expect(await change().getByText('With exactly').count()).toBe(0);
      await ask().click();
      await change().getByText('Choose what you ask to do, or a job that only looks.').waitFor();
      await focused(which());
    }
    expect(await faultsIn(opened, sam, 'staff-ask-never')).toEqual({});
    await askFor({ action: 'billing.changePlant' });
    await change().getByText('billing.changePlant is no action that can be asked for').waitFor();
    await which().selectOption('invoice.retrySync');
    expect(await change().getByText('is no action').count()).toBe(0);
    await change().getByRole('textbox', { name: 'Which invoice' }).fill('INV-88');
    expect(await sent()).toMatchObject({
      kind: 'WRITE',
      action: { name: 'invoice.retrySync', target: 'INV-88', argumentsJson: null },
    });
  });

  it('says beside an id that no product has what is wrong with it, and asks for nothing by it (T25)', async () => {
    const hides = 'This id holds characters that can’t be seen or that turn text around.';
    const value = sam.getByRole('region', { name: 'One masked value' });
    for (const [wish, part, name] of [
      [{ field: 'customer.email', record: 'cus_81\u202e18' }, value, 'Of which record'],
      [{ action: 'invoice.retrySync', target: 'INV-88\u200b' }, change(), 'Which invoice'],
    ] as const) {
      await askFor(wish);
      await part.getByText(hides).waitFor();
      await ask().click();
      const id = part.getByRole('textbox', { name });
      await focused(id);
      await id.fill('x'.repeat(201));
      expect(await id.inputValue()).toBe('x'.repeat(200));
      await part.getByText('This id').waitFor({ state: 'detached' });
    }
    expect(await faultsIn(opened, sam, 'staff-ask-wrong-id')).toEqual({});
  });

  it('stays as wide as a phone, however long what a link brought and the product doesn’t take (WCAG 1.4.10)', async () => {
    await sam.setViewportSize({ width: 320, height: 700 });
    const args = JSON.stringify({ value: 'W'.repeat(5000) });
    await askFor({ action: 'settings.change', target: 'tax', args });
    await change().getByText('is not among what the product takes. Choose another.').waitFor();
    const wider = `[...document.querySelectorAll('main *')].filter((element) =>
      element.getBoundingClientRect().right > 321).map((element) => element.outerHTML.slice(0, 60))`;
    expect(await sam.evaluate(wider)).toEqual([]);
    expect(await sam.evaluate('document.documentElement.scrollWidth')).toBe(320);
    const long = 'W'.repeat(2000);
    for (const [wish, said] of [
      [{ field: long }, 'is no field that can be asked for'],
      [{ action: long }, 'is no action that can be asked for'],
      [{ case: long }, 'is not an open case that you could visit for'],
    ] as const) {
      await askFor(wish);
      await sam.getByRole('alert').getByText(said).waitFor();
      expect(await sam.evaluate('document.documentElement.scrollWidth')).toBe(320);
    }
    // What is asked for is shown whole, and the press behind it stays near.
    await askFor({ action: 'settings.change', target: 'tax', args: `{"value":"10 %","${long}":"${long}"}` });
    const exactly = change().locator('.exactly');
    await exactly.getByText(long).first().waitFor();
    expect((await exactly.boundingBox())?.height).toBeLessThan(500);
    expect(await faultsIn(opened, sam, 'staff-ask-long')).toEqual({});
    await sam.setViewportSize({ width: 1280, height: 900 });
  });

  it('sends the time that it shows as chosen, whichever job it was chosen for', async () => {
    await askFor({ action: 'invoice.retrySync', target: 'INV-89' });
    const length = sam.getByRole('group', { name: 'For how long' });
    await length.getByRole('radio', { name: '45 min' }).check();
    await sam.getByRole('radio', { name: /^Missing inquiry/ }).check();
    expect(await length.locator('label:has(:checked)').allInnerTexts()).toEqual(['45 min']);
    await sam.getByText(/^Sam Lee asked to look, for 45 minutes/).waitFor();
    expect(await sent()).toMatchObject({ kind: 'READ', minutes: 45 });
    expect(complaints).toEqual([]);
  });
});
