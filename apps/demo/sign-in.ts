import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import * as client from 'openid-client';
import type { Store } from './store.ts';

/** Customers' people and Fernway's own sign in at issuers of their own; who is one is never the other. */
export type Realm = 'members' | 'staff';

export interface SignedIn {
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  readonly idToken: string;
}

export interface SignInOptions {
  readonly store: Store;
  /** Origin of this product. */
  readonly url: string;
  readonly issuers: Readonly<Record<Realm, string>>;
  readonly clientId: string;
}

const SESSION_MS = 8 * 3_600_000;
const SIGN_IN_MS = 10 * 60_000;
const COOKIES: Readonly<Record<Realm, string>> = { members: 'fernway-member', staff: 'fernway-staff' };
const STATE_COOKIE = 'fernway-sign-in';
export const HOMES: Readonly<Record<Realm, string>> = { members: '/', staff: '/staff' };

/** Signing in did not work; the message is for the person. */
export class SignInFailed extends Error {
  override readonly name = 'SignInFailed';
}

interface SignInRow {
  readonly nonce: string;
  readonly verifier: string;
  readonly next: string;
  readonly expires_at: number;
}

/**
 * Sign-in by OpenID Connect: authorization code with PKCE, as a public client. The browser keeps a signed number, and
 * the rest stays here.
 */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #key: string;
  readonly #issuers = new Map<Realm, Promise<client.Configuration>>();

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#key = options.store.secret('cookies');
  }

  /** Sends the browser to the issuer; back here it goes on to `next`. */
  async begin(realm: Realm, next: string | undefined, res: Response): Promise<void> {
    const config = await this.#issuer(realm);
    const { store } = this.#options;
    const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
    store.run('delete from sign_ins where expires_at < ?', Date.now());
    store.run(
      'insert into sign_ins (state, realm, nonce, verifier, next, expires_at) values (?, ?, ?, ?, ?, ?)',
      state,
      realm,
      nonce,
      verifier,
      ownPath(next) ?? HOMES[realm],
      Date.now() + SIGN_IN_MS,
    );
    this.#setCookie(res, STATE_COOKIE, state, SIGN_IN_MS);
    const address = client.buildAuthorizationUrl(config, {
      redirect_uri: this.#redirectUri(realm),
      scope: 'openid profile email',
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    res.redirect(303, address.href);
  }

  /**
   * Back from the issuer: makes a session.
   *
   * @throws {SignInFailed}
   */
  async finish(realm: Realm, req: Request, res: Response): Promise<void> {
    const { store, url } = this.#options;
    const here = new URL(req.originalUrl, url);
    const state = here.searchParams.get('state') ?? '';
    const mine = this.#cookie(req, STATE_COOKIE);
    const row = store.one<SignInRow>(
      'delete from sign_ins where state = ? and realm = ? returning nonce, verifier, next, expires_at',
      state,
      realm,
    );
    // The browser that comes back must be the one that was sent.
    if (!row || mine !== state || row.expires_at < Date.now()) {
      throw new SignInFailed('This sign-in has run out, or was begun in another browser.');
    }
    let tokens;
    try {
      tokens = await client.authorizationCodeGrant(await this.#issuer(realm), here, {
        expectedState: state,
        expectedNonce: row.nonce,
        pkceCodeVerifier: row.verifier,
        idTokenExpected: true,
      });
    } catch (error) {
      throw new SignInFailed('The sign-in was not accepted.', { cause: error });
    }
    const claims = tokens.claims();
    if (!claims || !tokens.id_token) throw new SignInFailed('The sign-in did not say who you are.');
    const { sub, name = sub, email = '', exp } = claims;

    this.#forget(realm, req);
    store.run('delete from sessions where expires_at < ?', Date.now());
    const id = randomBytes(32).toString('base64url');
    // A staff member's sign-in is shown to Gatebook as proof, so it lasts no longer than its ID token.
    const expiresAt = realm === 'staff' ? exp * 1000 : Date.now() + SESSION_MS;
    store.run(
      'insert into sessions (hash, realm, sub, name, email, id_token, expires_at) values (?, ?, ?, ?, ?, ?, ?)',
      hashOf(id),
      realm,
      sub,
      String(name),
      String(email),
      realm === 'staff' ? tokens.id_token : '',
      expiresAt,
    );
    this.#setCookie(res, STATE_COOKIE, '', 0);
    this.#setCookie(res, COOKIES[realm], id, expiresAt - Date.now());
    res.redirect(303, row.next);
  }

  /** Who is signed in, if anybody. */
  person(realm: Realm, req: Request): SignedIn | undefined {
    const id = this.#cookie(req, COOKIES[realm]);
    if (id === undefined) return undefined;
    return this.#options.store.one<SignedIn>(
      'select sub, name, email, id_token as idToken from sessions where hash = ? and realm = ? and expires_at > ?',
      hashOf(id),
      realm,
      Date.now(),
    );
  }

  signOut(realm: Realm, req: Request, res: Response): void {
    this.#forget(realm, req);
    this.#setCookie(res, COOKIES[realm], '', 0);
  }

  #forget(realm: Realm, req: Request): void {
    const id = this.#cookie(req, COOKIES[realm]);
    if (id !== undefined) this.#options.store.run('delete from sessions where hash = ?', hashOf(id));
  }

  #issuer(realm: Realm): Promise<client.Configuration> {
    const known = this.#issuers.get(realm);
    if (known) return known;
    const { issuers, clientId } = this.#options;
    const issuer = new URL(issuers[realm]);
    const found = client.discovery(issuer, clientId, undefined, client.None(), {
      execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
    });
    this.#issuers.set(realm, found);
    // One that could not be reached is asked again next time.
    found.catch(() => this.#issuers.delete(realm));
    return found;
  }

  #redirectUri(realm: Realm): string {
    return `${this.#options.url}/sign-in/${realm}/callback`;
  }

  #setCookie(res: Response, name: string, value: string, forMs: number): void {
    const secure = this.#options.url.startsWith('https:') ? '; Secure' : '';
    const signed = value === '' ? '' : `${value}.${this.#signature(name, value)}`;
    const age = Math.max(0, Math.floor(forMs / 1000));
    res.append('set-cookie', `${name}=${signed}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure}`);
  }

  #cookie(req: Request, name: string): string | undefined {
    for (const pair of (req.headers.cookie ?? '').split(';')) {
      const [key = '', signed = ''] = pair.trim().split('=', 2);
      if (key !== name) continue;
      const [value = '', signature = ''] = signed.split('.', 2);
      const given = Buffer.from(signature);
      const due = Buffer.from(this.#signature(name, value));
      return given.length === due.length && timingSafeEqual(given, due) ? value : undefined;
    }
    return undefined;
  }

  #signature(name: string, value: string): string {
    return createHmac('sha256', this.#key).update(`${name}=${value}`).digest('base64url');
  }
}

/** A path of this site, and of no other: `//elsewhere` and `/\\elsewhere` are none. */
function ownPath(text: string | undefined): string | undefined {
  return text !== undefined && /^\/(?![/\\])[^\\\u0000-\u001f]*$/.test(text) ? text : undefined;
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
