import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EVALUATION_PATH, hidesText, INTROSPECT_PATH, TOKEN_PATH } from '@gatebook/protocol';
import { aVisit, FakeService, STAFF, WORKSPACE } from '../testing/fake-service.ts';
import { Product } from '../testing/product.ts';
import { PATIENCE } from './middleware.ts';

let service: FakeService;
let product: Product;
let token: string;

beforeEach(async () => {
  service = await new FakeService(aVisit()).listen();
  product = await Product.start(service);
  token = service.token();
  product.app.get('/billing', (_req, res) => void res.send('<!doctype html><body class="x"><h1>Billing</h1></body>'));
});

afterEach(async () => {
  await product.close();
  await service.close();
});

describe('a request in a visit', () => {
  it('is asked about before the product runs, with product key, token, person, workspace and page', async () => {
    let ranBefore: string[] = [];
    service.decide = () => {
      ranBefore = [...product.served];
      return service.yes({ 'customer.email': 'email' });
    };
    let found: unknown;
    product.app.get('/customers/:id', (req, res) => {
      found = req.gatebook;
      res.send('<body>Ada</body>');
    });

    const response = await product.open('/customers/ada', token, { headers: { traceparent: '00-trace' } });

    expect(response.status).toBe(200);
    expect(ranBefore).toEqual([]);
    const [{ headers, question }] = service.callsTo(EVALUATION_PATH) as [(typeof service.calls)[number]];
    expect(headers).toMatchObject({
      authorization: 'Bearer the-product-key',
      'gatebook-visit': token,
      traceparent: '00-trace',
    });
    expect(question).toEqual({
      subject: { type: 'staff', id: STAFF },
      action: { name: 'view' },
      resource: {
        type: 'page',
        id: 'customer',
        properties: { workspace: WORKSPACE, record: 'ada', title: 'Customer ada' },
      },
      context: { purpose: 'serve', input: true },
    });
    expect(found).toEqual({
      active: true,
      session: 'ses_01j00000000000000000000000',
      workspaceRef: 'acme',
      workspaceName: 'Acme Co',
      caseRef: 'CASE-123',
      staff: { id: STAFF, name: 'Sam Lee', email: 'sam@fernway.example' },
      masks: { 'customer.email': 'email' },
      rows: expect.any(Function),
      askFor: expect.any(Function),
    });
  });

  it('passes untouched, and unasked, without a visit', async () => {
    const response = await product.open('/billing', undefined);
    expect(await response.text()).toBe('<!doctype html><body class="x"><h1>Billing</h1></body>');
    expect(response.headers.get('etag')).not.toBeNull();
    expect(service.calls).toEqual([]);
  });

  it('gets the strip as the first thing in the body, and nothing to cache (T60)', async () => {
    const response = await product.open('/billing?tab=2', token);
    const page = await response.text();
    expect(page).toMatch(
      /^<!doctype html><body class="x"><section class="gatebook-strip gatebook-read" role="region" aria-label="Support session">/,
    );
    expect(page).toContain('You, Sam Lee, are in Acme Co for CASE-123');
    expect(page).toContain('<p>Looking at case CASE-123 with you. Ends ');
    expect(page).toContain('<time datetime="2026-11-21T10:18:30.000Z">10:18 UTC</time>, in 18 min.');
    expect(page).toContain('name="back" value="/billing?tab=2"');
    expect(page).not.toContain('<script');
    expect(page.indexOf('/gatebook/exit')).toBeLessThan(page.indexOf('/gatebook/stay'));
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(page)));
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('same-origin');
    expect(response.headers.get('etag')).toBeNull();
  });

  it('is not answered from what the browser kept from before', async () => {
    const etag = (await product.open('/billing', undefined)).headers.get('etag')!;
    const response = await product.open('/billing', token, {
      headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' },
    });
    expect(response.status).toBe(200);
  });

  it('says whether a person did it, or a script (S4-62)', async () => {
    await product.open('/billing', token, { headers: { 'sec-fetch-user': '' } });
    await product.open('/billing', token);
    // As a browser's fetch posts: `sec-fetch-mode: cors`.
    await product.post('/billing', token, { a: '1' }, { 'sec-fetch-user': '' });
    expect(service.questions().map(({ context }) => context?.input)).toEqual([false, true, false]);
  });

  it('that would change something is asked about as an action, by its name or by its route (S0-10)', async () => {
    service.decide = () => service.no('A read visit changes nothing.');
    const posted = await product.post('/invoices/INV-88/retry', token, {});
    await product.open('/export.csv', token);
    await product.open('/billing', token, { method: 'DELETE' });
    expect(posted.status).toBe(403);
    expect(service.questions().map(({ action, resource }) => [action.name, resource.type, resource.id])).toEqual([
      ['perform', 'operation', 'POST /invoices/:x/retry'],
      ['perform', 'operation', 'customers.export'],
      ['perform', 'operation', 'DELETE /billing'],
    ]);
    expect(product.served).toEqual([]);
  });

  it('for an address that the product’s resolver does not know is asked about by its route, without secrets (T51)', async () => {
    service.decide = () => service.no('This page is not open to support.');
    const response = await product.open('/c/s3cr3t-t0ken?key=abc', token);
    expect(response.status).toBe(403);
    expect(service.questions()[0]?.resource).toEqual({
      type: 'page',
      id: '/c/:x',
      properties: { workspace: WORKSPACE },
    });
    expect(product.served).toEqual([]);
  });

  it.each(['GET', 'POST'])('for a long address is asked about within what the service takes: %s', async (method) => {
    service.decide = () => service.no('This is not open to support.');
    const segment = 'abcdefghijklmnopqrstuvw-abcdefghijklmnopqrstuvw';
    const response = await product.open(`/${Array.from({ length: 6 }, () => segment).join('/')}`, token, { method });
    expect(response.status).toBe(403);
    expect(service.questions()[0]?.resource.id).toHaveLength(200);
  });

  it('for a record whose name is cut is asked about in text that can be written down', async () => {
    const title = `${'x'.repeat(198)}\u{1f600}y`;
    await product.close();
    product = await Product.start(service, { pages: () => ({ page: 'customer', record: title, title }) });
    await product.open('/customers/1', token);
    const { record, title: sent } = service.questions()[0]!.resource.properties;
    const cut = `${'x'.repeat(198)}…`;
    expect([record, sent]).toEqual([cut, cut]);
  });

  it.each([
    ['a\u202eb', 'a\\u202eb…'],
    ['a\nb\u2800', 'a\\u000ab\\u2800…'],
    ['half \ud83d', 'half \\ud83d…'],
    ['\u200b'.repeat(100), `${'\\u200b'.repeat(34).slice(0, 199)}…`],
  ])('for a record that hides text, %j, is asked about as what can be read (T25, T52)', async (record, asked) => {
    await product.close();
    product = await Product.start(service, {
      pages: () => ({ page: 'customer', record, title: `Ada \u200d ${record}` }),
    });
    await product.open('/customers/1', token);
    const { properties } = service.questions()[0]!.resource;
    expect([properties.record, hidesText(asked)]).toEqual([asked, false]);
    // What people are called may need such signs.
    expect(properties.title).toBe(`Ada \u200d ${record}`.toWellFormed());
  });

  it('for another workspace is asked about as such (T2)', async () => {
    await product.open('/w/bluebird', token);
    expect(service.questions()[0]?.resource.properties.workspace).toBe('bluebird');
  });

  it('for a part of a page names the view of that page, and is refused where there is none', async () => {
    product.app.get('/parts/chart', (_req, res) => void res.json({ ok: true }));
    const part = { 'sec-fetch-dest': 'empty', 'sec-fetch-user': '' };
    await product.open('/billing?tab=2', token);
    const response = await product.open('/parts/chart', token, {
      headers: { ...part, referer: `${product.url}/billing?tab=2` },
    });
    expect(await response.json()).toEqual({ ok: true });
    await product.open('/parts/chart', token, { headers: part });
    await product.open('/parts/chart', token, { headers: { ...part, referer: 'http://elsewhere.test/billing?tab=2' } });
    expect(service.questions().map(({ resource, context }) => [resource.id, context?.page])).toEqual([
      ['billing', undefined],
      ['billing', 'view-1'],
      ['/parts/chart', undefined],
      ['/parts/chart', undefined],
    ]);
  });

  it('for what belongs to nobody is served without asking, and still not kept', async () => {
    product.app.get('/style.css', (_req, res) => void res.type('css').send('a{}'));
    const response = await product.open('/style.css', token);
    expect(await response.text()).toBe('a{}');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(service.questions()).toEqual([]);
  });
});

describe('a refusal', () => {
  it('is a page with the reason, what to do instead, and the strip; every text is escaped', async () => {
    service.visit.banner = { ...aVisit().banner, customer: '<script>alert(1)</script>', staffName: '"><img src=x>' };
    service.decide = () => service.no('No <b>page</b> & no "entry".', { instead: '<i>Ask</i>' });
    const response = await product.open('/billing?a="><script>1</script>', token);
    const page = await response.text();
    expect(response.status).toBe(403);
    expect(page).toContain('<h1>No &#60;b&#62;page&#60;/b&#62; &#38; no &#34;entry&#34;.</h1>');
    expect(page).toContain('&#60;i&#62;Ask&#60;/i&#62;');
    expect(page).toContain('aria-label="Support session"');
    expect(page).not.toMatch(/<script|<img|<b>page|<i>/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('of a change or a sensitive page, which could be approved, leads to where it is asked for; of other pages it doesn’t (S1-30)', async () => {
    service.decide = () =>
      service.no('This visit is read only.', { instead: 'Ask to retry the sync on INV-88, once.' });
    const change = await (await product.open('/invoices/INV-88/retry', token, { method: 'POST' })).text();
    expect(change).toMatch(/href="\/ask\?ws_\w+ CASE-123 POST \/invoices\/:x\/retry">Ask for it</);
    expect(await (await product.open('/billing', token)).text()).not.toContain('href="/ask');
    const instead = 'Ask for it as a sensitive entry, with the reason.';
    service.decide = () => service.no('This page holds sensitive data.', { rule: 'pageIsViewable', instead });
    expect(await (await product.open('/billing', token)).text()).toMatch(
      /href="\/ask\?ws_\w+ CASE-123 billing">Ask for it</,
    );
    service.decide = () => service.no('This page is never open to support.', { rule: 'pageIsViewable' });
    expect(await (await product.open('/billing', token)).text()).not.toContain('href="/ask');
    service.decide = () => service.no('This is never open to support.', {});
    expect(await (await product.open('/invoices/INV-88/retry', token, { method: 'POST' })).text()).not.toContain(
      '/ask',
    );
  });

  it('with an end takes the cookie away and says why (S3-21)', async () => {
    await product.open('/billing', token);
    service.end('revoked', 'Support access has been revoked');
    const response = await product.open('/billing', token);
    const page = await response.text();
    expect(response.status).toBe(403);
    expect(page).toContain('<h1>Your visit to Acme Co has ended</h1>');
    expect(page).toContain('Support access has been revoked');
    expect(page).toContain('href="/staff"');
    expect(page).not.toContain('gatebook-strip');
    expect(response.headers.getSetCookie()).toEqual([
      '__Host-gatebook-visit=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0',
    ]);
    expect(product.served).toEqual(['/billing']);
  });

  it('with an off says it in the words that the service sends, whatever the preset’s are (S3-21)', async () => {
    await product.open('/billing', token);
    service.end('revoked', 'Support access was taken back');
    expect(await (await product.open('/billing', token)).text()).toContain('Support access was taken back');
  });

  it('of an ended visit that this process never saw is asked about all the same, so that it is written down', async () => {
    service.end('case closed', 'This visit has ended: its case was closed.');
    const response = await product.open('/billing', token);
    expect(await response.text()).toContain('its case was closed');
    expect(response.headers.getSetCookie()[0]).toContain('Max-Age=0');
    expect(service.questions().map(({ subject, resource }) => [subject.id, resource.id])).toEqual([[STAFF, 'billing']]);
  });
});

describe('closed, whatever goes wrong', () => {
  const breakages: [string, string, Parameters<FakeService['instead']['set']>[1]][] = [
    ['an error of the service', EVALUATION_PATH, (res) => res.writeHead(500).end('{}')],
    ['a call that is refused', EVALUATION_PATH, (res) => res.writeHead(400).end('{}')],
    [
      'a wrong product key',
      EVALUATION_PATH,
      (res) => res.writeHead(401).end('{"type":"urn:gatebook:problem:unauthenticated"}'),
    ],
    ['no JSON', EVALUATION_PATH, (res) => res.writeHead(200).end('<html>')],
    [
      'a yes without what a yes has',
      EVALUATION_PATH,
      (res) => res.writeHead(200).end('{"decision":true,"context":{}}'),
    ],
    [
      'a yes without a strip to show',
      EVALUATION_PATH,
      (res) => res.writeHead(200).end('{"decision":true,"context":{"validForMs":1000,"masks":{},"banner":{}}}'),
    ],
    [
      'a decision that is no boolean',
      EVALUATION_PATH,
      (res) => res.writeHead(200).end(JSON.stringify({ ...service.yes(), decision: 'true' })),
    ],
    [
      'an answer that breaks off',
      EVALUATION_PATH,
      (res) => {
        res.writeHead(200, { 'content-length': '500' }).write('{"decision":true');
        setImmediate(() => res.destroy());
      },
    ],
    ['a connection that is cut', EVALUATION_PATH, (res) => res.destroy()],
    ['nobody who says whose visit it is', INTROSPECT_PATH, (res) => res.writeHead(503).end('{}')],
  ];
  it.each(breakages)(
    '%s: a neutral page, nothing of the product, and the visit goes on',
    async (_name, path, breakage) => {
      service.instead.set(path, breakage);
      const response = await product.open('/billing', token);
      expect(response.status).toBe(503);
      expect(await response.text()).toContain('This page can&#8217;t be opened right now.');
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(product.served).toEqual([]);
      expect(product.faults).toHaveLength(1);
    },
  );

  it('a service that is silent: closed after two seconds of our own', async () => {
    await product.close();
    product = await Product.start(service, {}, PATIENCE);
    // Of itself the question would never end.
    service.instead.set(EVALUATION_PATH, () => undefined);
    const began = performance.now();
    const response = await product.open('/billing', token);
    expect(response.status).toBe(503);
    expect(performance.now() - began).toBeGreaterThan(1900);
    expect(product.faults).toEqual(['The service did not answer within 2000 ms.']);
  });

  it('a service that is not there', async () => {
    await service.close();
    expect((await product.open('/billing', token)).status).toBe(503);
    expect(product.served).toEqual([]);
    service = await new FakeService(aVisit()).listen();
  });

  it('a resolver that throws', async () => {
    await product.close();
    product = await Product.start(service, {
      pages: () => {
        throw new Error('no such table');
      },
    });
    expect((await product.open('/billing', token)).status).toBe(503);
    expect(product.served).toEqual([]);
  });

  it('a cookie that holds no token, or one that nobody knows: taken away, and nothing shown', async () => {
    for (const wrong of ['', 'no"token', 'unknown']) {
      service.instead.set(TOKEN_PATH, (res) => res.writeHead(400).end('{"error":"invalid_request"}'));
      const response = await product.open('/billing', wrong);
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('Your visit has ended');
      expect(response.headers.getSetCookie()[0]).toContain('__Host-gatebook-visit=; ');
    }
    expect(product.served).toEqual([]);
  });
});

describe('who is at the browser', () => {
  it('somebody else than the visit’s person: the visit ends, nothing is shown (T1)', async () => {
    await product.open('/billing', token);
    product.signedIn = 'priya@fernway.example';
    const response = await product.open('/billing', token);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('Somebody else is signed in here');
    expect(service.callsTo('/oauth/revoke').map(({ form }) => form['token'])).toEqual([token]);
    expect(service.questions()).toHaveLength(1);
  });

  it('nobody signed in any more: to sign in first, with the visit left as it is', async () => {
    product.signedIn = undefined;
    const response = await product.open('/billing', token);
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('href="/sign-in/staff?next=%2F"');
    expect(service.callsTo('/oauth/revoke')).toEqual([]);
    expect(product.served).toEqual([]);
  });
});

describe('the token', () => {
  it('is renewed once less than half of its life is left, by exchange of itself, without an actor (visit.md, step 11)', async () => {
    await product.open('/billing', token);
    product.monotonicMs += 119_000;
    expect((await product.open('/billing', token)).headers.getSetCookie()).toEqual([]);
    product.monotonicMs += 2000;
    const response = await product.open('/billing', token);
    const [cookie] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-gatebook-visit=e30\.[\w-]+\.c2ln; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    const exchanges = service.callsTo(TOKEN_PATH).map(({ form }) => form);
    expect(exchanges).toEqual([
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      },
    ]);
    expect(service.callsTo(EVALUATION_PATH).at(-1)?.headers['gatebook-visit']).toBe(cookie!.split(/[=;]/)[1]);
  });

  it('that is too old is renewed where the visit goes on, and asked with again', async () => {
    await product.open('/billing', token);
    service.old.add(token);
    const response = await product.open('/billing', token);
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()[0]).toContain('__Host-gatebook-visit=e30.');
  });

  it('that can’t be renewed yet still opens what it opens', async () => {
    await product.open('/billing', token);
    product.monotonicMs += 200_000;
    service.instead.set(TOKEN_PATH, (res) => res.writeHead(503).end('{}'));
    expect((await product.open('/billing', token)).status).toBe(200);
  });
});
