import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ClockedPages } from './clocked-pages.ts';
import { LOOKS } from './opened-pages.ts';

const OFF = 'Turn it off when nobody needs it: it can be turned on again at any time.';

describe('Staff access that is left on, in a browser (S3-26)', () => {
  let opened: ClockedPages;
  let maria: Page;
  let omar: Page;
  const gate = (page: Page) => page.getByRole('region', { name: 'The gate' });
  const off = (page: Page) => gate(page).getByRole('button', { name: 'Turn staff access off' });

  beforeAll(async () => {
    opened = await ClockedPages.open('preset: default\nleftOnReminderHours: 1\n');
    ({ page: maria } = await opened.windowOf('Maria Ortiz'));
    ({ page: omar } = await opened.windowOf('Omar Haddad'));
    await gate(maria).getByRole('switch').click();
    await maria.getByRole('button', { name: 'Turn staff access on' }).click();
    await gate(maria)
      .getByText(/^On until/)
      .waitFor();
  });
  afterAll(() => opened.close());

  it('is not told of before the hours of the settings are over', async () => {
    await opened.pass(59);
    await maria.reload();
    await gate(maria)
      .getByText(/^On until/)
      .waitFor();
    expect(await off(maria).count()).toBe(0);
  });

  it('is told of from then on, with its age: to whoever may turn it off with the button, to the others without', async () => {
    await opened.pass(1);
    for (const page of [maria, omar]) {
      await page.reload();
      await gate(page).getByText(`Staff access has been on for 1 hour. ${OFF}`, { exact: true }).waitFor();
    }
    expect(await off(omar).count()).toBe(0);
    for (const look of LOOKS) await opened.picture(maria, 'owner-left-on', look);
    await maria.setViewportSize({ width: 1280, height: 900 });
  });

  it('is turned off by that one press, and nothing is told of any more', async () => {
    await off(maria).click();
    await gate(maria)
      .getByText(/^Off\. Nobody from Fernway/)
      .waitFor();
    expect(await gate(maria).getByText(OFF).count()).toBe(0);
    expect((await opened.facts('StaffAccessDisabled')).map(([, { cause }]) => cause)).toEqual(['owner']);
  });
});
