import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EVALUATION_PATH, type EvaluationAnswer } from '@gatebook/protocol';
import { aVisit, FakeService } from '../testing/fake-service.ts';
import { Product } from '../testing/product.ts';

let service: FakeService;
let product: Product;
let token: string;

beforeEach(async () => {
  service = await new FakeService(aVisit()).listen();
  product = await Product.start(service, {
    pages: ({ path }) => {
      if (path === '/parts/older') return { click: 'Older invoices' };
      if (path === '/parts/typed') return { click: 'ada@example.com' };
      return { page: path.slice(1), record: 'INV-88' };
    },
  });
  token = service.token();
  service.decide = () => wanting(service.yes());
  product.app.get('/invoice', (_req, res) => void res.send('<body>Invoice</body>'));
  product.app.get('/parts/older', (_req, res) => void res.json(['INV-87']));
});

afterEach(async () => {
  await product.close();
  await service.close();
});

/** As an answer says it where the settings want every click. */
const wanting = (answer: EvaluationAnswer): EvaluationAnswer =>
  answer.decision ? { ...answer, context: { ...answer.context, clicks: true } } : answer;
const click = (part: string, more: Record<string, string> = {}, headers = {}) =>
  product.post('/gatebook/click', token, { part, page: '/invoice?tab=2', input: 'yes', ...more }, headers);
const asked = () => service.callsTo(EVALUATION_PATH).length;

describe('a click within a page (S1-95)', () => {
  it('is reported by a script that pages get where it is wanted, and by nothing elsewhere', async () => {
    const page = await (await product.open('/invoice', token)).text();
    expect(page).toContain('</section> <script src="/gatebook/clicks.js" defer></script>Invoice');
    const script = await product.open('/gatebook/clicks.js', token);
    expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(await script.text()).toContain('data-gatebook-click');
    service.decide = () => service.yes();
    expect(await (await product.open('/invoice', token)).text()).not.toContain('<script');
  });

  it('is asked about as part of its page, by the page’s own name of it, and allowed or not', async () => {
    await product.open('/invoice?tab=2', token);
    expect((await click('How the total is made')).status).toBe(204);
    expect(service.questions().at(-1)).toMatchObject({
      action: { name: 'view' },
      resource: { type: 'page', id: 'invoice', properties: { record: 'INV-88', click: 'How the total is made' } },
      context: { purpose: 'serve', page: 'view-1', input: true },
    });
    await click('How the total is made', { input: 'no' });
    expect(service.questions().at(-1)?.context?.input).toBe(false);
    service.decide = () => service.no('No more.');
    expect((await click('How the total is made')).status).toBe(403);
    service.end('revoked', 'Support access has been revoked');
    expect(await (await click('How the total is made')).text()).toContain('Support access has been revoked');
  });

  it.each([
    ['nothing', ''],
    ['an address', 'ada@example.com'],
    ['a number of a card', 'Card 4242 4242'],
    ['two lines', 'One\nTwo'],
    ['markup', '<b>Older</b>'],
    ['more than 80 characters', 'a'.repeat(81)],
  ])('with %s for a name is a typed error, and nothing is asked or written', async (_, part) => {
    await product.open('/invoice?tab=2', token);
    const before = asked();
    const response = await click(part);
    expect([response.status, response.headers.get('content-type'), asked()]).toEqual([
      400,
      'application/problem+json',
      before,
    ]);
    expect(await response.json()).toEqual({
      type: 'urn:gatebook:problem:invalid-request',
      title: 'That is no name of a control or a region, or no page of this site.',
      status: 400,
    });
  });

  it('belongs to a page that was opened here, of this site, and comes from it', async () => {
    expect((await click('Older invoices')).status).toBe(400);
    await product.open('/invoice?tab=2', token);
    expect((await click('Older invoices', { page: '//elsewhere.example/invoice' })).status).toBe(400);
    const foreign = await click('Older invoices', {}, { 'sec-fetch-site': 'cross-site' });
    expect([foreign.status, await foreign.text()]).toEqual([403, expect.stringContaining('on another site')]);
    expect(asked()).toBe(1);
    product.signedIn = 'priya@fernway.example';
    expect((await click('Older invoices')).status).toBe(403);
    expect(asked()).toBe(1);
  });

  it('that a request makes is told with the request, under the same rules', async () => {
    await product.open('/invoice', token);
    const headers = { referer: `${product.url}/invoice`, 'sec-fetch-dest': 'empty', 'sec-fetch-user': '' };
    expect((await product.open('/parts/older', token, { headers })).status).toBe(200);
    expect(service.questions().at(-1)).toMatchObject({
      resource: { id: 'invoice', properties: { click: 'Older invoices' } },
      context: { page: 'view-1', input: false },
    });
    const before = asked();
    expect((await product.open('/parts/typed', token, { headers })).status).toBe(503);
    expect(product.faults).toEqual(['A control or region has a name that can’t be written.']);
    expect(asked()).toBe(before);
  });

  it('does nothing where nobody could write it down', async () => {
    await product.open('/invoice?tab=2', token);
    service.instead.set(EVALUATION_PATH, (response) => response.writeHead(503).end());
    expect((await click('Older invoices')).status).toBe(503);
  });
});
