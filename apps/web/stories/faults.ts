import type { Page } from 'playwright-core';
import { seriousFindings } from '../testing/browser.ts';
import { LOOKS, type Windows } from './opened-pages.ts';

/** Whether something on the page is wider than the window, by what it is. */
const tooWide = (page: Page) =>
  page.evaluate(`[...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .filter((element) => !element.closest('.skip, .vh, .sprite, pre, [data-react-aria-top-layer]'))
    .map((element) => element.outerHTML.slice(0, 100))
    .concat(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['the page itself'] : [])`) as Promise<
    string[]
  >;

/** Sentences that were squeezed into a column in which nobody reads. */
const tooNarrow = (page: Page) =>
  page.evaluate(`[...document.querySelectorAll('.say, .note > p, .lists li span, dd')]
    .filter((element) => element.checkVisibility() && element.getBoundingClientRect().width < 72)
    .map((element) => 'narrow: ' + element.outerHTML.slice(0, 100))`) as Promise<string[]>;

/** Targets smaller than 24 px on a side (WCAG 2.5.8), links inside sentences excepted. */
const tooSmall = (page: Page) =>
  page.evaluate(`[...document.querySelectorAll('button, select, input, summary, a:not(p a)')]
    .filter((element) => element.checkVisibility() && !element.closest('.skip, .vh, [aria-label=Dismiss]'))
    .map((element) => [element.outerHTML.slice(0, 80), (element.closest('label') ?? element).getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 23.5 || height < 23.5)
    .map(([html, { width, height }]) => width + 'x' + height + ' ' + html)`) as Promise<string[]>;

/**
 * Pictures of a screen in every look, for people; and by look what is wrong with it: serious for axe, cut off, squeezed,
 * or too small to press.
 */
export async function faultsIn(opened: Windows, page: Page, name: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const look of LOOKS) {
    await opened.picture(page, name, look);
    const faults = [
      ...(await seriousFindings(page)),
      ...(await tooWide(page)),
      ...(await tooNarrow(page)),
      ...(await tooSmall(page)),
    ];
    if (faults.length > 0) found[`${name} ${look.width} ${look.scheme}`] = faults;
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  return found;
}
