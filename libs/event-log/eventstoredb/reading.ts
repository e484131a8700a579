import { BACKWARDS, END, FORWARDS, START, type EventStoreDBClient, type ResolvedEvent } from '@eventstore/db-client';

import type { Position, ReadAllOptions, ReadStreamOptions, RecordedFact, StreamName } from '../port.ts';
import { isStreamNotFound, readFailed } from './errors.ts';
import { factOf, isSystemStream } from './events.ts';
import { LOWEST, placeOf, positionText } from './position.ts';
import { itemsWithin } from './silence.ts';

/** Read ahead of whoever folds, so that the connection is never idle in a long read. */
const READ_AHEAD = { highWaterMark: 500 };
const FROM_LEADER = { requiresLeader: true };

/** How a log is read: the client, and for how long it may say nothing. */
export interface ReadableServer {
  readonly client: EventStoreDBClient;
  readonly readTimeoutMs: number;
  /** @throws {LogUnavailable} closed. */
  ensureOpen(): void;
}

export async function* readStream(
  { client, readTimeoutMs, ensureOpen }: ReadableServer,
  stream: StreamName,
  { direction = 'forwards', from, limit = Infinity }: ReadStreamOptions = {},
): AsyncGenerator<RecordedFact, void, undefined> {
  ensureOpen();
  if (limit <= 0) return;
  const forwards = direction === 'forwards';
  const read = client.readStream(
    stream,
    {
      direction: forwards ? FORWARDS : BACKWARDS,
      fromRevision: from === undefined ? (forwards ? START : END) : BigInt(Math.max(from, 0)),
      maxCount: limit === Infinity ? Number.MAX_SAFE_INTEGER : limit,
      ...FROM_LEADER,
    },
    READ_AHEAD,
  );
  try {
    for await (const { event } of itemsWithin(readTimeoutMs, read)) {
      ensureOpen();
      if (event) yield factOf(event);
    }
  } catch (error) {
    if (!isStreamNotFound(error)) throw readFailed(error);
  }
}

export async function* readAll(
  server: ReadableServer,
  { after, streamPrefixes, limit = Infinity }: ReadAllOptions = {},
): AsyncGenerator<RecordedFact, void, undefined> {
  const from = after === undefined ? START : placeOf(after);
  const end = await headOf(server);
  let left = limit;
  if (left <= 0 || (after ?? '') >= end) return;
  for await (const { event } of readEvents(server, from)) {
    if (!event) continue;
    const position = positionText(event.position!.commit);
    if (position > end) return;
    // The server reads from a position on, the port behind it.
    if (after !== undefined && position <= after) continue;
    if (!isWanted(event.streamId, streamPrefixes)) continue;
    yield factOf(event);
    if (--left <= 0) return;
  }
}

export function isWanted(stream: StreamName, prefixes: readonly string[] | undefined): boolean {
  if (isSystemStream(stream)) return false;
  return prefixes === undefined || prefixes.some((prefix) => stream.startsWith(prefix));
}

export async function* readEvents(
  { client, readTimeoutMs, ensureOpen }: ReadableServer,
  fromPosition: typeof START | ReturnType<typeof placeOf>,
  maxCount = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<ResolvedEvent, void, undefined> {
  ensureOpen();
  const read = client.readAll({ direction: FORWARDS, fromPosition, maxCount, ...FROM_LEADER }, READ_AHEAD);
  try {
    for await (const item of itemsWithin(readTimeoutMs, read)) {
      ensureOpen();
      yield item;
    }
  } catch (error) {
    throw readFailed(error);
  }
}

/** Where the log ends: of anything at all, or of facts only. */
export async function headOf(server: ReadableServer, of: 'facts' | 'anything' = 'facts'): Promise<Position> {
  const { client, readTimeoutMs, ensureOpen } = server;
  ensureOpen();
  let fromPosition: typeof END | ReturnType<typeof placeOf> = END;
  // Mostly the newest event is a fact; behind a run of the server's own it lies further and further back.
  for (let maxCount = 1; ; maxCount = Math.min(maxCount * 16, 4096)) {
    const read = client.readAll({ direction: BACKWARDS, fromPosition, maxCount, ...FROM_LEADER }, READ_AHEAD);
    let count = 0;
    try {
      for await (const { event } of itemsWithin(readTimeoutMs, read)) {
        count++;
        if (!event) continue;
        const { commit } = event.position!;
        if (of === 'anything' || !isSystemStream(event.streamId)) return positionText(commit);
        fromPosition = { commit, prepare: commit };
      }
    } catch (error) {
      throw readFailed(error);
    }
    if (count < maxCount) return LOWEST;
  }
}
