import type { FastifyReply, FastifyRequest } from 'fastify';
import { COST_MAX } from '../cost.ts';
import type { GraphqlDoorOptions } from '../options.ts';
import type { GraphqlContext } from '../principal.ts';
import { coercedFor } from './compiled.ts';
import { execute, runFor, type Outcomes } from './execution.ts';
import type { KnownOperations, Named } from './known-operations.ts';
import { written } from './unchanging.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
/** What Apollo answers with, by what is accepted: programs, browsers, and our own pages. Others go the long way. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['', JSON_TYPE],
  ['*/*', JSON_TYPE],
  ['application/json', JSON_TYPE],
  [
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
    'application/graphql-response+json; charset=utf-8',
  ],
]);

interface Asked extends Named {
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

/** The answer as it is sent: status 200. */
export interface ShortAnswer {
  readonly type: string;
  readonly text: string;
}

interface Parts extends Pick<GraphqlDoorOptions, 'isPlanned'> {
  readonly known: KnownOperations;
  /** Who asks, and whether the request may be looked at; asked once for a request, whoever answers it. */
  readonly contextFor: (request: FastifyRequest, reply: FastifyReply) => Promise<GraphqlContext>;
}

/**
 * Answers a known query that nothing is wrong with, without Apollo (docs/decisions/0017): who asks, the variables, the
 * cost and the resolvers are looked at as ever. `undefined`: Apollo is to answer, and to say what there is to say.
 */
export async function answerShortly(
  request: FastifyRequest,
  reply: FastifyReply,
  { known, contextFor, isPlanned = () => true }: Parts,
): Promise<ShortAnswer | undefined> {
  const type = TYPES.get(request.headers.accept ?? '');
  const asked = type === undefined ? undefined : askedIn(request);
  const found = asked && known.find(asked);
  if (type === undefined || !asked || !found) return undefined;
  let context: GraphqlContext;
  try {
    context = await contextFor(request, reply);
  } catch {
    // Apollo asks too, and is told the same.
    return undefined;
  }
  const { schema, operation } = found;
  const variables = coercedFor(schema, operation, asked.variables);
  const cost = found.costOf(asked.variables);
  const plan = variables && cost <= COST_MAX ? found.planOf(variables) : undefined;
  if (!variables || !plan || !isPlanned(request)) return undefined;
  const outcomes: Outcomes = new Map();
  const run = runFor(context);
  const data = await execute(plan, { schema, context, variables }, outcomes, run);
  if (!data) {
    known.leave(request, outcomes);
    return undefined;
  }
  const extensions = JSON.stringify({ cost: { requested: cost, maximum: COST_MAX } });
  const text = run.hasWritten ? written(data) : JSON.stringify(data);
  return { type, text: `{"data":${text},"extensions":${extensions}}\n` };
}

/** Only what is plainly a query: whatever else may be meant is for Apollo to look at. */
function askedIn({ headers, body }: FastifyRequest): Asked | undefined {
  if (!/^application\/json(;|$)/i.test(headers['content-type'] ?? '') || !isRecord(body)) return undefined;
  const { query, operationName = null, variables = null, extensions = null } = body;
  if (typeof query !== 'string' || extensions !== null) return undefined;
  if (operationName !== null && typeof operationName !== 'string') return undefined;
  if (variables !== null && !isRecord(variables)) return undefined;
  return { query, operationName: operationName ?? undefined, variables: variables ?? undefined };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
