import type { Position, ReadAllOptions, ReadStreamOptions, RecordedFact, StreamName } from '../port.ts';
import { readAllRequest, readStreamRequest } from './calls.ts';
import type { Calls, FromPosition, Streams } from './calls.ts';
import { readFailed } from './errors.ts';
import { eventOf, factOf, isFact } from './events.ts';
import type { Event } from './events.ts';
import { LOWEST, placeOf, positionText } from './position.ts';
import { itemsWithin, within } from './silence.ts';
import type { SeenTail, Tail } from './tail.ts';

/** How a log is read: its calls, and for how long it may say nothing. */
export interface ReadableServer {
  readonly calls: Calls;
  readonly readTimeoutMs: number;
  readonly tail: Tail;
  /** @throws {LogUnavailable} closed. */
  ensureOpen(): void;
}

export async function* readStream(
  server: ReadableServer,
  stream: StreamName,
  { direction = 'forwards', from, limit = Infinity }: ReadStreamOptions = {},
): AsyncGenerator<RecordedFact, void, undefined> {
  server.ensureOpen();
  if (limit <= 0) return;
  const backwards = direction === 'backwards';
  const request = readStreamRequest({
    stream,
    backwards,
    from: from === undefined ? (backwards ? 'end' : 'start') : Math.max(from, 0),
    limit: limit === Infinity ? undefined : limit,
  });
  // A stream that isn't there is told by a message of its own, which holds no event.
  for await (const event of eventsOf(server, request)) yield factOf(event);
}

export async function* readAll(
  server: ReadableServer,
  { after, streamPrefixes, limit = Infinity }: ReadAllOptions = {},
): AsyncGenerator<RecordedFact, void, undefined> {
  const from = after === undefined ? 'start' : placeOf(after);
  server.ensureOpen();
  if (limit <= 0 || streamPrefixes?.length === 0) return;
  const end = await headOf(server);
  let left = limit;
  if ((after ?? '') >= end) return;
  const request = readAllRequest({ from, prefixes: streamPrefixes });
  const isThere = streamPrefixes && ((ms: number) => within(ms, headOf(server)));
  for await (const event of eventsOf(server, request, isThere)) {
    const position = positionText(event.commit);
    if (position > end) return;
    // The server reads from a position on, the port behind it.
    if (after !== undefined && position <= after) continue;
    if (!isWanted(event, streamPrefixes)) continue;
    yield factOf(event);
    if (--left <= 0 || position === end) return;
  }
}

export function isWanted(event: Event, prefixes: readonly string[] | undefined): boolean {
  return isFact(event) && (prefixes === undefined || prefixes.some((prefix) => event.stream.startsWith(prefix)));
}

/** Everything from a position on, inclusive, the server's own events too. */
export function readEvents(server: ReadableServer, from: FromPosition, limit?: number): AsyncGenerator<Event> {
  return eventsOf(server, readAllRequest({ from, limit }));
}

async function* eventsOf(
  { calls, readTimeoutMs, ensureOpen }: ReadableServer,
  request: Streams.ReadReq,
  isThere?: (ms: number) => Promise<unknown>,
): AsyncGenerator<Event> {
  try {
    for await (const message of itemsWithin<Streams.ReadResp>(readTimeoutMs, calls.read(request), isThere)) {
      ensureOpen();
      const event = eventOf(message);
      if (event) yield event;
    }
  } catch (error) {
    throw readFailed(error);
  }
}

/** Position of the newest fact. */
export async function headOf(server: ReadableServer): Promise<Position> {
  return (await tailOf(server)).head ?? LOWEST;
}

export function tailOf(server: ReadableServer): Promise<SeenTail> {
  server.ensureOpen();
  return server.tail.look((limit) => eventsOf(server, readAllRequest({ from: 'end', backwards: true, limit })));
}
