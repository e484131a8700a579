import type { LogReader } from '../port.ts';
import type { Access } from './access.ts';
import type { FaultSwitches } from './faults.ts';
import type { ReadCall, Streams } from './generated.ts';
import { eventMessage } from './messages.ts';
import type { UuidForm } from './messages.ts';
import { isLink } from './reading.ts';
import type { Reading } from './reading.ts';
import { callError } from './refusals.ts';
import type { StoredEvent } from './stored.ts';
import type { Writer } from './writer.ts';

/** What the services work with. */
export interface Surroundings {
  readonly log: LogReader;
  readonly reading: Reading;
  readonly writer: Writer;
  readonly access: Access;
  readonly faults: FaultSwitches;
  /** Epoch milliseconds, the log's clock. */
  readonly now: () => number;
}

/** Ends a streaming call with an error. */
export function fail(
  call: { emit(event: 'error', error: object): boolean; cancelled: boolean },
  thrown: unknown,
): void {
  if (!call.cancelled) call.emit('error', callError(thrown));
}

/** Writes, and waits while the client is slower than the log. */
export async function send(call: ReadCall, message: Streams.ReadResp, faults: FaultSwitches): Promise<void> {
  if (faults.isFrozen) await faults.thawed();
  if (call.cancelled || call.write(message)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      call.off('drain', done).off('cancelled', done).off('close', done);
      resolve();
    };
    call.on('drain', done).on('cancelled', done).on('close', done);
  });
}

/** What every kind of read knows about how its client wants events. */
export interface EventSending {
  readonly resolveLinks: boolean;
  readonly uuidForm: UuidForm;
}

export async function sendEvent(
  { reading, faults }: Pick<Surroundings, 'reading' | 'faults'>,
  call: ReadCall,
  event: StoredEvent,
  { resolveLinks, uuidForm }: EventSending,
): Promise<void> {
  if (resolveLinks && isLink(event)) {
    await send(call, eventMessage(await reading.linked(event), event, uuidForm), faults);
  } else {
    await send(call, eventMessage(event, undefined, uuidForm), faults);
  }
}
