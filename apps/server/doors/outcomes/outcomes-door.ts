import {
  isTypedId,
  isUuidV7,
  OUTCOMES_PATH,
  type ActionId,
  type OutcomeAnswer,
  type OutcomeReport,
  type SessionId,
  type WorkspaceId,
} from '@gatebook/protocol';
import { Ajv } from 'ajv';
import type { FastifyInstance } from 'fastify';
import type { ApiKeys } from '../../adapters/keys/api-keys.ts';
import type { Desk } from '../../desk/desk.ts';
import { NotNow } from '../../desk/not-now.ts';
import { sendProblem } from '../problem.ts';
import { BROKEN_TEXT, brokenTextIn } from '../well-formed.ts';

export interface OutcomesDoorOptions {
  readonly desk: Desk;
  readonly keys: ApiKeys;
  readonly product: string;
}

const BODY_BYTES = 64 * 1024;
const VALUE_LENGTH = 2000;
const text = (most: number) => ({ type: 'string', minLength: 1, maxLength: most }) as const;
const value = { type: ['string', 'null'], maxLength: VALUE_LENGTH } as const;

const validate = new Ajv({
  allErrors: false,
  coerceTypes: false,
  removeAdditional: false,
  strict: false,
}).compile<OutcomeReport>({
  type: 'object',
  required: ['id', 'workspace', 'session', 'action', 'outcome'],
  additionalProperties: false,
  properties: {
    id: text(36),
    workspace: text(64),
    session: text(64),
    action: text(64),
    outcome: { enum: ['done', 'failed'] },
    changes: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        required: ['field'],
        additionalProperties: false,
        properties: { field: text(200), old: value, new: value },
      },
    },
  },
});

/** What came of authorised actions, told by the product (visit.md, step 9). */
export function outcomesDoor(fastify: FastifyInstance, { desk, keys, product }: OutcomesDoorOptions): void {
  fastify.post(OUTCOMES_PATH, { bodyLimit: BODY_BYTES }, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (keys.holderOf(request.headers.authorization) !== 'product') return sendProblem(reply, 'unauthenticated');
    const { body } = request;
    const wrong = mistakeIn(body);
    if (wrong !== undefined) return sendProblem(reply, 'invalid-request', { detail: wrong });
    const report = body as OutcomeReport;
    try {
      const outcome = await desk.handle(
        report.workspace as WorkspaceId,
        {
          type: 'ReportAction',
          actionId: report.action as ActionId,
          sessionId: report.session as SessionId,
          outcome: report.outcome,
          changes: (report.changes ?? []).map((change) => ({
            field: change.field,
            old: change.old ?? null,
            new: change.new ?? null,
          })),
        },
        { actor: { kind: 'product', id: product }, correlationId: report.session, commandId: report.id },
      );
      if (outcome.kind === 'stale') throw new Error('A report expects no revision.');
      const { kind, position } = outcome;
      const answer: OutcomeAnswer =
        kind === 'refused'
          ? { outcome: kind, because: outcome.refusal.because, position }
          : { outcome: kind, position };
      return await reply.send(answer);
    } catch (error) {
      if (error instanceof NotNow) return sendProblem(reply, 'not-now');
      reply.log.error({ err: error }, 'an outcome could not be written');
      return sendProblem(reply, 'internal');
    }
  });
}

/** What is wrong with a report, as a sentence; `undefined`: nothing. */
function mistakeIn(body: unknown): string | undefined {
  if (!validate(body)) {
    const [error] = validate.errors ?? [];
    return `${error?.instancePath || 'The report'} ${error?.message ?? 'is not valid'}.`;
  }
  if (!isUuidV7(body.id)) return 'id must be a UUID of version 7, in lower case.';
  if (!isTypedId('ws', body.workspace)) return 'workspace must be an id that begins with ws_.';
  if (!isTypedId('ses', body.session)) return 'session must be an id that begins with ses_.';
  if (!isTypedId('act', body.action)) return 'action must be an id that begins with act_.';
  const broken = brokenTextIn(body);
  return broken && `${broken.join('/')}: ${BROKEN_TEXT}.`;
}
