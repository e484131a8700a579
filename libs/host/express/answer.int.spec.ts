import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ENDINGS_PATH } from '@gatebook/protocol';
import { aVisit, FakeService } from '../testing/fake-service.ts';
import { until } from '../testing/patience.ts';
import { Product } from '../testing/product.ts';
import type { Response as ProductResponse } from 'express';

let service: FakeService;
let product: Product;
let token: string;

beforeEach(async () => {
  service = await new FakeService(aVisit()).listen();
  product = await Product.start(service);
  token = service.token();
});

afterEach(async () => {
  await product.close();
  await service.close();
});

describe('a yes', () => {
  it('holds for the first byte within one second of asking, and no longer', async () => {
    product.app.get('/slow', (req, res) => {
      product.monotonicMs += Number(req.query['ms']);
      res.cookie('secret', '1').send('<body>Invoice</body>');
    });
    const intime = await product.open('/slow?ms=1000', token);
    expect(intime.status).toBe(200);
    const late = await product.open('/slow?ms=1001', token);
    const page = await late.text();
    expect(late.status).toBe(503);
    expect(page).toContain('This page took too long.');
    expect(page).not.toContain('Invoice');
    expect(late.headers.getSetCookie()).toEqual([]);
  });

  it('is counted from before it was asked for', async () => {
    product.app.get('/slow', (_req, res) => void res.send('<body>Invoice</body>'));
    service.decide = () => {
      product.monotonicMs += 1001;
      return service.yes();
    };
    expect((await product.open('/slow', token)).status).toBe(503);
  });

  it('is cut to what the service says', async () => {
    product.app.get('/slow', (_req, res) => {
      product.monotonicMs += 300;
      res.send('<body>Invoice</body>');
    });
    service.decide = () => {
      const yes = service.yes();
      return { ...yes, context: { ...yes.context, validForMs: 200 } } as typeof yes;
    };
    expect((await product.open('/slow', token)).status).toBe(503);
  });

  it('covers a page that is written bit by bit only if it is whole in time', async () => {
    product.app.get('/slow', (_req, res) => {
      res.type('html').write('<body>Inv');
      product.monotonicMs += 1001;
      res.end('oice');
    });
    const late = await product.open('/slow', token);
    expect(late.status).toBe(503);
    expect(await late.text()).not.toContain('Inv');
  });

  it('covers no page of a visit that ended while the product was working', async () => {
    let answer: ProductResponse | undefined;
    product.app.get('/slow', (_req, res) => void (answer = res));
    product.app.get('/stream', (_req, res) => void res.type('text/event-stream').write('data: 1\n\n'));
    const opening = product.open('/slow', token);
    const stream = await product.open('/stream', token, { headers: { 'sec-fetch-dest': 'empty' } });
    await until(() => answer !== undefined && service.listeners === 1);
    service.end('revoked', 'Support access has been revoked');
    // That the stream is cut shows that the ending was heard.
    await expect(stream.text()).rejects.toThrow();
    answer!.send('<body>Invoice</body>');
    const page = await (await opening).text();
    expect(page).toContain('Support access has been revoked');
    expect(page).not.toContain('Invoice');
  });
});

describe('a long answer', () => {
  it('is cut when the visit ends', async () => {
    product.app.get('/stream', (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    });
    const response = await product.open('/stream', token, { headers: { 'sec-fetch-dest': 'empty' } });
    await until(() => service.listeners === 1);
    const reading = response.text();
    service.end('ended by owner', 'This visit has ended: the customer ended it.');
    await expect(reading).rejects.toThrow();
  });

  it('is cut by an end that was told after the stream of endings had broken, from where it broke', async () => {
    product.app.get('/stream', (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    });
    const response = await product.open('/stream', token, { headers: { 'sec-fetch-dest': 'empty' } });
    await until(() => service.listeners === 1);
    service.dropListeners();
    await until(() => service.lastEventIds.length === 2 && service.listeners === 1);
    expect(service.lastEventIds).toEqual([undefined, '3']);
    const reading = response.text();
    service.end('idle', 'This visit has ended: nobody had used it for a while.');
    await expect(reading).rejects.toThrow();
  });

  it('is cut at the visit’s planned end, though nobody tells of it', async () => {
    product.app.get('/stream', (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    });
    const response = await product.open('/stream', token, { headers: { 'sec-fetch-dest': 'empty' } });
    product.nowMs = Date.parse(service.visit.banner.endsAt);
    await expect(response.text()).rejects.toThrow();
  });
});

describe('a long answer, while ends can’t be heard of', () => {
  it('is cut after five seconds', async () => {
    service.instead.set(ENDINGS_PATH, (response) => response.writeHead(200).flushHeaders());
    product.app.get('/stream', (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    });
    const response = await product.open('/stream', token, { headers: { 'sec-fetch-dest': 'empty' } });
    product.monotonicMs += 5001;
    await expect(response.text()).rejects.toThrow();
  });
});

describe('a file', () => {
  it.each([
    ['an attachment', (res: ProductResponse) => res.attachment('invoices.html').send('secret')],
    [
      'a page of a disposition that nobody knows, which is a download (RFC 6266, section 4.2)',
      (res: ProductResponse) => res.set('content-disposition', 'save; filename=a.html').type('html').send('secret'),
    ],
    ['a table', (res: ProductResponse) => res.type('csv').send('secret')],
    ['a document', (res: ProductResponse) => res.type('pdf').send('secret')],
    ['bytes of no type', (res: ProductResponse) => res.end('secret')],
    ['XHTML, which could not be marked', (res: ProductResponse) => res.type('application/xhtml+xml').send('secret')],
    ['data opened as a page of its own', (res: ProductResponse) => res.json('secret')],
  ])('is not opened: %s (S0-43, S1-66)', async (_name, send) => {
    product.app.get('/file', (_req, res) => void send(res));
    const response = await product.open('/file', token);
    const page = await response.text();
    expect(response.status).toBe(403);
    expect(page).toContain('Files are not opened in a visit.');
    expect(page).toContain('aria-label="Support session"');
    expect(page).not.toContain('secret');
    expect(response.headers.get('content-disposition')).toBeNull();
  });

  it.each(['csv', 'pdf', 'zip', 'bin'])('is not fetched by a script either: %s', async (type) => {
    product.app.get('/file', (_req, res) => void res.type(type).send('secret'));
    const response = await product.open('/file', token, { headers: { 'sec-fetch-dest': 'empty' } });
    expect([response.status, (await response.text()).includes('secret')]).toEqual([403, false]);
  });
});

describe('a page', () => {
  it('gets the strip however the product writes it', async () => {
    const ways: Record<string, (res: ProductResponse) => unknown> = {
      chunks: (res) => {
        res.writeHead(200, 'Fine', { 'Content-Type': 'text/html', 'Content-Length': 21 });
        res.write('<body>');
        res.write(Buffer.from('Bil'));
        res.end('6c696e673c2f626f64793e', 'hex');
      },
      latin: (res) => {
        res.writeHead(200, ['content-type', 'text/html; charset=iso-8859-1']);
        res.end(Buffer.from('<body>caf\xe9 Billing', 'latin1'));
      },
      flushed: (res) => {
        res.type('html').flushHeaders();
        res.end('<body>Billing');
      },
    };
    product.app.get('/plain', (req, res) => void ways[String(req.query['way'])]!(res));
    for (const way of Object.keys(ways)) {
      const response = await product.open(`/plain?way=${way}`, token);
      const page = Buffer.from(await response.arrayBuffer()).toString('latin1');
      expect(page).toMatch(/^<body><section class="gatebook-strip gatebook-read"[\s\S]*Billing/);
      expect(page.includes('caf\xe9')).toBe(way === 'latin');
    }
  });

  it('that is encoded already is not sent without the strip', async () => {
    product.app.get('/plain', (_req, res) => void res.set('content-encoding', 'br').type('html').send('secret'));
    const response = await product.open('/plain', token);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(product.faults).toEqual(['A page was encoded before the strip could be put into it.']);
  });

  it('is sent as head and redirect are', async () => {
    product.app.get('/plain', (_req, res) => void res.send('<body>Billing'));
    product.app.get('/billing', (_req, res) => void res.redirect('/plain'));
    const head = await product.open('/plain', token, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const redirect = await product.open('/billing', token);
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, '/plain']);
  });
});

it('a failing product shows its own error page with the strip', async () => {
  product.app.get('/plain', () => {
    throw Object.assign(new Error('broken'), { status: 500 });
  });
  product.app.use((_error: Error, _req: unknown, res: ProductResponse, _next: unknown) => {
    res.status(500).send('<body>Oh no');
  });
  const response = await product.open('/plain', token);
  expect(response.status).toBe(500);
  expect(await response.text()).toContain('aria-label="Support session"');
});

it('closing the gate lets the process go', async () => {
  product.app.get('/plain', (_req, res) => void res.send('<body>'));
  await product.open('/plain', token);
  await until(() => service.listeners === 1);
  product.gate.close();
  await until(() => service.listeners === 0);
});
