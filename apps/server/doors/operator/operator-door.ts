import type { FastifyInstance } from 'fastify';
import { rebuild, type Runner, type Tables } from '#projections/index';
import type { Envelope } from '#event-log/envelope';
import type { EventLog } from '#event-log/port';
import type { ApiKeys } from '../../adapters/keys/api-keys.ts';
import { sendProblem } from '../problem.ts';

export interface OperatorDoorOptions {
  readonly keys: ApiKeys;
  readonly log: EventLog;
  readonly envelope: Envelope;
  readonly tables: Tables;
  readonly runner: Runner;
}

const PROGRESS_EVERY_MS = 250;

/**
 * `POST /v1/operator/rebuild`, with the operator's key: builds every table anew from the log beside the live ones,
 * compares the two at one position, and swaps. Answers lines of JSON: progress, then the result or the error.
 */
export function operatorDoor(
  fastify: FastifyInstance,
  { keys, log, envelope, tables, runner }: OperatorDoorOptions,
): void {
  let rebuilding = false;

  fastify.post('/v1/operator/rebuild', async (request, reply) => {
    if (keys.holderOf(request.headers.authorization) !== 'operator') return sendProblem(reply, 'unauthenticated');
    if (rebuilding) return sendProblem(reply, 'not-now', { detail: 'A rebuild is running already.' });
    rebuilding = true;
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    const say = (line: object) => raw.write(`${JSON.stringify(line)}\n`);
    let saidAt = 0;
    try {
      const rebuilt = await rebuild({
        log,
        envelope,
        tables,
        runner,
        compare: true,
        onProgress(facts, position) {
          if (performance.now() - saidAt < PROGRESS_EVERY_MS) return;
          saidAt = performance.now();
          say({ kind: 'progress', facts, position });
        },
      });
      say({ kind: 'rebuilt', ...rebuilt });
    } catch (error) {
      request.log.error({ err: error }, 'rebuild failed');
      say({ kind: 'failed', because: 'The rebuild failed; the live tables stay as they are.' });
    } finally {
      rebuilding = false;
      raw.end();
    }
    return reply;
  });
}
