import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { until } from '#server/testing/until';
import type { Person } from '../../demo/testing/person.ts';
import { focused } from './focus.ts';
import { OpenedPages } from './opened-pages.ts';

const REASON = 'Failed invoice sync since Tuesday';

describe('The owner’s page, in a browser', () => {
  let opened: OpenedPages;
  let maria: Page;
  let complaints: string[];
  let sam: Person;
  const gate = () => maria.getByRole('switch', { name: 'Allow staff to open my workspace' });
  const log = () => maria.getByRole('region', { name: 'Visit log' });
  const line = (text: string | RegExp) => log().getByRole('listitem').filter({ hasText: text });

  beforeAll(async () => {
    opened = await OpenedPages.open();
    ({ page: maria, complaints } = await opened.windowOf('Maria Ortiz'));
  });
  afterAll(() => opened.close());

  it('says that the gate is off, and what staff could do and could not (S0-1, S3-1)', async () => {
    await maria.getByRole('heading', { level: 1, name: 'Staff access' }).waitFor();
    expect(await gate().getAttribute('aria-checked')).toBe('false');
    await maria.getByText('Off. Nobody from Fernway can open Acme Co.').waitFor();
    await maria.getByRole('heading', { name: 'Fernway staff can’t' }).waitFor();
    await maria.getByRole('region', { name: 'Right now' }).getByText('Nobody from outside').waitFor();
    await maria.getByRole('region', { name: 'After a visit' }).getByText('No visit has ended.').waitFor();
  });

  it('shows a refused attempt by itself, as a refusal and as a line (S0-9, S3-14)', async () => {
    const { code } = await opened.story.command(
      ...['sessions', 'start', 'acme', '--as', 'sam', '--case', 'CASE-123', '--reason', REASON],
    );
    expect(code).toBe(3);
    const refused = maria.getByRole('region', { name: 'Refused' });
    await refused.getByText('Sam Lee tried to start a visit for CASE-123').waitFor();
    await line('Sam Lee tried to start a visit for CASE-123').waitFor();
  });

  it('turns staff access on after the line was read, which is then the line that stands (S3-4)', async () => {
    await gate().click();
    expect(await gate().getAttribute('aria-checked')).toBe('false');
    await maria.getByRole('radio', { name: '8 hours' }).check();
    await maria.getByRole('checkbox', { name: 'Customers' }).uncheck();
    const draft = maria.getByText(/^Maria Ortiz turned staff access on until .*Left out: Customers\.$/);
    await draft.waitFor();
    const drafted = (await draft.innerText()).replace(/until (.*)\. Left out.*/, 'until $1');
    await maria.getByRole('button', { name: 'Turn staff access on' }).click();
    await maria.getByText(/^On until /).waitFor();
    await maria.getByText(/^Staff may come in and look\./).waitFor();
    expect(await gate().getAttribute('aria-checked')).toBe('true');
    const written = line('turned staff access on');
    await written.waitFor();
    // The minute may have turned between reading and writing.
    expect((await written.getByRole('paragraph').first().innerText()).replace(/\d\d:\d\d$/, '')).toBe(
      drafted.replace(/\d\d:\d\d$/, ''),
    );
    await maria.getByRole('definition').filter({ hasText: 'Customers' }).waitFor();
  });

  it('is told of each line as it is written, once, and reads behind it', async () => {
    const sent: string[] = [];
    const told: string[] = [];
    const read: (string | null | undefined)[] = [];
    maria.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => void sent.push(String(payload)));
      socket.on('framereceived', ({ payload }) => {
        const { position } = (JSON.parse(String(payload)) as Frame).payload?.data?.logEntryAppended ?? {};
        if (position !== undefined) told.push(position);
      });
    });
    maria.on('request', (request) => {
      if (!request.postData()?.includes('query VisitLog')) return;
      read.push((request.postDataJSON() as { variables: { minPosition?: string | null } }).variables.minPosition);
    });
    await maria.reload();
    await line('turned staff access on').waitFor();
    // The service hears of the page's wish before it hears of the command, which signs in first.
    await until(() => sent.some((frame) => frame.includes('logEntryAppended')));
    await opened.story.command('access', 'on', 'acme', '--as', 'nina');
    await line('Nina Brandt tried to turn staff access on').waitFor();
    const { out } = await opened.story.command('log', 'acme', '--as', 'maria', '--first', '1', '--json');
    const [newest] = (JSON.parse(out) as { nodes: { position: string; summary: string }[] }).nodes;
    expect(newest?.summary).toContain('Nina Brandt tried to turn staff access on');
    // No answer from tables that don't hold the line yet.
    await until(() => read.includes(newest!.position));
    expect(told).toEqual([newest!.position]);
  });

  it('shows who is inside, why, and the page that they look at (S0-48, S1-19, S3-20)', async () => {
    sam = await opened.visit('sam', REASON);
    await sam.open('/billing');
    const row = maria.getByRole('article', { name: 'Sam Lee, CASE-123' });
    await row.getByText('Looking at Billing').waitFor();
    await row.getByText(REASON).waitFor();
    await row.getByText('READ ONLY').waitFor();
    await row.getByText(/\d+ min left/).waitFor();
    await row.getByRole('img', { name: /of 60 minutes used/ }).waitFor();
    await maria.getByText('If you turn it off, 1 visit ends at once: Sam Lee, CASE-123.').waitFor();
    await line('Sam Lee viewed Billing').waitFor();
  });

  it('tells views, changes and refusals apart, and finds lines by words, person and kind (S1-18, S1-20)', async () => {
    await sam.open('/customers/cus_81');
    await line('Refused: Sam Lee tried to open Customer').waitFor();
    const kinds = log().getByRole('group', { name: 'Show' });
    await kinds.getByRole('button', { name: 'Viewed' }).click();
    await line('Sam Lee viewed Billing').waitFor({ state: 'detached' });
    await line('Sam Lee tried to open Customer').waitFor();
    await log().getByRole('button', { name: 'Show every line' }).click();
    await line('Sam Lee viewed Billing').waitFor();

    await log().getByRole('searchbox', { name: 'Search the visit log' }).fill('vera');
    await line('Vera Novak is now a viewer').waitFor();
    await line('Sam Lee viewed Billing').waitFor({ state: 'detached' });
    expect(await log().getByRole('listitem').count()).toBe(1);
    await log().getByRole('searchbox').fill('nothing like that');
    await log().getByText('No line fits these filters.').waitFor();
    await log().getByRole('button', { name: 'Show every line' }).first().click();

    await log().getByRole('combobox', { name: 'Person' }).selectOption({ label: 'Maria Ortiz' });
    await line('Sam Lee viewed Billing').waitFor({ state: 'detached' });
    await line('Maria Ortiz turned staff access on').waitFor();
    await log().getByRole('button', { name: 'Show every line' }).click();
    await log().getByRole('combobox', { name: 'Case' }).selectOption('CASE-123');
    await line('Vera Novak is now a viewer').waitFor({ state: 'detached' });
    await line('Sam Lee viewed Billing').waitFor();
    await log().getByRole('button', { name: 'Show every line' }).click();
    await line('Acme Co was registered').waitFor();
  });

  it('puts rule, exact time and UTC behind a line’s number', async () => {
    const refused = line('Sam Lee tried to open Customer');
    await refused.getByRole('button', { name: /^Details of line \d+/ }).click();
    await refused.getByText('The owner has not left the area out. areaIsNotLeftOut').waitFor();
    await refused.getByText(/^\d\d:\d\d:\d\d, \d\d:\d\d:\d\d UTC$/).waitFor();
  });

  it('writes every time in the zone that was chosen, and keeps the choice', async () => {
    const zone = maria.getByRole('combobox', { name: 'Time zone' });
    await zone.selectOption('Asia/Tokyo');
    await maria.getByText(/Times are in Tokyo \(UTC\+9\)/).waitFor();
    await maria.reload();
    await maria.getByText(/Times are in Tokyo/).waitFor();
    await zone.selectOption({ index: 0 });
    await maria.getByText(/Times are yours, Berlin/).waitFor();
  });

  it('saves the lines as CSV and as NDJSON, as they are filtered', async () => {
    await line('Acme Co was registered').waitFor();
    await log().getByRole('combobox', { name: 'Case' }).selectOption('CASE-123');
    await line('Acme Co was registered').waitFor({ state: 'detached' });
    const save = async (name: string) => {
      const [file] = await Promise.all([maria.waitForEvent('download'), log().getByRole('button', { name }).click()]);
      expect(file.suggestedFilename()).toMatch(/^acme-co-visit-log-\d{4}-\d\d-\d\d\.(csv|ndjson)$/);
      return readFileSync(await file.path(), 'utf8');
    };
    const csv = await save('Export CSV');
    expect(csv).toContain('line,time,recorded,sentence');
    expect(csv).toContain('Sam Lee viewed Billing');
    expect(csv).not.toContain('Vera Novak');
    const facts = (await save('Export NDJSON'))
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as object);
    expect(facts).toContainEqual(expect.objectContaining({ summary: 'Sam Lee viewed Billing' }));
    // The first file is a line of its own by then, and holds the words that are filtered by.
    expect(facts).toHaveLength(csv.trimEnd().split('\r\n').length);
    const [first] = facts as { summary: string }[];
    expect(first?.summary).toBe(`Maria Ortiz exported ${facts.length - 1} lines of the visit log as CSV`);
    await line(`Maria Ortiz exported ${facts.length} lines of the visit log as NDJSON`).waitFor();
    await log().getByRole('button', { name: 'Show every line' }).click();
  });

  it('gives the question that it asks as GraphQL, in a dialog that gives the focus back', async () => {
    const button = log().getByRole('button', { name: 'Copy as GraphQL' });
    await button.click();
    const dialog = maria.getByRole('dialog', { name: 'This view of the log, as GraphQL' });
    await dialog.getByText('query VisitLog(').waitFor();
    await maria.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await focused(button);
  });

  it('ends a visit by one press, and the next page of it is refused (S3-7)', async () => {
    await maria.getByRole('button', { name: 'End this visit now: Sam Lee' }).click();
    await maria.getByRole('status').getByText('Sam Lee’s visit has ended.').waitFor();
    await maria.getByRole('region', { name: 'Right now' }).getByText('Nobody from outside').waitFor();
    expect((await sam.open('/invoices')).status).toBe(403);
    await log().getByText('After the end').waitFor();
    await line('Sam Lee tried to open Invoices').waitFor();
  });

  it('reads afterwards a short note of the visit, and its lines from there (S4-57)', async () => {
    const notes = maria.getByRole('region', { name: 'After a visit' });
    // What was tried after the end is among the refusals.
    await notes
      .getByText(
        /^Sam Lee accessed your workspace to verify the issue in CASE-123, for (less than a minute|\d+ minutes?): 2 pages viewed, nothing changed, 2 attempts refused\. It ended because your team ended it\.$/,
      )
      .waitFor();
    await notes.getByRole('button', { name: /^Show its lines/ }).click();
    await log().getByText('Lines of one visit.').waitFor();
    await line('Acme Co was registered').waitFor({ state: 'detached' });
    await line('Sam Lee viewed Billing').waitFor();
    await log().getByRole('button', { name: 'Show every line' }).click();
    await line('Acme Co was registered').waitFor();
  });

  it('turns off by one press: every visit ends, and the last served page is named (S0-19, S3-7, S3-15)', async () => {
    sam = await opened.visit('sam', REASON);
    await maria.getByRole('article', { name: 'Sam Lee, CASE-123' }).waitFor();
    await gate().click();
    await maria.getByRole('status').getByText('Staff access is off. 1 visit has ended.').waitFor();
    await maria.getByText('Off. Nobody from Fernway can open Acme Co.').waitFor();
    expect((await sam.open('/billing')).page).toContain('Support access has been revoked');
    await maria.getByText(/^The last page was opened .* 1 attempt was refused since\.$/).waitFor();
  });

  it('holds new lines back while the pointer is in the list, and counts them (WCAG 2.2.2)', async () => {
    await line('Sam Lee tried to open Billing').waitFor();
    await log().getByText('Acme Co was registered').hover();
    await opened.story.command('access', 'on', 'acme', '--as', 'tom');
    await log().getByRole('button', { name: 'Show 1 new line' }).waitFor();
    expect(await line('Tom Reyes turned staff access on').count()).toBe(0);
    // By the keyboard: a pointer on its way to the button leaves the list, and the line comes by itself.
    await log().getByRole('button', { name: 'Show 1 new line' }).press('Enter');
    await line('Tom Reyes turned staff access on').waitFor();
  });

  it('can be paused, and says when what is shown is old; offline it says so, and goes on by itself', async () => {
    const now = maria.getByRole('region', { name: 'Right now' });
    await now.getByRole('button', { name: 'Pause updating' }).click();
    await now.getByText('Paused.').waitFor();
    await now.getByRole('button', { name: 'Go on updating' }).click();
    await now.getByText(/^Updated/).waitFor();
    await maria.context().setOffline(true);
    await maria.getByRole('alert').getByText('Gatebook can’t be reached.').waitFor();
    await now.getByText(/^Not updated for \d+ s/).waitFor();
    await maria.context().setOffline(false);
    await maria.getByRole('alert').getByText('Gatebook can’t be reached.').waitFor({ state: 'detached' });
    expect(complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
    complaints.length = 0;
  });

  it('shows who may not switch how the gate stands, and keeps the book from who does not answer for it (S3-22)', async () => {
    const { page: vera } = await opened.windowOf('Vera Novak');
    const hers = vera.getByRole('switch', { name: 'Allow staff to open my workspace' });
    await hers.waitFor();
    expect([await hers.getAttribute('aria-disabled'), await hers.getAttribute('aria-checked')]).toEqual([
      'true',
      'true',
    ]);
    await vera.getByText('Owners and admins may turn staff access on and off. You can see how it stands.').waitFor();
    expect(await vera.getByRole('region', { name: 'Visit log' }).count()).toBe(0);
    await vera.context().close();
  });

  it('comes back after a reload without a press, and signs out for good', async () => {
    await maria.reload();
    await gate().waitFor();
    await maria.getByRole('button', { name: 'Sign out' }).click();
    await maria.getByRole('button', { name: 'Sign out of this browser' }).click();
    await maria.getByRole('heading', { name: 'The book at the gate' }).waitFor();
    await maria.goto('/owner');
    await maria.getByRole('heading', { name: 'Sign in' }).waitFor();
    await maria.getByRole('button', { name: /^Maria Ortiz/ }).click();
    await gate().waitFor();
    expect(maria.url()).toMatch(/\/owner$/);
  });

  it('kept every promise of its policy: no page complained of anything', () => {
    expect(complaints).toEqual([]);
  });
});

/** What comes over the socket, as far as it matters here. */
interface Frame {
  readonly payload?: { readonly data?: { readonly logEntryAppended?: { readonly position?: string } } };
}
