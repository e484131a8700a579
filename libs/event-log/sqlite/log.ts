import type { DatabaseSync, StatementSync } from 'node:sqlite';

import { invalidAppend } from '../limits.ts';
import { LogUnavailable, OutcomeUnknown, WrongRevision } from '../port.ts';
import type {
  Appended,
  EventLog,
  ExpectedRevision,
  FollowOptions,
  LogHealth,
  NewFact,
  ReadAllOptions,
  ReadingBeside,
  ReadStreamOptions,
  StreamName,
} from '../port.ts';
import { Bell } from './bell.ts';
import { besideIn } from './beside.ts';
import { FactTable } from './fact-table.ts';
import { isBusy, isFull, makeDirectory, openLogFile, takeWriterLock } from './files.ts';
import type { Synchronous } from './files.ts';
import { positionText } from './position.ts';
import { follow, readAll, readBatches, readStream } from './reading.ts';
import type { ReadableLog } from './reading.ts';
import { StreamIndex } from './stream-index.ts';
import { Streams } from './streams.ts';

export interface SqliteLogOptions {
  /** Where the log's files are; made when it doesn't exist. */
  readonly directory: string;
  /** The log's clock, epoch milliseconds, whole. Default: `Date.now`. */
  readonly now?: () => number;
  /** Default: `full`. */
  readonly synchronous?: Synchronous;
  /**
   * Called once when a flush failed and nobody can know what is on the disk. End the process here, at once and without
   * `process.exit` (which lets SQLite tidy up on its way out): SIGKILL or `process.abort()`.
   */
  readonly onFatal?: (error: unknown) => void;
  /**
   * For a server over the log that keeps other programs' events: no check of names, types, sizes and counts. Such facts
   * may break what the port promises to its readers.
   */
  readonly takesAnything?: boolean;
  /** So many facts gather before they are written into the stream index. Default: 65,536. */
  readonly indexAt?: number;
  /** For tests: what happens inside, in order. */
  readonly hooks?: SqliteLogHooks;
}

/** The order to hold: every fact written, one flush, and only then the answers. */
export type Step = 'fact written' | 'flush begins' | 'flush ended' | 'answered';

export interface SqliteLogHooks {
  /** What it throws counts as the storage's own error at this step. */
  step?(step: Step): void;
  /** The connection that writes, for instance to cap its pages. */
  opened?(database: DatabaseSync): void;
}

/**
 * The embedded log: one process writes, others may read ({@link openSqliteLogReader}). All appends of one turn of the
 * event loop share one transaction and one flush; a conflict fails nobody else.
 * @throws {LogLocked} another process writes to this log.
 * @throws {LogUnavailable} the log was written by a newer program.
 */
export function openSqliteLog(options: SqliteLogOptions): EventLog {
  return new SqliteLog(options);
}

interface Waiting {
  readonly stream: StreamName;
  readonly expected: ExpectedRevision;
  readonly facts: readonly NewFact[];
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: Error) => void;
  /** What this flush decided. */
  outcome: Outcome | undefined;
}

type Outcome =
  | { readonly kind: 'stored' | 'repeated'; readonly revision: number; readonly place: number }
  | { readonly kind: 'refused'; readonly error: WrongRevision };

/** Health looks whether a full disk has room again by writing so much. */
const PROBE_BYTES = 64 * 1024;

class SqliteLog implements EventLog {
  readonly isShared = false;
  readonly beside: ReadingBeside;
  readonly #directory: string;
  readonly #now: () => number;
  readonly #takesAnything: boolean;
  readonly #onFatal: ((error: unknown) => void) | undefined;
  readonly #step: ((step: Step) => void) | undefined;
  readonly #lock: { release(): void };
  readonly #database: DatabaseSync;
  readonly #facts: FactTable;
  readonly #streams: Streams;
  readonly #bell = new Bell();
  readonly #readable: ReadableLog;
  readonly #begin: StatementSync;
  readonly #insert: StatementSync;
  readonly #commit: StatementSync;
  /** Place of the last durable fact. */
  #head: number;
  #waiting: Waiting[] = [];
  /** Why nothing can be stored just now, though it may again. */
  #hindrance: string | undefined;
  /** Why this log is over. */
  #over: string | undefined;

  constructor(options: SqliteLogOptions) {
    const { directory, now = Date.now, synchronous = 'full', takesAnything = false, indexAt, onFatal, hooks } = options;
    this.#directory = directory;
    this.beside = besideIn(directory);
    this.#now = now;
    this.#takesAnything = takesAnything;
    this.#onFatal = onFatal;
    this.#step = hooks?.step?.bind(hooks);
    makeDirectory(directory);
    this.#lock = takeWriterLock(directory);
    let database: DatabaseSync | undefined;
    try {
      this.#database = database = openLogFile(directory, synchronous);
      hooks?.opened?.(this.#database);
      this.#facts = new FactTable(this.#database);
      this.#head = this.#facts.head();
      this.#streams = new Streams(this.#facts, new StreamIndex(directory, this.#facts), indexAt);
      this.#begin = this.#database.prepare('BEGIN IMMEDIATE');
      this.#insert = this.#database.prepare(
        `INSERT INTO facts (position, stream, revision, id, type, data, metadata, recorded_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      this.#commit = this.#database.prepare('COMMIT');
    } catch (error) {
      database?.close();
      this.#lock.release();
      throw error;
    }
    this.#readable = {
      facts: this.#facts,
      lastPlace: () => this.#head,
      lastRevision: (stream) => this.#streams.last(stream),
      streamFacts: (stream, first, last) => this.#streams.read(stream, first, last),
      news: (ms, signal) => this.#bell.wait(ms, signal),
      ensureReadable: () => {
        if (this.#over !== undefined) throw new LogUnavailable(this.#over);
      },
    };
  }

  append(stream: StreamName, expected: ExpectedRevision, facts: readonly NewFact[]): Promise<Appended> {
    const invalid = this.#takesAnything ? undefined : invalidAppend(stream, expected, facts);
    if (invalid) return Promise.reject(invalid);
    if (this.#over !== undefined) return Promise.reject(new LogUnavailable(this.#over));
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.push({ stream, expected, facts, resolve, reject, outcome: undefined });
      // A microtask runs when the code that appends is done: what it appended meanwhile shares the flush.
      if (waiting === 1) queueMicrotask(() => this.#flush());
    });
  }

  #flush(): void {
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    let head: number;
    try {
      head = this.#write(batch);
    } catch (error) {
      this.#fail(batch, error);
      return;
    }
    const stored = head > this.#head;
    this.#head = head;
    for (const waiting of batch) this.#answer(waiting);
    if (!stored) return;
    this.#hindrance = undefined;
    this.#streams.settle();
    this.#bell.ring();
  }

  /** Decides each append on the state that the ones before it leave, stores what holds; returns the head when durable. */
  #write(batch: readonly Waiting[]): number {
    const recordedAt = this.#now();
    let place = this.#head;
    for (const waiting of batch) {
      const { stream, expected, facts } = waiting;
      const last = this.#streams.last(stream);
      const before = expected === 'any' ? last : expected === 'none' ? -1 : expected;
      if (before !== last) {
        waiting.outcome = this.#repeated(waiting, before, last) ?? {
          kind: 'refused',
          error: new WrongRevision(stream, expected, last < 0 ? 'none' : last),
        };
        continue;
      }
      if (place === this.#head) this.#begin.run();
      let revision = last;
      for (const { id, type, data, metadata } of facts) {
        this.#insert.run(++place, stream, ++revision, id, type, data, metadata, recordedAt);
        this.#streams.add(stream, revision, place);
        this.#step?.('fact written');
      }
      waiting.outcome = { kind: 'stored', revision, place };
    }
    if (place > this.#head) {
      this.#step?.('flush begins');
      this.#commit.run();
      this.#step?.('flush ended');
    }
    return place;
  }

  /** The outcome of the identical batch, if just that stands behind revision `before`. Only ids are compared. */
  #repeated({ stream, facts }: Waiting, before: number, last: number): Outcome | undefined {
    const revision = before + facts.length;
    if (revision > last) return undefined;
    const standing = this.#streams.read(stream, before + 1, revision);
    if (!standing.every((fact, i) => fact.id === facts[i]!.id)) return undefined;
    return { kind: 'repeated', revision, place: Number(standing.at(-1)!.position) };
  }

  #answer({ outcome, resolve, reject }: Waiting): void {
    this.#step?.('answered');
    if (outcome!.kind === 'refused') reject(outcome!.error);
    else resolve({ revision: outcome!.revision, position: positionText(outcome!.place) });
  }

  #fail(batch: readonly Waiting[], error: unknown): void {
    if ((isFull(error) || isBusy(error)) && this.#rollBack()) this.#failUnstored(batch, error);
    else this.#failForGood(batch, error);
  }

  /** True when it is certain that the transaction left nothing. */
  #rollBack(): boolean {
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return this.#facts.head() === this.#head;
    } catch {
      return false;
    }
  }

  #failUnstored(batch: readonly Waiting[], error: unknown): void {
    this.#streams.takeBackBehind(this.#head);
    this.#hindrance = isFull(error)
      ? `The disk that holds the log is full (${this.#directory}).`
      : `Another program keeps the log from being written (${this.#directory}).`;
    for (const waiting of batch) {
      // A repeat of something durable has its answer all the same: "nothing was stored" would be wrong.
      const { outcome } = waiting;
      if (outcome?.kind === 'repeated' && outcome.place <= this.#head) this.#answer(waiting);
      else waiting.reject(new LogUnavailable(this.#hindrance, { cause: error }));
    }
  }

  #failForGood(batch: readonly Waiting[], error: unknown): void {
    const reason = (error as { message?: unknown } | undefined)?.message ?? error;
    this.#over = `Writing the log failed, it has to be opened anew (${this.#directory}): ${String(reason)}`;
    const unknown = [...batch, ...this.#waiting];
    this.#waiting = [];
    this.#onFatal?.(error);
    for (const { reject } of unknown) reject(new OutcomeUnknown(this.#over, { cause: error }));
    this.#bell.ring();
  }

  readStream(stream: StreamName, options?: ReadStreamOptions) {
    return readStream(this.#readable, stream, options);
  }

  readAll(options?: ReadAllOptions) {
    return readAll(this.#readable, options);
  }

  readBatches(options?: ReadAllOptions) {
    return readBatches(this.#readable, options);
  }

  follow(options: FollowOptions) {
    return follow(this.#readable, options);
  }

  async head() {
    this.#readable.ensureReadable();
    return positionText(this.#head);
  }

  async health(): Promise<LogHealth> {
    if (this.#over !== undefined) return { writable: false, readable: false, clockSkewMs: 0, problem: this.#over };
    if (this.#hindrance !== undefined) this.#probe();
    const problem = this.#hindrance;
    const newestRecordedAt = this.#facts.at(this.#head)?.recordedAt ?? 0;
    return { writable: problem === undefined, readable: true, clockSkewMs: 0, newestRecordedAt, problem };
  }

  /** Nobody appends while health says that it is no use, so health has to find out when it is again. */
  #probe(): void {
    try {
      this.#database.exec(`BEGIN; DELETE FROM probe; INSERT INTO probe VALUES (1, zeroblob(${PROBE_BYTES})); COMMIT;`);
      this.#hindrance = undefined;
    } catch {
      this.#rollBack();
    }
  }

  async close() {
    this.#flush();
    if (!this.#database.isOpen) return;
    const failed = this.#over !== undefined;
    this.#over ??= `The log is closed (${this.#directory}).`;
    this.#bell.ring();
    if (failed) {
      this.#streams.abandon();
    } else {
      this.#streams.close();
      this.#checkpoint();
    }
    this.#database.close();
    this.#lock.release();
  }

  #checkpoint(): void {
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // No room for it: the facts are safe in the write-ahead log, and whoever opens it next reads them there.
    }
  }
}
