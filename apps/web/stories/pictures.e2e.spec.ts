import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { OpenedPages, SCHEMES } from './opened-pages.ts';
import { stretch } from './stretched.ts';

const PICTURES = 'docs/pictures';
const MOST_BYTES = 150_000;
const MINUTE = 60_000;
/** Finer than the page is wide: sharp where a README is shown, and light enough to be fetched. */
const LOOK = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5 };

/**
 * The pictures of the README, taken of the story itself. They are made where somebody asks for it (docs/pictures):
 * GATEBOOK_WRITE_PICTURES=1 npm test -- pictures
 */
const made = process.env['GATEBOOK_WRITE_PICTURES'] === '1' ? describe : describe.skip;

made('The pictures of the README', () => {
  let opened: OpenedPages;
  let maria: Page;
  let sam: Page;
  let painter: Page;

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    opened = await OpenedPages.open();
    ({ page: painter } = await opened.window());
    ({ page: maria } = await opened.windowOf('Maria Ortiz', LOOK));
    ({ page: sam } = await opened.windowOf('Sam Lee', LOOK));
  });
  afterAll(() => opened.close());

  /** A picture from the top of the page, as WebP, by the browser itself; `height` in the page's own pixels. */
  const picture = async (page: Page, name: string, height: number, scheme: 'light' | 'dark' = 'light') => {
    await page.setViewportSize({ width: 1280, height });
    await page.emulateMedia({ colorScheme: scheme });
    await page.mouse.move(0, 0);
    await page.evaluate('document.activeElement?.blur?.(); window.scrollTo(0, 0)');
    const path = `.tmp/screens/picture-${name}.png`;
    const png = (await page.screenshot({ animations: 'disabled', path })).toString('base64');
    const webp = (await painter.evaluate(`(async () => {
      const bytes = Uint8Array.from(atob('${png}'), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(image.width, image.height);
      canvas.getContext('2d').drawImage(image, 0, 0);
      let blob;
      for (let quality = 0.82; quality > 0.4 && !(blob?.size < ${MOST_BYTES}); quality -= 0.06)
        blob = await canvas.convertToBlob({ type: 'image/webp', quality });
      const written = new Uint8Array(await blob.arrayBuffer());
      let text = '';
      for (const byte of written) text += String.fromCharCode(byte);
      return btoa(text);
    })()`)) as string;
    const picture = Buffer.from(webp, 'base64');
    expect([name, picture.subarray(8, 12).toString(), picture.byteLength < MOST_BYTES]).toEqual([name, 'WEBP', true]);
    writeFileSync(`${PICTURES}/${name}.webp`, picture);
  };
  const whenWas = async (page: Page, what: string) => {
    const time = page.getByRole('listitem').filter({ hasText: what }).getByRole('time').first();
    return Date.parse((await time.getAttribute('datetime')) ?? '');
  };

  it('staff: the start of a visit, from the case', async () => {
    await opened.story.command('access', 'on', 'acme', '--as', 'maria', '--for', '24h');
    await sam.goto('/staff/start?case=CASE-123');
    await sam
      .getByRole('textbox', { name: 'What are you going in to find out?' })
      .fill('Failed invoice sync on INV-88 since Tuesday');
    await sam.getByText('It says what you go in for.').waitFor();
    await picture(sam, 'staff-start', 1120);
  });

  it('the product, with its banner', async () => {
    await sam.getByRole('button', { name: 'Start support session' }).click();
    await sam.getByRole('heading', { name: 'Sign in to Fernway' }).waitFor();
    await sam.getByRole('button', { name: /Sam/ }).first().click();
    await sam.getByRole('button', { name: 'Go on into your visit' }).click();
    await sam.getByRole('region', { name: 'Support session' }).waitFor();
    for (const path of ['/billing', '/customers/cus_81']) await sam.goto(`${opened.story.demoUrl}${path}`);
    await sam.goto(`${opened.story.demoUrl}/invoices`);
    await sam.getByRole('region', { name: 'Support session' }).waitFor();
    await picture(sam, 'product-banner', 720);
    // The reviewer's picture has a pause in it: seconds here are minutes there.
    await maria.getByRole('article', { name: 'Sam Lee, CASE-123' }).getByText('Looking at Invoices').waitFor();
    for (const path of ['/invoices/INV-88', '/integrations']) await sam.goto(`${opened.story.demoUrl}${path}`);
  });

  it('the owner’s page, light and dark', async () => {
    const live = maria.getByRole('article', { name: 'Sam Lee, CASE-123' });
    await live.getByText('Looking at Integrations').waitFor();
    const began = await whenWas(maria, 'Sam Lee came in');
    await stretch(maria, began, Date.now(), 9 * MINUTE);
    await maria.reload();
    await live.waitFor();
    await maria.getByRole('listitem').filter({ hasText: 'Sam Lee came in' }).waitFor();
    for (const scheme of SCHEMES) await picture(maria, `owner-${scheme}`, 1000, scheme);
    await maria.unroute('**/graphql');
    await maria.reload();
  });

  it('staff: why the visit ended', async () => {
    await opened.story.command('access', 'off', 'acme', '--as', 'maria');
    const began = await whenWas(maria, 'Sam Lee came in');
    const ending = maria.getByRole('listitem').filter({ hasText: 'visit ended: staff access was turned off' });
    await ending.waitFor();
    await stretch(sam, began, await whenWas(maria, 'visit ended: staff access was turned off'), 14 * MINUTE);
    await sam.goto(`${opened.story.serviceUrl}/staff`);
    await sam.getByRole('link', { name: 'Acme Co, CASE-123' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Your visit to Acme Co has ended' }).waitFor();
    await picture(sam, 'visit-ended', 800);
  });

  it('the reviewer’s timeline, light and dark', async () => {
    const { page: jonas } = await opened.windowOf('Jonas Weber', LOOK);
    await jonas.goto('/review');
    await jonas.getByRole('link', { name: /^Sam Lee visited/ }).click();
    await jonas.getByRole('heading', { level: 1, name: /^Sam Lee viewed 5 pages/ }).waitFor();
    const ended = await whenWas(jonas, 'visit ended: staff access was turned off');
    await stretch(jonas, await whenWas(jonas, 'Sam Lee came in'), ended, 14 * MINUTE);
    await jonas.reload();
    await jonas
      .getByText(/nothing opened/)
      .first()
      .waitFor();
    await jonas.getByText(/^Opened 5 of/).waitFor();
    for (const scheme of SCHEMES) await picture(jonas, `review-${scheme}`, 1280, scheme);
  });
});
