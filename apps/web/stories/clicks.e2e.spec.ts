import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { until } from '#server/testing/until';
import { aVisit, FakeService } from '../../../libs/host/testing/fake-service.ts';
import { Product } from '../../../libs/host/testing/product.ts';
import { launchBrowser, openWindow } from '../testing/browser.ts';

const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; form-action 'self'";

/** A product's page in real Chromium, and a gate that wants every click. */
describe('A click within a page of the product, where every one is wanted (S1-95)', () => {
  let browser: Browser;
  let service: FakeService;
  let product: Product;
  let page: Page;
  let complaints: string[];
  /** How what is asked for clicks is answered, each when it is let. */
  let answer: Promise<boolean>;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    service = await new FakeService(aVisit()).listen();
    const farOff = '2099-01-01T00:00:00.000Z';
    service.visit.banner = { ...service.visit.banner, endsAt: farOff, idleEndsAt: farOff };
    product = await Product.start(service, {
      pages: ({ path }) => (path === '/own.js' ? 'public' : { page: path.slice(1) }),
    });
    product.app.get('/own.js', (_req, res) => {
      const script = `document.querySelector('#week').addEventListener('click', () => (document.title += ' pressed'));`;
      res.type('text/javascript').send(script);
    });
    product.app.get('/invoice', (_req, res) => {
      res.set('content-security-policy', POLICY).send(`<!doctype html><html lang="en"><title>Invoice</title><body>
        <details data-gatebook-click="How the total is made"><summary>Total</summary><p>By hand</p></details>
        <button id="week" data-gatebook-click="Last week"><span>Last week</span></button>
        <script src="/own.js" defer></script></body></html>`);
    });
    answer = Promise.resolve(true);
    service.decide = async ({ resource: { properties } }) => {
      if (properties.click !== undefined && !(await answer)) return service.no('No more.');
      const yes = service.yes();
      return yes.decision ? { ...yes, context: { ...yes.context, clicks: true } } : yes;
    };
    const cookie = `__Host-gatebook-visit=${service.token()}`;
    ({ page, complaints } = await openWindow(browser, product.url, { extraHTTPHeaders: { cookie } }));
    await page.goto('/invoice');
  });
  afterEach(async () => {
    await page.context().close();
    await product.close();
    await service.close();
  });

  /** By asking for it: a page that evaluates no text can't be waited in. */
  const titled = (title: string) => until(async () => (await page.title()) === title);
  const clicks = () =>
    service.questions().flatMap(({ resource, context }) => {
      const { click } = resource.properties;
      return click === undefined ? [] : [[click, context?.input]];
    });

  it('waits for its line, and then does what the page does with it, once', async () => {
    let write: ((yes: boolean) => void) | undefined;
    answer = new Promise((resolve) => (write = resolve));
    const reported = page.waitForRequest('**/gatebook/click');
    await page.locator('summary', { hasText: 'Total' }).click();
    await reported;
    expect(await page.getByText('By hand').isVisible()).toBe(false);
    write!(true);
    await page.getByText('By hand').waitFor();

    await page.getByText('Last week').click();
    await titled('Invoice pressed');
    await page.locator('#week').press('Enter');
    await titled('Invoice pressed pressed');
    expect(clicks()).toEqual([
      ['How the total is made', true],
      ['Last week', true],
      ['Last week', true],
    ]);
    expect(complaints).toEqual([]);
  });

  it('does nothing where it is refused: the page is read again', async () => {
    answer = Promise.resolve(false);
    const again = page.waitForEvent('load');
    await page.locator('summary', { hasText: 'Total' }).click();
    await again;
    expect(await page.getByText('By hand').isVisible()).toBe(false);
    expect(clicks()).toEqual([['How the total is made', true]]);
  });

  it('that a script makes is told as one', async () => {
    await page.evaluate(() => document.querySelector<HTMLElement>('#week')?.click());
    await titled('Invoice pressed');
    expect(clicks()).toEqual([['Last week', false]]);
  });
});
