import { randomUUID } from 'node:crypto';

import { positionText } from '../sqlite/position.ts';
import { send, sendEvent } from './call.ts';
import type { EventSending, Surroundings } from './call.ts';
import type { Filter } from './filter.ts';
import type { ReadCall } from './generated.ts';
import { caughtUp, checkpoint, confirmation } from './messages.ts';
import type { From } from './reading.ts';
import { Refused } from './refusals.ts';
import { toEvent } from './stored.ts';

/** Runs until the client goes, or the subscription is broken. */
async function whileSubscribed(
  { faults }: Surroundings,
  call: ReadCall,
  run: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const gone = () => stop.abort();
  const listening = faults.onBreak((error) => stop.abort(error));
  call.on('cancelled', gone);
  try {
    if (call.cancelled) return;
    await send(call, confirmation(randomUUID()), faults);
    await run(stop.signal);
    if (stop.signal.reason instanceof Refused) throw stop.signal.reason;
  } finally {
    listening();
    call.off('cancelled', gone);
  }
}

/** Events behind a place, exclusive, in the log's order; with a filter, checkpoints too. */
export function followAll(
  surroundings: Surroundings,
  call: ReadCall,
  from: From,
  filter: Filter | undefined,
  how: EventSending,
): Promise<void> {
  const { log, faults, now } = surroundings;
  return whileSubscribed(surroundings, call, async (signal) => {
    const head = Number(await log.head());
    const behind = from === 'start' ? 0 : from === 'end' ? head : from;
    const after = positionText(Math.min(behind, head));
    let lookedAt = 0;
    for await (const heard of log.follow({ after, signal })) {
      const place = Number(heard.kind === 'fact' ? heard.fact.position : heard.position);
      if (heard.kind === 'caughtUp') {
        if (filter && place > 0) await send(call, checkpoint(place), faults);
        await send(call, caughtUp(), faults);
      }
      if (heard.kind !== 'fact' || place <= behind) continue;
      const event = toEvent(heard.fact);
      await faults.beforeEvent(event.recordedAt, now);
      if (signal.aborted) return;
      if (!filter || filter.matches(event)) await sendEvent(surroundings, call, event, how);
      if (filter && ++lookedAt >= filter.checkpointEvery) {
        lookedAt = 0;
        await send(call, checkpoint(place), faults);
      }
    }
  });
}

/** Events of one stream behind a revision, exclusive. */
export async function followStream(
  surroundings: Surroundings,
  call: ReadCall,
  stream: string,
  from: From,
  how: EventSending,
): Promise<void> {
  const { log, reading, faults, now } = surroundings;
  const deleted = new Refused({ kind: 'stream-deleted', stream });
  // A stream that is deleted already ends the call before the subscription is confirmed.
  await reading.visible(stream);
  await whileSubscribed(surroundings, call, async (signal) => {
    const after = await log.head();
    const visible = await reading.visible(stream);
    let next = from === 'start' ? 0 : from === 'end' ? visible.last + 1 : from + 1;
    if (visible.exists) {
      const standing = { stream, backwards: false, from: next, limit: Number.MAX_SAFE_INTEGER };
      for await (const event of reading.stream(standing, visible)) {
        if (signal.aborted) return;
        await sendEvent(surroundings, call, event, how);
        next = Number(event.revision) + 1;
      }
    }
    let isCaughtUp = visible.exists;
    if (isCaughtUp) await send(call, caughtUp(), faults);
    for await (const heard of log.follow({ after, streamPrefixes: [stream], signal })) {
      if (heard.kind !== 'fact' || heard.fact.stream !== stream || heard.fact.revision < next) continue;
      const event = toEvent(heard.fact);
      await faults.beforeEvent(event.recordedAt, now);
      if (signal.aborted) return;
      await sendEvent(surroundings, call, event, how);
      if (event.isTombstone) throw deleted;
      next = heard.fact.revision + 1;
      // On a stream that wasn't there a real server says so only after the first event.
      if (!isCaughtUp) await send(call, caughtUp(), faults);
      isCaughtUp = true;
    }
  });
}
