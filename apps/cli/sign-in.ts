import * as oauth from 'openid-client';

/** Where the issuer sends the browser back to; nobody listens there, the address alone carries the answer. */
const CALLBACK = 'http://127.0.0.1/callback';
const MOST_REDIRECTS = 10;
const REQUEST_TIMEOUT_MS = 10_000;

export interface SignInOptions {
  /** An embedded issuer, `http://localhost:4000/oidc/members`. */
  readonly issuer: string;
  readonly clientId: string;
  /** The audience that the access token is for. */
  readonly resource: string;
  /** `sub` of the person to sign in as. */
  readonly person: string;
  /** Identity must be proved anew, whatever the issuer remembers. */
  readonly fresh?: boolean;
}

export interface SignedIn {
  readonly accessToken: string;
  readonly idToken: string;
  /** When the access token expires: epoch milliseconds. */
  readonly expiresAt: number;
}

/** Signing in did not succeed; the message says where it stopped. `people` lists who can be picked, when that is known. */
export class SignInFailed extends Error {
  override readonly name = 'SignInFailed';
  readonly people: readonly string[] | undefined;
  constructor(message: string, people?: readonly string[]) {
    super(message);
    this.people = people;
  }
}

/**
 * Signs in at an embedded issuer as a person would: the authorization code flow with PKCE over HTTP, with the page of
 * people in between and the press of one name. There is no side door for the command.
 *
 * @throws {SignInFailed} the issuer can't be reached or refuses, or nobody has that `sub`.
 */
export async function signIn(options: SignInOptions): Promise<SignedIn> {
  const issuer = URL.parse(options.issuer);
  if (!issuer) throw new SignInFailed(`"${options.issuer}" is not an issuer's address.`);
  const configuration = await orFail(`The issuer ${options.issuer} can't be read`, () =>
    oauth.discovery(issuer, options.clientId, undefined, oauth.None(), {
      timeout: REQUEST_TIMEOUT_MS / 1000,
      execute: isLoopback(issuer) ? [oauth.allowInsecureRequests] : [],
    }),
  );

  const verifier = oauth.randomPKCECodeVerifier();
  const state = oauth.randomState();
  const nonce = oauth.randomNonce();
  const start = oauth.buildAuthorizationUrl(configuration, {
    redirect_uri: CALLBACK,
    scope: 'openid profile email',
    resource: options.resource,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(options.fresh && { prompt: 'login' }),
  });

  const back = await throughThePages(start, issuer.origin, options.person);
  const tokens = await orFail('The issuer gave no token', () =>
    oauth.authorizationCodeGrant(
      configuration,
      back,
      { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
      { resource: options.resource },
    ),
  );
  const lifeSec = tokens.expiresIn();
  if (tokens.id_token === undefined || lifeSec === undefined) {
    throw new SignInFailed('The issuer gave no ID token, or an access token without an end.');
  }
  return { accessToken: tokens.access_token, idToken: tokens.id_token, expiresAt: Date.now() + lifeSec * 1000 };
}

/** Follows redirects with cookies, presses the person's name once, and gives the address that leads back to the command. */
async function throughThePages(start: URL, origin: string, person: string): Promise<URL> {
  const jar = new CookieJar();
  let request: { url: URL; form?: URLSearchParams } = { url: start };
  let pressed = false;

  for (let step = 0; step < MOST_REDIRECTS; step++) {
    const { url, form } = request;
    if (url.origin !== origin) throw new SignInFailed(`The sign-in leads away to ${url.origin}.`);
    const response = await orFail(`${url.origin} can't be reached`, () =>
      fetch(url, {
        method: form ? 'POST' : 'GET',
        ...(form && { body: form }),
        headers: { accept: 'text/html', cookie: jar.headerFor(url) },
        redirect: 'manual',
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      }),
    );
    jar.keep(url, response.headers.getSetCookie());
    const location = response.headers.get('location');
    if (location !== null) {
      await response.body?.cancel();
      const next = new URL(location, url);
      if (`${next.origin}${next.pathname}` === CALLBACK) return next;
      request = { url: next };
      continue;
    }

    const page = await response.text();
    const people = [...page.matchAll(/<button name="person" value="([\w.-]+)"/g)].map((match) => match[1]!);
    if (people.length === 0 || pressed) {
      const title = /<h1>([^<]*)<\/h1>/.exec(page)?.[1];
      throw new SignInFailed(`The sign-in stopped with status ${response.status}${title ? `: ${title}` : ''}.`);
    }
    if (!people.includes(person)) {
      throw new SignInFailed(`Nobody here is "${person}". There are: ${people.join(', ')}.`, people);
    }
    const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1];
    if (action === undefined) throw new SignInFailed('The sign-in page has no form.');
    request = { url: new URL(action, url), form: new URLSearchParams({ person }) };
    pressed = true;
  }
  throw new SignInFailed('The sign-in goes round in circles.');
}

/** The cookies of one origin: name, value and path; what has expired is dropped (RFC 6265). */
export class CookieJar {
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>();

  keep(from: URL, lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      if (at < 1) continue;
      const attribute = (name: string) =>
        attributes.find((text) => text.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
      const path = attribute('path') ?? from.pathname.slice(0, Math.max(1, from.pathname.lastIndexOf('/')));
      const cookie = { name: pair.slice(0, at), value: pair.slice(at + 1), path };
      const key = `${cookie.name};${path}`;
      const expires = attribute('expires');
      const gone = (expires !== undefined && Date.parse(expires) <= Date.now()) || attribute('max-age') === '0';
      if (gone) this.#cookies.delete(key);
      else this.#cookies.set(key, cookie);
    }
  }

  headerFor(url: URL): string {
    const fits = (path: string) =>
      url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
    return [...this.#cookies.values()]
      .filter(({ path }) => fits(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

async function orFail<T>(sentence: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { message?: unknown } };
    const because = typeof cause?.message === 'string' && cause.message !== '' ? cause.message : message;
    throw new SignInFailed(`${sentence}: ${because}.`);
  }
}
