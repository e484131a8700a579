import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startTestIssuer, type TestIssuer } from './testing/test-issuer.ts';
import { TokenRefused } from './token-refused.ts';
import {
  createTokenVerifier,
  IssuersInvalid,
  type TokenExpectation,
  type TokenVerifier,
  type TrustedIssuer,
} from './token-verifier.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');
const API = 'http://localhost:4000/graphql';
const MARIA = { sub: 'maria', name: 'Maria Ortiz', email: 'maria@acme.example' };
const OWNERS: TokenExpectation = { realms: ['members'], use: 'access', audience: API };

let now = NOW;
let members: TestIssuer;
let staff: TestIssuer;
let verifier: TokenVerifier;

const trusted = (realm: 'members' | 'staff', of: TestIssuer, rest: Partial<TrustedIssuer> = {}): TrustedIssuer => ({
  realm,
  issuer: of.issuer,
  jwksUri: of.jwksUri,
  audiences: [API, 'test-client'],
  algorithms: [realm === 'members' ? 'RS256' : 'ES256'],
  ...rest,
});

const refusal = async (token: string, expected: TokenExpectation = OWNERS, by: TokenVerifier = verifier) => {
  try {
    await by.verify(token, expected);
  } catch (error) {
    if (error instanceof TokenRefused) return error.code;
    throw error;
  }
  return 'ACCEPTED';
};

beforeAll(async () => {
  members = await startTestIssuer({ now: () => now, audience: API });
  staff = await startTestIssuer({ now: () => now, audience: API, algorithm: 'ES256' });
  verifier = createTokenVerifier({ issuers: [trusted('members', members), trusted('staff', staff)], now: () => now });
});
afterAll(async () => {
  await Promise.all([members.close(), staff.close()]);
});

describe('A token of a configured issuer', () => {
  it('tells who the person is and when identity was last proved', async () => {
    const token = await members.accessToken(MARIA, { authTime: NOW - 60_000, acr: 'urn:example:acr' });
    expect(await verifier.verify(token, OWNERS)).toEqual({
      realm: 'members',
      issuer: members.issuer,
      subject: 'maria',
      name: 'Maria Ortiz',
      email: 'maria@acme.example',
      authTime: NOW - 60_000,
      acr: 'urn:example:acr',
      clientId: 'test-client',
      expiresAt: NOW + 600_000,
    });
  });

  it('says nothing of the time of sign-in when the issuer did not (RFC 9470)', async () => {
    const person = await verifier.verify(await members.accessToken({ sub: 'maria' }, { authTime: null }), OWNERS);
    expect(person).toEqual({
      realm: 'members',
      issuer: members.issuer,
      subject: 'maria',
      acr: 'urn:gatebook:acr:test',
      clientId: 'test-client',
      expiresAt: NOW + 600_000,
    });
  });

  it('is good as an ID token for the client that it was made for', async () => {
    const expected = { realms: ['staff'], use: 'id', audience: 'test-client' } as const;
    const person = await verifier.verify(await staff.idToken({ sub: 'sam' }, { claims: { nonce: 'n' } }), expected);
    expect([person.subject, person.clientId]).toEqual(['sam', 'test-client']);
  });

  it('is good until its end and the tolerance, and not a second longer', async () => {
    const token = await members.accessToken(MARIA);
    const answers = [];
    for (const late of [0, 599, 629, 630, 3600]) {
      now = NOW + late * 1000;
      answers.push(await refusal(token));
    }
    now = NOW;
    expect(answers).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED', 'expired', 'expired']);
  });

  it('is refused with a sentence that has nothing of the token in it', async () => {
    const token = await members.accessToken(MARIA, { lifeSec: -3600 });
    const error = await verifier.verify(token, OWNERS).catch((reason: unknown) => reason as TokenRefused);
    expect(error).toBeInstanceOf(TokenRefused);
    expect(Object.entries(error)).toEqual([
      ['name', 'TokenRefused'],
      ['code', 'expired'],
    ]);
    expect((error as TokenRefused).message).toBe('The token has expired.');
    expect((error as TokenRefused).cause).toBeUndefined();
  });
});

describe('The issuer’s keys (T6)', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('are fetched once for many tokens at a time, and not again for a flood of unknown kids', async () => {
    // By this clock jose waits before it reads keys again, however long the flood takes.
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
    const issuer = await startTestIssuer({ now: () => now, audience: API });
    try {
      const fresh = createTokenVerifier({ issuers: [trusted('members', issuer)], now: () => now });
      const token = await issuer.accessToken(MARIA);
      await Promise.all(Array.from({ length: 20 }, () => fresh.verify(token, OWNERS)));
      expect(issuer.fetches()).toBe(1);
      const flood = await Promise.all(
        Array.from({ length: 200 }, async (_, n) =>
          refusal(await issuer.accessToken(MARIA, { header: { kid: `unknown-${n}` } }), OWNERS, fresh),
        ),
      );
      expect(new Set(flood)).toEqual(new Set(['unknown-key']));
      expect(issuer.fetches()).toBe(1);
    } finally {
      await issuer.close();
    }
  });

  it('that can’t be read refuse with a code of their own, pause, and are read again', async () => {
    let clock = NOW;
    const issuer = await startTestIssuer({ now: () => clock, audience: API });
    try {
      const fresh = createTokenVerifier({ issuers: [trusted('members', issuer)], now: () => clock });
      const token = await issuer.accessToken(MARIA);
      issuer.setDown(true);
      expect(await refusal(token, OWNERS, fresh)).toBe('issuer-unreachable');
      expect(await refusal(token, OWNERS, fresh)).toBe('issuer-unreachable');
      expect(issuer.fetches()).toBe(1);
      issuer.setDown(false);
      clock += 1000;
      expect(await refusal(token, OWNERS, fresh)).toBe('ACCEPTED');
    } finally {
      await issuer.close();
    }
  });

  it('can be given as they are, and then nothing is fetched', async () => {
    const local = {
      realm: 'members',
      issuer: members.issuer,
      jwks: members.jwks(),
      audiences: [API],
      algorithms: ['RS256'],
    } as const;
    const before = members.fetches();
    const fresh = createTokenVerifier({ issuers: [local], now: () => now });
    expect(await refusal(await members.accessToken(MARIA), OWNERS, fresh)).toBe('ACCEPTED');
    expect(members.fetches()).toBe(before);
  });

  it('of an old generation no longer count once the issuer has taken them away', async () => {
    const issuer = await startTestIssuer({ now: () => now, audience: API });
    try {
      const old = await issuer.accessToken(MARIA);
      await issuer.rotate();
      const between = createTokenVerifier({ issuers: [trusted('members', issuer)], now: () => now });
      expect(await refusal(old, OWNERS, between)).toBe('ACCEPTED');
      expect(await refusal(await issuer.accessToken(MARIA), OWNERS, between)).toBe('ACCEPTED');
      await issuer.rotate({ forget: true });
      const after = createTokenVerifier({ issuers: [trusted('members', issuer)], now: () => now });
      expect(await refusal(old, OWNERS, after)).toBe('unknown-key');
    } finally {
      await issuer.close();
    }
  });
});

describe('Issuers that can’t be trusted as configured', () => {
  const one: TrustedIssuer = {
    realm: 'members',
    issuer: 'https://id.example',
    jwksUri: 'https://id.example/jwks',
    audiences: [API],
    algorithms: ['RS256'],
  };
  it.each<[string, readonly TrustedIssuer[], string]>([
    ['alg none', [{ ...one, algorithms: ['none' as never] }], `can't use the algorithm "none"`],
    ['HMAC', [{ ...one, algorithms: ['HS256' as never] }], `can't use the algorithm "HS256"`],
    ['no algorithm', [{ ...one, algorithms: [] }], 'has no algorithm'],
    ['a leeway of more than a minute', [{ ...one, clockToleranceSec: 61 }], 'clock tolerance of 61 s'],
    ['a negative leeway', [{ ...one, clockToleranceSec: -1 }], 'clock tolerance of -1 s'],
    ['a leeway that is no number', [{ ...one, clockToleranceSec: Number.NaN }], 'clock tolerance of NaN s'],
    ['one issuer for both realms', [one, { ...one, realm: 'staff' }], 'each realm needs an issuer of its own'],
    ['no keys', [{ ...one, jwksUri: undefined }], 'needs either the address of its keys or the keys'],
    ['keys in a file', [{ ...one, jwksUri: 'file:///etc/keys' }], 'which is no web address'],
    ['no audience', [{ ...one, audiences: [] }], 'has no audience'],
  ])('are refused at the start: %s', (_name, issuers, problem) => {
    let thrown: unknown;
    try {
      createTokenVerifier({ issuers, now: () => NOW });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(IssuersInvalid);
    expect((thrown as IssuersInvalid).problems).toHaveLength(1);
    expect((thrown as IssuersInvalid).problems[0]).toContain(problem);
  });
});
