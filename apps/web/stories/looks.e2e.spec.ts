import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import type { Person } from '../../demo/testing/person.ts';
import { faultsIn } from './faults.ts';
import { OpenedPages } from './opened-pages.ts';

const KILOBYTE = 1000;

describe('Every screen, from phone to desk, light and dark', () => {
  let opened: OpenedPages;
  let maria: Page;
  let sam: Person;
  let hers: readonly string[] = [];
  const complaints: string[] = [];

  const looks = async (page: Page, name: string) => expect(await faultsIn(opened, page, name)).toEqual({});

  beforeAll(async () => {
    opened = await OpenedPages.open();
  });
  afterAll(() => opened.close());

  it('the first page: everybody, and the story', async () => {
    const { page, complaints: heard } = await opened.window();
    await page.goto('/');
    await page.getByRole('button', { name: 'Begin the story' }).waitFor();
    await looks(page, 'first-page');
    await page.getByRole('button', { name: 'Begin the story' }).click();
    await page.getByRole('link', { name: /Be Sam, and try/ }).waitFor();
    await looks(page, 'first-page-story');
    await page.getByRole('button', { name: 'Skip this step' }).click();
    await page.getByRole('listitem').filter({ hasText: 'Maria opens the gate' }).getByRole('link').waitFor();
    complaints.push(...heard);
    await page.context().close();
  });

  it('the page to sign in on', async () => {
    const { page } = await opened.window();
    await page.goto('/owner');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await looks(page, 'sign-in');
    await page.context().close();
  });

  it('the owner’s page: off, with what turning on would write', async () => {
    let heard: string[];
    ({ page: maria, complaints: heard } = await opened.windowOf('Maria Ortiz'));
    hers = heard;
    await maria.getByRole('listitem').filter({ hasText: 'Acme Co was registered' }).waitFor();
    await looks(maria, 'owner-off');
    await maria.getByRole('switch').click();
    await maria.getByRole('checkbox', { name: 'Customers' }).uncheck();
    await maria.getByRole('checkbox', { name: 'Only for one case' }).check();
    await maria.getByRole('button', { name: 'Turn staff access on' }).click();
    await maria.getByRole('alert').getByText('Write which case').waitFor();
    await looks(maria, 'owner-turning-on');
    await maria.getByRole('combobox', { name: 'Which case' }).fill('CASE-123');
    await maria.getByRole('button', { name: 'Turn staff access on' }).click();
    await maria.getByText(/^On until/).waitFor();
  });

  it('the owner’s page: somebody inside, and refusals', async () => {
    sam = await opened.visit();
    for (const path of ['/billing', '/invoices', '/customers/cus_81', '/invoices/INV-88', '/labs'])
      await sam.open(path);
    await maria.getByRole('article', { name: 'Sam Lee, CASE-123' }).getByText('Looking at Invoice INV-88').waitFor();
    const line = maria.getByRole('listitem').filter({ hasText: 'Refused: Sam Lee tried to open Customer' });
    await line.last().getByRole('button').click();
    await maria.getByText('What Sam can and can’t do').click();
    await looks(maria, 'owner-visit');
  });

  it('the dialog with the question as GraphQL', async () => {
    await maria.getByRole('button', { name: 'Copy as GraphQL' }).click();
    await maria.getByRole('dialog').waitFor();
    await looks(maria, 'owner-graphql');
    await maria.keyboard.press('Escape');
  });

  it('the owner’s page: a message, and no connection', async () => {
    await maria.getByRole('switch').click();
    await maria.getByRole('status').getByText('Staff access is off. 1 visit has ended.').waitFor();
    await maria.screenshot({ path: '.tmp/screens/owner-message.png' });
    await maria.getByRole('region', { name: 'After a visit' }).getByRole('listitem').waitFor();
    await maria.context().setOffline(true);
    await maria.getByRole('alert').getByText('Gatebook can’t be reached.').waitFor();
    await maria
      .getByText(/^Not updated for/)
      .first()
      .waitFor();
    await looks(maria, 'owner-offline');
    await maria.context().setOffline(false);
    await maria
      .getByText(/^Updated/)
      .first()
      .waitFor();
  });

  it('the owner’s page with names as long as names can be', async () => {
    await maria.evaluate(`(() => {
      for (const element of document.querySelectorAll('.say p:first-child, .visit h4, .brand span, .lede, .big'))
        element.append(' Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft of Acme');
    })()`);
    await looks(maria, 'owner-long-names');
  });

  it('keeps what is chosen light or dark, whatever the system has', async () => {
    await maria.emulateMedia({ colorScheme: 'light' });
    const paper = () => maria.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await paper()).toBe('rgb(250, 250, 246)');
    await maria.getByRole('combobox', { name: 'Colours' }).selectOption('Dark');
    expect(await paper()).toBe('rgb(20, 24, 27)');
    await maria.reload();
    await maria.getByRole('switch').waitFor();
    expect(await paper()).toBe('rgb(20, 24, 27)');
    await maria.getByRole('combobox', { name: 'Colours' }).selectOption('As the system');
    expect(await paper()).toBe('rgb(250, 250, 246)');
  });

  it('keeps shape and word where the system forces its colours, and stands still where motion is unwanted', async () => {
    await maria.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    await maria.screenshot({ path: '.tmp/screens/owner-forced-colours.png', fullPage: true });
    expect(await maria.evaluate(`getComputedStyle(document.querySelector('.btn')).transitionDuration`)).toBe('0s');
    await maria.emulateMedia({ forcedColors: 'none', reducedMotion: 'no-preference' });
  });

  it('brings at most 150 kB of script before the owner’s page can be used', async () => {
    const { page } = await opened.window();
    const scripts = new Set<string>();
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.endsWith('.js')) scripts.add(pathname);
    });
    await page.goto('/');
    await page.getByRole('button', { name: /^Maria Ortiz/ }).click();
    await page.getByRole('switch').waitFor();
    const gzipped = [...scripts].reduce(
      (sum, path) => sum + gzipSync(readFileSync(`dist/apps/web${path}`)).byteLength,
      0,
    );
    expect(scripts.size).toBeGreaterThan(1);
    expect(gzipped).toBeLessThanOrEqual(150 * KILOBYTE);
  });

  it('is served so that files can be kept for good, and the page never', async () => {
    const page = await fetch(`${opened.story.serviceUrl}/owner`);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`script-src 'self';`);
    expect(policy).not.toMatch(/unsafe|\*/);
    const [file] = readdirSync('dist/apps/web/assets').filter((name) => name.endsWith('.js'));
    const script = await fetch(`${opened.story.serviceUrl}/assets/${file}`);
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(script.headers.get('content-type')).toContain('javascript');
    expect((await fetch(`${opened.story.serviceUrl}/assets/not-there.js`)).status).toBe(404);
    expect((await fetch(`${opened.story.serviceUrl}/nothing-of-ours`)).status).toBe(404);
  });

  it('complained of nothing', () => {
    const offline = /ERR_INTERNET_DISCONNECTED/;
    expect([...complaints, ...hers].filter((text) => !offline.test(text))).toEqual([]);
  });
});
