import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { faultsIn } from './faults.ts';
import { OpenedPages } from './opened-pages.ts';

describe('Every screen of a request, from phone to desk, light and dark', () => {
  let opened: OpenedPages;
  let maria: Page;
  let sam: Page;

  beforeAll(async () => {
    opened = await OpenedPages.open();
    await opened.story.command('access', 'on', 'acme', '--as', 'maria');
    ({ page: maria } = await opened.windowOf('Maria Ortiz'));
    ({ page: sam } = await opened.windowOf('Sam Lee'));
  });
  afterAll(() => opened.close());

  const looks = async (page: Page, name: string) => expect(await faultsIn(opened, page, name)).toEqual({});
  const card = () => maria.getByRole('article', { name: /^Write request from Sam Lee/ });

  it('asking, by staff', async () => {
    await sam.goto('/staff/ask?case=CASE-123&action=invoice.retrySync&target=INV-88');
    await sam
      .getByRole('textbox', { name: 'What are you going in to find out?' })
      .fill('The sync of INV-88 failed on Tuesday. One retry should send it.');
    await sam.getByText(/^Sam Lee asked to retry the failed invoice sync on INV-88, once, for 30 minutes/).waitFor();
    await looks(sam, 'staff-ask');
    await sam.getByRole('button', { name: 'Ask for access' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Your requests' }).waitFor();
  });

  it('what waits, before the owner', async () => {
    await card().waitFor();
    await looks(maria, 'owner-waiting');
  });

  it('approving, and approving less', async () => {
    await card()
      .getByRole('button', { name: /^Approve once/ })
      .click();
    await card()
      .getByText(/^Maria Ortiz approved Sam Lee’s request/)
      .waitFor();
    await looks(maria, 'owner-approving');
    await card().getByRole('button', { name: 'Go back' }).click();
    await card().getByRole('button', { name: 'Approve with changes' }).click();
    await card().getByRole('checkbox', { name: 'Open Integrations' }).uncheck();
    await card().getByRole('radio', { name: '15 min' }).check();
    await looks(maria, 'owner-trimming');
    await card().getByRole('button', { name: 'Approve with changes' }).click();
    await maria.getByText('What was asked, and what was allowed').click();
    await looks(maria, 'owner-decided');
  });

  it('what was changed, before staff', async () => {
    await sam.getByRole('button', { name: /^Confirm and start/ }).waitFor();
    await looks(sam, 'staff-changed');
  });
});
