import type { Locator } from 'playwright-core';

/** Whether the focus is there now. */
export const hasFocus = (target: Locator): Promise<boolean> =>
  target.evaluate((element) => element === document.activeElement);

/** Waits until the focus is there: it is set once what has just appeared, or gone, is drawn. */
export async function focused(target: Locator): Promise<void> {
  await target.page().waitForFunction((element) => element === document.activeElement, await target.elementHandle());
}
