import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { OpenedPages } from './opened-pages.ts';

describe('The guided run, over two windows of one browser', () => {
  let opened: OpenedPages;
  let first: Page;
  let maria: Page;
  let sam: Page;
  beforeAll(async () => {
    opened = await OpenedPages.open();
    ({ page: first } = await opened.window());
    await first.goto('/');
  });
  afterAll(() => opened.close());

  const guide = (page: Page) => page.getByRole('complementary', { name: 'The story' });
  const at = (page: Page, step: number) => guide(page).getByText(`Step ${step} of 7`).waitFor();
  const done = (page: Page) => guide(page).getByRole('button', { name: 'Done, go on' }).click();

  it('1: Sam finds the gate closed', async () => {
    await first.getByRole('button', { name: 'Begin the story' }).click();
    [sam] = await Promise.all([
      first.waitForEvent('popup'),
      first.getByRole('link', { name: /Be Sam, and try to start a visit/ }).click(),
    ]);
    await at(sam, 1);
    await sam.getByRole('textbox').fill('Checking failed invoice sync on INV-88');
    await sam.getByRole('button', { name: 'Start support session' }).click();
    await sam.getByRole('alert').getByText('Staff access to Acme Co is off').waitFor();
    await at(sam, 2);
  });

  it('2: Maria opens the gate', async () => {
    [maria] = await Promise.all([
      sam.waitForEvent('popup'),
      guide(sam)
        .getByRole('link', { name: /Be Maria, and turn staff access on/ })
        .click(),
    ]);
    await maria.getByRole('region', { name: 'Refused' }).getByText('tried to start a visit').waitFor();
    await maria.getByRole('switch').click();
    await maria.getByRole('button', { name: 'Turn staff access on' }).click();
    await at(maria, 3);
    await at(sam, 3);
  });

  it('3: Sam comes in, for a reason', async () => {
    // His window is there already, and shows the same page: it is opened anew.
    await Promise.all([
      sam.waitForEvent('load'),
      guide(maria)
        .getByRole('link', { name: /Be Sam, and start the visit/ })
        .click(),
    ]);
    await sam.getByText(/^Sam Lee,/).waitFor();
    // What he typed when he was refused is there still.
    expect(await sam.getByRole('textbox').inputValue()).toBe('Checking failed invoice sync on INV-88');
    await sam.getByRole('button', { name: 'Start support session' }).click();
    await opened.throughTheDoor(sam, 'Sam Lee');
    await at(maria, 4);
  });

  it('4: Sam looks around, in the product', async () => {
    const places = sam.getByRole('navigation', { name: 'Pages' });
    await guide(maria).getByRole('link', { name: 'Open Fernway in another window' }).waitFor();
    await places.getByRole('link', { name: 'Customers' }).click();
    await sam.getByText('This attempt was written down.').waitFor();
    await sam.getByRole('link', { name: 'Back to the start page' }).click();
    await places.getByRole('link', { name: 'Billing' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Billing' }).waitFor();
    await done(maria);
  });

  it('5: Maria reads along, and closes', async () => {
    await at(maria, 5);
    const inside = maria.getByRole('article', { name: 'Sam Lee, CASE-123' });
    await inside.getByText('Looking at Billing').waitFor();
    await maria.getByRole('switch').click();
    await at(maria, 6);
  });

  it('6: Sam is out, and reads why', async () => {
    await sam.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Invoices' }).click();
    await sam.getByText('Support access has been revoked').waitFor();
    await sam.getByRole('link', { name: 'What was recorded' }).click();
    await sam.getByText('The customer turned staff access off.').waitFor();
    await at(sam, 7);
  });

  it('7: the book tells it all, and the run is over', async () => {
    // It goes on in the customer's window by itself.
    await at(maria, 7);
    await maria.getByRole('listitem').filter({ hasText: 'Sam Lee’s visit ended' }).waitFor();
    await done(maria);
    await guide(maria).getByText('That was the story. Look around as you like.').waitFor();
    await guide(maria).getByRole('button', { name: 'Close' }).click();
    await guide(maria).waitFor({ state: 'detached' });
    await first.getByRole('button', { name: 'Begin the story' }).waitFor();
    // Two windows all along beside the first: the customer’s and the vendor’s.
    expect(first.context().pages()).toHaveLength(3);
  });
});
