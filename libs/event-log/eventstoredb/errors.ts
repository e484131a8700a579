import { InvalidAppend, LogUnavailable, OutcomeUnknown, WrongRevision } from '../port.ts';
import type { ExpectedRevision, StreamName } from '../port.ts';
import { shared } from './calls.ts';
import type { Status } from './calls.ts';

/** The server said nothing for longer than we wait. */
export class Silence extends Error {
  override readonly name = 'Silence';

  constructor(ms: number) {
    super(`EventStoreDB has not answered within ${ms} ms.`);
  }
}

type Kind =
  | 'access-denied'
  | 'not-leader'
  | 'stream-deleted'
  | 'stream-not-found'
  | 'unavailable'
  | 'wrong-expected-version'
  | 'maximum-append-size-exceeded'
  | 'timeout'
  | 'other';

/** gRPC's status codes that say something themselves. */
const KIND_OF_CODE: Readonly<Record<number, Kind>> = {
  7: 'access-denied',
  14: 'unavailable',
  16: 'access-denied',
};

/** The server's names of what it answers to an append. */
const KIND_OF_DETAILS: Readonly<Record<string, Kind>> = {
  'event_store.client.WrongExpectedVersion': 'wrong-expected-version',
  'event_store.client.StreamDeleted': 'stream-deleted',
  'event_store.client.AccessDenied': 'access-denied',
  'event_store.client.Timeout': 'timeout',
  'event_store.client.MaximumAppendSizeExceeded': 'maximum-append-size-exceeded',
};

/** What the server answered to one append, told as the port tells it. */
export function appendRefused(
  answer: Status.Status,
  stream: StreamName,
  expected: ExpectedRevision,
): WrongRevision | InvalidAppend | LogUnavailable | OutcomeUnknown {
  const details = answer.getDetails();
  const name = details?.getTypeName() ?? '';
  const kind = KIND_OF_DETAILS[name] ?? 'other';
  switch (kind) {
    case 'wrong-expected-version': {
      const wrong = details!.unpack(shared.WrongExpectedVersion.deserializeBinary, name)!;
      const actual = wrong.hasCurrentStreamRevision() ? Number(wrong.getCurrentStreamRevision()) : 'none';
      return new WrongRevision(stream, expected, actual);
    }
    case 'maximum-append-size-exceeded':
      return new InvalidAppend('The append is larger than EventStoreDB is set to take (MaxAppendSize).');
    case 'access-denied':
    case 'stream-deleted':
      return new LogUnavailable(SENTENCES[kind]);
    default:
      // Some of what the server says here was refused, some was handed on and not heard of again: it doesn't tell which.
      return new OutcomeUnknown(`EventStoreDB answered the append with an error (${answer.getMessage()}).`);
  }
}

/** Whether the call was refused for who makes it. */
export const refusedAsSuch = (error: unknown) => kindOf(error) === 'access-denied';

export function readFailed(error: unknown): LogUnavailable {
  if (error instanceof LogUnavailable) return error;
  return new LogUnavailable(sentenceFor(error), { cause: error });
}

/** For an operator; nothing of the connection string, which holds a password. */
export function sentenceFor(error: unknown): string {
  if (error instanceof Silence || error instanceof LogUnavailable) return error.message;
  return SENTENCES[kindOf(error)] ?? SENTENCES.other;
}

const SENTENCES = {
  'access-denied':
    'EventStoreDB refuses this user. "gatebook doctor --bootstrap" gives the rights that the service needs.',
  'not-leader': 'The node of EventStoreDB that answers is not the leader.',
  'stream-deleted': 'The stream was deleted for good in EventStoreDB, which the service never does.',
  unavailable: 'EventStoreDB can’t be reached.',
  other: 'EventStoreDB failed to answer.',
} as Readonly<Partial<Record<Kind, string>>> & Readonly<Record<'access-denied' | 'stream-deleted' | 'other', string>>;

/** An error of a call: the client's own names it in `type`, the gRPC library's in a trailer, or by its code alone. */
function kindOf(error: unknown): Kind {
  const { type, code, metadata, message } = (error ?? {}) as {
    readonly message?: unknown;
    readonly type?: unknown;
    readonly code?: unknown;
    readonly metadata?: { get?(key: string): readonly unknown[] };
  };
  const named = typeof type === 'string' ? type : metadata?.get?.('exception')[0];
  if (named !== undefined) return String(named) as Kind;
  // What the client throws when no node of a cluster answers has words only.
  if (String(message).startsWith('Failed to discover')) return 'unavailable';
  return KIND_OF_CODE[Number(code)] ?? 'other';
}
