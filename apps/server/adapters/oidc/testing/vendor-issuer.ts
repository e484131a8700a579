import { exportJWK, generateKeyPair } from 'jose';
import Provider, { errors, type Configuration } from 'oidc-provider';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { issuerMemory } from '../issuer-memory.ts';

/** A real OpenID provider as a vendor has one: Gatebook's pages are one of its clients. */
export interface VendorIssuer {
  readonly issuer: string;
  readonly jwksUri: string;
  /** Another origin than the issuer's, as some providers have it. */
  readonly tokenEndpoint: string;
  close(): Promise<void>;
}

export interface VendorIssuerOptions {
  readonly clientId: string;
  /** Origin of the pages. */
  readonly pages: string;
  /** Of access tokens. */
  readonly audience: string;
  /** Who is signed in there, in the only browser that there is. */
  readonly person: { readonly sub: string; readonly name: string };
}

/** Signs its one person in without a page, gives codes to the one client, and tokens for the one audience. */
export async function startVendorIssuer({
  clientId,
  pages,
  audience,
  person,
}: VendorIssuerOptions): Promise<VendorIssuer> {
  let handle = (_request: IncomingMessage, response: ServerResponse): unknown => response.end();
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  // The same machine by another name: to a browser it is another origin.
  const other = `http://localhost:${port}`;

  const provider = new Provider(issuer, {
    adapter: issuerMemory(),
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [`${pages}/signed-in`],
        post_logout_redirect_uris: [`${pages}/`],
      },
    ],
    jwks: { keys: [await privateJwk()] } as Configuration['jwks'],
    cookies: { keys: ['a key of the test'] },
    clientAuthMethods: ['none'],
    clientBasedCORS: (_ctx, origin) => origin === pages,
    pkce: { required: () => true },
    scopes: ['openid', 'profile', 'email'],
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    conformIdTokenClaims: false,
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: async (_ctx, sub) => ({ accountId: sub, claims: async () => ({ ...person, sub }) }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ accountId: ctx.oidc.session!.accountId, clientId });
      grant.addOIDCScope('openid profile email');
      grant.addResourceScope(audience, 'gatebook');
      await grant.save();
      return grant;
    },
    extraTokenClaims: async () => ({ name: person.name }),
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: async () => true,
        async getResourceServerInfo(_ctx, indicator) {
          if (indicator !== audience) throw new errors.InvalidTarget();
          return { scope: 'gatebook', audience, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } };
        },
      },
    },
  });
  provider.use(async (ctx, next) => {
    if (ctx.path.startsWith('/interaction/')) {
      await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: person.sub } });
      ctx.respond = false;
      return;
    }
    await next();
    if (ctx.path !== '/.well-known/openid-configuration') return;
    ctx.body = { ...(ctx.body as object), token_endpoint: `${other}/token` };
  });
  handle = provider.callback();
  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    tokenEndpoint: `${other}/token`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function privateJwk() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'vendor' };
}
