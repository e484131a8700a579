import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { seriousFindings } from '../testing/browser.ts';
import { LOOKS, OpenedPages } from './opened-pages.ts';

describe('Signing in, and the story over two windows', () => {
  let opened: OpenedPages;
  beforeAll(async () => {
    opened = await OpenedPages.open();
  });
  afterAll(() => opened.close());
  const gate = (page: Page) => page.getByRole('switch', { name: 'Allow staff to open my workspace' });

  it('comes back to where one was going, and keeps no token where a script of another page could find it', async () => {
    const { page } = await opened.window();
    await page.goto('/owner#log');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.getByRole('button', { name: /^Sam Lee/ }).count()).toBe(0);
    await page.getByRole('button', { name: /^Maria Ortiz/ }).click();
    await gate(page).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).hash).toBe('/owner#log');
    const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
    expect(kept).toBe('[{},{},""]');
    await page.context().close();
  });

  it('never goes to another site than its own', async () => {
    const { page } = await opened.window();
    await page.goto(`/sign-in?side=owner&as=maria&to=${encodeURIComponent('//elsewhere.example/')}`);
    await gate(page).waitFor();
    expect(new URL(page.url()).origin).toBe(opened.story.serviceUrl);
    await page.context().close();
  });

  it('renews what has run out without a word while the issuer knows the person', async () => {
    const { page } = await opened.windowOf('Maria Ortiz');
    await gate(page).waitFor();
    const tokens = new Set<string>();
    let refused = 0;
    await page.route('**/graphql', async (route) => {
      const token = route.request().headers()['authorization'] ?? '';
      tokens.add(token);
      // The first token is over from now on.
      if (token !== [...tokens][0]) return route.continue();
      refused++;
      return route.fulfill({ status: 401, contentType: 'application/json', body: '{"errors":[]}' });
    });
    await page.getByRole('region', { name: 'Visit log' }).getByRole('searchbox').fill('vera');
    await page.getByRole('listitem').filter({ hasText: 'Omar Haddad' }).waitFor({ state: 'detached' });
    expect(refused).toBeGreaterThan(0);
    expect(tokens.size).toBe(2);
    expect(await page.getByRole('alertdialog').count()).toBe(0);
    await page.context().close();
  });

  it('says when it can’t be renewed, keeps what is on the screen, and goes on after signing in again', async () => {
    const { page } = await opened.windowOf('Maria Ortiz');
    await page.getByRole('listitem').filter({ hasText: 'Acme Co was registered' }).waitFor();
    await page.context().clearCookies();
    await page.route('**/graphql', (route) =>
      route.fulfill({ status: 401, contentType: 'application/json', body: '{"errors":[]}' }),
    );
    const dialog = page.getByRole('alertdialog', { name: 'Your sign-in has run out' });
    await dialog.waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.screenshot({ path: '.tmp/screens/sign-in-ran-out.png' });
    expect(await page.getByText('Acme Co was registered', { exact: false }).count()).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(1);
    await page.unroute('**/graphql');
    await dialog.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByRole('button', { name: /^Maria Ortiz/ }).click();
    await gate(page).waitFor();
    await page.context().close();
  });

  it('does not hand a page that somebody left open to whoever sits down next', async () => {
    const { page: hers } = await opened.windowOf('Maria Ortiz');
    await gate(hers).waitFor();
    const other = await hers.context().newPage();
    await other.goto('/');
    await other.getByRole('button', { name: /^Nina Brandt/ }).click();
    await gate(other).waitFor();
    await hers.route('**/graphql', (route) =>
      route.fulfill({ status: 401, contentType: 'application/json', body: '{"errors":[]}' }),
    );
    await hers.getByRole('alertdialog', { name: 'Your sign-in has run out' }).waitFor();
    await hers.context().close();
  });

  it('says so where a file of the page is not to be had any more, and has the page again by one press', async () => {
    const { page } = await opened.window();
    await page.route('**/assets/owner-page-*.js', (route) => route.fulfill({ status: 404 }));
    await page.goto('/owner');
    const lost = page.getByRole('alert').filter({ hasText: 'A part of this page could not be loaded.' });
    await lost.waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.screenshot({ path: '.tmp/screens/part-lost.png' });
    await page.unroute('**/assets/owner-page-*.js');
    await lost.getByRole('button', { name: 'Load the page again' }).click();
    await page.getByRole('button', { name: /^Maria Ortiz/ }).click();
    await gate(page).waitFor();
    await page.context().close();
  });

  it('leads through the story from one window to the other, and goes on when its step was done', async () => {
    const { page: first } = await opened.window();
    await first.goto('/');
    await first.getByRole('button', { name: 'Begin the story' }).click();
    await first.getByRole('button', { name: 'Skip this step' }).click();
    const [maria] = await Promise.all([
      first.waitForEvent('popup'),
      first.getByRole('link', { name: /Be Maria, and turn staff access on/ }).click(),
    ]);
    await gate(maria).waitFor();
    const guide = maria.getByRole('complementary', { name: 'The story' });
    await guide.getByText('Step 2 of 7').waitFor();
    for (const look of LOOKS) {
      await opened.picture(maria, 'owner-story', look);
      expect(await seriousFindings(maria)).toEqual([]);
    }
    await maria.setViewportSize({ width: 1280, height: 900 });
    await gate(maria).click();
    await maria.getByRole('button', { name: 'Turn staff access on' }).click();
    await guide.getByText('Step 3 of 7').waitFor();
    await first.getByRole('listitem').filter({ hasText: 'Sam comes in, for a reason' }).getByRole('link').waitFor();
    // The vendor's window opens beside it, with Sam in it; Maria stays who she is in hers.
    const [sam] = await Promise.all([
      maria.waitForEvent('popup'),
      guide.getByRole('link', { name: /Be Sam, and start the visit/ }).click(),
    ]);
    await sam.getByText(/^Sam Lee,/).waitFor();
    await maria.getByText(/^Maria Ortiz,/).waitFor();
    await guide.getByRole('button', { name: 'Leave the story' }).click();
    await first.getByRole('button', { name: 'Begin the story' }).waitFor();
    await first.context().close();
  });
});
