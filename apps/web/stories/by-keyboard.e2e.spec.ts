import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Person } from '../../demo/testing/person.ts';
import { OpenedPages } from './opened-pages.ts';
import { focused, hasFocus } from './focus.ts';

const MOST_TABS = 80;

describe('The owner’s story by keyboard alone', () => {
  let opened: OpenedPages;
  let page: Page;
  let sam: Person;

  beforeAll(async () => {
    opened = await OpenedPages.open();
    ({ page } = await opened.window());
    await page.goto('/');
    await page.getByRole('button', { name: /^Maria Ortiz/ }).waitFor();
  });
  afterAll(() => opened.close());

  /** Tabs on, or back, until the target has the focus; what has it is always to be seen, with a ring, and uncovered. */
  const tabTo = async (target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab') => {
    await target.waitFor();
    for (let pressed = 0; pressed < MOST_TABS; pressed++) {
      await page.keyboard.press(key);
      const seen = await page.evaluate(`(() => {
        const { activeElement: element } = document;
        if (element === document.body) return 'ok';
        const ring = getComputedStyle(element).outlineStyle;
        const { left, top, width, height } = element.getBoundingClientRect();
        const covering = document.elementFromPoint(left + width / 2, top + height / 2);
        if (ring === 'none') return 'no ring: ' + element.outerHTML.slice(0, 100);
        const label = element.closest('label');
        return covering && (element.contains(covering) || covering.contains(element) || label?.contains(covering))
          ? 'ok' : 'covered: ' + element.outerHTML.slice(0, 100);
      })()`);
      expect(seen).toBe('ok');
      if (await hasFocus(target)) return;
    }
    throw new Error(`${String(target)} was not reached by ${MOST_TABS} presses of ${key}.`);
  };
  const gate = () => page.getByRole('switch', { name: 'Allow staff to open my workspace' });

  it('signs in, and arrives at the head of the page', async () => {
    await tabTo(page.getByRole('button', { name: /^Maria Ortiz/ }));
    await page.keyboard.press('Enter');
    await gate().waitFor();
  });

  it('turns staff access on: choices by arrows and space, and Escape is never needed', async () => {
    await tabTo(gate());
    await page.keyboard.press('Space');
    const heading = page.getByRole('heading', { name: 'Turn staff access on' });
    await heading.waitFor();
    await focused(heading);
    await tabTo(page.getByRole('radio', { name: '24 hours' }));
    await page.keyboard.press('ArrowLeft');
    expect(await page.getByRole('radio', { name: '8 hours' }).isChecked()).toBe(true);
    await tabTo(page.getByRole('checkbox', { name: 'Integrations' }));
    await page.keyboard.press('Space');
    await page.getByText('You leave this out').waitFor();
    await tabTo(page.getByRole('button', { name: 'Turn staff access on' }));
    await page.keyboard.press('Enter');
    await page.getByText(/^On until/).waitFor();
    // The form is gone: the focus is where it was opened from.
    await focused(gate());
  });

  it('sees a visitor, and ends the visit', async () => {
    sam = await opened.visit();
    await sam.open('/billing');
    await page.getByRole('article', { name: 'Sam Lee, CASE-123' }).getByText('Looking at Billing').waitFor();
    await tabTo(page.getByRole('button', { name: 'End this visit now: Sam Lee' }));
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Right now' }).getByText('Nobody from outside').waitFor();
    expect((await sam.open('/invoices')).status).toBe(403);
    // Not lost at the top of the page: the next stop is in the same part, or behind it.
    await focused(page.getByRole('region', { name: 'Right now' }));
  });

  it('reads a line’s details, filters, opens the dialog and leaves it', async () => {
    const log = page.getByRole('region', { name: 'Visit log' });
    await tabTo(log.getByRole('searchbox'));
    await page.keyboard.type('invoices');
    const found = log.getByRole('listitem').filter({ hasText: 'Sam Lee tried to open Invoices' });
    await found.waitFor();
    await log.getByRole('listitem').filter({ hasText: 'was registered' }).waitFor({ state: 'detached' });
    await tabTo(found.getByRole('button'));
    await page.keyboard.press('Enter');
    await found.getByText('visitHasNotEnded').waitFor();
    await tabTo(log.getByRole('button', { name: 'Copy as GraphQL' }));
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    for (let pressed = 0; pressed < 12; pressed++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(`document.activeElement.closest('[role=dialog]') !== null`)).toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await focused(log.getByRole('button', { name: 'Copy as GraphQL' }));
  });

  it('turns off by one press', async () => {
    await tabTo(gate(), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Off. Nobody from Fernway can open Acme Co.').waitFor();
  });

  it('skips to the visit log from the top', async () => {
    await page.reload();
    await gate().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await focused(page.getByRole('link', { name: 'Go to the visit log' }));
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(`document.activeElement.closest('#log') !== null`)).toBe(true);
  });

  it('walks through the whole page and out of it again: no trap', async () => {
    await page.goto('/owner');
    await gate().waitFor();
    const stops = new Set<string>();
    for (let pressed = 0; pressed < 3 * MOST_TABS; pressed++) {
      await page.keyboard.press('Tab');
      const stop = String(await page.evaluate('document.activeElement.outerHTML.slice(0, 200)'));
      if (stops.size > 20 && stop.includes('class="skip"')) break;
      stops.add(stop);
    }
    expect([...stops].some((stop) => stop.includes('<select'))).toBe(true);
    expect(stops.size).toBeLessThan(3 * MOST_TABS);
  });
});
