import type { Locator } from 'playwright-core';

/** Whether the focus is there now. */
export const hasFocus = (target: Locator): Promise<boolean> =>
  target.evaluate((element) => element === document.activeElement);

/** Waits until the focus is there: it is set once what has just appeared, or gone, is drawn. */
export async function focused(target: Locator): Promise<void> {
  // Found anew at each look: what is drawn again in between is another element.
  await target.and(target.page().locator(':focus')).waitFor({ state: 'attached' });
}
