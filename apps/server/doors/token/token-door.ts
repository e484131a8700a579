import {
  GRANT_TOKEN_EXCHANGE,
  INTROSPECT_PATH,
  JWKS_PATH,
  PRESENCE_PATH,
  REVOKE_PATH,
  TOKEN_PATH,
  TOKEN_TYPE_ACCESS,
  TOKEN_TYPE_ENTRY_CODE,
  TOKEN_TYPE_ID,
  VISIT_HEADER,
  type Introspection,
  type Presence,
  type TokenAnswer,
} from '@gatebook/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BookCommand } from '#domain/book/decide';
import type { Book } from '#domain/book/book';
import { toInstant } from '#domain/fact';
import { grantOfSession } from '#domain/grant/grant';
import type { LiveSession } from '#domain/session/session';
import type { ApiKeys } from '../../adapters/keys/api-keys.ts';
import type { Visit, VisitTokens } from '../../adapters/keys/visit-tokens.ts';
import type { TokenVerifier } from '../../adapters/oidc/token-verifier.ts';
import type { Desk } from '../../desk/desk.ts';
import type { EntryCodes } from '../../desk/entry-codes.ts';
import { staffIdOf } from '../../desk/identity.ts';
import { NotNow } from '../../desk/not-now.ts';
import type { Caller } from '../../desk/outcome.ts';
import { endSentence, wordsOf } from '#wording/word-sets';
import { bannerOf, modeOf } from '../evaluation/answers.ts';
import { sendProblem } from '../problem.ts';

export interface TokenDoorOptions {
  readonly desk: Desk;
  readonly codes: EntryCodes;
  readonly keys: ApiKeys;
  readonly tokens: VisitTokens;
  readonly people: TokenVerifier;
  readonly product: string;
  readonly publicUrl: string;
  /** Whether the product must show the staff member's own sign-in, or the console's stands for it (visit.md, step 4). */
  readonly actorToken: 'required' | 'console';
  readonly tokenSeconds: number;
}

/** Errors of the token endpoint (RFC 6749, section 5.2; RFC 8693, section 2.2.2). */
type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_target'
  | 'invalid_scope'
  | 'unsupported_grant_type'
  | 'temporarily_unavailable'
  | 'server_error';

const BODY_BYTES = 16 * 1024;

class OAuthRefusal extends Error {
  override readonly name = 'OAuthRefusal';
  readonly error: OAuthError;
  constructor(error: OAuthError, description: string) {
    super(description);
    this.error = error;
  }
}

type Form = Readonly<Record<string, unknown>>;

/** Token exchange (RFC 8693), introspection (RFC 7662), revocation (RFC 7009), presence: for products only. */
export function tokenDoor(fastify: FastifyInstance, options: TokenDoorOptions): void {
  const { desk, tokens, product, publicUrl } = options;

  const endpoint = (path: string, answer: (form: Form, request: FastifyRequest) => Promise<object | null>) =>
    fastify.post(path, { bodyLimit: BODY_BYTES, errorHandler: bodyFailed }, async (request, reply) => {
      void reply.header('cache-control', 'no-store').header('content-type', 'application/json; charset=utf-8');
      try {
        authenticate(request, options);
        return reply.send(JSON.stringify((await answer(formOf(request), request)) ?? {}));
      } catch (error) {
        return oauthFailed(reply, error);
      }
    });

  endpoint(TOKEN_PATH, (form) => exchange(form, options));

  endpoint(INTROSPECT_PATH, async (form) => introspect(tokenIn(form), options));

  endpoint(REVOKE_PATH, async (form) => {
    const visit = await tokens.read(tokenIn(form));
    // An unknown token is as good as a revoked one (RFC 7009, section 2.2).
    if (visit)
      await desk.handle(
        visit.ws,
        { type: 'ExitSession', sessionId: visit.sid, staffId: visit.act.sub },
        callerOf(visit),
      );
    return null;
  });

  fastify.post(PRESENCE_PATH, { bodyLimit: BODY_BYTES }, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (options.keys.holderOf(request.headers.authorization) !== 'product')
      return sendProblem(reply, 'unauthenticated');
    const token = request.headers[VISIT_HEADER];
    const visit = typeof token === 'string' ? await tokens.read(token) : undefined;
    if (!visit || !tokens.isFresh(visit)) return sendProblem(reply, 'visit-unknown');
    try {
      const command: BookCommand = { type: 'ConfirmPresence', sessionId: visit.sid, staffId: visit.act.sub };
      const outcome = await desk.handle(visit.ws, command, callerOf(visit));
      const session = liveNow(desk, visit);
      if (outcome.kind === 'refused' || !session) return sendProblem(reply, 'visit-unknown');
      return reply.send({ idleEndsAt: toInstant(session.lastInputAt + session.idleMs) } satisfies Presence);
    } catch (error) {
      if (error instanceof NotNow) return sendProblem(reply, 'not-now');
      reply.log.error({ err: error }, 'presence failed');
      return sendProblem(reply, 'internal');
    }
  });

  fastify.get(JWKS_PATH, (_request, reply) => reply.header('cache-control', 'public, max-age=300').send(tokens.jwks));

  // RFC 8414, section 2.
  fastify.get('/.well-known/oauth-authorization-server', (_request, reply) =>
    reply.send({
      issuer: tokens.issuer,
      token_endpoint: publicUrl + TOKEN_PATH,
      introspection_endpoint: publicUrl + INTROSPECT_PATH,
      revocation_endpoint: publicUrl + REVOKE_PATH,
      jwks_uri: publicUrl + JWKS_PATH,
      grant_types_supported: [GRANT_TOKEN_EXCHANGE],
      response_types_supported: [],
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
    }),
  );

  function liveNow(from: Desk, visit: Visit): LiveSession | undefined {
    const session = from.bookNow(visit.ws).book.sessions.get(visit.sid);
    return session?.phase === 'live' ? session : undefined;
  }

  async function exchange(
    form: Form,
    { codes, people, actorToken, tokenSeconds }: TokenDoorOptions,
  ): Promise<TokenAnswer> {
    if (text(form, 'grant_type') !== GRANT_TOKEN_EXCHANGE) {
      throw new OAuthRefusal('unsupported_grant_type', 'Only token exchange is spoken here (RFC 8693).');
    }
    const subjectToken = text(form, 'subject_token');
    const actor = text(form, 'actor_token');
    const actorType = text(form, 'actor_token_type');
    if (subjectToken === undefined) throw new OAuthRefusal('invalid_request', 'subject_token is missing.');
    if ((actor === undefined) !== (actorType === undefined)) {
      throw new OAuthRefusal('invalid_request', 'actor_token and actor_token_type go together.');
    }
    const target = text(form, 'audience') ?? product;
    if (target !== product || text(form, 'resource') !== undefined) {
      throw new OAuthRefusal('invalid_target', 'A visit’s token is for the product that asks, and for no other.');
    }

    if (text(form, 'scope') !== undefined) {
      throw new OAuthRefusal('invalid_scope', 'What a visit may open was settled when it was started.');
    }
    if ((text(form, 'requested_token_type') ?? TOKEN_TYPE_ACCESS) !== TOKEN_TYPE_ACCESS) {
      throw new OAuthRefusal('invalid_request', 'Only access tokens are given here.');
    }

    switch (text(form, 'subject_token_type')) {
      case TOKEN_TYPE_ENTRY_CODE:
        return enter(subjectToken, actor, actorType);
      case TOKEN_TYPE_ACCESS:
        if (actor !== undefined) throw new OAuthRefusal('invalid_request', 'A visit’s token names its actor already.');
        return renew(subjectToken);
      default:
        throw new OAuthRefusal('invalid_request', 'subject_token_type is none that is known here.');
    }

    async function enter(code: string, token: string | undefined, type: string | undefined): Promise<TokenAnswer> {
      const entry = codes.read(code);
      if (!entry) throw new OAuthRefusal('invalid_request', 'The code is not valid.');
      const { state } = await desk.look(entry.workspaceId);
      const session = state.sessions.get(entry.sessionId);
      const right = session && codes.matches(code, { ...entry, staffId: session.staffId, product });
      if (!session || !right) throw new OAuthRefusal('invalid_request', 'The code is not valid.');

      let staffId = session.staffId;
      if (token !== undefined) {
        if (type !== TOKEN_TYPE_ID)
          throw new OAuthRefusal('invalid_request', 'actor_token_type is none that is known here.');
        const person = await people
          .verify(token, { realms: ['staff'], use: 'id', audience: product })
          .catch(() => undefined);
        if (!person) throw new OAuthRefusal('invalid_request', 'The actor token is not valid.');
        staffId = staffIdOf(person.issuer, person.subject);
      } else if (actorToken === 'required') {
        throw new OAuthRefusal('invalid_request', 'The actor token is missing: without it nobody knows who acts.');
      }

      const command: BookCommand = { type: 'EnterSession', sessionId: entry.sessionId, staffId };
      const caller: Caller = { actor: { kind: 'staff', id: staffId }, correlationId: entry.sessionId };
      const outcome = await desk.handle(entry.workspaceId, command, caller);
      if (outcome.kind === 'refused') throw new OAuthRefusal('invalid_request', outcome.refusal.because);
      const { book } = desk.bookNow(entry.workspaceId);
      const live = book.sessions.get(entry.sessionId);
      if (live?.phase !== 'live') throw new OAuthRefusal('invalid_request', 'This visit has ended.');
      return answer(live, entry.workspaceId, book);
    }

    /** Against the session, not against the old token's time: a pause between two pages is no end (visit.md, step 11). */
    async function renew(token: string): Promise<TokenAnswer> {
      const visit = await tokens.read(token);
      if (!visit) throw new OAuthRefusal('invalid_request', 'The token is not valid.');
      const command: BookCommand = { type: 'ContinueVisit', sessionId: visit.sid, staffId: visit.act.sub };
      const { book, decision } = await desk.ask(visit.ws, command);
      const session = book.sessions.get(visit.sid);
      if (decision.refusal || session?.phase !== 'live') {
        throw new OAuthRefusal('invalid_request', decision.refusal?.because ?? 'This visit has ended.');
      }
      return answer(session, visit.ws, book);
    }

    async function answer(session: LiveSession, ws: Visit['ws'], book: Book): Promise<TokenAnswer> {
      const access_token = await tokens.sign(
        {
          sub: grantOfSession(book.grants, session.id)?.viewAs ?? ws,
          act: { sub: session.staffId, iss: publicUrl },
          sid: session.id,
          ws,
          ...(session.caseRef !== null && { case: session.caseRef }),
          gb_mode: modeOf(book, session),
          auth_time: Math.floor(session.identityConfirmedAt / 1000),
        },
        tokenSeconds,
      );
      return { access_token, issued_token_type: TOKEN_TYPE_ACCESS, token_type: 'Bearer', expires_in: tokenSeconds };
    }
  }

  async function introspect(token: string, { desk: from }: TokenDoorOptions): Promise<Introspection> {
    const visit = await tokens.read(token);
    if (!visit) return { active: false };
    const { book } = await from.settled(visit.ws);
    const session = book.sessions.get(visit.sid);
    if (session?.phase === 'ended') {
      return {
        active: false,
        ended: {
          cause: session.cause,
          at: toInstant(session.at),
          sentence: endSentence(wordsOf(desk.outside.installation.policy), session.cause),
        },
      };
    }
    if (!session || !tokens.isFresh(visit)) return { active: false };
    return {
      ...visit,
      active: true,
      staff: session.staffId,
      staffName: session.shown?.staffName ?? session.staffId,
      staffEmail: session.shown?.staffEmail ?? '',
      workspaceName: book.workspace.name,
      workspaceRef: book.workspace.externalId,
      banner: bannerOf(book, session, desk.outside.installation),
    };
  }
}

function callerOf(visit: Visit): Caller {
  return { actor: { kind: 'staff', id: visit.act.sub }, correlationId: visit.sid };
}

/** The product by HTTP Basic (RFC 6749, section 2.3.1) or by its bare key. @throws {OAuthRefusal} */
function authenticate({ headers: { authorization = '' } }: FastifyRequest, { keys, product }: TokenDoorOptions): void {
  if (keys.holderOf(authorization) === 'product') return;
  const basic = /^basic ([a-z0-9+/]+=*)$/i.exec(authorization)?.[1];
  if (basic !== undefined) {
    const [client, ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    const decoded = (part: string) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    };
    if (decoded(client ?? '') === product && keys.holderOfKey(decoded(secret.join(':'))) === 'product') return;
  }
  throw new OAuthRefusal('invalid_client', 'The product’s id and key are missing or wrong.');
}

/** @throws {OAuthRefusal} the body is no form, or a parameter stands in it twice (RFC 6749, section 3.2). */
function formOf({ body, headers }: FastifyRequest): Form {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  if (!isForm || body === null || typeof body !== 'object') {
    throw new OAuthRefusal('invalid_request', 'This endpoint takes application/x-www-form-urlencoded.');
  }
  const twice = Object.entries(body).find(([, value]) => typeof value !== 'string');
  if (twice) throw new OAuthRefusal('invalid_request', `${twice[0].slice(0, 60)} stands twice.`);
  return body as Form;
}

function text(form: Form, name: string): string | undefined {
  const value = Object.hasOwn(form, name) ? form[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** @throws {OAuthRefusal} it is missing (RFC 7662, section 2.1; RFC 7009, section 2.1). */
function tokenIn(form: Form): string {
  const token = text(form, 'token');
  if (token === undefined) throw new OAuthRefusal('invalid_request', 'token is missing.');
  return token;
}

/** A body that can't be read is answered in the endpoint's own form too (RFC 6749, section 5.2). */
function bodyFailed(
  { statusCode = 400 }: { statusCode?: number },
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  const description = 'The body can’t be read: this endpoint takes a small application/x-www-form-urlencoded.';
  void reply
    .code(statusCode === 413 || statusCode === 415 ? statusCode : 400)
    .header('cache-control', 'no-store')
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify({ error: 'invalid_request' satisfies OAuthError, error_description: description }));
}

function oauthFailed(reply: FastifyReply, error: unknown): FastifyReply {
  let code: OAuthError = 'server_error';
  let description = 'Something went wrong here.';
  if (error instanceof OAuthRefusal) {
    code = error.error;
    description = error.message;
  } else if (error instanceof NotNow) {
    code = 'temporarily_unavailable';
    description = 'This can’t be decided right now. Try again.';
  } else {
    reply.log.error({ err: error }, 'token endpoint failed');
  }
  const status = { invalid_client: 401, temporarily_unavailable: 503, server_error: 500 }[code as string] ?? 400;
  if (status === 401) void reply.header('www-authenticate', 'Basic realm="gatebook"');
  return reply.code(status).send(JSON.stringify({ error: code, error_description: description }));
}
