import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EVALUATION_PATH, type EvaluationAnswer } from '@gatebook/protocol';
import { setImmediate as turn } from 'node:timers/promises';
import { aVisit, FakeService } from '../testing/fake-service.ts';
import { until } from '../testing/patience.ts';
import { Product } from '../testing/product.ts';

let service: FakeService;
let product: Product;
let token: string;
/** Answers to what is asked for rows, in turn; `undefined`: none yet. */
let answers: Promise<EvaluationAnswer>[];

beforeEach(async () => {
  service = await new FakeService(aVisit()).listen();
  product = await Product.start(service, {
    pages: ({ path }) => {
      if (path.startsWith('/parts/')) return 'part';
      if (path === '/invoices') return { page: 'invoices', rows: 'counted' };
      return path === '/three' ? { page: 'three', rows: 3 } : { page: path.slice(1) };
    },
  });
  token = service.token();
  answers = [];
  service.decide = ({ resource: { properties }, context }) =>
    (properties.rows !== undefined && context?.page !== undefined ? answers.shift() : undefined) ?? service.yes();
});

afterEach(async () => {
  await product.close();
  await service.close();
});

const asked = () =>
  service.questions().map(({ resource, context }) => [resource.id, resource.properties.rows, context]);
const yes = () => Promise.resolve(service.yes());
const tooMuch = { rule: 'pagesAreWithinBudget', ended: { cause: 'too fast', at: '2026-11-21T10:00:30.000Z' } };

describe('rows that a handler counts (policy.md, 2,000 in all)', () => {
  it('are asked for as part of the page, which waits until they are written down', async () => {
    let write: ((answer: EvaluationAnswer) => void) | undefined;
    answers = [new Promise((resolve) => (write = resolve))];
    product.app.get('/invoices', (req, res) => {
      void req.gatebook?.rows?.(17);
      res.send('<body>Seventeen invoices</body>');
    });
    const opening = product.open('/invoices', token);
    let isThere = false;
    void opening.then(() => (isThere = true));
    await until(() => service.callsTo(EVALUATION_PATH).length === 2);
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(isThere).toBe(false);
    write!(service.yes());
    const response = await opening;
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Seventeen invoices');
    expect(asked()).toEqual([
      ['invoices', 0, { purpose: 'serve', input: true }],
      ['invoices', 17, { purpose: 'serve', input: false, page: 'view-1' }],
    ]);
  });

  it('are not shown where they are more than the budget: the visit is over, and nothing of the page leaves', async () => {
    answers = [Promise.resolve(service.no('More was opened than one visit needs.', tooMuch))];
    let may: boolean | undefined;
    product.app.get('/invoices', async (req, res) => {
      may = await req.gatebook?.rows?.(18);
      res.cookie('seen', '1').send('<body>Eighteen invoices</body>');
    });
    const response = await product.open('/invoices', token);
    const page = await response.text();
    expect([response.status, may]).toEqual([403, false]);
    expect(page).toContain('Your visit to Acme Co has ended');
    expect(page).toContain('More was opened than one visit needs.');
    expect(page).not.toContain('Eighteen');
    expect(response.headers.getSetCookie()).toEqual([expect.stringContaining('Max-Age=0')]);
  });

  it('count in turn where there are several, and the answer waits for the last', async () => {
    answers = [yes(), Promise.resolve(service.no('No more.', { rule: 'pagesAreWithinBudget' }))];
    product.app.get('/invoices', (req, res) => {
      void req.gatebook?.rows?.(2);
      void req.gatebook?.rows?.(3);
      void req.gatebook?.rows?.(4);
      res.json({ invoices: 9 });
    });
    const response = await product.open('/invoices', token, { headers: { 'sec-fetch-dest': 'empty' } });
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('No more.')]);
    expect(service.questions().map(({ resource }) => resource.properties.rows)).toEqual([0, 2, 3]);
  });

  it('are a part’s as well, and of the page that it belongs to', async () => {
    product.app.get('/billing', (_req, res) => void res.send('<body>Billing</body>'));
    product.app.get('/parts/more', (req, res) => {
      void req.gatebook?.rows?.(5);
      res.json([1, 2, 3, 4, 5]);
    });
    await product.open('/billing', token);
    const headers = { referer: `${product.url}/billing`, 'sec-fetch-dest': 'empty' };
    answers = [yes(), yes()];
    expect((await product.open('/parts/more', token, { headers })).status).toBe(200);
    expect(asked().slice(1)).toEqual([
      ['billing', undefined, { purpose: 'serve', input: false, page: 'view-1' }],
      ['billing', 5, { purpose: 'serve', input: false, page: expect.stringMatching(/^view-/) }],
    ]);
  });

  it('end what is being sent already, where they come too late', async () => {
    answers = [Promise.resolve(service.no('No more.', { rule: 'pagesAreWithinBudget' }))];
    product.app.get('/feed', async (req, res) => {
      res.type('text/event-stream').write('data: begun\n\n');
      void req.gatebook?.rows?.(9);
      res.write('data: nine invoices\n\n');
    });
    const response = await product.open('/feed', token, { headers: { 'sec-fetch-dest': 'empty' } });
    let read = '';
    const reading = (async () => {
      for await (const chunk of response.body!) read += Buffer.from(chunk as Uint8Array).toString();
    })();
    await expect(reading).rejects.toThrow();
    expect(read).toBe('data: begun\n\n');
  });

  it('are asked for before the page where its address tells their number', async () => {
    product.app.get('/three', (_req, res) => void res.send('<body>Three</body>'));
    expect((await product.open('/three', token)).status).toBe(200);
    expect(asked()).toEqual([['three', 3, { purpose: 'serve', input: true }]]);
  });

  it('make the yes young again: what took its time to count is sent within a second of its count', async () => {
    product.app.get('/invoices', async (req, res) => {
      product.monotonicMs += 1001;
      await req.gatebook?.rows?.(1);
      product.monotonicMs += Number(req.query['ms']);
      res.send('<body>One</body>');
    });
    expect((await product.open('/invoices?ms=1000', token)).status).toBe(200);
    expect((await product.open('/invoices?ms=1001', token)).status).toBe(503);
  });
});

describe('rows that were to be counted, and were not', () => {
  it('keep the page closed, and say so; a redirect or a page that is missing shows none', async () => {
    product.app.get('/invoices', (req, res) => {
      if (req.query['none'] !== undefined) void req.gatebook?.rows?.(0);
      if (req.query['to'] !== undefined) res.redirect('/billing');
      else res.send('<body>Uncounted</body>');
    });
    const response = await product.open('/invoices', token);
    expect([response.status, (await response.text()).includes('Uncounted')]).toEqual([503, false]);
    expect(product.faults).toEqual(['A page was to say how many rows it shows, and did not.']);
    expect((await product.open('/invoices?none', token)).status).toBe(200);
    expect((await product.open('/invoices?to', token)).status).toBe(302);
    // None is nothing to write down.
    expect(service.questions().map(({ resource }) => resource.properties.rows)).toEqual([0, 0, 0]);
  });

  it('keep it closed where nobody could write them down', async () => {
    service.instead.set(EVALUATION_PATH, (response, { question }) => {
      if (question?.context?.page === undefined)
        return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(service.yes()));
      return response.writeHead(503).end();
    });
    product.app.get('/invoices', (req, res) => {
      void req.gatebook?.rows?.(1);
      res.send('<body>One</body>');
    });
    const response = await product.open('/invoices', token);
    expect([response.status, (await response.text()).includes('One')]).toEqual([503, false]);
  });

  it('are no number: the handler fails at once', async () => {
    product.app.get('/billing', (req, res) => {
      try {
        void req.gatebook?.rows?.(0.5);
      } catch (error) {
        res.status(500).type('text').send(String(error));
      }
    });
    const response = await product.open('/billing', token, { headers: { 'sec-fetch-dest': 'empty' } });
    expect([response.status, await response.text()]).toEqual([500, 'RangeError: 0.5 is no number of rows.']);
  });
});
