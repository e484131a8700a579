import type { IncomingMessage, ServerResponse } from 'node:http';
import Provider, { errors, interactionPolicy, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { issuerMemory } from './issuer-memory.ts';
import type { EmbeddedKeys } from './keys.ts';
import type { People, Realm } from './people.ts';
import { noticePage, pageHeaders, signInPage } from './sign-in-page.ts';

/** The client of the `gatebook` command: a native one, called back on any port of the loopback address (RFC 8252). */
export const CLI_CLIENT_ID = 'gatebook-cli';
/** The client of Gatebook's own pages, called back at `/signed-in` of the service. */
export const CONSOLE_CLIENT_ID = 'gatebook-console';
/** What `acr` says of a person who was picked from a list. */
export const PICKED_PERSON_ACR = 'urn:gatebook:acr:picked-person';

/** A product that signs its people in by the embedded issuers; all addresses are absolute. */
export interface ProductClient {
  readonly clientId: string;
  /** As the sign-in page says it: "Sign in to Fernway". */
  readonly name: string;
  readonly redirectUris: Readonly<Record<Realm, readonly string[]>>;
  readonly signedOutUris?: Readonly<Partial<Record<Realm, readonly string[]>>>;
}

export interface EmbeddedIssuersOptions {
  /** Origin of the service as browsers see it, `http://localhost:4000`, without a path. */
  readonly publicUrl: string;
  readonly people: People;
  readonly keys: EmbeddedKeys;
  readonly products?: readonly ProductClient[];
  /** Told of an unexpected fault inside an issuer. */
  readonly onFault?: (realm: Realm, error: Error) => void;
  /** `process.env.NODE_ENV` when left out. */
  readonly nodeEnv?: string;
}

export interface EmbeddedIssuers {
  /** The issuer of each realm, as it stands in `iss`. Its keys are at `/jwks` below. */
  readonly issuers: Readonly<Record<Realm, string>>;
  /** The audience of access tokens, to be named as `resource` when signing in. */
  readonly resource: string;
}

const MINUTE_SEC = 60;
const HOUR_SEC = 3600;
const ACCESS_TOKEN_SEC = 10 * MINUTE_SEC;
const SESSION_SEC = 12 * HOUR_SEC;
const SCOPES = ['openid', 'profile', 'email'];
const MOST_FORM_BYTES = 2048;
/** The reason for which a browser that is signed in still sees the page: its person may go on, or be another one. */
const CHOICE = 'person_not_chosen';

interface RealmClient {
  readonly id: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly signedOutUris: readonly string[];
  readonly native: boolean;
  /** Whether it may have access tokens for Gatebook's own API. */
  readonly callsGatebook: boolean;
}

/** One realm's OpenID issuer as a request handler for the addresses below its path. */
export function createRealmIssuer(
  realm: Realm,
  addresses: EmbeddedIssuers,
  options: EmbeddedIssuersOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const issuer = addresses.issuers[realm];
  const { origin, host, pathname: mountPath, protocol } = new URL(issuer);
  const clients = clientsOf(realm, origin, options);
  const nameOf = (clientId: unknown) => clients.find((client) => client.id === clientId)?.name ?? 'Gatebook';
  const people = options.people[realm];
  const headers = pageHeaders(formTargets(clients));

  const provider = new Provider(issuer, {
    ...fixedConfiguration(mountPath, origin),
    adapter: issuerMemory(),
    clients: clients.map((client) => ({
      client_id: client.id,
      client_name: client.name,
      application_type: client.native ? 'native' : 'web',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: [...client.redirectUris],
      post_logout_redirect_uris: [...client.signedOutUris],
      require_auth_time: true,
    })),
    jwks: { keys: options.keys[realm].jwks.keys.map((key) => ({ ...key })) } as Configuration['jwks'],
    cookies: {
      keys: [...options.keys[realm].cookieKeys],
      names: {
        session: `gatebook_${realm}_session`,
        interaction: `gatebook_${realm}_sign_in`,
        resume: `gatebook_${realm}_resume`,
      },
      long: { httpOnly: true, sameSite: 'lax', signed: true, path: mountPath },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    async findAccount(_ctx, sub) {
      const person = people.find((candidate) => candidate.sub === sub);
      if (!person) return undefined;
      const { name, email } = person;
      return { accountId: sub, claims: async () => ({ sub, name, email, email_verified: true }) };
    },
    async loadExistingGrant(ctx) {
      const { session, client } = ctx.oidc;
      const kept = session!.grantIdFor(client!.clientId);
      const known = kept ? await ctx.oidc.provider.Grant.find(kept) : undefined;
      if (known) return known;
      // Everybody who is picked agrees: there is nothing to ask for in a demonstration.
      const grant = new ctx.oidc.provider.Grant({ accountId: session!.accountId, clientId: client!.clientId });
      grant.addOIDCScope(SCOPES.join(' '));
      grant.addResourceScope(addresses.resource, 'gatebook');
      await grant.save();
      return grant;
    },
    async extraTokenClaims(ctx, token) {
      const code = ctx.oidc.entities.AuthorizationCode;
      const person = 'accountId' in token ? people.find(({ sub }) => sub === token.accountId) : undefined;
      if (!code || !person) return undefined;
      return { name: person.name, email: person.email, auth_time: code.authTime, acr: code.acr };
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => [],
        useGrantedResource: async () => true,
        async getResourceServerInfo(_ctx, indicator, client) {
          const allowed = clients.some(({ id, callsGatebook }) => id === client.clientId && callsGatebook);
          if (indicator !== addresses.resource || !allowed) throw new errors.InvalidTarget();
          return {
            scope: 'gatebook',
            audience: addresses.resource,
            accessTokenTTL: ACCESS_TOKEN_SEC,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256' } },
          };
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        async logoutSource(ctx, form) {
          ctx.type = 'html';
          ctx.body = noticePage(
            realm,
            'Sign out',
            ['You are signed in in this browser.'],
            `${form}<div class="acts"><button class="btn" form="op.logoutForm" name="logout" value="yes">Sign out of this browser</button><button class="btn" form="op.logoutForm">Stay signed in</button></div>`,
          );
        },
        async postLogoutSuccessSource(ctx) {
          ctx.type = 'html';
          ctx.body = noticePage(realm, 'You are signed out', ['Nobody is signed in here any more.']);
        },
      },
    },
    async renderError(ctx, out) {
      ctx.type = 'html';
      const fault = out.error_description ?? 'the request is not one that this sign-in understands';
      ctx.body = noticePage(realm, 'This sign-in can’t go on', [
        `The reason: ${fault}.`,
        'Go back to where you came from, and sign in from there.',
      ]);
    },
  });
  provider.proxy = protocol === 'https:';
  const onFault = (error: Error) => options.onFault?.(realm, error);
  // Without a listener the framework prints stacks.
  (provider as NodeJS.EventEmitter).on('error', onFault);
  provider.on('server_error', (_ctx, error) => onFault(error));

  provider.use(async (ctx, next) => {
    ctx.set({ ...headers });
    // Addresses in answers are built from the host: another one is a rebound or forged name.
    if (ctx.host !== host) {
      ctx.status = 421;
      ctx.body = { error: 'misdirected_request', error_description: `This sign-in is served at ${origin} only.` };
      return;
    }
    if (/^\/sign-in\/[\w-]{1,64}$/.test(ctx.path)) {
      await signIn(ctx as KoaContextWithOIDC);
      return;
    }
    await next();
  });

  async function signIn(ctx: KoaContextWithOIDC) {
    ctx.set('cache-control', 'no-store');
    let details;
    try {
      details = await provider.interactionDetails(ctx.req, ctx.res);
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
    }
    if (!details) {
      ctx.status = 400;
      ctx.type = 'html';
      ctx.body = noticePage(realm, 'This sign-in has run out', [
        'It was finished already, or it was left open for too long.',
        'Go back to where you came from, and sign in from there.',
      ]);
      return;
    }
    const session = details.session?.accountId ? await provider.Session.findByUid(details.session.uid) : undefined;
    const askAgain = details.prompt.reasons.some((reason) => reason !== CHOICE && reason !== 'no_session');

    if (ctx.method === 'GET' || ctx.method === 'HEAD') {
      ctx.type = 'html';
      ctx.body = signInPage({
        realm,
        people: { members: [], staff: [], [realm]: people },
        action: `${mountPath}${ctx.path}`,
        clientName: nameOf(details.params.client_id),
        ...(session?.accountId && { signedIn: { sub: session.accountId, askAgain } }),
      });
      return;
    }
    if (ctx.method !== 'POST') {
      ctx.status = 405;
      ctx.set('allow', 'GET, HEAD, POST');
      return;
    }
    const sub = new URLSearchParams((await formText(ctx.req)) ?? '').get('person');
    const person = people.find((candidate) => candidate.sub === sub);
    if (!person) {
      ctx.status = 400;
      ctx.type = 'html';
      ctx.body = noticePage(realm, 'Nobody was picked', ['Go back, and press the name of a person on the list.']);
      return;
    }
    // Going on keeps the time at which identity was last proved; everything else proves it now.
    const goesOn = session?.accountId === person.sub && !askAgain;
    if (session && session.accountId !== person.sub) {
      // Another person sits down: the first one's session ends, without a page in between to say so.
      await session.destroy();
      details.session = undefined;
      await details.save(details.exp - Math.floor(Date.now() / 1000));
    }
    await provider.interactionFinished(ctx.req, ctx.res, {
      login: {
        accountId: person.sub,
        acr: PICKED_PERSON_ACR,
        ...(goesOn && { ts: session.loginTs }),
      },
    });
    ctx.respond = false;
  }

  return provider.callback();
}

function clientsOf(realm: Realm, origin: string, options: EmbeddedIssuersOptions): readonly RealmClient[] {
  const own: readonly RealmClient[] = [
    {
      id: CLI_CLIENT_ID,
      name: 'the gatebook command',
      redirectUris: ['http://127.0.0.1/callback'],
      signedOutUris: [],
      native: true,
      callsGatebook: true,
    },
    {
      id: CONSOLE_CLIENT_ID,
      name: 'Gatebook',
      redirectUris: [`${origin}/signed-in`],
      signedOutUris: [`${origin}/`],
      native: false,
      callsGatebook: true,
    },
  ];
  const products = (options.products ?? []).map((product) => ({
    id: product.clientId,
    name: product.name,
    redirectUris: product.redirectUris[realm],
    signedOutUris: product.signedOutUris?.[realm] ?? [],
    native: false,
    callsGatebook: false,
  }));
  return [...own, ...products.filter((product) => product.redirectUris.length > 0)];
}

function formTargets(clients: readonly RealmClient[]): readonly string[] {
  const targets = clients.flatMap((client) =>
    [...client.redirectUris, ...client.signedOutUris].map((uri) => {
      const { origin } = new URL(uri);
      return client.native ? `${origin}:*` : origin;
    }),
  );
  return [...new Set(targets)];
}

function fixedConfiguration(mountPath: string, ownOrigin: string): Partial<Configuration> {
  const { base, Check } = interactionPolicy;
  const policy = base();
  policy.remove('consent');
  policy.get('login')!.checks.add(
    new Check(CHOICE, 'the person has to be picked', 'login_required', (ctx) => {
      const silent = ctx.oidc.prompts.has('none');
      return !silent && !ctx.oidc.result?.login ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
    }),
  );
  return {
    acrValues: [PICKED_PERSON_ACR],
    claims: { openid: ['sub', 'auth_time', 'acr'], profile: ['name'], email: ['email', 'email_verified'] },
    clientAuthMethods: ['none'],
    // Gatebook's own pages redeem their codes by script; no page of another origin reads an answer.
    clientBasedCORS: (_ctx, origin) => origin === ownOrigin,
    clockTolerance: 0,
    // There is no user information endpoint: name and e-mail stand in the ID token.
    conformIdTokenClaims: false,
    allowOmittingSingleRegisteredRedirectUri: false,
    interactions: { policy, url: (_ctx, interaction) => `${mountPath}/sign-in/${interaction.uid}` },
    pkce: { required: () => true },
    responseTypes: ['code'],
    scopes: SCOPES,
    ttl: {
      AccessToken: ACCESS_TOKEN_SEC,
      AuthorizationCode: MINUTE_SEC,
      Grant: SESSION_SEC,
      IdToken: HOUR_SEC,
      Interaction: HOUR_SEC,
      Session: SESSION_SEC,
    },
  };
}

/** The body of a small form, or `undefined` where it is too long or of another type. */
async function formText(request: IncomingMessage): Promise<string | undefined> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_FORM_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
