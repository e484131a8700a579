import { invalidAppend } from '../limits.ts';
import { LogUnavailable, OutcomeUnknown } from '../port.ts';
import type {
  Appended,
  EventLog,
  ExpectedRevision,
  FollowOptions,
  LogHealth,
  NewFact,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  StreamName,
} from '../port.ts';
import { Appending } from './appending.ts';
import { callsOf } from './calls.ts';
import { clientFor } from './connection.ts';
import { sentenceFor } from './errors.ts';
import { follow } from './following.ts';
import type { FollowableServer } from './following.ts';
import { LOWEST } from './position.ts';
import { headOf, readAll, readStream, tailOf } from './reading.ts';
import { within } from './silence.ts';
import { Skew } from './skew.ts';
import { Tail } from './tail.ts';

export interface EventStoreLogOptions {
  /** `esdb://user:password@host:2113`, or `esdb+discover://` for a cluster. */
  readonly connectionString: string;
  /** After so long an append's outcome counts as unknown. Default: 2,000 ms. */
  readonly appendTimeoutMs?: number;
  /** After so long without an item a read is given up. Default: 5,000 ms. */
  readonly readTimeoutMs?: number;
  /** After so long a connection that isn't there yet is given up. Default: 2,000 ms, and no longer than an append. */
  readonly connectTimeoutMs?: number;
  /** After so long without an answer its health is that of a log out of reach. Default: 1,500 ms. */
  readonly healthTimeoutMs?: number;
  /** This instance's clock, epoch milliseconds, to be held against the log's. Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * The log in an EventStoreDB, which several instances share. Nothing is asked of the server before the first call.
 * @throws {LogUnavailable} the connection string can't be used.
 */
export async function openEventStoreLog(options: EventStoreLogOptions): Promise<EventLog> {
  return new EventStoreLog(options);
}

/** How often, at most, one of our own appends is read back to see the server's clock. */
const SIGHT_EVERY_MS = 1000;
/** A refused append counts for so long: nobody appends to a log that says it can't be written. */
const REFUSED_MS = 5000;

const CLOSED = 'The log is closed.';

interface OwnAppend {
  readonly stream: StreamName;
  readonly revision: number;
  /** Passing time before it was sent, and once it was answered. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

class EventStoreLog implements EventLog {
  readonly isShared = true;
  readonly #server: FollowableServer;
  readonly #appending: Appending;
  readonly #skew: Skew;
  readonly #healthTimeoutMs: number;
  readonly #open = new Set<Promise<unknown>>();
  readonly #closed = new AbortController();
  /** Why an append was refused, and when. */
  #refusal: { readonly problem: string; readonly at: number } | undefined;
  /** Streams whose next append may be a repeat. */
  readonly #unsettled = new Set<StreamName>();
  /** Whatever stands no further was recorded before now. */
  #newest: Position = LOWEST;
  #newestOwn: OwnAppend | undefined;
  #sightedAt = -Infinity;

  constructor({
    connectionString,
    appendTimeoutMs = 2000,
    readTimeoutMs = 5000,
    connectTimeoutMs = 2000,
    healthTimeoutMs = 1500,
    now = Date.now,
  }: EventStoreLogOptions) {
    const calls = callsOf(clientFor(connectionString), connectTimeoutMs);
    this.#healthTimeoutMs = healthTimeoutMs;
    this.#appending = new Appending(calls, appendTimeoutMs);
    this.#skew = new Skew(now);
    this.#server = {
      calls,
      readTimeoutMs,
      tail: new Tail(),
      closed: this.#closed.signal,
      ensureOpen: () => {
        if (this.#closed.signal.aborted) throw new LogUnavailable(CLOSED);
      },
      heardLive: (recordedAt) => this.#skew.heard(recordedAt, performance.now()),
    };
  }

  append(stream: StreamName, expected: ExpectedRevision, facts: readonly NewFact[]): Promise<Appended> {
    const invalid = invalidAppend(stream, expected, facts);
    if (invalid) return Promise.reject(invalid);
    if (this.#closed.signal.aborted) return Promise.reject(new LogUnavailable(CLOSED));
    const appending = this.#append(stream, expected, facts);
    this.#open.add(appending);
    const over = () => this.#open.delete(appending);
    appending.then(over, over);
    return appending;
  }

  async #append(stream: StreamName, expected: ExpectedRevision, facts: readonly NewFact[]): Promise<Appended> {
    const sentAt = performance.now();
    const mayBeRepeat = this.#unsettled.has(stream);
    try {
      const { revision, position } = await this.#appending.append(stream, expected, facts);
      this.#refusal = undefined;
      this.#unsettled.delete(stream);
      const appended = { revision, position: position ?? (await this.#positionOf(stream, revision)) };
      // A repeat is answered as it was the first time, and nobody can tell when that was.
      if (!mayBeRepeat && this.#newest !== LOWEST && appended.position > this.#newest) {
        this.#newestOwn = { stream, revision, sentAt, answeredAt: performance.now() };
      }
      this.#sawUpTo(appended.position);
      return appended;
    } catch (error) {
      if (error instanceof OutcomeUnknown) this.#unsettled.add(stream);
      if (error instanceof LogUnavailable) this.#refusal = { problem: error.message, at: performance.now() };
      throw error;
    }
  }

  /** Where a fact stands that was answered for as a repeat, without its place. */
  async #positionOf(stream: StreamName, revision: number): Promise<Position> {
    try {
      for await (const fact of readStream(this.#server, stream, { from: revision, limit: 1 })) return fact.position;
    } catch (error) {
      throw new OutcomeUnknown(sentenceFor(error), { cause: error });
    }
    throw new OutcomeUnknown('EventStoreDB answered for an append that can’t be read yet.');
  }

  #sawUpTo(position: Position): void {
    if (position > this.#newest) this.#newest = position;
  }

  readStream(stream: StreamName, options?: ReadStreamOptions) {
    return readStream(this.#server, stream, options);
  }

  readAll(options?: ReadAllOptions) {
    return readAll(this.#server, options);
  }

  async head() {
    return headOf(this.#server);
  }

  follow(options: FollowOptions) {
    return follow(this.#server, options);
  }

  async health(): Promise<LogHealth> {
    if (this.#closed.signal.aborted) return { writable: false, readable: false, clockSkewMs: 0, problem: CLOSED };
    let newestRecordedAt: number | undefined;
    try {
      newestRecordedAt = await within(this.#healthTimeoutMs, this.#sight());
    } catch (error) {
      return { writable: false, readable: false, clockSkewMs: this.#skew.ms, problem: sentenceFor(error) };
    }
    const refused = this.#refusal && performance.now() - this.#refusal.at < REFUSED_MS;
    const problem = refused ? this.#refusal?.problem : undefined;
    return { writable: problem === undefined, readable: true, clockSkewMs: this.#skew.ms, newestRecordedAt, problem };
  }

  /** Looks at the log's end, and at the newest of our own appends: when did the server's clock say that it recorded it? */
  async #sight(): Promise<number | undefined> {
    const { head, recordedAt: newestRecordedAt } = await tailOf(this.#server);
    if (head !== undefined) this.#sawUpTo(head);
    if (newestRecordedAt !== undefined) this.#skew.seen(newestRecordedAt);
    const own = this.#newestOwn;
    if (own && performance.now() - this.#sightedAt >= SIGHT_EVERY_MS) {
      this.#newestOwn = undefined;
      this.#sightedAt = performance.now();
      for await (const { recordedAt } of readStream(this.#server, own.stream, { from: own.revision, limit: 1 })) {
        this.#skew.recorded(recordedAt, own.sentAt, own.answeredAt);
      }
    }
    return newestRecordedAt;
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    await Promise.allSettled(this.#open);
    await this.#server.calls.close();
  }
}
