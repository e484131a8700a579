import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { INTROSPECT_PATH, PRESENCE_PATH, REVOKE_PATH, TOKEN_PATH } from '@gatebook/protocol';
import { aVisit, FakeService } from '../testing/fake-service.ts';
import { until } from '../testing/patience.ts';
import { Product } from '../testing/product.ts';

const GONE = '__Host-gatebook-visit=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0';

let service: FakeService;
let product: Product;
let token: string;

beforeEach(async () => {
  service = await new FakeService(aVisit()).listen();
  product = await Product.start(service);
  token = service.token();
  product.app.get('/billing', (_req, res) => void res.send('<body>Billing</body>'));
});

afterEach(async () => {
  await product.close();
  await service.close();
});

describe('entering', () => {
  it('with a code and the product’s own sign-in makes a strict cookie and starts on the first page', async () => {
    service.codes.add('the-code');
    const response = await product.post('/gatebook/enter', undefined, { code: ' the-code ' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-gatebook-visit=e30\.[\w-]+\.c2ln; Path=\/; Secure; HttpOnly; SameSite=Strict$/),
    ]);
    expect(service.callsTo(TOKEN_PATH)[0]?.form).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'the-code',
      subject_token_type: 'urn:gatebook:token-type:entry-code',
      actor_token: product.idToken(),
      actor_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    });
    expect(service.callsTo(INTROSPECT_PATH)).toHaveLength(1);
  });

  it('begins to listen for ends before the first page is opened', async () => {
    service.codes.add('the-code');
    await product.post('/gatebook/enter', undefined, { code: 'the-code' });
    await until(() => service.listeners === 1);
    expect(service.questions()).toEqual([]);
  });

  it('from the console on another site shows a page to go on from, since strict cookies don’t follow such redirects', async () => {
    service.codes.add('the-code');
    const response = await product.post(
      '/gatebook/enter',
      undefined,
      { code: 'the-code' },
      { 'sec-fetch-site': 'cross-site', origin: service.url },
    );
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain('<h1>You, Sam Lee, are in Acme Co</h1>');
    expect(page).toContain('<p>Read only. The customer sees each page that you open.</p>');
    expect(response.headers.getSetCookie()).toHaveLength(1);
  });

  it('without a sign-in goes to sign in first, with nothing of the code in an address', async () => {
    service.codes.add('the-code');
    product.signedIn = undefined;
    const response = await product.post('/gatebook/enter', undefined, { code: 'the-code' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/sign-in/staff?next=%2Fgatebook%2Fenter');
    expect(service.codes.has('the-code')).toBe(true);
    expect((await product.open('/gatebook/enter', undefined)).headers.get('location')).toBe(
      '/sign-in/staff?next=%2Fgatebook%2Fenter',
    );
  });

  it('keeps the code while its person signs in, and takes it by one press then, once', async () => {
    service.codes.add('the-code');
    const idToken = product.signedIn;
    product.signedIn = undefined;
    const sent = await product.post('/gatebook/enter', undefined, { code: 'the-code' });
    expect(sent.headers.getSetCookie()).toEqual([
      '__Host-gatebook-code=the-code; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60',
    ]);
    product.signedIn = idToken;
    const cookie = { cookie: '__Host-gatebook-code=the-code' };
    const back = await product.open('/gatebook/enter', undefined, { headers: cookie });
    expect(await back.text()).toContain('<button class="btn go">Go on into your visit</button>');
    expect(service.calls).toEqual([]);
    const strange = { ...cookie, 'sec-fetch-site': 'cross-site', origin: service.url };
    expect((await product.post('/gatebook/enter', undefined, {}, strange)).status).toBe(400);
    const entered = await product.post('/gatebook/enter', undefined, {}, cookie);
    expect(entered.status).toBe(303);
    expect(entered.headers.getSetCookie()).toEqual([
      '__Host-gatebook-code=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0',
      expect.stringMatching(/^__Host-gatebook-visit=/),
    ]);
  });

  it('keeps no code that could be more than a code', async () => {
    product.signedIn = undefined;
    const sent = await product.post('/gatebook/enter', undefined, { code: 'x; Domain=example' });
    expect(sent.headers.getSetCookie()).toEqual([]);
  });

  it('with a sign-in that has run out goes to sign in first', async () => {
    product.nowMs = Date.parse('2026-11-21T11:00:00Z');
    expect((await product.post('/gatebook/enter', undefined, { code: 'x' })).status).toBe(303);
    expect(service.calls).toEqual([]);
  });

  it('with a code that is refused says so, escaped, and asks again', async () => {
    const response = await product.post('/gatebook/enter', undefined, { code: 'spent' });
    const page = await response.text();
    expect(response.status).toBe(403);
    expect(page).toContain('The code is not &#60;b&#62;valid&#60;/b&#62;.');
    expect(page).toContain('<form method="post" action="/gatebook/enter">');
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it('has no effect by GET, and takes no code from an address (T30)', async () => {
    service.codes.add('the-code');
    const response = await product.open('/gatebook/enter?code=the-code', undefined);
    expect(response.status).toBe(200);
    expect(await response.text()).not.toContain('the-code');
    expect(service.calls).toEqual([]);
  });

  it('by a post from a strange site is refused (T31)', async () => {
    service.codes.add('the-code');
    const strange = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.test' };
    expect((await product.post('/gatebook/enter', undefined, { code: 'the-code' }, strange)).status).toBe(403);
    expect(service.calls).toEqual([]);
  });

  const mixUps: [string, () => void, string][] = [
    ['another product’s', () => (service.visit.aud = 'other'), 'another product'],
    ['another person’s', () => (service.visit.staffEmail = 'priya@fernway.example'), 'Somebody else'],
    ['a workspace that is not here', () => (service.visit.workspaceRef = 'bluebird'), 'a workspace that is not here'],
  ];
  it.each(mixUps)('a visit that is %s is ended, with the reason (T2)', async (_name, mixUp, reason) => {
    service.codes.add('the-code');
    mixUp();
    const response = await product.post('/gatebook/enter', undefined, { code: 'the-code' });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain(reason);
    expect(response.headers.getSetCookie()).toEqual([GONE]);
    expect(service.callsTo(REVOKE_PATH)).toHaveLength(1);
  });

  it('ends the visit again where nobody says whose it is', async () => {
    service.codes.add('the-code');
    service.instead.set(INTROSPECT_PATH, (res) => res.writeHead(500).end());
    const response = await product.post('/gatebook/enter', undefined, { code: 'the-code' });
    expect(response.status).toBe(503);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(service.callsTo(REVOKE_PATH)).toHaveLength(1);
  });
});

describe('leaving', () => {
  it('is one press: the visit is revoked, the cookie gone, the way back shown (S1-79)', async () => {
    await product.open('/billing', token);
    const response = await product.post('/gatebook/exit', token, {});
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(page).toContain('<h1>Your visit to Acme Co has ended</h1>');
    expect(page).toContain('<a class="btn go" href="/staff">Back to your own account</a>');
    expect(response.headers.getSetCookie()).toEqual([GONE]);
    expect(service.callsTo(REVOKE_PATH).map(({ form }) => form['token'])).toEqual([token]);
  });

  it('takes the cookie away also when the end can’t be written down yet, and says so', async () => {
    service.instead.set(REVOKE_PATH, (res) => res.writeHead(503).end());
    const response = await product.post('/gatebook/exit', token, {});
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('could not be written down yet');
    expect(response.headers.getSetCookie()).toEqual([GONE]);
  });

  it('neither by GET nor from another site (T30, T31)', async () => {
    expect((await product.open('/gatebook/exit', token)).status).toBe(405);
    const strange = await product.post('/gatebook/exit', token, {}, { 'sec-fetch-site': 'same-site' });
    const older = await product.post(
      '/gatebook/stay',
      token,
      {},
      { 'sec-fetch-site': undefined, origin: 'https://elsewhere.test' },
    );
    expect([strange.status, older.status]).toEqual([403, 403]);
    expect(service.calls).toEqual([]);
  });
});

describe('staying', () => {
  it('tells the service that a person is there, and goes back to the page', async () => {
    await product.open('/billing', token);
    const response = await product.post('/gatebook/stay', token, { back: '/billing?tab=2' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/billing?tab=2');
    expect(service.callsTo(PRESENCE_PATH).map(({ headers }) => headers['gatebook-visit'])).toEqual([token]);
  });

  it('tells so with a younger token where the pause was longer than a token lives (S4-62)', async () => {
    await product.open('/billing', token);
    service.old.add(token);
    const response = await product.post('/gatebook/stay', token, { back: '/billing' });
    expect(response.status).toBe(303);
    const younger = /gatebook-visit=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1];
    expect(younger).toBeDefined();
    expect(younger).not.toBe(token);
    expect(service.callsTo(PRESENCE_PATH).map(({ headers }) => headers['gatebook-visit'])).toEqual([token, younger]);
  });

  it.each(['//elsewhere.test/', '/\\elsewhere.test', 'https://elsewhere.test/', '/a\r\nb'])(
    'never goes back to %j',
    async (back) => {
      const response = await product.post('/gatebook/stay', token, { back });
      expect(response.headers.get('location')).toBe('/');
    },
  );

  it('goes back to the page, which tells, when the visit is over', async () => {
    service.instead.set(PRESENCE_PATH, (res) =>
      res.writeHead(401).end('{"type":"urn:gatebook:problem:visit-unknown"}'),
    );
    expect((await product.post('/gatebook/stay', token, { back: '/billing' })).status).toBe(303);
  });
});

it('serves the look of the strip, and nothing else below its own path', async () => {
  const style = await product.open('/gatebook/strip.css', token);
  expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8');
  expect(await style.text()).toContain('#1c3a5e');
  expect((await product.open('/gatebook/other', token)).status).toBe(404);
  expect(product.served).toEqual([]);
});
