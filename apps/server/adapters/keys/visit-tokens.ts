import { isTypedId, type SessionId, type StaffId, type VisitClaims, type WorkspaceId } from '@gatebook/protocol';
import {
  calculateJwkThumbprint,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type CryptoKey,
  type JWK,
} from 'jose';
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../desk/clock.ts';

/** The claims of a visit's token, with the ids checked. */
export type Visit = VisitClaims & {
  readonly sid: SessionId;
  readonly ws: WorkspaceId;
  readonly act: { readonly sub: StaffId; readonly iss: string };
};

const ALGORITHM = 'RS256';
/** Verified tokens remembered: the signature of a token is checked once, its time on every use. */
const REMEMBERED = 50_000;
const TOKEN_LENGTH_MAX = 4096;
/** How far another instance's clock may be ahead of ours. */
const AHEAD_MS = 5000;

/** Makes and checks the tokens of visits: JWT access tokens (RFC 9068) with `act` (RFC 8693), minutes long. */
export class VisitTokens {
  readonly issuer: string;
  readonly #product: string;
  readonly #clock: Clock;
  readonly #signing: { readonly key: CryptoKey; readonly kid: string };
  readonly #publicJwk: JWK;
  readonly #publicKey: CryptoKey;
  readonly #verified = new Map<string, Visit>();

  private constructor(
    issuer: string,
    product: string,
    clock: Clock,
    signing: { key: CryptoKey; kid: string },
    publicJwk: JWK,
    publicKey: CryptoKey,
  ) {
    this.issuer = issuer;
    this.#product = product;
    this.#clock = clock;
    this.#signing = signing;
    this.#publicJwk = publicJwk;
    this.#publicKey = publicKey;
  }

  /** @param privateJwk an RSA key of 2,048 bits or more. */
  static async with(issuer: string, product: string, clock: Clock, privateJwk: JWK): Promise<VisitTokens> {
    const { kty, n, e } = privateJwk;
    const kid = await calculateJwkThumbprint({ kty, n, e });
    const publicJwk: JWK = { kty, n, e, kid, use: 'sig', alg: ALGORITHM };
    const key = (await importJWK(privateJwk, ALGORITHM)) as CryptoKey;
    const publicKey = (await importJWK(publicJwk, ALGORITHM)) as CryptoKey;
    return new VisitTokens(issuer, product, clock, { key, kid }, publicJwk, publicKey);
  }

  /** The published keys (RFC 7517). */
  get jwks(): { readonly keys: readonly JWK[] } {
    return { keys: [this.#publicJwk] };
  }

  async sign(
    visit: Omit<Visit, 'iss' | 'aud' | 'client_id' | 'iat' | 'exp' | 'jti'>,
    lifeSeconds: number,
  ): Promise<string> {
    const iat = Math.floor(this.#clock.now() / 1000);
    const { act, sid, ws, case: caseRef, gb_mode, sub, auth_time } = visit;
    return new SignJWT({
      act,
      sid,
      ws,
      ...(caseRef !== undefined && { case: caseRef }),
      gb_mode,
      auth_time,
      client_id: this.#product,
    })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', kid: this.#signing.kid })
      .setIssuer(this.issuer)
      .setAudience(this.#product)
      .setSubject(sub)
      .setIssuedAt(iat)
      .setExpirationTime(iat + lifeSeconds)
      .setJti(randomUUID())
      .sign(this.#signing.key);
  }

  /** The visit of a token that was verified before and is in time; the hot path waits for no promise. */
  fresh(token: string): Visit | undefined {
    const visit = this.#verified.get(token);
    return visit !== undefined && this.isFresh(visit) ? visit : undefined;
  }

  isFresh(visit: Visit): boolean {
    return this.#clock.now() < visit.exp * 1000;
  }

  /**
   * The visit of a genuine token, fresh or not; `undefined` where it isn't ours or isn't whole. One that is too old opens
   * nothing; it says whose attempt is refused, and which visit is to be renewed.
   */
  async read(token: string): Promise<Visit | undefined> {
    const known = this.#verified.get(token);
    if (known) return known;
    if (token.length > TOKEN_LENGTH_MAX) return undefined;
    try {
      const { iat, exp } = decodeJwt(token);
      if (typeof iat !== 'number' || typeof exp !== 'number' || iat * 1000 > this.#clock.now() + AHEAD_MS)
        return undefined;
      const { payload } = await jwtVerify(token, this.#publicKey, {
        algorithms: [ALGORITHM],
        issuer: this.issuer,
        audience: this.#product,
        typ: 'at+jwt',
        requiredClaims: ['exp', 'iat', 'sub', 'jti', 'sid', 'ws', 'act'],
        // Checked against the time it was made; whether it is fresh is asked on every use.
        currentDate: new Date(iat * 1000),
        clockTolerance: 0,
      });
      const visit = payload as unknown as Visit;
      if (!isTypedId('ses', visit.sid) || !isTypedId('ws', visit.ws) || !isTypedId('stf', visit.act.sub))
        return undefined;
      if (this.#verified.size >= REMEMBERED) {
        const oldest = this.#verified.keys().next();
        if (!oldest.done) this.#verified.delete(oldest.value);
      }
      this.#verified.set(token, visit);
      return visit;
    } catch {
      return undefined;
    }
  }
}

/** A new key to sign visits' tokens with, as a private JWK. */
export async function newSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true, modulusLength: 2048 });
  return exportJWK(privateKey);
}
