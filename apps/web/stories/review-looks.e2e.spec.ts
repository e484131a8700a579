import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Person } from '../../demo/testing/person.ts';
import { faultsIn } from './faults.ts';
import { OpenedPages } from './opened-pages.ts';
import { stretch } from './stretched.ts';

describe('The reviewer’s screens, from phone to desk, light and dark', () => {
  let opened: OpenedPages;
  let jonas: Page;
  let complaints: string[];
  let sam: Person;
  const looks = async (name: string) => expect(await faultsIn(opened, jonas, name)).toEqual({});
  const visit = (who: string) =>
    jonas
      .getByRole('listitem')
      .filter({ hasText: `${who} visited` })
      .getByRole('link');

  beforeAll(async () => {
    opened = await OpenedPages.open();
    ({ page: jonas, complaints } = await opened.windowOf('Jonas Weber'));
  });
  afterAll(() => opened.close());

  it('a week in which nobody came in', async () => {
    await jonas.goto('/review');
    await jonas.getByText('Nobody has come in this week.').waitFor();
    await looks('review-empty');
  });

  it('a visit that goes on', async () => {
    await opened.story.command('access', 'on', 'acme', '--as', 'maria', '--for', '8h');
    sam = await opened.visit();
    for (const path of ['/billing', '/invoices', '/customers/cus_81']) await sam.open(path);
    await visit('Sam Lee').click();
    await jonas.getByText('Still inside, looking at Invoices').waitFor();
    await looks('review-going-on');
  });

  it('a visit that has ended, with a pause in it, opened to its last detail', async () => {
    for (const path of ['/invoices/INV-88', '/integrations', '/labs', '/billing']) await sam.open(path);
    await opened.story.command('access', 'off', 'acme', '--as', 'maria');
    await sam.open('/team');
    await jonas.getByRole('heading', { name: 'After the end' }).waitFor();
    // The seconds that the looks at it took are told as a pause of minutes.
    const whenWas = async (what: string) => {
      const time = jonas.getByRole('listitem').filter({ hasText: what }).getByRole('time').first();
      return Date.parse((await time.getAttribute('datetime')) ?? '');
    };
    const ended = await whenWas('visit ended: staff access was turned off');
    await stretch(jonas, await whenWas('Sam Lee came in'), ended, 14 * 60_000);
    await jonas.reload();
    await jonas
      .getByText(/^\d+ min, nothing opened\. The idle limit is 15 min\.$/)
      .first()
      .waitFor();
    await looks('review-visit');
    await jonas
      .getByRole('button', { name: /^Every page of lines/ })
      .first()
      .click();
    await jonas
      .getByRole('button', { name: /^Details of line/ })
      .nth(2)
      .click();
    await jonas.getByText('What the visit could not do').click();
    await looks('review-visit-open');
  });

  it('the visits of a week', async () => {
    await jonas.unroute('**/graphql');
    await opened.story.command('access', 'on', 'acme', '--as', 'maria', '--for', '8h');
    await opened.story.command('access', 'on', 'bluebird', '--as', 'bea', '--for', '8h');
    const priya = await opened.visit('priya', 'Inquiry INQ-7 does not show for the customer');
    await priya.open('/inquiries');
    await jonas.keyboard.press('Escape');
    await visit('Priya Nair').waitFor();
    await jonas.evaluate('document.activeElement.blur()');
    await looks('review-week');
  });

  it('keeps shape and word where the system forces its colours', async () => {
    await visit('Sam Lee').click();
    await jonas.getByRole('heading', { name: 'The visit to scale' }).waitFor();
    await jonas.emulateMedia({ forcedColors: 'active' });
    await jonas.screenshot({ path: '.tmp/screens/review-forced-colours.png', fullPage: true });
    await jonas.emulateMedia({ forcedColors: 'none' });
  });

  it('complained of nothing', () => expect(complaints).toEqual([]));
});
