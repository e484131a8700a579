import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { faultsIn } from './faults.ts';
import { OpenedPages } from './opened-pages.ts';

const REASON = 'Acme asked for a copy of its customers before Friday’s move';

describe('An export that was approved by both, and what else is tried in its visit, in a browser', () => {
  let opened: OpenedPages;
  let maria: Page;
  let sam: Page;

  beforeAll(async () => {
    opened = await OpenedPages.open();
    await opened.story.command('access', 'on', 'acme', '--as', 'maria');
    const about = ['--as', 'sam', '--case', 'CASE-123', '--kind', 'export', '--action', 'customers.export'];
    const asked = await opened.story.command('request', 'acme', ...about, '--reason', REASON);
    const id = /req_\w+/.exec(asked.out)![0];
    for (const who of ['maria', 'priya']) {
      const { code, err } = await opened.story.command('approve', id, '--as', who, '--yes');
      if (code !== 0) throw new Error(err);
    }
    ({ maria, sam } = await opened.mariaAndSam());
    await sam.goto('/staff/requests');
    const approved = sam.getByRole('article', { name: 'Approved, once: to export the customers, once' });
    await approved.getByText('EXPORT, ONE ACTION').waitFor();
    await approved.getByRole('button', { name: /^Start visit/ }).click();
    await opened.throughTheDoor(sam, 'Sam Lee');
  });
  afterAll(() => opened.close());

  it('is told by its tag while the visit goes on, to the owner and to Sam (S1-67)', async () => {
    const inside = maria.getByRole('region', { name: 'Right now' }).getByRole('article');
    await inside.getByText('EXPORT, ONE ACTION').waitFor();
    await inside.getByText('Read only, and one action: export the customers (not used yet).').waitFor();
    expect(await faultsIn(opened, maria, 'owner-export-inside')).toEqual({});
    const console_ = await sam.context().newPage();
    await console_.goto(`${opened.story.serviceUrl}/staff`);
    await console_.getByRole('region', { name: 'Now' }).getByText('EXPORT, ONE ACTION').waitFor();
    await console_.close();
  });

  it('lets nothing else be done, and the refusal leads to asking for what was tried (S1-30)', async () => {
    await sam.goto(`${opened.story.demoUrl}/`);
    await opened.sends(sam, '/invoices/INV-91/retry-sync');
    await sam.getByRole('link', { name: 'Ask for it' }).waitFor();
    await sam.goto(`${opened.story.serviceUrl}/staff`);
    const refused = sam.getByRole('region', { name: 'Refused' }).getByRole('listitem').first();
    await refused.getByText('Approved was to export the customers.').waitFor();
    await refused.getByRole('link', { name: 'Ask for it' }).click();
    await sam.getByRole('heading', { level: 1, name: /^Ask for access to Acme Co/ }).waitFor();
    expect(await sam.getByRole('radio', { name: /^Retry a failed invoice sync/ }).isChecked()).toBe(true);
    expect(await sam.getByRole('textbox', { name: 'Which invoice' }).inputValue()).toBe('INV-91');
    await sam.getByText('You ask to retry the failed invoice sync on INV-91, once.').waitFor();
  });

  it('leads there from what was recorded of the visit, too', async () => {
    await sam.goto(`${opened.story.demoUrl}/`);
    await sam.getByRole('button', { name: /^Exit/ }).click();
    await sam.getByRole('link', { name: 'What was recorded' }).click();
    const line = sam.getByRole('listitem').filter({ hasText: 'tried to retry the failed invoice sync on INV-91' });
    await line.first().getByRole('link', { name: 'Ask for it' }).click();
    expect(await sam.getByRole('combobox', { name: 'Open case' }).inputValue()).toBe('CASE-123');
    expect(await sam.getByRole('textbox', { name: 'Which invoice' }).inputValue()).toBe('INV-91');
  });
});
