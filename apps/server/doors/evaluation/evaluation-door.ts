import {
  DECISION_VALID_MS,
  EVALUATION_PATH,
  EVALUATION_REQUEST_SCHEMA,
  EVALUATIONS_PATH,
  isUuidV7,
  VISIT_HEADER,
  type EvaluationRequest,
} from '@gatebook/protocol';
import { Ajv } from 'ajv';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BookCommand } from '#domain/book/decide';
import { grantOfSession } from '#domain/grant/grant';
import type { Decision, Refusal } from '#domain/rule';
import type { ApiKeys } from '../../adapters/keys/api-keys.ts';
import type { Visit, VisitTokens } from '../../adapters/keys/visit-tokens.ts';
import type { Desk } from '../../desk/desk.ts';
import { NotNow } from '../../desk/not-now.ts';
import type { Caller } from '../../desk/outcome.ts';
import { uuidV7 } from '../../desk/uuid-v7.ts';
import { actionIdOf } from '../../desk/identity.ts';
import { problemOf, sendProblem, unreadBody, writeProblem, type ProblemType } from '../problem.ts';
import { hasArguments, mistakeOf, NotExactly } from './exact-arguments.ts';
import { hiddenNameAmong, hiddenNameIn, hiddenNameTold } from './plain-names.ts';
import { answerStraight } from './straight-answer.ts';
import { deniedText, permittedText, toldExactly } from './answers.ts';

export interface EvaluationDoorOptions {
  readonly desk: Desk;
  readonly keys: ApiKeys;
  readonly tokens: VisitTokens;
  readonly publicUrl: string;
  readonly counts: EvaluationCounts;
}

/** Plain numbers: the metrics read them, the hot path only adds. */
export interface EvaluationCounts {
  permitted: number;
  denied: number;
  notNow: number;
  unauthenticated: number;
  invalid: number;
}

export const noEvaluations = (): EvaluationCounts => ({
  permitted: 0,
  denied: 0,
  notNow: 0,
  unauthenticated: 0,
  invalid: 0,
});

const BODY_BYTES = 16 * 1024;
/** The page headers of the rest of the service cost a tenth of an answer here (read by @fastify/helmet). */
const NO_PAGE_HEADERS = { helmet: false } as object;
const MOST_IN_A_BATCH = 50;
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Nothing is coerced and nothing is dropped: what doesn't fit is said. */
const ajv = new Ajv({ allErrors: false, coerceTypes: false, removeAdditional: false, strict: false });

const EVALUATIONS_SCHEMA = {
  type: 'object',
  required: ['evaluations'],
  properties: {
    evaluations: { type: 'array', minItems: 1, maxItems: MOST_IN_A_BATCH, items: { type: 'object' } },
    options: {
      type: 'object',
      properties: { evaluations_semantic: { enum: ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] } },
    },
  },
} as const;

type Evaluations = Partial<EvaluationRequest> & {
  readonly evaluations: readonly Partial<EvaluationRequest>[];
  readonly options?: { readonly evaluations_semantic?: string };
};

/** What every answer of this door carries; an API's answer is no page, so the page headers of the rest are not for it. */
const ANSWER_HEADERS = [
  ['content-type', 'application/json; charset=utf-8'],
  ['cache-control', 'no-store'],
  ['x-content-type-options', 'nosniff'],
].flat();

/** Of ASCII text, with its length known beforehand, head and body leave in one write. */
function writeAnswer(response: ServerResponse, text: string): void {
  response.writeHead(200, [...ANSWER_HEADERS, 'content-length', String(text.length)]).end(text, 'latin1');
}

function traceOf({ traceparent }: IncomingHttpHeaders): string | undefined {
  return typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : undefined;
}

/**
 * The hot path: routes on Fastify itself, outside Nest's pipes and guards, with a compiled schema, a body parser of its
 * own and no header that belongs to pages; the usual question is answered before it becomes a route's (docs/decisions/0006-the-hot-path.md has what each of these costs). It
 * records, then answers; where it can't record, the answer is an error of the call, and the product serves nothing.
 */
export function evaluationDoor(fastify: FastifyInstance, options: EvaluationDoorOptions): void {
  const { counts, keys, tokens, publicUrl } = options;
  const validateEvaluation = ajv.compile<EvaluationRequest>(EVALUATION_REQUEST_SCHEMA);
  const validateEvaluations = ajv.compile<Evaluations>(EVALUATIONS_SCHEMA);

  /** Decides and answers; `answer` gives the text of the decision, or `undefined` where it has sent a problem. */
  const door = (
    request: FastifyRequest,
    reply: FastifyReply,
    answer: (visit: Visit, traceparent: string | undefined) => Promise<string> | undefined,
  ): void => {
    const { headers } = request;
    echoRequestId(request, reply);
    if (keys.holderOf(headers.authorization) !== 'product') {
      counts.unauthenticated++;
      void sendProblem(reply, 'unauthenticated');
      return;
    }
    const token = headers[VISIT_HEADER];
    const traceparent = traceOf(headers);
    const withVisit = (visit: Visit | undefined): void => {
      if (!visit) {
        counts.unauthenticated++;
        void sendProblem(reply, 'visit-unknown');
        return;
      }
      answer(visit, traceparent)?.then(
        (text) => {
          reply.hijack();
          writeAnswer(reply.raw, text);
        },
        (error: unknown) => sendProblem(reply, failed(error, counts, reply.log)),
      );
    };
    const fresh = typeof token === 'string' ? tokens.fresh(token) : undefined;
    if (fresh || typeof token !== 'string') withVisit(fresh);
    else void tokens.read(token).then(withVisit);
  };

  const invalid = (reply: FastifyReply, told: string | ReturnType<typeof hiddenNameTold>): undefined => {
    counts.invalid++;
    void sendProblem(reply, 'invalid-request', typeof told === 'string' ? { detail: told } : told);
  };

  void fastify.register((scope, _, done) => {
    scope.removeContentTypeParser('application/json');
    const parse = scope.getDefaultJsonParser('error', 'error');
    scope.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, finished) => {
      void parse(request, text, (error, body) => {
        const mistake = error || !hasArguments(body) ? undefined : mistakeOf(text);
        if (mistake) finished(new NotExactly(mistake));
        else finished(error, body);
      });
    });
    // A body that never came as far as the door: too large, of another type, no JSON.
    scope.setErrorHandler((error: { statusCode?: number }, request, reply) => {
      const { statusCode = 500 } = error;
      counts.invalid++;
      echoRequestId(request, reply);
      const told = error instanceof NotExactly ? error.told : unreadBody(statusCode);
      void sendProblem(reply, problemOf(statusCode), told);
    });

    scope.post(EVALUATION_PATH, { bodyLimit: BODY_BYTES, ...NO_PAGE_HEADERS }, (request, reply) =>
      door(request, reply, (visit, traceparent) => {
        const { body } = request;
        if (!validateEvaluation(body))
          return invalid(reply, ajv.errorsText(validateEvaluation.errors, { dataVar: 'body' }));
        const hidden = hiddenNameIn(body);
        if (hidden !== undefined) return invalid(reply, hiddenNameTold(hidden));
        return evaluate(options, visit, body, traceparent);
      }),
    );

    scope.post(EVALUATIONS_PATH, { bodyLimit: 4 * BODY_BYTES, ...NO_PAGE_HEADERS }, (request, reply) =>
      door(request, reply, (visit, traceparent) => {
        const { body } = request;
        if (!validateEvaluations(body))
          return invalid(reply, ajv.errorsText(validateEvaluations.errors, { dataVar: 'body' }));
        const { evaluations, options: how, ...defaults } = body;
        const wrong = mistakeIn(evaluations, defaults, validateEvaluation);
        if (wrong !== undefined) return invalid(reply, wrong);
        const hidden = hiddenNameAmong(evaluations, defaults);
        if (hidden !== undefined) return invalid(reply, hiddenNameTold(hidden));
        const requests = evaluations.map((evaluation) => ({ ...defaults, ...evaluation }) as EvaluationRequest);
        return evaluateAll(options, visit, requests, how?.evaluations_semantic, traceparent);
      }),
    );
    done();
  });

  answerStraight(fastify, {
    path: EVALUATION_PATH,
    bodyBytes: BODY_BYTES,
    take({ headers }) {
      const token = headers[VISIT_HEADER];
      if (keys.holderOf(headers.authorization) !== 'product' || typeof token !== 'string') return undefined;
      if (headers['x-request-id'] !== undefined) return undefined;
      const visit = tokens.fresh(token);
      if (!visit) return undefined;
      const traceparent = traceOf(headers);
      return (body, response) => {
        if (!validateEvaluation(body) || hiddenNameIn(body) !== undefined) return false;
        evaluate(options, visit, body, traceparent).then(
          (text) => writeAnswer(response, text),
          (error: unknown) => writeProblem(response, failed(error, counts, fastify.log)),
        );
        return true;
      };
    },
  });

  fastify.get('/.well-known/authzen-configuration', (_request, reply) =>
    reply.send({
      policy_decision_point: publicUrl,
      access_evaluation_endpoint: publicUrl + EVALUATION_PATH,
      access_evaluations_endpoint: publicUrl + EVALUATIONS_PATH,
    }),
  );
}

/** The caller's name for the request stands in its answer, whatever the answer is (AuthZEN, "Request Identification"). */
function echoRequestId({ headers }: FastifyRequest, { raw }: FastifyReply): void {
  const requestId = headers['x-request-id'];
  if (typeof requestId === 'string') raw.setHeader('x-request-id', requestId.slice(0, 200));
}

/** In order, each decided behind the one before; the semantics are those of AuthZEN, section 7. */
async function evaluateAll(
  options: EvaluationDoorOptions,
  visit: Visit,
  requests: readonly EvaluationRequest[],
  semantic: string | undefined,
  traceparent: string | undefined,
): Promise<string> {
  const answers: string[] = [];
  for (const request of requests) {
    const answer = await evaluate(options, visit, request, traceparent);
    answers.push(answer);
    const yes = answer.startsWith('{"decision":true');
    if (semantic === 'deny_on_first_deny' && !yes) break;
    if (semantic === 'permit_on_first_permit' && yes) break;
  }
  return `{"evaluations":[${answers.join(',')}]}`;
}

function mistakeIn(
  evaluations: readonly Partial<EvaluationRequest>[],
  defaults: object,
  validate: (value: unknown) => boolean,
): string | undefined {
  const at = evaluations.findIndex((evaluation) => !validate({ ...defaults, ...evaluation }));
  return at < 0 ? undefined : `evaluations/${at} is not an evaluation.`;
}

function failed(error: unknown, counts: EvaluationCounts, log: FastifyBaseLogger): ProblemType {
  if (error instanceof NotNow) {
    counts.notNow++;
    return 'not-now';
  }
  if (error instanceof VisitTokenTooOld) {
    counts.unauthenticated++;
    return 'visit-unknown';
  }
  log.error({ err: error }, 'evaluation failed');
  return 'internal';
}

async function evaluate(
  { desk, counts, tokens }: EvaluationDoorOptions,
  visit: Visit,
  request: EvaluationRequest,
  traceparent: string | undefined,
): Promise<string> {
  const command = commandFor(visit, request, desk.clock.now());
  const { requestId } = request.context ?? {};
  // A view sent again is told by what it shows; what is done once is told by the question's own id.
  const once = command.type !== 'ViewPage' && isUuidV7(requestId) && { commandId: requestId };
  const caller: Caller = {
    actor: { kind: 'staff', id: visit.act.sub },
    correlationId: visit.sid,
    traceparent,
    ...once,
  };
  const { properties } = request.resource;

  // Person and workspace as the product names them must be the token's own; the visit's book hears of it, never another's.
  const mixedUp = request.subject.id !== visit.act.sub || properties.workspace !== visit.ws;
  const asking = request.context?.purpose === 'ask';
  if (mixedUp) {
    const refusal: Refusal = { rule: 'visitIsTheirs', because: 'Person, workspace and visit don’t belong together.' };
    if (!asking) await desk.deny(visit.ws, command, refusal, caller);
    counts.denied++;
    return deniedText(refusal, undefined, desk.bookNow(visit.ws).position, desk.outside.installation);
  }

  if (!tokens.isFresh(visit)) return tooOld(desk, visit, command, caller, asking, counts);

  const outcome: Pick<Decision<unknown>, 'refusal' | 'view'> & { position: string } = asking
    ? await desk
        .ask(visit.ws, command)
        .then(({ decision, position }) => ({ ...onlyAsked(command, decision), position }))
    : await desk
        .handle(visit.ws, command, caller)
        .catch((error: unknown) => undecided(error, desk, visit, command, caller))
        .then((handled): Pick<Decision<unknown>, 'refusal' | 'view'> & { position: string } => {
          if (handled.kind === 'accepted')
            return { view: handled.view ?? handled.facts.at(-1)?.id, position: handled.position };
          if (handled.kind === 'refused') return handled;
          if (handled.kind === 'repeated' && once) return { position: handled.position };
          throw new Error('A view has no command id, so it can’t have been sent before.');
        });

  const { book } = desk.bookNow(visit.ws);
  const session = book.sessions.get(visit.sid);
  if (outcome.refusal || session?.phase !== 'live') {
    counts.denied++;
    const refusal = outcome.refusal ?? { rule: 'visitHasNotEnded', because: 'This visit has ended.' };
    const ended = session?.phase === 'ended' ? session : undefined;
    const tried = command.type === 'PerformAction' ? command.arguments : null;
    const told = toldExactly(refusal, tried, grantOfSession(book.grants, visit.sid)?.shown?.arguments);
    return deniedText(told, ended, outcome.position, desk.outside.installation);
  }
  counts.permitted++;
  return permittedText({
    view: asking || command.type !== 'ViewPage' ? undefined : outcome.view,
    action: command.type === 'PerformAction' ? command.actionId : undefined,
    validForMs: DECISION_VALID_MS,
    position: outcome.position,
    installation: desk.outside.installation,
    book,
    session,
  });
}

/** Asking alone allows nothing that would have to be written down first. */
function onlyAsked(command: BookCommand, decision: Decision<unknown>): Decision<unknown> {
  if (command.type === 'ViewPage' || decision.refusal) return decision;
  return {
    facts: [],
    refusal: { rule: 'actionIsApproved', because: 'This was only asked about, and only what is recorded is allowed.' },
  };
}

/** What can't be decided is refused like anything else: the attempt is written down, once the log can be written. */
async function undecided(
  error: unknown,
  desk: Desk,
  visit: Visit,
  command: BookCommand,
  caller: Caller,
): Promise<never> {
  if (error instanceof NotNow) {
    const refusal: Refusal = { rule: 'gateCanDecide', because: 'The gate could not read or write its log just then.' };
    await desk.deny(visit.ws, command, refusal, caller);
  }
  throw error;
}

/**
 * An old token opens nothing. Where the visit is over, the attempt is refused as such and written down; where it goes on,
 * the token is to be renewed first.
 */
async function tooOld(
  desk: Desk,
  visit: Visit,
  command: BookCommand,
  caller: Caller,
  asking: boolean,
  counts: EvaluationCounts,
): Promise<string> {
  const { decision, book, position } = await desk.ask(visit.ws, command);
  const session = book.sessions.get(visit.sid);
  if (!decision.refusal || session?.phase === 'live') throw new VisitTokenTooOld();
  if (!asking) await desk.deny(visit.ws, command, decision.refusal, caller);
  counts.denied++;
  return deniedText(decision.refusal, session, position, desk.outside.installation);
}

class VisitTokenTooOld extends Error {
  override readonly name = 'VisitTokenTooOld';
}

/** Where its action and its resource are of two kinds it is read as the one of which more is asked: a change, then a reveal. */
function commandFor(visit: Visit, { action, resource, context }: EvaluationRequest, now: number): BookCommand {
  const { record = null, title = null, rows, click, arguments: given } = resource.properties;
  const whose = { sessionId: visit.sid, staffId: visit.act.sub };
  if (action.name === 'perform' || resource.type === 'operation') {
    const requestId = isUuidV7(context?.requestId) ? context.requestId : uuidV7(now);
    const actionId = actionIdOf(requestId, visit.sid);
    return { type: 'PerformAction', ...whose, actionId, action: resource.id, record, arguments: given ?? null };
  }
  if (action.name === 'reveal' || resource.type === 'field')
    return { type: 'RevealField', ...whose, field: resource.id, record };
  const { input = false, page = null } = context ?? {};
  const view = { type: 'ViewPage', ...whose, page: resource.id, record, title, input, partOf: page } as const;
  if (rows === undefined && click === undefined) return view;
  return { ...view, ...(rows !== undefined && { rows }), ...(click !== undefined && { click }) };
}
