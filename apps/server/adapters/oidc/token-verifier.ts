import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyResult,
  type ResolvedKey,
} from 'jose';
import type { Realm } from './people.ts';
import { nameOf, RememberedTokens, type CheckedToken } from './remembered-tokens.ts';
import { TokenRefused, type TokenRefusalCode } from './token-refused.ts';

/** `access`: a JWT access token (RFC 9068). `id`: an OpenID Connect ID token. */
export type TokenUse = 'access' | 'id';

/** Signature algorithms that can be allowed for an issuer: with a public key only, never `none`, never HMAC (threats T3). */
export const SIGNATURE_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

/** What is trusted of one issuer. Exactly one of `jwksUri` and `jwks` is given. */
export interface TrustedIssuer {
  readonly realm: Realm;
  /** Compared with `iss` letter by letter. */
  readonly issuer: string;
  readonly jwksUri?: string;
  readonly jwks?: JSONWebKeySet;
  /** Every audience that a token of this issuer may be made for; a call names the one it expects. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly SignatureAlgorithm[];
  /** Seconds of difference between the clocks that are forgiven, 0 to 60; 30 when left out (threats T5). */
  readonly clockToleranceSec?: number;
  /** The header's `typ` by use, for issuers that write another; `''` stands for an absent one. */
  readonly tokenTypes?: Partial<Readonly<Record<TokenUse, readonly string[]>>>;
}

export interface TokenExpectation {
  /** Whose tokens are taken here; a token of another realm gets the same answer as a token of a stranger. */
  readonly realms: readonly Realm[];
  readonly use: TokenUse;
  readonly audience: string;
}

/** Who the token says it is: a person is `issuer` and `subject`. Times are epoch milliseconds. */
export interface VerifiedPerson {
  readonly realm: Realm;
  readonly issuer: string;
  readonly subject: string;
  readonly name?: string;
  readonly email?: string;
  /** When the person last proved identity; absent means that it is not known, and no step-up is satisfied (RFC 9470). */
  readonly authTime?: number;
  readonly acr?: string;
  readonly clientId?: string;
  readonly expiresAt: number;
}

export interface TokenVerifier {
  /** @throws {TokenRefused} for every failure, with nothing of the token in it. */
  verify(token: string, expected: TokenExpectation): Promise<VerifiedPerson>;
}

/** The issuers can't be trusted as they are configured; `problems` has one sentence for each fault. */
export class IssuersInvalid extends Error {
  override readonly name = 'IssuersInvalid';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join(' '));
    this.problems = problems;
  }
}

const MOST_CHARACTERS = 8192;
const MOST_KID_CHARACTERS = 200;
/** A token that is good for longer than a day was not made for signing in: 2^53 is refused as well (threats T5). */
const LONGEST_LIFE_SEC = 86_400;
const DEFAULT_TOLERANCE_SEC = 30;
const MOST_TOLERANCE_SEC = 60;
/** An unknown kid asks the issuer again at most this often, however many tokens carry one (threats T6). */
const JWKS_COOL_DOWN_MS = 10_000;
const JWKS_TIMEOUT_MS = 3000;
/** After a failed fetch nobody asks the issuer again for this long. */
const JWKS_FAILURE_PAUSE_MS = 1000;
const DEFAULT_TYPES: Readonly<Record<TokenUse, readonly string[]>> = { access: ['at+jwt'], id: ['JWT', ''] };
/** Claims that only ID tokens carry (OpenID Connect Core 1.0, sections 2 and 3.3.2.11). */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash'];

/**
 * A verifier of people's tokens. `now` gives epoch milliseconds. A signature is checked once, as long as the issuer
 * publishes the key that it was made with; all that can change of a token, its times and that key, is looked at each time.
 *
 * @throws {IssuersInvalid} an algorithm without a public key, a tolerance beyond 60 s, one issuer named twice, no keys.
 */
export function createTokenVerifier(options: {
  readonly issuers: readonly TrustedIssuer[];
  readonly now: () => number;
  /** How many checked tokens are remembered; a default that fits an installation. */
  readonly remembered?: RememberedTokens;
}): TokenVerifier {
  const problems = faultsOf(options.issuers);
  if (problems.length > 0) throw new IssuersInvalid(problems);
  const { now, remembered = new RememberedTokens() } = options;
  const issuers = new Map(
    options.issuers.map((trusted) => [trusted.issuer, { trusted, keys: keysOf(trusted, now) }] as const),
  );

  return {
    async verify(token, expected) {
      const name = typeof token === 'string' && token.length <= MOST_CHARACTERS ? nameOf(token, expected) : undefined;
      const known = name !== undefined ? remembered.find(name) : undefined;
      if (name !== undefined && known) {
        const at = now();
        const tolerance = known.trusted.clockToleranceSec ?? DEFAULT_TOLERANCE_SEC;
        if (isOfItsTime(known.claims, at, tolerance) && (await isStillPublished(known))) {
          return personOf(known.claims, known.trusted, expected, at / 1000, tolerance);
        }
        // Looked at anew: what is wrong with it is said below.
        remembered.forget(name);
      }
      const { header, claimedIssuer } = unverified(token);
      const found = issuers.get(claimedIssuer);
      if (!found || !expected.realms.includes(found.trusted.realm)) throw new TokenRefused('unknown-issuer');
      const { trusted, keys } = found;

      if (!(trusted.algorithms as readonly unknown[]).includes(header.alg)) throw new TokenRefused('algorithm');
      if (!typeFits(header.typ, trusted.tokenTypes?.[expected.use] ?? DEFAULT_TYPES[expected.use])) {
        throw new TokenRefused('type');
      }
      if (typeof header.kid !== 'string' || header.kid === '' || header.kid.length > MOST_KID_CHARACTERS) {
        throw new TokenRefused('unknown-key');
      }
      if (!trusted.audiences.includes(expected.audience)) throw new TokenRefused('audience');

      const at = now();
      const tolerance = trusted.clockToleranceSec ?? DEFAULT_TOLERANCE_SEC;
      let checked: JWTVerifyResult & ResolvedKey;
      try {
        checked = await jwtVerify(token, keys, {
          issuer: trusted.issuer,
          audience: expected.audience,
          algorithms: [...trusted.algorithms],
          clockTolerance: tolerance,
          currentDate: new Date(at),
          requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
        });
      } catch (error) {
        throw new TokenRefused(codeOf(error));
      }
      const { payload: claims, protectedHeader, key } = checked;
      const person = personOf(claims, trusted, expected, at / 1000, tolerance);
      if (name !== undefined) remembered.keep(name, { trusted, header: protectedHeader, claims, key });
      return person;
    },
  };

  /** Asks as for a new token: keys are read again when they are old, and what was read again is another key. */
  async function isStillPublished({ trusted, header, key }: CheckedToken): Promise<boolean> {
    try {
      return (await issuers.get(trusted.issuer)!.keys(header, NO_SIGNATURE)) === key;
    } catch {
      return false;
    }
  }
}

/** What a search for a key is given beside the header, and doesn't look at: keys are found by the protected header. */
const NO_SIGNATURE = { payload: '', signature: '' };

/** As jwtVerify compares them, in whole seconds (RFC 7519, sections 4.1.4 and 4.1.5). */
function isOfItsTime({ exp, nbf }: JWTPayload, at: number, toleranceSec: number): boolean {
  const now = Math.floor(at / 1000);
  return exp! > now - toleranceSec && (nbf === undefined || nbf <= now + toleranceSec);
}

function faultsOf(issuers: readonly TrustedIssuer[]): string[] {
  const seen = new Set<string>();
  return issuers.flatMap((trusted) => {
    const problems: string[] = [];
    const named = `The ${trusted.realm} issuer "${trusted.issuer}"`;
    if (seen.has(trusted.issuer)) problems.push(`${named} is named twice; each realm needs an issuer of its own.`);
    seen.add(trusted.issuer);
    if (trusted.algorithms.length === 0) problems.push(`${named} has no algorithm.`);
    for (const algorithm of trusted.algorithms) {
      if (!SIGNATURE_ALGORITHMS.includes(algorithm)) problems.push(`${named} can't use the algorithm "${algorithm}".`);
    }
    if (trusted.audiences.length === 0) problems.push(`${named} has no audience.`);
    const tolerance = trusted.clockToleranceSec ?? DEFAULT_TOLERANCE_SEC;
    if (!(tolerance >= 0 && tolerance <= MOST_TOLERANCE_SEC)) {
      problems.push(`${named} has a clock tolerance of ${tolerance} s; 0 to ${MOST_TOLERANCE_SEC} is possible.`);
    }
    if ((trusted.jwksUri === undefined) === (trusted.jwks === undefined)) {
      problems.push(`${named} needs either the address of its keys or the keys.`);
    }
    if (trusted.jwksUri !== undefined && !/^https?:$/.test(URL.parse(trusted.jwksUri)?.protocol ?? '')) {
      problems.push(`${named} has keys at "${trusted.jwksUri}", which is no web address.`);
    }
    return problems;
  });
}

/** Keys by exact kid, from the configured place only: nothing that a token's header points to is looked at. */
function keysOf(trusted: TrustedIssuer, now: () => number): JWTVerifyGetKey {
  if (trusted.jwks) return createLocalJWKSet(trusted.jwks);
  let failedAt: number | undefined;
  const remote = createRemoteJWKSet(new URL(trusted.jwksUri!), {
    cooldownDuration: JWKS_COOL_DOWN_MS,
    timeoutDuration: JWKS_TIMEOUT_MS,
    [customFetch]: async (url, init) => {
      if (failedAt !== undefined && Math.abs(now() - failedAt) < JWKS_FAILURE_PAUSE_MS) throw new IssuerUnreachable();
      try {
        const response = await fetch(url, init);
        failedAt = response.ok ? undefined : now();
        return response;
      } catch {
        failedAt = now();
        throw new IssuerUnreachable();
      }
    },
  });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new IssuerUnreachable();
    }
  };
}

class IssuerUnreachable extends Error {}

function unverified(token: string) {
  if (typeof token !== 'string' || token.length > MOST_CHARACTERS || token.split('.').length !== 3) {
    throw new TokenRefused('malformed');
  }
  try {
    const { iss } = decodeJwt(token);
    return { header: decodeProtectedHeader(token), claimedIssuer: typeof iss === 'string' ? iss : '' };
  } catch {
    throw new TokenRefused('malformed');
  }
}

/** Media types compare without case, and `application/` may stand before them (RFC 7515, section 4.1.9). */
function typeFits(typ: unknown, accepted: readonly string[]): boolean {
  if (typ !== undefined && (typeof typ !== 'string' || typ === '')) return false;
  const short = (text: string) => text.toLowerCase().replace(/^application\//, '');
  return accepted.some((type) => short(type) === short(typ ?? ''));
}

function codeOf(error: unknown): TokenRefusalCode {
  if (error instanceof IssuerUnreachable) return 'issuer-unreachable';
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'audience';
    // A claim of the right type that fails its check is a time that has not come.
    if (error.reason === 'check_failed' && (error.claim === 'nbf' || error.claim === 'iat')) return 'not-yet-valid';
    return 'claims';
  }
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'unknown-key';
  }
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return 'algorithm';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'malformed';
  return 'signature';
}

function personOf(
  claims: JWTPayload,
  trusted: TrustedIssuer,
  expected: TokenExpectation,
  nowSec: number,
  toleranceSec: number,
): VerifiedPerson {
  // Who acts for somebody has a visit's token, which another door checks; here nobody decides from inside a visit (T10, T19).
  if (Object.hasOwn(claims, 'act')) throw new TokenRefused('acts-for-another');

  const exp = claims.exp!;
  if (exp > nowSec + LONGEST_LIFE_SEC + toleranceSec) throw new TokenRefused('claims');
  if (claims.iat! > nowSec + toleranceSec) throw new TokenRefused('not-yet-valid');
  const authTime = claims.auth_time;
  if (authTime !== undefined) {
    if (typeof authTime !== 'number' || !Number.isSafeInteger(authTime) || authTime < 0)
      throw new TokenRefused('claims');
    if (authTime > nowSec + toleranceSec) throw new TokenRefused('not-yet-valid');
  }
  const subject = claims.sub;
  if (typeof subject !== 'string' || subject === '' || subject.length > 255) throw new TokenRefused('claims');

  if (expected.use === 'access' && ID_TOKEN_CLAIMS.some((claim) => Object.hasOwn(claims, claim))) {
    throw new TokenRefused('type');
  }
  const authorizedParty = text(claims.azp);
  // OpenID Connect Core 1.0, section 3.1.3.7, steps 4 and 5.
  if (expected.use === 'id') {
    if (authorizedParty !== undefined && authorizedParty !== expected.audience) throw new TokenRefused('audience');
    if (Array.isArray(claims.aud) && claims.aud.length > 1 && authorizedParty === undefined) {
      throw new TokenRefused('audience');
    }
  }
  const clientId = expected.use === 'id' ? expected.audience : (text(claims.client_id) ?? authorizedParty);
  const name = text(claims.name);
  const email = text(claims.email);
  const acr = text(claims.acr);
  return {
    realm: trusted.realm,
    issuer: trusted.issuer,
    subject,
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(authTime !== undefined && { authTime: authTime * 1000 }),
    ...(acr !== undefined && { acr }),
    ...(clientId !== undefined && { clientId }),
    expiresAt: Math.floor(exp * 1000),
  };
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}
