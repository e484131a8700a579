import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Person } from '../../demo/testing/person.ts';
import { OpenedPages } from './opened-pages.ts';
import { focused } from './focus.ts';

const PHONE = { width: 320, height: 640 };
const DESK = { width: 1280, height: 900 };

describe('The reviewer’s pages, in a browser', () => {
  let opened: OpenedPages;
  let jonas: Page;
  let complaints: string[];
  let sam: Person;

  const visits = () => jonas.getByRole('region', { name: 'Visits' });
  const row = (text: string | RegExp) => visits().getByRole('listitem').filter({ hasText: text });
  const told = () => jonas.getByRole('region', { name: 'What happened, in order' });
  const line = (text: string | RegExp) => told().getByRole('listitem').filter({ hasText: text });
  const used = () => jonas.getByRole('region', { name: 'Allowed and used' });

  beforeAll(async () => {
    opened = await OpenedPages.open();
    ({ page: jonas, complaints } = await opened.windowOf('Jonas Weber'));
    await jonas.goto('/review');
  });
  afterAll(() => opened.close());

  it('an empty week says what would stand there, and the weeks before are a press away (S1-82)', async () => {
    await visits().getByText('Nobody has come in this week.').waitFor();
    await visits().getByRole('heading', { name: 'What stands here' }).waitFor();
    const week = await jonas.getByRole('heading', { level: 1 }).innerText();
    await jonas.getByRole('link', { name: 'Previous week' }).click();
    await visits().getByText('Nobody came in this week.').waitFor();
    expect(await jonas.getByRole('heading', { level: 1 }).innerText()).not.toBe(week);
    expect(new URL(jonas.url()).search).toMatch(/^\?week=\d{4}-W\d\d$/);
    await jonas.goBack();
    await jonas.getByRole('heading', { level: 1, name: week }).waitFor();
    expect(await jonas.getByRole('link', { name: 'Next week' }).count()).toBe(0);
  });

  it('shows a visit while it goes on, with what was refused, among the first to be looked at', async () => {
    const on = await opened.story.command('access', 'on', 'acme', '--as', 'maria', '--for', '8h');
    expect(on.code).toBe(0);
    const priya = await opened.visit('priya', 'Inquiry INQ-7 does not show for the customer');
    await priya.open('/inquiries');
    await priya.post('/gatebook/exit', {});
    sam = await opened.visit();
    for (const path of ['/billing', '/invoices', '/customers/cus_81', '/invoices/INV-88']) await sam.open(path);
    // Neither pressed nor reloaded: the list is read by itself.
    const inside = row('Sam Lee visited Acme Co');
    await inside.getByText('Inside now').waitFor();
    await inside.getByText('Here because an attempt was refused.').waitFor();
    await inside.getByText('4 viewed').waitFor();
    const [first, others] = ['Look at these first', 'Nothing stands out'].map((name) =>
      visits().getByRole('region', { name }).getByRole('listitem').filter({ hasText: 'visited' }),
    );
    expect(await first?.count()).toBe(1);
    expect(await others?.allInnerTexts()).toEqual([expect.stringContaining('Priya Nair visited Acme Co for CASE-123')]);
  });

  it('tells a visit that goes on as a timeline, and each new page of it at once', async () => {
    await row('Sam Lee visited').getByRole('link').click();
    await jonas
      .getByRole('heading', {
        level: 1,
        name: 'Sam Lee is inside Acme Co for CASE-123: 4 pages viewed so far, nothing changed.',
      })
      .waitFor();
    await line('Still inside, looking at Invoice INV-88').waitFor();
    await sam.open('/integrations');
    await line('Still inside, looking at Integrations').waitFor();
    await line(/viewed 2 pages: Invoice INV-88, Integrations/).waitFor();
    expect(await jonas.title()).toBe('Sam Lee for CASE-123 · Gatebook');
  });

  it('tells the whole of an ended visit: one line on top, then in order, then what was tried after (S1-62)', async () => {
    expect((await opened.story.command('access', 'off', 'acme', '--as', 'maria')).code).toBe(0);
    await jonas
      .getByRole('heading', { level: 1, name: 'Sam Lee viewed 5 pages of Acme Co for CASE-123, and changed nothing.' })
      .waitFor();
    expect((await sam.open('/team')).status).toBe(403);
    await told().getByRole('heading', { name: 'After the end' }).waitFor();
    // Each list of lines, without those inside of lines.
    const lists = await told().locator('ol.timeline').all();
    const lines = await Promise.all(
      lists.map(async (list) =>
        (await list.locator('> li').allInnerTexts()).map((text) =>
          text.split('\n').find((part) => /[a-z]{3}/.test(part)),
        ),
      ),
    );
    expect(lines).toEqual([
      [
        expect.stringMatching(/^Maria Ortiz turned staff access on until /),
        'Sam Lee came in for CASE-123 to look, for up to 60 minutes: “Failed invoice sync since Tuesday”',
        'Sam Lee viewed 3 pages: Dashboard, Billing, Invoices',
        expect.stringMatching(/^Refused: Sam Lee tried to open Customer/),
        'Sam Lee viewed 2 pages: Invoice INV-88, Integrations',
        'Sam Lee’s visit ended: staff access was turned off',
      ],
      [expect.stringMatching(/^Refused: Sam Lee tried to open Team/)],
    ]);
    await jonas
      .getByText(/^Maria Ortiz had turned staff access on\. (Less than 1|\d+) of 60 minutes used, 2 attempts refused;/)
      .waitFor();
  });

  it('views stand together and open to every page, with exact times, UTC, and the fact itself', async () => {
    const views = line('viewed 3 pages: Dashboard, Billing, Invoices');
    const all = views.getByRole('button', { name: /^Every page of lines \d+–\d+/ });
    expect(await all.getAttribute('aria-expanded')).toBe('false');
    await all.click();
    expect(await views.getByRole('listitem').filter({ hasText: 'viewed' }).count()).toBe(3);
    expect(await views.getByRole('time').first().getAttribute('title')).toMatch(/^\d\d:\d\d:\d\d UTC$/);
    const refused = line('Refused: Sam Lee tried to open Customer').first();
    await refused.getByRole('button').click();
    await refused.getByText('pageIsViewable', { exact: true }).waitFor();
    const fact = refused.getByRole('region', { name: /as it stands in the log/ });
    expect(JSON.parse(await fact.innerText())).toMatchObject({ data: { rule: 'pageIsViewable' } });
  });

  it('says what was allowed, what of it was used, and what was left alone (S1-63, S1-84)', async () => {
    await used()
      .getByText(/^Opened 5 of \d+ pages that it could\.$/)
      .waitFor();
    const cells = async (name: string) =>
      used()
        .getByRole('row')
        .filter({ has: jonas.getByRole('rowheader', { name, exact: true }) })
        .getByRole('cell')
        .allInnerTexts();
    expect(await cells('Billing')).toEqual(['yes', '1 view']);
    expect(await cells('Inquiries')).toEqual(['yes', 'not used']);
    expect((await cells('Minutes'))[0]).toBe('60');
    const alone = jonas.getByRole('region', { name: 'Left alone' });
    await alone.getByText('Every field: nothing was changed.').waitFor();
    await alone.getByText(/Inbox, Customers and Administration: never opened\.$/).waitFor();
    await alone.getByText('What the visit could not do').click();
    await alone.getByText(/^Change anything/).waitFor();
  });

  it('gives the question as GraphQL, and the summary to be pasted', async () => {
    await jonas.getByRole('button', { name: 'Copy as GraphQL' }).click();
    const dialog = jonas.getByRole('dialog', { name: 'The lines of this visit, as GraphQL' });
    await dialog.getByText('query VisitLog').waitFor();
    // Escape leaves the dialog, and not the visit.
    await jonas.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await told().waitFor();
    await jonas.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await jonas.getByRole('button', { name: 'Copy the summary' }).click();
    await jonas.getByRole('status').getByText('The summary is copied.').waitFor();
    expect(await jonas.evaluate('navigator.clipboard.readText()')).toMatch(
      /^Sam Lee viewed 5 pages of Acme Co .*\nhttp.*\/review\/visit\/ses_/,
    );
  });

  it('is walked by single keys alone: j and k, Enter, Escape; and they can be turned off (WCAG 2.1.4)', async () => {
    await jonas.keyboard.press('Escape');
    const samsLink = row('Sam Lee visited').getByRole('link');
    await samsLink.waitFor();
    // Whoever comes back is where they were.
    await focused(samsLink);
    await jonas.keyboard.press('j');
    const priyas = row('Priya Nair visited').getByRole('link');
    await focused(priyas);
    await jonas.keyboard.press('j');
    await focused(priyas);
    await jonas.keyboard.press('Enter');
    const heading = jonas.getByRole('heading', { level: 1, name: /^Priya Nair viewed 2 pages/ });
    await heading.waitFor();
    await focused(heading);
    await jonas.getByText('2 of 2').waitFor();
    await jonas.keyboard.press('k');
    await jonas.getByRole('heading', { level: 1, name: /^Sam Lee viewed 5 pages/ }).waitFor();
    await jonas.getByText('1 of 2').waitFor();
    await jonas.getByRole('button', { name: 'Turn these keys off' }).click();
    await jonas.keyboard.press('Escape');
    await jonas.keyboard.press('j');
    expect(await jonas.getByRole('heading', { level: 1 }).innerText()).toMatch(/^Sam Lee/);
    await jonas.getByRole('button', { name: /^Turn the keys/ }).press('Enter');
    await jonas.keyboard.press('Escape');
    await samsLink.waitFor();
  });

  it('is filtered by what happened, where and by whom, in an address that can be sent on', async () => {
    await visits().getByRole('button', { name: 'Changed something (0)' }).click();
    await visits().getByText('No visit of this week fits these filters.').waitFor();
    await visits().getByRole('link', { name: 'Show every visit of the week' }).click();
    await visits().getByRole('button', { name: 'Was refused something (1)' }).click();
    await row('Priya Nair').waitFor({ state: 'detached' });
    await visits().getByRole('button', { name: 'All (2)' }).click();
    await visits().getByRole('combobox', { name: 'Staff member' }).selectOption('Priya Nair');
    await row('Sam Lee').waitFor({ state: 'detached' });
    const { page: other } = await opened.windowOf('Jonas Weber');
    await other.goto(jonas.url());
    await other.getByRole('listitem').filter({ hasText: 'Priya Nair visited' }).waitFor();
    expect(await other.getByRole('listitem').filter({ hasText: 'Sam Lee visited' }).count()).toBe(0);
    await other.context().close();
    await visits().getByRole('combobox', { name: 'Staff member' }).selectOption('Everybody');
    await visits().getByRole('combobox', { name: 'Workspace' }).selectOption('Bluebird Bakery');
    await visits().getByText('No visit of this week fits these filters.').waitFor();
    await visits().getByRole('combobox', { name: 'Workspace' }).selectOption('All workspaces');
    await row('Sam Lee visited').waitFor();
  });

  it('on a phone, nothing is cut off, and a visit is read from top to bottom', async () => {
    await jonas.setViewportSize(PHONE);
    await row('Sam Lee visited').getByRole('link').click();
    await line('viewed 3 pages').waitFor();
    expect(await jonas.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
    const [above, below] = await Promise.all([told().boundingBox(), used().boundingBox()]);
    expect(below!.y).toBeGreaterThan(above!.y + above!.height);
    await jonas.goBack();
    await row('Sam Lee visited').waitFor();
    expect(await jonas.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
    await jonas.setViewportSize(DESK);
  });

  it('says when what is shown may be old, keeps it, and goes on by itself', async () => {
    await jonas.context().setOffline(true);
    await jonas.getByRole('alert').getByText('Gatebook can’t be reached.').waitFor();
    await row('Sam Lee visited').waitFor();
    await jonas.context().setOffline(false);
    await jonas.getByRole('alert').getByText('Gatebook can’t be reached.').waitFor({ state: 'detached' });
  });

  it('answers for a visit that isn’t there as for any missing thing, and leads back', async () => {
    await jonas.goto('/review/visit/ses_nothing');
    await jonas.getByRole('heading', { level: 1, name: 'No such visit' }).waitFor();
    await jonas.getByRole('link', { name: 'Go to the list' }).click();
    await row('Sam Lee visited').waitFor();
  });

  it('is for reviewers: other staff read nothing there', async () => {
    const { page } = await opened.windowOf('Sam Lee');
    await page.goto('/review');
    await page.getByRole('heading', { level: 1, name: 'This page is for reviewers' }).waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: 'visited' }).count()).toBe(0);
    await page.context().close();
  });

  it('is where the story leads on to when it is over', async () => {
    const { page } = await opened.windowOf('Sam Lee');
    await page.evaluate(`localStorage.setItem('gatebook-run', '7')`);
    await page.reload();
    const story = page.getByRole('complementary', { name: 'The story' });
    const [review] = await Promise.all([
      page.waitForEvent('popup'),
      story.getByRole('link', { name: 'Be Jonas, and review the visits' }).click(),
    ]);
    await review.getByRole('listitem').filter({ hasText: 'Sam Lee visited' }).waitFor();
    // There it says that it was the story, and leads nowhere else.
    await review.getByText('That was the story.').waitFor();
    expect(await review.getByRole('link', { name: /^Be Jonas/ }).count()).toBe(0);
    await page.context().close();
  });

  it('complained of nothing', () => {
    expect(complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text))).toEqual([]);
  });
});
