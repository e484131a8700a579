import { ErrorType, WrongExpectedVersionError } from '@eventstore/db-client';

import { InvalidAppend, LogUnavailable, OutcomeUnknown, WrongRevision } from '../port.ts';
import type { ExpectedRevision, StreamName } from '../port.ts';

/** The server said nothing for longer than we wait. */
export class Silence extends Error {
  override readonly name = 'Silence';

  constructor(ms: number) {
    super(`EventStoreDB has not answered within ${ms} ms.`);
  }
}

/** What an append's error means for whoever appends: the one place that knows the client's errors. */
export function appendFailed(
  error: unknown,
  stream: StreamName,
  expected: ExpectedRevision,
): WrongRevision | InvalidAppend | LogUnavailable | OutcomeUnknown {
  if (error instanceof WrongExpectedVersionError) {
    const { actualVersion } = error;
    return new WrongRevision(stream, expected, typeof actualVersion === 'bigint' ? Number(actualVersion) : 'none');
  }
  switch (typeOf(error)) {
    case ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED:
      return new InvalidAppend('The append is larger than EventStoreDB is set to take (MaxAppendSize).', {
        cause: error,
      });
    case ErrorType.ACCESS_DENIED:
    case ErrorType.NOT_LEADER:
    case ErrorType.STREAM_DELETED:
      return readFailed(error);
    default:
      // An error on any connection of this process is told to every append that waits for an answer: none of them says
      // that nothing was stored.
      return new OutcomeUnknown(sentenceFor(error), { cause: error });
  }
}

export function readFailed(error: unknown): LogUnavailable {
  if (error instanceof LogUnavailable) return error;
  return new LogUnavailable(sentenceFor(error), { cause: error });
}

export function isStreamNotFound(error: unknown): boolean {
  return typeOf(error) === ErrorType.STREAM_NOT_FOUND;
}

/** For an operator; nothing of the connection string, which holds a password. */
export function sentenceFor(error: unknown): string {
  switch (typeOf(error)) {
    case ErrorType.ACCESS_DENIED:
      return 'EventStoreDB refuses this user. "gatebook doctor --bootstrap" gives the rights that the service needs.';
    case ErrorType.NOT_LEADER:
      return 'The node of EventStoreDB that answers is not the leader.';
    case ErrorType.STREAM_DELETED:
      return 'The stream was deleted for good in EventStoreDB, which the service never does.';
    case ErrorType.UNAVAILABLE:
      return 'EventStoreDB can’t be reached.';
    default:
      return error instanceof Silence ? error.message : 'EventStoreDB failed to answer.';
  }
}

function typeOf(error: unknown): unknown {
  return (error as { type?: unknown } | undefined)?.type;
}
