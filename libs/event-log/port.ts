/**
 * The port to the log: what every adapter guarantees, and the only way anything in this repository reads or writes
 * facts (design.md, section 3; threats T12, T45, T65).
 *
 * Guarantees of every adapter, held by the suite in `contract/`:
 * - An append is atomic: all of its facts are stored, or none is.
 * - When `append` resolves, the facts are durable: they survive a crash of the process and of the machine.
 * - Facts of one stream have revisions 0, 1, 2, ... without a gap. Positions rise over the whole log, with gaps.
 * - With an exact revision (or `'none'`) the append is refused with {@link WrongRevision} when the stream stands elsewhere,
 *   unless the identical batch (same ids, same expected revision) already stands right there: then it is answered as the
 *   success it was, with its old revision, also when other facts stand behind it. Only ids are compared.
 * - A batch that is known only in part is a {@link WrongRevision}.
 * - With `'any'` a repeat may be stored again: whoever folds such a stream drops repeats by fact id.
 */

/** `workspace-ws_...`, `staff-stf_...`, `installation`, `denials-...`: printable ASCII without spaces, 1 to 200 characters. */
export type StreamName = string;

/** Opaque text of fixed width: comparing two positions as text compares their places in the log. */
export type Position = string;

/** `'none'`: the stream must not exist. `'any'`: no expectation. A number: the revision of the stream's last fact. */
export type ExpectedRevision = number | 'none' | 'any';

/** A fact on its way into the log; `data` and `metadata` are JSON texts already (the codec made them). */
export interface NewFact {
  /** UUID, lower case. */
  readonly id: string;
  /** Past-tense name, `PageViewed`: 1 to 100 ASCII letters and digits. */
  readonly type: string;
  /** JSON text of an object. */
  readonly data: string;
  /** JSON text of an object. */
  readonly metadata: string;
}

/** A fact as it stands in the log. */
export interface RecordedFact extends NewFact {
  readonly stream: StreamName;
  readonly revision: number;
  readonly position: Position;
  /** The log's own time of recording, epoch milliseconds. */
  readonly recordedAt: number;
}

export interface Appended {
  /** Revision of the batch's last fact. */
  readonly revision: number;
  /** Position of the batch's last fact. */
  readonly position: Position;
}

export interface ReadStreamOptions {
  /** Default `'forwards'`. */
  readonly direction?: 'forwards' | 'backwards';
  /** First revision to read, inclusive. Default: the start (forwards) or the end (backwards). */
  readonly from?: number;
  /** At most this many facts. Default: all. */
  readonly limit?: number;
}

export interface ReadAllOptions {
  /** Read what stands behind this position, exclusive. Default: from the start. */
  readonly after?: Position;
  /** Keep only streams whose name begins with one of these; none of them, no facts. Default: all streams. */
  readonly streamPrefixes?: readonly string[];
  readonly limit?: number;
}

export interface FollowOptions {
  /** Follow from behind this position, exclusive. Default: from the start. */
  readonly after?: Position;
  readonly streamPrefixes?: readonly string[];
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
}

/**
 * What a follower hears. `checkpoint` says that everything up to `position` was looked at, also when nothing matched,
 * and comes at least every 500 ms: its absence means silence, not calm. `caughtUp` comes once, after the facts that
 * stood in the log when following began (also when there were none).
 */
export type Followed =
  | { readonly kind: 'fact'; readonly fact: RecordedFact }
  | { readonly kind: 'checkpoint'; readonly position: Position }
  | { readonly kind: 'caughtUp'; readonly position: Position };

export interface LogHealth {
  readonly writable: boolean;
  readonly readable: boolean;
  /** The log's clock less this process's clock, milliseconds; 0 where they are the same clock. */
  readonly clockSkewMs: number;
  /** When the newest fact was recorded, epoch milliseconds, where it takes nothing to tell. */
  readonly newestRecordedAt?: number;
  /** A sentence for the operator when something is wrong. */
  readonly problem?: string;
}

export interface LogReader {
  /** Reads up to where the stream stood when reading began; an unknown stream reads as empty. */
  readStream(stream: StreamName, options?: ReadStreamOptions): AsyncIterable<RecordedFact>;
  /** Reads up to where the log stood when reading began. */
  readAll(options?: ReadAllOptions): AsyncIterable<RecordedFact>;
  /** As `readAll`, some hundred facts at a time, for who reads very many; absent where nothing is gained. */
  readBatches?(options?: ReadAllOptions): AsyncIterable<readonly RecordedFact[]>;
  /** Position of the log's last fact; the lowest position when the log is empty. */
  head(): Promise<Position>;
  /**
   * Facts in the log's order, without a gap or a repeat, until the signal aborts.
   * @throws {RangeError} `after` is no position of this log, or stands behind its end (an older log was put back).
   * @throws {LogUnavailable} the log was closed, or broke.
   */
  follow(options: FollowOptions): AsyncIterable<Followed>;
  health(): Promise<LogHealth>;
  close(): Promise<void>;
  /** How a second thread reads this log beside the first; absent where it can't, or where that gains nothing. */
  readonly beside?: ReadingBeside;
}

/** Where another thread of this process finds a log; goes through a message. */
export interface LogPlace {
  readonly kind: 'sqlite';
  readonly directory: string;
}

export interface ReadingBeside {
  readonly place: LogPlace;
  /** How many facts there are from behind `after` (undefined: from the first) to `upTo`. */
  countBetween(after: Position | undefined, upTo: Position): number;
  /** The position of the fact so many places behind `after`. */
  behind(after: Position | undefined, facts: number): Position;
}

export interface EventLog extends LogReader {
  /** Whether other processes append to this log too: what was read a moment ago may be old, though nobody here wrote. */
  readonly isShared: boolean;
  /**
   * Appends 1 to 1,000 facts, each up to 65,535 bytes, 1 MiB together, to one stream.
   * @throws {WrongRevision} the stream stands elsewhere; nothing was stored.
   * @throws {InvalidAppend} the call breaks a limit named above; nothing was stored.
   * @throws {LogUnavailable} nothing was stored, and nothing can be now.
   * @throws {OutcomeUnknown} the answer was lost: append the identical batch again to learn it.
   */
  append(stream: StreamName, expected: ExpectedRevision, facts: readonly NewFact[]): Promise<Appended>;
}

/** Most bytes of one append: data, metadata, types together (EventStoreDB's default limit). */
export const MAX_APPEND_BYTES = 1024 * 1024;
export const MAX_APPEND_FACTS = 1000;

export class WrongRevision extends Error {
  override readonly name = 'WrongRevision';
  readonly stream: StreamName;
  readonly expected: ExpectedRevision;
  /** Where the stream stands: `'none'` when it doesn't exist. */
  readonly actual: number | 'none';

  constructor(stream: StreamName, expected: ExpectedRevision, actual: number | 'none') {
    super(`Stream ${stream} stands at revision ${actual}, the append expected ${expected}.`);
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

export class InvalidAppend extends Error {
  override readonly name = 'InvalidAppend';
}

export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
}

export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** Another process holds the log for writing. */
export class LogLocked extends Error {
  override readonly name = 'LogLocked';
}

/** Most bytes of one fact: data, metadata and type, so that one leaf of the later Merkle tree fits a 16-bit length (design.md, section 3). */
export const MAX_FACT_BYTES = 65_535;
