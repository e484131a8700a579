import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { signIn, SignInFailed } from '../../../cli/sign-in.ts';
import { Browser } from './testing/browser.ts';
import { freePort } from './testing/free-port.ts';
import {
  EmbeddedSignInRefused,
  embeddedIssuersAt,
  mountEmbeddedIssuers,
  PublicUrlInvalid,
  type EmbeddedIssuers,
  type EmbeddedIssuersOptions,
} from './embedded-issuers.ts';
import { createKeys, type EmbeddedKeys } from './keys.ts';
import { parsePeople } from './people.ts';
import { createTokenVerifier, type TokenVerifier } from './token-verifier.ts';

const people = parsePeople({
  members: [
    { sub: 'maria', name: 'Maria Ortiz', email: 'maria@acme.example', workspace: 'Acme <Travel>', role: 'owner' },
    { sub: 'ana', name: 'Ana Silva', email: 'ana@acme.example', workspace: 'Acme <Travel>', role: 'viewer' },
  ],
  staff: [{ sub: 'sam', name: 'Sam Lee', email: 'sam@fernway.example', roles: ['agent', 'lead'] }],
});
const CALLBACK = 'http://localhost:4100/sign-in/members/callback';
const VERIFIER = 'a'.repeat(43);
const CHALLENGE = 'ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA';

let keys: EmbeddedKeys;
let app: FastifyInstance;
let at: EmbeddedIssuers;
let tokens: TokenVerifier;

const optionsFor = (publicUrl: string): EmbeddedIssuersOptions => ({
  publicUrl,
  people,
  keys,
  products: [
    {
      clientId: 'fernway',
      name: 'Fernway',
      redirectUris: { members: [CALLBACK], staff: ['http://localhost:4100/sign-in/staff/callback'] },
    },
  ],
  onFault: (_realm, error) => {
    throw error;
  },
});
const verifierFor = ({
  issuers,
  resource,
  keysOf = issuers,
}: EmbeddedIssuers & { keysOf?: EmbeddedIssuers['issuers'] }) =>
  createTokenVerifier({
    issuers: (['members', 'staff'] as const).map((realm) => ({
      realm,
      issuer: issuers[realm],
      jwksUri: `${keysOf[realm]}/jwks`,
      audiences: [resource, 'gatebook-cli', 'fernway'],
      algorithms: ['RS256'],
    })),
    now: Date.now,
  });
const question = (change: Record<string, string | undefined> = {}) => {
  const all = {
    client_id: 'fernway',
    response_type: 'code',
    scope: 'openid profile email',
    redirect_uri: CALLBACK,
    state: 'st',
    nonce: 'no',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...change,
  };
  const kept = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${at.issuers.members}/auth?${new URLSearchParams(kept)}`;
};
const exchange = async (code: string, change: Record<string, string> = {}) => {
  const form = { grant_type: 'authorization_code', client_id: 'fernway', redirect_uri: CALLBACK, code };
  const response = await fetch(`${at.issuers.members}/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, code_verifier: VERIFIER, ...change }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};
const codeOf = (url: URL | undefined) => url?.searchParams.get('code') ?? '';
const authTimeOf = async (url: URL | undefined) => {
  const { body } = await exchange(codeOf(url));
  return decodeJwt(body.id_token!).auth_time as number;
};

beforeAll(async () => {
  keys = await createKeys();
  app = Fastify();
  const port = await freePort();
  at = mountEmbeddedIssuers(app, optionsFor(`http://localhost:${port}`));
  await app.listen({ port, host: '127.0.0.1' });
  tokens = verifierFor(at);
});
afterAll(() => app.close());

describe('Signing in as the command does', () => {
  it('gives an access token for the API and an ID token, both of which the service accepts', async () => {
    const before = Date.now();
    const signedIn = await signIn({
      issuer: at.issuers.members,
      clientId: 'gatebook-cli',
      resource: at.resource,
      person: 'maria',
    });
    expect(decodeProtectedHeader(signedIn.accessToken)).toMatchObject({ typ: 'at+jwt', alg: 'RS256' });
    const claims = decodeJwt(signedIn.accessToken);
    expect(claims.exp! - claims.iat!).toBe(600);
    // What was left of it by whole seconds, some time between then and now.
    expect(signedIn.expiresAt).toBeGreaterThan(before + 599_000);
    expect(signedIn.expiresAt).toBeLessThanOrEqual(Date.now() + 600_000);
    const person = await tokens.verify(signedIn.accessToken, {
      realms: ['members'],
      use: 'access',
      audience: at.resource,
    });
    expect(person).toEqual({
      realm: 'members',
      issuer: at.issuers.members,
      subject: 'maria',
      name: 'Maria Ortiz',
      email: 'maria@acme.example',
      authTime: expect.any(Number),
      acr: 'urn:gatebook:acr:picked-person',
      clientId: 'gatebook-cli',
      expiresAt: claims.exp! * 1000,
    });
    expect(person.authTime).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
    const sameByIdToken = await tokens.verify(signedIn.idToken, {
      realms: ['members'],
      use: 'id',
      audience: 'gatebook-cli',
    });
    expect({ ...sameByIdToken, expiresAt: person.expiresAt }).toEqual(person);
  });

  it('never lets an ID token pass for an access token, nor a member for staff (T4)', async () => {
    const signedIn = await signIn({
      issuer: at.issuers.members,
      clientId: 'gatebook-cli',
      resource: at.resource,
      person: 'ana',
      fresh: true,
    });
    const api = { use: 'access', audience: at.resource } as const;
    await expect(tokens.verify(signedIn.idToken, { ...api, realms: ['members'] })).rejects.toMatchObject({
      code: 'type',
    });
    await expect(
      tokens.verify(signedIn.idToken, { use: 'access', audience: 'gatebook-cli', realms: ['members'] }),
    ).rejects.toMatchObject({ code: 'type' });
    await expect(tokens.verify(signedIn.accessToken, { ...api, realms: ['staff'] })).rejects.toMatchObject({
      code: 'unknown-issuer',
    });
    // Even under the members' name, the staff issuer's keys don't fit.
    const forStaff = verifierFor({
      ...at,
      issuers: { members: at.issuers.staff, staff: at.issuers.members },
      keysOf: at.issuers,
    });
    await expect(forStaff.verify(signedIn.accessToken, { ...api, realms: ['staff'] })).rejects.toMatchObject({
      code: 'unknown-key',
    });
  });

  it('says who there is when the person is not', async () => {
    const failure = await signIn({
      issuer: at.issuers.staff,
      clientId: 'gatebook-cli',
      resource: at.resource,
      person: 'maria',
    }).catch((error: unknown) => error as SignInFailed);
    expect(failure).toBeInstanceOf(SignInFailed);
    expect((failure as SignInFailed).message).toBe('Nobody here is "maria". There are: sam.');
  });

  it('fails with a sentence when nobody is listening', async () => {
    const port = await freePort();
    const issuer = embeddedIssuersAt(`http://localhost:${port}`).issuers.members;
    await expect(signIn({ issuer, clientId: 'gatebook-cli', resource: at.resource, person: 'maria' })).rejects.toThrow(
      `The issuer ${issuer} can't be read`,
    );
  });
});

describe('The sign-in page', () => {
  it('is one form without a script, under a strict policy, with each person’s name and role, and nothing unescaped', async () => {
    const { response, page } = await new Browser().open(question());
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain(`default-src 'none'; script-src 'none'; style-src 'sha256-`);
    expect(policy).toContain(
      `form-action 'self' http://127.0.0.1:* ${new URL(at.resource).origin} http://localhost:4100;`,
    );
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(page).toContain('<h1>Sign in to Fernway</h1>');
    expect(page).toContain('Acme &lt;Travel&gt;');
    expect(page).not.toContain('<Travel>');
    expect(page).not.toContain('<script');
    expect(Browser.peopleOn(page)).toEqual(['maria', 'ana']);
  });

  it('offers who is signed in with one press, which keeps the time of signing in', async () => {
    jest.useFakeTimers({
      doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'setInterval'],
      now: Date.now(),
    });
    try {
      const browser = new Browser();
      const first = await authTimeOf((await browser.signIn(question(), 'ana')).back);
      jest.setSystemTime(Date.now() + 90_000);
      const again = await browser.open(question());
      expect(again.page).toContain('Go on as Ana');
      expect(Browser.peopleOn(again.page)).toEqual(['ana', 'maria']);
      expect(await authTimeOf((await browser.press('ana')).back)).toBe(first);

      const asked = await browser.open(question({ prompt: 'login' }));
      expect(asked.page).toContain('Fernway asks again who you are.');
      expect(asked.page).toContain('Sign in again as Ana');
      expect(await authTimeOf((await browser.press('ana')).back)).toBe(first + 90);

      jest.setSystemTime(Date.now() + 60_000);
      const within = await browser.open(question({ max_age: '60' }));
      expect(within.page).toContain('Go on as Ana');
      expect(await authTimeOf((await browser.press('ana')).back)).toBe(first + 90);

      jest.setSystemTime(Date.now() + 1000);
      const beyond = await browser.open(question({ max_age: '60' }));
      expect(beyond.page).toContain('Sign in again as Ana');
      expect(await authTimeOf((await browser.press('ana')).back)).toBe(first + 151);
    } finally {
      jest.useRealTimers();
    }
  });

  it('answers a silent question from the session, and never with a page', async () => {
    const browser = new Browser();
    const stranger = await browser.open(question({ prompt: 'none' }));
    expect(stranger.back?.searchParams.get('error')).toBe('login_required');
    await browser.signIn(question(), 'maria');
    const known = await browser.open(question({ prompt: 'none' }));
    expect(codeOf(known.back)).not.toBe('');
    const stale = await browser.open(question({ prompt: 'none', max_age: '0' }));
    expect(stale.back?.searchParams.get('error')).toBe('login_required');
  });

  it('lets another person sit down at the same browser', async () => {
    const browser = new Browser();
    await browser.signIn(question(), 'maria');
    const { back } = await browser.signIn(question(), 'ana');
    const { body } = await exchange(codeOf(back));
    expect(decodeJwt(body.id_token!)).toMatchObject({ sub: 'ana', nonce: 'no', aud: 'fernway', name: 'Ana Silva' });
    expect((await browser.open(question())).page).toContain('Go on as Ana');
  });

  it.each([
    ['nobody', {}],
    ['a person of the other realm', { person: 'sam' }],
    ['a form that is too long', { person: 'maria', pad: 'x'.repeat(4000) }],
  ])('refuses %s', async (_name, form: Record<string, string>) => {
    const browser = new Browser();
    await browser.open(question());
    const { response, page } = await browser.post(form);
    expect(response.status).toBe(400);
    expect(page).toContain('Nobody was picked');
  });

  it('belongs to the browser that asked: without its cookie it has run out', async () => {
    const asking = new Browser();
    await asking.open(question());
    const { response, page } = await new Browser().open(asking.address);
    expect(response.status).toBe(400);
    expect(page).toContain('This sign-in has run out');
  });

  it('is served under its own host only', async () => {
    const port = new URL(at.resource).port;
    const response = await fetch(`http://127.0.0.1:${port}/oidc/members/.well-known/openid-configuration`);
    expect(response.status).toBe(421);
    expect(await response.json()).toEqual({
      error: 'misdirected_request',
      error_description: `This sign-in is served at http://localhost:${port} only.`,
    });
  });
});

describe('A question that is not in order', () => {
  it.each([
    ['a redirect address of a stranger', { redirect_uri: 'http://localhost:4999/callback' }],
    ['a redirect address of the other realm', { redirect_uri: 'http://localhost:4100/sign-in/staff/callback' }],
    ['an unknown client', { client_id: 'nobody' }],
  ])('is refused on a page, and goes nowhere: %s', async (_name, change) => {
    const { response, back, page } = await new Browser().open(question(change));
    expect([response.status, back]).toEqual([400, undefined]);
    expect(page).toContain('This sign-in can’t go on');
  });

  it.each([
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['PKCE in the clear', { code_challenge: VERIFIER, code_challenge_method: 'plain' }, 'invalid_request'],
    ['a token in the address', { response_type: 'token' }, 'unsupported_response_type'],
    ['an ID token in the address', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['access to Gatebook for a product', { resource: 'API' }, 'invalid_target'],
    [
      'access to something else',
      { client_id: 'gatebook-console', redirect_uri: 'OWN', resource: 'https://elsewhere.example' },
      'invalid_target',
    ],
  ])('is answered with an error: %s', async (_name, change: Record<string, string | undefined>, error) => {
    const filled = Object.fromEntries(
      Object.entries(change).map(([key, value]) => [
        key,
        value === 'API' ? at.resource : value === 'OWN' ? `${new URL(at.resource).origin}/signed-in` : value,
      ]),
    );
    const { back } = await new Browser().open(question(filled));
    const answer = back && new URLSearchParams(back.search || back.hash.slice(1));
    expect(answer?.get('error')).toBe(error);
    expect(answer?.get('code')).toBeNull();
  });

  it.each([
    ['no verifier', { code_verifier: '' }],
    ['another verifier', { code_verifier: 'b'.repeat(43) }],
    ['another redirect address', { redirect_uri: 'http://localhost:4100/' }],
    ['another client', { client_id: 'gatebook-cli' }],
  ])('gets no token for its code: %s', async (_name, change: Record<string, string>) => {
    const { back } = await new Browser().signIn(question(), 'maria');
    const { status, body } = await exchange(codeOf(back), change);
    expect([status, Object.keys(body)]).toEqual([400, ['error', 'error_description']]);
  });

  it('gets one token for one code', async () => {
    const { back } = await new Browser().signIn(question(), 'maria');
    expect((await exchange(codeOf(back))).status).toBe(200);
    expect((await exchange(codeOf(back))).body.error).toBe('invalid_grant');
  });
});

describe('Where the issuers are mounted', () => {
  it('they serve the same under Nest, before its parsers and guards', async () => {
    const { Module } = await import('@nestjs/common');
    const { NestFactory } = await import('@nestjs/core');
    const { FastifyAdapter } = await import('@nestjs/platform-fastify');
    class Empty {}
    Module({})(Empty);
    const adapter = new FastifyAdapter();
    const nest = await NestFactory.create(Empty, adapter as never, { logger: false });
    const port = await freePort();
    const mounted = mountEmbeddedIssuers(adapter, optionsFor(`http://localhost:${port}`));
    await nest.listen(port, '127.0.0.1');
    try {
      const options = { issuer: mounted.issuers.staff, clientId: 'gatebook-cli', resource: mounted.resource };
      const { accessToken } = await signIn({ ...options, person: 'sam' });
      const expected = { realms: ['staff'], use: 'access', audience: mounted.resource } as const;
      expect(await verifierFor(mounted).verify(accessToken, expected)).toMatchObject({
        subject: 'sam',
        realm: 'staff',
      });
    } finally {
      await nest.close();
    }
  });

  it('nothing is printed at the start', async () => {
    const printed: unknown[][] = [];
    const spies = (['log', 'info', 'warn', 'error'] as const).map((level) =>
      jest.spyOn(console, level).mockImplementation((...words: unknown[]) => void printed.push(words)),
    );
    try {
      const quiet = Fastify();
      mountEmbeddedIssuers(quiet, optionsFor('http://localhost:4000'));
      await quiet.ready();
      await quiet.close();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    expect(printed).toEqual([]);
  });

  it('production refuses them (T67)', () => {
    expect(() =>
      mountEmbeddedIssuers(Fastify(), { ...optionsFor('http://localhost:4000'), nodeEnv: 'production' }),
    ).toThrow(EmbeddedSignInRefused);
  });

  it.each(['', 'localhost:4000', 'ftp://localhost', 'http://localhost:4000/gatebook', 'http://a:b@localhost:4000'])(
    'the address "%s" is refused',
    (publicUrl) => {
      expect(() => embeddedIssuersAt(publicUrl)).toThrow(PublicUrlInvalid);
    },
  );
});
