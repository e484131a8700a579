import * as oauth from 'oauth4webapi';
import { page, type Realm } from './page.ts';

/** A sign-in: the person's tokens, in memory and nowhere else. Times are epoch milliseconds. */
export interface Tokens {
  readonly realm: Realm;
  readonly subject: string;
  readonly name: string | undefined;
  readonly accessToken: string;
  readonly idToken: string | undefined;
  readonly refreshToken: string | undefined;
  readonly expiresAt: number;
  /** When the person last proved who they are, as far as the issuer said. */
  readonly provedAt: number | undefined;
  readonly endSession: string | undefined;
}

/** The issuer would have to show a page first: nobody is signed in there, or they have to prove it anew. */
export class PageNeeded extends Error {
  override readonly name = 'PageNeeded';
}

/** Signing in did not work; the message is for the person. */
export class SignInFailed extends Error {
  override readonly name = 'SignInFailed';
}

/** What must come back with the browser. It is kept for this tab alone, until it is back. */
interface Begun {
  readonly realm: Realm;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly to: string;
  readonly maxAge?: number;
}

const BEGUN = 'gatebook-sign-in';
const CALLBACK = '/signed-in';
const DEFAULT_LIFE_SEC = 300;
const redirectUri = `${location.origin}${CALLBACK}`;
const client = (realm: Realm): oauth.Client => ({
  client_id: page.signIn[realm].clientId,
  token_endpoint_auth_method: 'none',
});

/** Addresses on http are this machine's own; the service refuses them in production. */
const options = { [oauth.allowInsecureRequests]: location.protocol === 'http:' };

const servers = new Map<Realm, Promise<oauth.AuthorizationServer>>();
function serverOf(realm: Realm): Promise<oauth.AuthorizationServer> {
  const known = servers.get(realm);
  if (known) return known;
  const issuer = new URL(page.signIn[realm].issuer);
  const found = oauth
    .discoveryRequest(issuer, { ...options, algorithm: 'oidc' })
    .then((response) => oauth.processDiscoveryResponse(issuer, response));
  servers.set(realm, found);
  // An issuer that couldn't be reached is asked again next time.
  found.catch(() => servers.delete(realm));
  return found;
}

/** Whether the issuer can be talked to without leaving the page: it has our own origin. */
export function isOurs(realm: Realm): boolean {
  return new URL(page.signIn[realm].issuer).origin === location.origin;
}

interface Asking {
  /** Only where no page would have to be shown. */
  readonly prompt?: 'none';
  /** So many seconds ago identity may have been proved at most; longer ago, it is proved anew (RFC 9470). */
  readonly maxAge?: number;
  /** Ways of proving it that are accepted; none: any. */
  readonly acrValues?: readonly string[];
}

async function request(
  realm: Realm,
  to: string,
  { prompt, maxAge, acrValues = [] }: Asking,
): Promise<{ begun: Begun; url: URL }> {
  const { authorization_endpoint: endpoint } = await serverOf(realm);
  if (endpoint === undefined) throw new SignInFailed('The sign-in doesn’t say where it is.');
  const begun: Begun = {
    realm,
    to,
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    ...(maxAge !== undefined && { maxAge }),
  };
  const { clientId, scope, resource } = page.signIn[realm];
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope,
    ...(resource !== undefined && { resource }),
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
    ...(prompt && { prompt }),
    ...(maxAge !== undefined && { max_age: String(maxAge) }),
    ...(acrValues.length > 0 && { acr_values: acrValues.join(' ') }),
  }))
    url.searchParams.set(name, value);
  return { begun, url };
}

/** Sends the browser to the issuer. It comes back at /signed-in, and goes on to `to`. */
export async function leaveToSignIn(realm: Realm, to: string, asking: Asking = {}): Promise<never> {
  const { begun, url } = await request(realm, to, asking);
  sessionStorage.setItem(BEGUN, JSON.stringify(begun));
  location.assign(url);
  return new Promise<never>(() => undefined);
}

/** Back from the issuer, in the tab that was sent there. */
export async function finishSignIn(here: URL): Promise<{ tokens: Tokens; to: string }> {
  const kept = sessionStorage.getItem(BEGUN);
  sessionStorage.removeItem(BEGUN);
  if (kept === null) throw new SignInFailed('This sign-in was begun in another window, or it has run out.');
  const begun = JSON.parse(kept) as Begun;
  return { tokens: await redeem(begun, here), to: begun.to };
}

/** Where to go on when the issuer answered with an error: nobody reads the state twice. */
export function abandonedSignIn(): { realm: Realm; to: string } | undefined {
  const kept = sessionStorage.getItem(BEGUN);
  return kept === null ? undefined : (JSON.parse(kept) as Begun);
}

async function redeem(begun: Begun, back: URL): Promise<Tokens> {
  const { realm } = begun;
  const { resource } = page.signIn[realm];
  const server = await serverOf(realm);
  try {
    const parameters = oauth.validateAuthResponse(server, client(realm), back, begun.state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client(realm),
      oauth.None(),
      parameters,
      redirectUri,
      begun.verifier,
      { ...options, additionalParameters: resource === undefined ? {} : { resource } },
    );
    const given = await oauth.processAuthorizationCodeResponse(server, client(realm), response, {
      expectedNonce: begun.nonce,
      requireIdToken: true,
      ...(begun.maxAge !== undefined && { maxAge: begun.maxAge }),
    });
    return tokensFrom(realm, server, given);
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError && PAGE_NEEDED.has(error.error)) throw new PageNeeded();
    throw new SignInFailed('The sign-in was not accepted.', { cause: error });
  }
}

/** OpenID Connect Core 1.0, section 3.1.2.6. */
const PAGE_NEEDED = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]);

function tokensFrom(realm: Realm, server: oauth.AuthorizationServer, given: oauth.TokenEndpointResponse): Tokens {
  const claims = oauth.getValidatedIdTokenClaims(given);
  if (!claims) throw new SignInFailed('The sign-in did not say who you are.');
  return {
    realm,
    subject: claims.sub,
    name: typeof claims['name'] === 'string' ? claims['name'] : undefined,
    accessToken: given.access_token,
    idToken: given.id_token,
    refreshToken: given.refresh_token,
    expiresAt: Date.now() + (given.expires_in ?? DEFAULT_LIFE_SEC) * 1000,
    provedAt: claims.auth_time === undefined ? undefined : claims.auth_time * 1000,
    endSession: server.end_session_endpoint,
  };
}

/**
 * Signs in again without a page, where the issuer still knows the person: by a refresh token where it gave one,
 * otherwise by asking an issuer of our own origin in the background.
 *
 * @throws {PageNeeded} it can't be done without a page.
 */
export async function signInSilently(realm: Realm, held?: Tokens): Promise<Tokens> {
  if (held?.refreshToken !== undefined) return refresh(held, held.refreshToken);
  if (!isOurs(realm)) throw new PageNeeded();
  const { begun, url } = await request(realm, '', { prompt: 'none' });
  return redeem(begun, new URL((await fetch(url, { headers: { accept: 'text/html' } })).url));
}

async function refresh(held: Tokens, refreshToken: string): Promise<Tokens> {
  const { realm } = held;
  const server = await serverOf(realm);
  const response = await oauth.refreshTokenGrantRequest(server, client(realm), oauth.None(), refreshToken, options);
  try {
    const given = await oauth.processRefreshTokenResponse(server, client(realm), response);
    return {
      ...held,
      accessToken: given.access_token,
      // An issuer that rotates gives a new one each time; another one keeps the first.
      refreshToken: given.refresh_token ?? refreshToken,
      expiresAt: Date.now() + (given.expires_in ?? DEFAULT_LIFE_SEC) * 1000,
    };
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) throw new PageNeeded();
    throw error;
  }
}

/** Signs in as a built-in person, by the page of people and the press of one name, without showing it. */
export async function pickPerson(realm: Realm, sub: string): Promise<Tokens> {
  if (!page.people || !isOurs(realm)) throw new SignInFailed('There are no built-in people here.');
  const { begun, url } = await request(realm, '', {});
  const asked = await fetch(url, { headers: { accept: 'text/html' } });
  const back = await fetch(asked.url, { method: 'POST', body: new URLSearchParams({ person: sub }) });
  if (new URL(back.url).pathname !== CALLBACK) throw new SignInFailed('The sign-in stopped on the way.');
  return redeem(begun, new URL(back.url));
}

/** Where the browser goes to be signed out at the issuer, too. */
export function signOutAddress({ realm, idToken, endSession }: Tokens): string | undefined {
  if (endSession === undefined) return undefined;
  const url = new URL(endSession);
  url.searchParams.set('client_id', page.signIn[realm].clientId);
  url.searchParams.set('post_logout_redirect_uri', `${location.origin}/`);
  if (idToken !== undefined) url.searchParams.set('id_token_hint', idToken);
  return url.href;
}
