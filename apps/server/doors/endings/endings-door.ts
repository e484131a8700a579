import { ENDINGS_PATH, type Ending } from '@gatebook/protocol';
import type { FastifyInstance } from 'fastify';
import { recognise } from '#domain/facts';
import type { Envelope } from '#event-log/envelope';
import type { EventLog, Followed, RecordedFact } from '#event-log/port';
import type { ApiKeys } from '../../adapters/keys/api-keys.ts';
import { WORKSPACE_PREFIX } from '../../desk/desk.ts';
import { endSentence, type WordSet } from '#wording/word-sets';
import { sendProblem } from '../problem.ts';

export interface EndingsDoorOptions {
  readonly log: EventLog;
  readonly envelope: Envelope;
  readonly keys: ApiKeys;
  /** The words that are in force. */
  readonly words: () => WordSet;
  /** Aborts when the service stops: open streams end. */
  readonly stopping: AbortSignal;
}

const POSITION = /^[0-9a-z]{1,64}$/;
const NO_POSITION = 'Last-Event-ID is no position of this log.';
/** A product listens with a few processes; a bound keeps a mistake from holding every socket. */
const LISTENERS_MAX = 100;
const UNREAD_BYTES_MAX = 256 * 1024;

/**
 * The stream of endings (visit.md, step 12): a product hears of every end as it is written, and cuts what it is still
 * sending. Server-sent events; the id of each is its position in the log, so `Last-Event-ID` resumes without a gap.
 */
export function endingsDoor(
  fastify: FastifyInstance,
  { log, envelope, keys, words, stopping }: EndingsDoorOptions,
): void {
  let listeners = 0;

  fastify.get(ENDINGS_PATH, async (request, reply) => {
    if (keys.holderOf(request.headers.authorization) !== 'product') return sendProblem(reply, 'unauthenticated');
    const asked = request.headers['last-event-id'];
    if (asked !== undefined && (typeof asked !== 'string' || !POSITION.test(asked))) {
      return sendProblem(reply, 'invalid-request', { detail: NO_POSITION });
    }
    if (listeners >= LISTENERS_MAX) return sendProblem(reply, 'not-now');

    const left = new AbortController();
    const signal = AbortSignal.any([left.signal, stopping]);
    const after = asked ?? (await log.head());
    const following = log.follow({ after, streamPrefixes: [WORKSPACE_PREFIX], signal })[Symbol.asyncIterator]();
    const { raw } = reply;
    raw.on('close', () => left.abort());
    let next: IteratorResult<Followed>;
    try {
      next = await following.next();
    } catch (error) {
      // Only the log knows its positions; after the head is sent nothing could be said any more.
      if (error instanceof RangeError) return sendProblem(reply, 'invalid-request', { detail: NO_POSITION });
      request.log.warn({ err: error }, 'a stream of endings did not begin');
      return sendProblem(reply, 'not-now');
    }
    reply.hijack();
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    raw.write('retry: 500\n\n');
    listeners++;
    try {
      for (; !next.done; next = await following.next()) {
        const heard = next.value;
        if (heard.kind === 'fact') {
          const ending = endingOf(heard.fact);
          if (ending) raw.write(`id: ${heard.fact.position}\nevent: ended\ndata: ${JSON.stringify(ending)}\n\n`);
        } else {
          raw.write(`id: ${heard.position}\n: looked\n\n`);
        }
        // Who doesn't read is let go; it comes back with Last-Event-ID.
        if (raw.writableLength > UNREAD_BYTES_MAX) left.abort();
      }
    } catch (error) {
      request.log.warn({ err: error }, 'a stream of endings broke off');
    } finally {
      listeners--;
      await following.return?.();
      raw.end();
    }
    return reply;
  });

  function endingOf(recorded: RecordedFact): Ending | undefined {
    if (recorded.type !== 'SessionEnded') return undefined;
    const fact = recognise(envelope.decode(recorded));
    if (fact?.type !== 'SessionEnded') return undefined;
    const { sessionId, cause, at } = fact.data;
    return {
      session: sessionId,
      workspace: recorded.stream.slice(WORKSPACE_PREFIX.length),
      cause,
      at,
      sentence: endSentence(words(), cause),
    };
  }
}
