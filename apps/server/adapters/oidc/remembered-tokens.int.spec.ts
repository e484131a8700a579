import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RememberedTokens } from './remembered-tokens.ts';
import { startTestIssuer, type TestIssuer } from './testing/test-issuer.ts';
import { TokenRefused } from './token-refused.ts';
import { createTokenVerifier, type TokenExpectation, type TokenVerifier } from './token-verifier.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');
const API = 'http://localhost:4000/graphql';
const OTHER = 'http://localhost:4000/other';
const MARIA = { sub: 'maria', name: 'Maria Ortiz' };
const OWNERS: TokenExpectation = { realms: ['members'], use: 'access', audience: API };
/** After so long jose reads an issuer's keys again, by the process's own clock. */
const KEYS_AGE_MS = 600_000;

let now: number;
let issuer: TestIssuer;
let remembered: RememberedTokens;
let verifier: TokenVerifier;
let checks: ReturnType<typeof jest.spyOn>;

beforeEach(async () => {
  now = NOW;
  issuer = await startTestIssuer({ now: () => now, audience: API });
  remembered = new RememberedTokens(3);
  verifier = createTokenVerifier({
    issuers: [
      {
        realm: 'members',
        issuer: issuer.issuer,
        jwksUri: issuer.jwksUri,
        audiences: [API, OTHER, 'test-client'],
        algorithms: ['RS256'],
      },
    ],
    now: () => now,
    remembered,
  });
  checks = jest.spyOn(crypto.subtle, 'verify');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await issuer.close();
});

async function answer(token: string, expected: TokenExpectation = OWNERS): Promise<string> {
  try {
    return (await verifier.verify(token, expected)).subject;
  } catch (error) {
    if (error instanceof TokenRefused) return error.code;
    throw error;
  }
}

describe('A token that was checked before', () => {
  it('has its signature checked once, and says the same each time', async () => {
    const token = await issuer.accessToken(MARIA);
    const first = await verifier.verify(token, OWNERS);
    expect(await verifier.verify(token, OWNERS)).toEqual(first);
    expect(checks).toHaveBeenCalledTimes(1);
    expect(issuer.fetches()).toBe(1);
  });

  it('ends on the second on which it ended before (T5)', async () => {
    const token = await issuer.accessToken(MARIA);
    const answers = [];
    for (const late of [0, 599, 629, 630, 0, 3600]) {
      now = NOW + late * 1000;
      answers.push(await answer(token));
    }
    expect(answers).toEqual(['maria', 'maria', 'maria', 'expired', 'maria', 'expired']);
  });

  it.each([
    ['nbf', { nbf: NOW / 1000 }],
    ['iat', {}],
    ['auth_time', { iat: NOW / 1000 - 300 }],
  ])('is not good yet when the clock is set back behind its %s (T5)', async (_, claims) => {
    const token = await issuer.accessToken(MARIA, { claims });
    expect(await answer(token)).toBe('maria');
    now = NOW - 31_000;
    expect(await answer(token)).toBe('not-yet-valid');
  });

  it('is refused with one letter changed', async () => {
    const token = await issuer.accessToken(MARIA);
    expect(await answer(token)).toBe('maria');
    const [header, claims, signature = ''] = token.split('.');
    const other = signature.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'));
    expect(await answer([header, claims, other].join('.'))).toBe('signature');
  });

  it('counts for nothing else than what it was checked for: audience, realm, use', async () => {
    const token = await issuer.accessToken(MARIA);
    expect(await answer(token)).toBe('maria');
    expect(await answer(token, { ...OWNERS, audience: OTHER })).toBe('audience');
    expect(await answer(token, { ...OWNERS, realms: ['staff'] })).toBe('unknown-issuer');
    expect(await answer(token, { ...OWNERS, use: 'id' })).toBe('type');
    expect(await answer(token)).toBe('maria');
    // The other audience is found in the claims only, behind the signature.
    expect(checks).toHaveBeenCalledTimes(2);
  });

  it('no longer counts once the issuer’s keys were read without its own (T6)', async () => {
    const token = await issuer.accessToken(MARIA);
    expect(await answer(token)).toBe('maria');
    await issuer.rotate({ forget: true });
    // Another token with the new key has them read again, when that may be asked.
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 11_000);
    expect(await answer(await issuer.accessToken({ sub: 'adam' }))).toBe('adam');
    expect(issuer.fetches()).toBe(2);
    expect(await answer(token)).toBe('unknown-key');
  });

  it('has the keys read again when they are old, though nobody else asks (T6)', async () => {
    const token = await issuer.accessToken(MARIA);
    expect(await answer(token)).toBe('maria');
    await issuer.rotate({ forget: true });
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + KEYS_AGE_MS);
    expect(await answer(token)).toBe('unknown-key');
    expect(issuer.fetches()).toBe(2);
  });

  it('is checked anew when keys were read again, and still good where its key is among them', async () => {
    const token = await issuer.accessToken(MARIA);
    expect(await answer(token)).toBe('maria');
    await issuer.rotate();
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + KEYS_AGE_MS);
    expect(await answer(token)).toBe('maria');
    expect(await answer(token)).toBe('maria');
    expect(checks).toHaveBeenCalledTimes(2);
  });

  it('waits for keys that are old and can’t be read', async () => {
    const token = await issuer.accessToken(MARIA);
    expect(await answer(token)).toBe('maria');
    issuer.setDown(true);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + KEYS_AGE_MS);
    expect(await answer(token)).toBe('issuer-unreachable');
  });

  it('is forgotten when more than can be remembered came after it', async () => {
    const tokens = await Promise.all(['a', 'b', 'c', 'd'].map((sub) => issuer.accessToken({ sub })));
    for (const token of tokens.slice(0, 3)) await answer(token);
    await answer(tokens[0]!);
    await answer(tokens[3]!);
    expect(remembered.size).toBe(3);
    expect(checks).toHaveBeenCalledTimes(4);
    await answer(tokens[0]!);
    expect(checks).toHaveBeenCalledTimes(4);
    await answer(tokens[1]!);
    expect(checks).toHaveBeenCalledTimes(5);
  });

  it('is remembered only when it was good', async () => {
    expect(await answer(await issuer.accessToken(MARIA, { lifeSec: -3600 }))).toBe('expired');
    expect(await answer(await issuer.accessToken(MARIA, { claims: { act: { sub: 'sam' } } }))).toBe('acts-for-another');
    expect(remembered.size).toBe(0);
  });
});
