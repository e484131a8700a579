import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { GOOD, POOR } from '../staff/reason.ts';
import { OpenedPages } from './opened-pages.ts';
import { focused, hasFocus } from './focus.ts';

const MOST_TABS = 40;

describe('The staff story by keyboard alone', () => {
  let opened: OpenedPages;
  let sam: Page;
  const tabTo = async (target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab') => {
    await target.waitFor();
    for (let pressed = 0; pressed < MOST_TABS; pressed++) {
      await sam.keyboard.press(key);
      // What has the focus has a ring, and nothing lies over it (WCAG 2.4.7, 2.4.11).
      const seen = await sam.evaluate(`(() => {
        const { activeElement: element } = document;
        if (element === document.body) return 'ok';
        const { left, top, width, height } = element.getBoundingClientRect();
        const over = document.elementFromPoint(left + width / 2, top + height / 2);
        const ring = getComputedStyle(element).outlineStyle;
        const bare = over === null || element.contains(over) || over.contains(element) || element.closest('label')?.contains(over);
        return ring !== 'none' && bare ? 'ok' : ring + ' ' + element.outerHTML.slice(0, 100);
      })()`);
      expect(seen).toBe('ok');
      if (await hasFocus(target)) return;
    }
    throw new Error(`${String(target)} was not reached by ${MOST_TABS} presses of ${key}.`);
  };
  const reason = () => sam.getByRole('textbox', { name: 'What are you going in to find out?' });
  const start = () => sam.getByRole('button', { name: 'Start support session' });
  const exit = () => sam.getByRole('region', { name: 'Support session' }).getByRole('button', { name: /^Exit/ });

  beforeAll(async () => {
    opened = await OpenedPages.open();
    await opened.story.command('access', 'on', 'acme', '--as', 'maria');
    ({ page: sam } = await opened.window());
    await sam.goto('/sign-in?side=staff');
  });
  afterAll(() => opened.close());

  it('signs in, and goes to start a visit', async () => {
    await tabTo(sam.getByRole('button', { name: /^Sam Lee/ }));
    await sam.keyboard.press('Enter');
    await tabTo(sam.getByRole('region', { name: 'Now' }).getByRole('link', { name: 'Start a visit' }));
    await sam.keyboard.press('Enter');
    await reason().waitFor();
  });

  it('chooses customer, case, job and time by letters and arrows', async () => {
    await tabTo(sam.getByRole('combobox', { name: 'Workspace' }));
    await sam.keyboard.type('Acme');
    await sam.getByRole('heading', { level: 1, name: /^Start a visit to Acme Co/ }).waitFor();
    await tabTo(sam.getByRole('combobox', { name: 'Open case' }));
    await sam.keyboard.type('CASE-123');
    await sam.getByRole('heading', { level: 1, name: 'Start a visit to Acme Co for CASE-123' }).waitFor();
    await tabTo(sam.getByRole('radio', { name: /^Failed invoice sync/ }));
    await sam.keyboard.press('ArrowDown');
    // What changes something is a choice, too: the form then asks for it.
    await focused(sam.getByRole('radio', { name: /^Retry a failed invoice sync/ }));
    await sam.keyboard.press('ArrowUp');
  });

  it('is led back to a reason that would be refused, and starts with one that is not', async () => {
    await tabTo(reason());
    await sam.keyboard.type(POOR);
    await tabTo(start());
    await sam.keyboard.press('Enter');
    await sam.getByRole('alert').getByText('could be about anything').waitFor();
    await focused(reason());
    await sam.keyboard.press('Control+A');
    await sam.keyboard.type(GOOD);
    await tabTo(sam.getByRole('radio', { name: '30 min' }));
    await sam.keyboard.press('ArrowLeft');
    await tabTo(start());
    await sam.keyboard.press('Enter');
  });

  it('passes the product’s sign-in, and has Exit first there', async () => {
    await sam.getByRole('heading', { name: 'Sign in to Fernway' }).waitFor();
    await tabTo(sam.getByRole('button', { name: /Sam Lee/ }).first());
    await sam.keyboard.press('Enter');
    await tabTo(sam.getByRole('button', { name: 'Go on into your visit' }));
    await sam.keyboard.press('Enter');
    await exit().waitFor();
    await sam.keyboard.press('Tab');
    await focused(exit());
    await tabTo(sam.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Billing' }));
    await sam.keyboard.press('Enter');
    await sam.getByRole('heading', { level: 1, name: 'Billing' }).waitFor();
  });

  it('leaves by one press, and reads what was recorded', async () => {
    await sam.keyboard.press('Tab');
    await focused(exit());
    await sam.keyboard.press('Enter');
    await sam.getByRole('heading', { level: 1, name: 'Your visit to Acme Co has ended' }).waitFor();
    await tabTo(sam.getByRole('link', { name: 'What was recorded' }));
    await sam.keyboard.press('Enter');
    await sam.getByText('You left. Nothing of Acme Co is open any more.').waitFor();
    await tabTo(sam.getByRole('link', { name: 'Start a new visit for CASE-123' }));
    await sam.keyboard.press('Enter');
    await sam.getByRole('heading', { level: 1, name: 'Start a visit to Acme Co for CASE-123' }).waitFor();
  });
});
