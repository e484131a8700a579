import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { seriousFindings } from '../testing/browser.ts';
import { LOOKS, OpenedPages } from './opened-pages.ts';

describe('The staff pages', () => {
  let opened: OpenedPages;
  beforeAll(async () => {
    opened = await OpenedPages.open();
  });
  afterAll(() => opened.close());

  const looks = async (page: Page, name: string) => {
    for (const look of LOOKS) {
      await opened.picture(page, name, look);
      expect([name, look, await seriousFindings(page)]).toEqual([name, look, []]);
    }
  };

  it('show nothing of a workspace whose owner has staff access off, and keep what was typed', async () => {
    const { page } = await opened.windowOf('Sam Lee');
    await page.getByRole('link', { name: 'Start a visit' }).first().click();
    const reason = page.getByRole('textbox', { name: 'What are you going in to find out?' });
    await reason.fill('Checking failed invoice sync on INV-88');
    await page.getByRole('button', { name: 'Start the visit' }).click();
    await page.getByRole('alert').getByText('Nothing of Acme Co is shown.').waitFor();
    expect(await reason.inputValue()).toBe('Checking failed invoice sync on INV-88');
    await looks(page, 'staff-start-off');
    await page.getByRole('link', { name: 'My visits' }).click();
    await page.getByText('You are in no workspace.').waitFor();
    await looks(page, 'staff-visits');
  });
});
