import { Any, GoogleEmpty, grpc, shared, status, streams } from './generated.ts';
import type { CallMetadata, Status, Streams } from './generated.ts';

/** What an append, a deletion or a tombstone expects of the stream. A number: the revision of its last event. */
export type Expected = bigint | 'any' | 'no_stream' | 'stream_exists';

/** Why the server says no, independent of which call it says it on. */
export type Refusal =
  | {
      readonly kind: 'wrong-expected-version';
      readonly stream: string;
      readonly expected: Expected;
      readonly current: number;
    }
  | { readonly kind: 'stream-deleted'; readonly stream: string }
  | { readonly kind: 'maximum-append-size-exceeded' }
  | { readonly kind: 'access-denied' }
  | { readonly kind: 'not-authenticated' }
  | { readonly kind: 'bad-request'; readonly message: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unknown'; readonly message: string }
  | { readonly kind: 'dropped'; readonly message: string }
  | { readonly kind: 'user-not-found' | 'user-conflict'; readonly loginName: string };

export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.kind);
    this.refusal = refusal;
  }
}

/** Most bytes of one append: EventStoreDB's own default. */
export const MAX_APPEND_SIZE = 1024 * 1024;

/** EventStoreDB's numbers for expectations that are no revision. */
const VERSION_NUMBER = { any: -2n, no_stream: -1n, stream_exists: -4n } as const;

/** An error of a call, as the gRPC library sends it. */
export interface CallError {
  readonly name: string;
  readonly message: string;
  readonly code: number;
  readonly details: string;
  readonly metadata: CallMetadata;
}

/** A refusal as the end of a call: a status, and trailers that name the exception. */
export function callError(thrown: unknown): CallError {
  const refusal: Refusal =
    thrown instanceof Refused
      ? thrown.refusal
      : { kind: 'unknown', message: String((thrown as { message?: unknown } | undefined)?.message ?? thrown) };
  const [code, details, trailers] = statusOf(refusal);
  const metadata = new grpc.Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return { name: 'Error', message: details, code, details, metadata };
}

function statusOf(refusal: Refusal): [code: number, details: string, trailers: Record<string, string>] {
  const { status: codes } = grpc;
  const exception = refusal.kind;
  switch (refusal.kind) {
    case 'wrong-expected-version': {
      const expected = String(versionNumber(refusal.expected));
      const details = `Append failed due to WrongExpectedVersion. Stream: ${refusal.stream}, Expected version: ${expected}, Actual version: ${refusal.current}`;
      const trailers = { 'stream-name': refusal.stream, 'expected-version': expected };
      return [
        codes.FAILED_PRECONDITION,
        details,
        { exception, ...asciiOnly(trailers), 'actual-version': String(refusal.current) },
      ];
    }
    case 'stream-deleted':
      return [
        codes.FAILED_PRECONDITION,
        `Event stream '${refusal.stream}' is deleted.`,
        { exception, ...asciiOnly({ 'stream-name': refusal.stream }) },
      ];
    case 'maximum-append-size-exceeded':
      return [
        codes.INVALID_ARGUMENT,
        `Maximum Append Size of ${MAX_APPEND_SIZE} Exceeded.`,
        { exception, 'maximum-append-size': String(MAX_APPEND_SIZE) },
      ];
    case 'access-denied':
      return [codes.PERMISSION_DENIED, 'Access Denied', { exception }];
    case 'not-authenticated':
      return [codes.UNAUTHENTICATED, 'Unauthenticated', {}];
    case 'bad-request':
      return [codes.INVALID_ARGUMENT, refusal.message, {}];
    case 'timeout':
      return [codes.DEADLINE_EXCEEDED, 'Timeout', {}];
    case 'dropped':
      return [codes.ABORTED, refusal.message, {}];
    case 'unknown':
      return [codes.UNKNOWN, refusal.message, {}];
    case 'user-not-found':
      return [
        codes.NOT_FOUND,
        `User '${refusal.loginName}' is not found.`,
        { exception, 'login-name': refusal.loginName },
      ];
    case 'user-conflict':
      return [
        codes.FAILED_PRECONDITION,
        `User '${refusal.loginName}' already exists.`,
        { exception, 'login-name': refusal.loginName },
      ];
  }
}

/** A refusal as the answer to one append of a batch stream, which goes on. */
export function batchError(thrown: unknown): Status.Status {
  const refusal: Refusal =
    thrown instanceof Refused
      ? thrown.refusal
      : { kind: 'unknown', message: String((thrown as Error | undefined)?.message) };
  const [code] = statusOf(refusal);
  const [name, details] = detailsOf(refusal);
  const any = new Any();
  any.pack(details.serializeBinary(), `event_store.client.${name}`);
  return new status.Status()
    .setCode(code as Parameters<Status.Status['setCode']>[0])
    .setMessage(name)
    .setDetails(any);
}

function detailsOf(refusal: Refusal): [name: string, details: { serializeBinary(): Uint8Array }] {
  switch (refusal.kind) {
    case 'wrong-expected-version': {
      const details = new shared.WrongExpectedVersion();
      if (refusal.current < 0) details.setCurrentNoStream(new GoogleEmpty());
      else details.setCurrentStreamRevision(String(refusal.current));
      if (refusal.expected === 'any') details.setExpectedAny(new GoogleEmpty());
      else if (refusal.expected === 'no_stream') details.setExpectedNoStream(new GoogleEmpty());
      else if (refusal.expected === 'stream_exists') details.setExpectedStreamExists(new GoogleEmpty());
      else details.setExpectedStreamPosition(String(refusal.expected));
      return ['WrongExpectedVersion', details];
    }
    case 'stream-deleted':
      return ['StreamDeleted', new shared.StreamDeleted().setStreamIdentifier(streamIdentifier(refusal.stream))];
    case 'maximum-append-size-exceeded':
      return ['MaximumAppendSizeExceeded', new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND_SIZE)];
    case 'access-denied':
    case 'not-authenticated':
      return ['AccessDenied', new shared.AccessDenied()];
    case 'timeout':
      return ['Timeout', new shared.Timeout()];
    case 'bad-request':
      return ['BadRequest', new shared.BadRequest().setMessage(refusal.message)];
    default:
      return ['Unknown', new shared.Unknown()];
  }
}

/** On the plain append a wrong revision is an answer, not the end of the call. */
export function wrongVersionAnswer(refusal: Refusal & { kind: 'wrong-expected-version' }): Streams.AppendResp {
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (refusal.current < 0) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(refusal.current));
  if (refusal.expected === 'any') wrong.setExpectedAny(new shared.Empty());
  else if (refusal.expected === 'no_stream') wrong.setExpectedNoStream(new shared.Empty());
  else if (refusal.expected === 'stream_exists') wrong.setExpectedStreamExists(new shared.Empty());
  else wrong.setExpectedRevision(String(refusal.expected));
  return new streams.AppendResp().setWrongExpectedVersion(wrong);
}

const versionNumber = (expected: Expected) => (typeof expected === 'bigint' ? expected : VERSION_NUMBER[expected]);

export const streamIdentifier = (stream: string) =>
  new shared.StreamIdentifier().setStreamName(new Uint8Array(Buffer.from(stream, 'utf8')));

/** A trailer holds ASCII only; a name that doesn't fit is left out rather than break the answer. */
function asciiOnly(trailers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(trailers).map(([key, value]) => [key, value.replace(/[^\x20-\x7e]/g, '?')]));
}
