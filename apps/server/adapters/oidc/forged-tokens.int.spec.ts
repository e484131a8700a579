import { createHmac, createPublicKey, generateKeyPairSync, sign as signBytes, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestIssuer, type MintOptions, type TestIssuer } from './testing/test-issuer.ts';
import { TokenRefused } from './token-refused.ts';
import {
  createTokenVerifier,
  type TokenExpectation,
  type TokenVerifier,
  type TrustedIssuer,
} from './token-verifier.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');
const AT = NOW / 1000;
const API = 'http://localhost:4000/graphql';
const MARIA = { sub: 'maria', name: 'Maria Ortiz', email: 'maria@acme.example' };
const OWNERS: TokenExpectation = { realms: ['members'], use: 'access', audience: API };
const STAFF: TokenExpectation = { realms: ['staff'], use: 'access', audience: API };

const now = NOW;
let members: TestIssuer;
let staff: TestIssuer;
let trap: Server;
let trapUrl: string;
let trapHits = 0;
let verifier: TokenVerifier;
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

const trusted = (realm: 'members' | 'staff', of: TestIssuer, rest: Partial<TrustedIssuer> = {}): TrustedIssuer => ({
  realm,
  issuer: of.issuer,
  jwksUri: of.jwksUri,
  audiences: [API, 'test-client'],
  algorithms: [realm === 'members' ? 'RS256' : 'ES256'],
  ...rest,
});

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const forge = (header: unknown, claims: unknown, signature: (input: string) => string) => {
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${signature(input)}`;
};
const byStranger = (input: string) =>
  signBytes('sha256', Buffer.from(input), stranger.privateKey).toString('base64url');
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
  const strangersKeys = { keys: [{ ...stranger.publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256' }] };
  trap = createServer((_request, response) => {
    trapHits++;
    response.end(JSON.stringify(strangersKeys));
  });
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  trapUrl = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/keys`;
});
afterAll(async () => {
  trap.closeAllConnections();
  trap.close();
  await Promise.all([members.close(), staff.close()]);
});

describe('Forged and malformed tokens (T3, T4, T5)', () => {
  it('are refused, every one of them', async () => {
    const claims = {
      iss: members.issuer,
      aud: API,
      sub: 'maria',
      iat: AT,
      exp: AT + 600,
      auth_time: AT,
      client_id: 'test-client',
    };
    const kid = members.jwks().keys[0]!.kid!;
    const header = { alg: 'RS256', typ: 'at+jwt', kid };
    const good = await members.accessToken(MARIA);
    const [goodHeader, goodClaims, goodSignature] = good.split('.') as [string, string, string];
    const publicJwk = members.jwks().keys[0]!;
    const publicKey: KeyObject = createPublicKey({ key: publicJwk as never, format: 'jwk' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const der = publicKey.export({ type: 'spki', format: 'der' });
    const hmac =
      (secret: string | Buffer, hash = 'sha256') =>
      (input: string) =>
        createHmac(hash, secret).update(input).digest('base64url');
    const minted = (mint: MintOptions) => members.accessToken(MARIA, mint);
    const changed = (replace: Record<string, unknown>) => minted({ claims: replace });
    const strangersJwk = stranger.publicKey.export({ format: 'jwk' });
    const staffKid = staff.jwks().keys[0]!.kid!;
    const staffHeader = { alg: 'ES256', typ: 'at+jwt', kid: staffKid };
    const staffClaims = { ...claims, iss: staff.issuer };

    type Forgery = readonly [name: string, token: unknown, refused: string, expected?: TokenExpectation];
    const forgeries: Forgery[] = [
      ['nothing', '', 'malformed'],
      ['not a string', 42, 'malformed'],
      ['two parts', `${goodHeader}.${goodClaims}`, 'malformed'],
      ['five parts', 'a.b.c.d.e', 'malformed'],
      ['not JSON', 'e30.bm90anNvbg.AA', 'malformed'],
      ['claims that are a list', `${goodHeader}.${part([])}.${goodSignature}`, 'malformed'],
      ['too long', `${goodHeader}.${part({ ...claims, pad: 'x'.repeat(9000) })}.${goodSignature}`, 'malformed'],
      ...['none', 'None', 'NONE', 'nOnE'].map((alg): Forgery => [
        `alg ${alg}, no signature`,
        forge({ ...header, alg }, claims, () => ''),
        'algorithm',
      ]),
      ['alg none, old signature', forge({ ...header, alg: 'none' }, claims, () => goodSignature), 'algorithm'],
      ['no alg', forge({ typ: 'at+jwt', kid }, claims, byStranger), 'algorithm'],
      ['alg as a list', forge({ ...header, alg: ['RS256'] }, claims, byStranger), 'algorithm'],
      ['HS256 with the public key (PEM)', forge({ ...header, alg: 'HS256' }, claims, hmac(pem)), 'algorithm'],
      ['HS256 with the public key (DER)', forge({ ...header, alg: 'HS256' }, claims, hmac(der)), 'algorithm'],
      ['HS512 with the public key', forge({ ...header, alg: 'HS512' }, claims, hmac(pem, 'sha512')), 'algorithm'],
      ['HS256 with an empty secret', forge({ ...header, alg: 'HS256' }, claims, hmac('')), 'algorithm'],
      ['an algorithm not allowed here', forge({ ...header, alg: 'PS256' }, claims, () => goodSignature), 'algorithm'],
      ['signature left out', `${goodHeader}.${goodClaims}.`, 'signature'],
      ['signature of zeros', forge(header, claims, () => Buffer.alloc(256).toString('base64url')), 'signature'],
      ['signature cut', `${goodHeader}.${goodClaims}.${goodSignature.slice(0, -4)}`, 'signature'],
      [
        'claims changed under the signature',
        `${goodHeader}.${part({ ...claims, sub: 'ana' })}.${goodSignature}`,
        'signature',
      ],
      ['signed by a stranger under a known kid', forge(header, claims, byStranger), 'signature'],
      [
        'ES256 of zeros',
        forge(staffHeader, staffClaims, () => Buffer.alloc(64).toString('base64url')),
        'signature',
        STAFF,
      ],
      ['ES256 empty', forge(staffHeader, staffClaims, () => ''), 'signature', STAFF],
      ['embedded jwk', forge({ ...header, kid: 'x', jwk: strangersJwk }, claims, byStranger), 'unknown-key'],
      [
        'embedded jwk under a known kid',
        forge({ ...header, jwk: { ...strangersJwk, kid } }, claims, byStranger),
        'signature',
      ],
      [
        'embedded jwk without kid',
        forge({ ...header, kid: undefined, jwk: strangersJwk }, claims, byStranger),
        'unknown-key',
      ],
      ['jku', forge({ ...header, kid: 'k', jku: trapUrl }, claims, byStranger), 'unknown-key'],
      ['jku under a known kid', forge({ ...header, jku: trapUrl }, claims, byStranger), 'signature'],
      ['x5u', forge({ ...header, kid: 'k', x5u: trapUrl }, claims, byStranger), 'unknown-key'],
      ['x5c', forge({ ...header, x5c: [der.toString('base64')] }, claims, byStranger), 'signature'],
      ...[
        '../../../../dev/null',
        '/dev/null',
        `' UNION SELECT 'key'--`,
        `${kid}' OR '1'='1`,
        `${kid}\0`,
        kid.toUpperCase(),
        `${kid} `,
        '__proto__',
        'k'.repeat(201),
        '',
      ].map((odd): Forgery => [
        `kid ${JSON.stringify(odd.slice(0, 24))}`,
        forge({ ...header, kid: odd }, claims, byStranger),
        'unknown-key',
      ]),
      ['kid as a number', forge({ ...header, kid: 0 }, claims, byStranger), 'unknown-key'],
      [
        'unknown crit',
        await minted({ header: { crit: ['x'], x: 1 } }).catch(() =>
          forge({ ...header, crit: ['x'], x: 1 }, claims, byStranger),
        ),
        'algorithm',
      ],
      ['another issuer', await changed({ iss: 'https://elsewhere.example' }), 'unknown-issuer'],
      ['issuer with a slash', await changed({ iss: `${members.issuer}/` }), 'unknown-issuer'],
      ['issuer in capitals', await changed({ iss: members.issuer.toUpperCase() }), 'unknown-issuer'],
      ['issuer as a list', await changed({ iss: [members.issuer] }), 'unknown-issuer'],
      ['issuer missing', await changed({ iss: undefined }), 'unknown-issuer'],
      ['the other realm’s issuer, own key', await changed({ iss: staff.issuer }), 'algorithm', STAFF],
      ['a member’s token for staff', good, 'unknown-issuer', STAFF],
      ['a staff token for owners', await staff.accessToken({ sub: 'sam' }), 'unknown-issuer'],
      ['another audience', await minted({ audience: 'https://elsewhere.example' }), 'audience'],
      ['audience missing', await changed({ aud: undefined }), 'audience'],
      ['audience longer by a letter', await minted({ audience: `${API}s` }), 'audience'],
      [
        'an audience asked for by mistake',
        await minted({ audience: 'https://other.example' }),
        'audience',
        { ...OWNERS, audience: 'https://other.example' },
      ],
      ['ID token as access token', await members.idToken(MARIA, { audience: API }), 'type'],
      [
        'ID token typed JWT as access token',
        await members.idToken(MARIA, { audience: API, header: { typ: 'JWT' } }),
        'type',
      ],
      [
        'ID token typed as access token',
        await members.idToken(MARIA, { audience: API, header: { typ: 'at+jwt' }, claims: { nonce: 'n' } }),
        'type',
      ],
      ['access token as ID token', good, 'type', { ...OWNERS, use: 'id' }],
      ['typ as a list', await minted({ header: { typ: ['at+jwt'] } }), 'type'],
      ['typ of a security event', await minted({ header: { typ: 'secevent+jwt' } }), 'type'],
      [
        'ID token for two, no party named',
        await members.idToken(MARIA, { claims: { aud: ['test-client', 'x'] } }),
        'audience',
        { ...OWNERS, use: 'id', audience: 'test-client' },
      ],
      [
        'ID token for another party',
        await members.idToken(MARIA, { claims: { azp: 'x' } }),
        'audience',
        { ...OWNERS, use: 'id', audience: 'test-client' },
      ],
      ['exp missing', await changed({ exp: undefined }), 'claims'],
      ['exp null', await changed({ exp: null }), 'claims'],
      ['exp a string', await changed({ exp: String(AT + 600) }), 'claims'],
      ['exp a word', await changed({ exp: 'never' }), 'claims'],
      ['exp a list', await changed({ exp: [AT + 600] }), 'claims'],
      ['exp true', await changed({ exp: true }), 'claims'],
      ['exp 2^53', await changed({ exp: 2 ** 53 }), 'claims'],
      ['exp 1e300', await changed({ exp: 1e300 }), 'claims'],
      ['exp in milliseconds', await changed({ exp: NOW + 600_000 }), 'claims'],
      ['exp negative', await changed({ exp: -1 }), 'expired'],
      ['exp zero', await changed({ exp: 0 }), 'expired'],
      ['exp at the end of the leeway', await changed({ exp: AT - 30 }), 'expired'],
      ['nbf behind the leeway', await changed({ nbf: AT + 31 }), 'not-yet-valid'],
      ['nbf a string', await changed({ nbf: 'now' }), 'claims'],
      ['iat missing', await changed({ iat: undefined }), 'claims'],
      ['iat in the future', await changed({ iat: AT + 31 }), 'not-yet-valid'],
      ['iat a string', await changed({ iat: 'now' }), 'claims'],
      ['auth_time in the future', await changed({ auth_time: AT + 31 }), 'not-yet-valid'],
      ['auth_time a string', await changed({ auth_time: String(AT) }), 'claims'],
      ['auth_time 2^53', await changed({ auth_time: 2 ** 53 }), 'claims'],
      ['auth_time negative', await changed({ auth_time: -1 }), 'claims'],
      ['sub missing', await changed({ sub: undefined }), 'claims'],
      ['sub empty', await changed({ sub: '' }), 'claims'],
      ['sub a number', await changed({ sub: 7 }), 'claims'],
      ['acting for another', await changed({ act: { sub: 'sam' } }), 'acts-for-another'],
      ['acting for another, emptily', await changed({ act: null }), 'acts-for-another'],
    ];

    const outcomes = [];
    for (const [name, token, refused, expected] of forgeries) {
      outcomes.push({ name, refused, was: await refusal(token as string, expected) });
    }
    const accepted = outcomes.filter(({ was }) => was === 'ACCEPTED').length;
    process.stdout.write(`forged or malformed tokens: tried ${outcomes.length}, accepted ${accepted}\n`);
    expect(outcomes.filter(({ was, refused }) => was !== refused)).toEqual([]);
    expect(accepted).toBe(0);
    expect(outcomes.length).toBeGreaterThan(75);
    expect(trapHits).toBe(0);
  });

  it('don’t take honest tokens with them: the same ones without the fault are accepted', async () => {
    const honest = [
      members.accessToken(MARIA),
      members.accessToken(MARIA, { header: { typ: 'application/AT+JWT' } }),
      members.accessToken(MARIA, { header: { jku: trapUrl } }),
      members.accessToken(MARIA, { claims: { aud: ['https://elsewhere.example', API] } }),
      members.accessToken(MARIA, { claims: { nbf: AT + 30 } }),
      members.accessToken(MARIA, { claims: { exp: AT - 29 } }),
    ];
    for (const token of honest) expect(await refusal(await token)).toBe('ACCEPTED');
    expect(trapHits).toBe(0);
  });
});
