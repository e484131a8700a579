import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JSONWebKeySet, type JWK } from 'jose';

export interface TestPerson {
  readonly sub: string;
  readonly name?: string;
  readonly email?: string;
}

/** Times are epoch milliseconds; what is left out is taken from the issuer's clock. */
export interface MintOptions {
  readonly audience?: string;
  readonly clientId?: string;
  /** Now, when left out. */
  readonly issuedAt?: number;
  /** `issuedAt`, when left out; `null`: no claim. */
  readonly authTime?: number | null;
  /** Seconds from `issuedAt`; 600 when left out. */
  readonly lifeSec?: number;
  readonly acr?: string;
  /** Claims that replace or add; `undefined` takes one away. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Header fields that replace or add; `undefined` takes one away. */
  readonly header?: Readonly<Record<string, unknown>>;
}

export interface TestIssuer {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly audience: string;
  /** The keys published at the moment. */
  jwks(): JSONWebKeySet;
  accessToken(person: TestPerson, options?: MintOptions): Promise<string>;
  idToken(person: TestPerson, options?: MintOptions): Promise<string>;
  /** A new signing key; the old one stays published unless `forget` is said. */
  rotate(options?: { readonly forget?: boolean }): Promise<void>;
  /** How often the keys were fetched. */
  fetches(): number;
  /** Answer the keys' address with 503 from now on, or again with the keys. */
  setDown(down: boolean): void;
  close(): Promise<void>;
}

/**
 * A small issuer for tests: discovery and keys over HTTP on the loopback address, and tokens for anybody at any time,
 * so that a test with a clock of its own can travel. `now` gives epoch milliseconds.
 */
export async function startTestIssuer(options: {
  readonly now: () => number;
  readonly audience: string;
  readonly clientId?: string;
  readonly algorithm?: 'RS256' | 'ES256';
}): Promise<TestIssuer> {
  const algorithm = options.algorithm ?? 'RS256';
  const clientId = options.clientId ?? 'test-client';
  let published: JWK[] = [];
  let signing: { key: CryptoKey; kid: string };
  let fetches = 0;
  let down = false;

  const rotate = async ({ forget = false } = {}) => {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const kid = randomUUID();
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
    published = forget ? [jwk] : [jwk, ...published];
    signing = { key: privateKey, kid };
  };
  await rotate();

  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (path === '/jwks') {
      fetches++;
      return answer(down ? 503 : 200, down ? { error: 'temporarily_unavailable' } : { keys: published });
    }
    if (path === '/.well-known/openid-configuration') {
      return answer(200, {
        issuer,
        jwks_uri: `${issuer}/jwks`,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: [algorithm],
      });
    }
    return answer(404, { error: 'not_found' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const sign = (claims: Record<string, unknown>, header: Record<string, unknown>) =>
    new SignJWT(withoutUndefined(claims))
      .setProtectedHeader(withoutUndefined({ alg: algorithm, kid: signing.kid, ...header }) as { alg: string })
      .sign(signing.key);

  const commonClaims = (person: TestPerson, mint: MintOptions) => {
    const issuedAt = mint.issuedAt ?? options.now();
    const iat = Math.floor(issuedAt / 1000);
    return {
      iss: issuer,
      ...person,
      iat,
      exp: iat + (mint.lifeSec ?? 600),
      auth_time: mint.authTime === null ? undefined : Math.floor((mint.authTime ?? issuedAt) / 1000),
      acr: mint.acr ?? 'urn:gatebook:acr:test',
    };
  };

  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    audience: options.audience,
    jwks: () => ({ keys: [...published] }),
    accessToken: (person, mint = {}) =>
      sign(
        {
          ...commonClaims(person, mint),
          aud: mint.audience ?? options.audience,
          client_id: mint.clientId ?? clientId,
          jti: randomUUID(),
          ...mint.claims,
        },
        { typ: 'at+jwt', ...mint.header },
      ),
    idToken: (person, mint = {}) =>
      sign({ ...commonClaims(person, mint), aud: mint.audience ?? clientId, ...mint.claims }, { ...mint.header }),
    rotate,
    fetches: () => fetches,
    setDown: (value) => {
      down = value;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function withoutUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
