import {
  DECISION_VALID_MS,
  EVALUATION_PATH,
  EVALUATION_REQUEST_SCHEMA,
  EVALUATIONS_PATH,
  VISIT_HEADER,
  type EvaluationRequest,
} from '@gatebook/protocol';
import { Ajv } from 'ajv';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BookCommand } from '#domain/book/decide';
import type { Decision, Refusal } from '#domain/rule';
import { sessionWith } from '#domain/session/session';
import type { ApiKeys } from '../../adapters/keys/api-keys.ts';
import type { Visit, VisitTokens } from '../../adapters/keys/visit-tokens.ts';
import type { Desk } from '../../desk/desk.ts';
import { NotNow, type Caller } from '../../desk/lane.ts';
import { sendProblem } from '../problem.ts';
import { deniedText, permittedText } from './answers.ts';

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

/**
 * The hot path: routes on Fastify itself, outside Nest's pipes and guards, with a compiled schema. It records, then
 * answers; where it can't record, the answer is an error of the call, and the product serves nothing.
 */
export function evaluationDoor(fastify: FastifyInstance, options: EvaluationDoorOptions): void {
  const { counts, keys, tokens } = options;
  const validateEvaluation = ajv.compile(EVALUATION_REQUEST_SCHEMA);
  const validatorCompiler = ({ schema }: { schema: unknown }) =>
    schema === EVALUATION_REQUEST_SCHEMA ? validateEvaluation : ajv.compile(schema as object);

  /** The visit behind the request, or `undefined` once the answer is sent. */
  const visitOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Visit | undefined> => {
    if (keys.holderOf(request.headers.authorization) !== 'product') {
      counts.unauthenticated++;
      void sendProblem(reply, 'unauthenticated');
      return undefined;
    }
    const token = request.headers[VISIT_HEADER];
    const visit = typeof token === 'string' ? (tokens.fresh(token) ?? (await tokens.read(token))) : undefined;
    if (!visit) {
      counts.unauthenticated++;
      void sendProblem(reply, 'visit-unknown');
    }
    return visit;
  };

  const begin = (request: FastifyRequest, reply: FastifyReply) => {
    const requestId = request.headers['x-request-id'];
    if (typeof requestId === 'string') void reply.header('x-request-id', requestId.slice(0, 200));
    void reply.header('content-type', 'application/json; charset=utf-8').header('cache-control', 'no-store');
  };

  const traceOf = ({ headers: { traceparent } }: FastifyRequest) =>
    typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : undefined;

  fastify.post<{ Body: EvaluationRequest }>(
    EVALUATION_PATH,
    { schema: { body: EVALUATION_REQUEST_SCHEMA }, validatorCompiler, attachValidation: true, bodyLimit: BODY_BYTES },
    async (request, reply) => {
      begin(request, reply);
      const visit = await visitOf(request, reply);
      if (!visit) return reply;
      if (request.validationError) {
        counts.invalid++;
        return sendProblem(reply, 'invalid-request', { detail: request.validationError.message });
      }
      try {
        return reply.send(await evaluate(options, visit, request.body, traceOf(request)));
      } catch (error) {
        return failed(reply, error, counts);
      }
    },
  );

  fastify.post<{ Body: Evaluations }>(
    EVALUATIONS_PATH,
    { schema: { body: EVALUATIONS_SCHEMA }, validatorCompiler, attachValidation: true, bodyLimit: 4 * BODY_BYTES },
    async (request, reply) => {
      begin(request, reply);
      const visit = await visitOf(request, reply);
      if (!visit) return reply;
      const { evaluations, options: how, ...defaults } = request.body ?? {};
      const wrong = request.validationError?.message ?? mistakeIn(evaluations, defaults, validateEvaluation);
      if (wrong !== undefined) {
        counts.invalid++;
        return sendProblem(reply, 'invalid-request', { detail: wrong });
      }
      try {
        const answers: string[] = [];
        for (const evaluation of evaluations) {
          const answer = await evaluate(
            options,
            visit,
            { ...defaults, ...evaluation } as EvaluationRequest,
            traceOf(request),
          );
          answers.push(answer);
          const yes = answer.startsWith('{"decision":true');
          if (how?.evaluations_semantic === 'deny_on_first_deny' && !yes) break;
          if (how?.evaluations_semantic === 'permit_on_first_permit' && yes) break;
        }
        return reply.send(`{"evaluations":[${answers.join(',')}]}`);
      } catch (error) {
        return failed(reply, error, counts);
      }
    },
  );

  const { publicUrl } = options;
  fastify.get('/.well-known/authzen-configuration', (_request, reply) =>
    reply.send({
      policy_decision_point: publicUrl,
      access_evaluation_endpoint: publicUrl + EVALUATION_PATH,
      access_evaluations_endpoint: publicUrl + EVALUATIONS_PATH,
    }),
  );
}

function mistakeIn(
  evaluations: readonly Partial<EvaluationRequest>[],
  defaults: object,
  validate: (value: unknown) => boolean,
): string | undefined {
  const at = evaluations.findIndex((evaluation) => !validate({ ...defaults, ...evaluation }));
  return at < 0 ? undefined : `evaluations/${at} is not an evaluation.`;
}

function failed(reply: FastifyReply, error: unknown, counts: EvaluationCounts): FastifyReply {
  if (error instanceof NotNow) {
    counts.notNow++;
    return sendProblem(reply, 'not-now');
  }
  if (error instanceof VisitTokenTooOld) {
    counts.unauthenticated++;
    return sendProblem(reply, 'visit-unknown');
  }
  reply.log.error({ err: error }, 'evaluation failed');
  return sendProblem(reply, 'internal');
}

async function evaluate(
  { desk, counts, tokens }: EvaluationDoorOptions,
  visit: Visit,
  request: EvaluationRequest,
  traceparent: string | undefined,
): Promise<string> {
  const command = commandFor(visit, request);
  const caller: Caller = { actor: { kind: 'staff', id: visit.act.sub }, correlationId: visit.sid, traceparent };
  const { properties } = request.resource;

  // Person and workspace as the product names them must be the token's own; the visit's book hears of it, never another's.
  const mixedUp = request.subject.id !== visit.act.sub || properties.workspace !== visit.ws;
  const asking = request.context?.purpose === 'ask';
  if (mixedUp) {
    const refusal: Refusal = { rule: 'visitIsTheirs', because: 'Person, workspace and visit don’t belong together.' };
    if (!asking) await desk.deny(visit.ws, command, refusal, caller);
    counts.denied++;
    return deniedText(refusal, undefined, desk.bookNow(visit.ws).position);
  }

  if (!tokens.isFresh(visit)) return tooOld(desk, visit, command, caller, asking, counts);

  const outcome: Pick<Decision<unknown>, 'refusal' | 'view'> & { position: string } = asking
    ? await desk.ask(visit.ws, command).then(({ decision, position }) => ({ ...decision, position }))
    : await desk
        .handle(visit.ws, command, caller)
        .then((handled): Pick<Decision<unknown>, 'refusal' | 'view'> & { position: string } => {
          if (handled.kind === 'accepted')
            return { view: handled.view ?? handled.facts.at(-1)?.id, position: handled.position };
          if (handled.kind === 'refused') return handled;
          throw new NotNow('A view has no command id.');
        });

  const { book } = desk.bookNow(visit.ws);
  const session = sessionWith(book.sessions, visit.sid);
  if (outcome.refusal || session?.phase !== 'live') {
    counts.denied++;
    const refusal = outcome.refusal ?? { rule: 'visitHasNotEnded', because: 'This visit has ended.' };
    return deniedText(refusal, session?.phase === 'ended' ? session : undefined, outcome.position);
  }
  counts.permitted++;
  return permittedText({
    view: asking ? undefined : outcome.view,
    validForMs: DECISION_VALID_MS,
    position: outcome.position,
    catalogue: desk.outside.installation.catalogue,
    book,
    session,
  });
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
  const session = sessionWith(book.sessions, visit.sid);
  if (!decision.refusal || session?.phase === 'live') throw new VisitTokenTooOld();
  if (!asking) await desk.deny(visit.ws, command, decision.refusal, caller);
  counts.denied++;
  return deniedText(decision.refusal, session, position);
}

class VisitTokenTooOld extends Error {
  override readonly name = 'VisitTokenTooOld';
}

function commandFor(visit: Visit, { action, resource, context }: EvaluationRequest): BookCommand {
  const { record = null, title = null } = resource.properties;
  const whose = { sessionId: visit.sid, staffId: visit.act.sub };
  if (action.name === 'perform' || resource.type === 'operation') {
    return { type: 'PerformAction', ...whose, action: resource.id, record };
  }
  const { input = false, page = null } = context ?? {};
  return { type: 'ViewPage', ...whose, page: resource.id, record, title, input, partOf: page };
}
