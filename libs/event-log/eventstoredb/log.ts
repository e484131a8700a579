import { ANY, NO_STREAM } from '@eventstore/db-client';
import type { EventStoreDBClient } from '@eventstore/db-client';

import { invalidAppend } from '../limits.ts';
import { LogUnavailable, OutcomeUnknown } from '../port.ts';
import type {
  Appended,
  EventLog,
  ExpectedRevision,
  FollowOptions,
  LogHealth,
  NewFact,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedFact,
  StreamName,
} from '../port.ts';
import { clientFor } from './connection.ts';
import { appendFailed } from './errors.ts';
import { eventOf } from './events.ts';
import { follow } from './following.ts';
import type { FollowableServer } from './following.ts';
import { positionText } from './position.ts';
import { headOf, readAll, readStream } from './reading.ts';
import { within } from './silence.ts';
import { Skew } from './skew.ts';

export interface EventStoreLogOptions {
  /** `esdb://user:password@host:2113`, or `esdb+discover://` for a cluster. */
  readonly connectionString: string;
  /** After so long an append's outcome counts as unknown. Default: 2,000 ms. */
  readonly appendTimeoutMs?: number;
  /** After so long without an item a read is given up. Default: 5,000 ms. */
  readonly readTimeoutMs?: number;
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

const HEALTH_MS = 1500;
const CLOSE_MS = 2000;
/** How often, at most, one of our own appends is read back to see the server's clock. */
const SIGHT_EVERY_MS = 1000;

interface OwnAppend {
  readonly stream: StreamName;
  readonly revision: number;
  /** Passing time before it was sent, and once it was answered. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

class EventStoreLog implements EventLog {
  readonly isShared = true;
  readonly #client: EventStoreDBClient;
  readonly #appendTimeoutMs: number;
  readonly #server: FollowableServer;
  readonly #skew: Skew;
  readonly #open = new Set<Promise<unknown>>();
  #closed = false;
  /** Why appends are refused, when they are. */
  #refusal: string | undefined;
  /** Streams whose next append may be a repeat. */
  readonly #unsettled = new Set<StreamName>();
  #newestOwn: OwnAppend | undefined;
  #sightedAt = -Infinity;

  constructor({
    connectionString,
    appendTimeoutMs = 2000,
    readTimeoutMs = 5000,
    now = Date.now,
  }: EventStoreLogOptions) {
    this.#client = clientFor(connectionString);
    this.#appendTimeoutMs = appendTimeoutMs;
    this.#skew = new Skew(now);
    this.#server = {
      client: this.#client,
      readTimeoutMs,
      ensureOpen: () => {
        if (this.#closed) throw new LogUnavailable('The log is closed.');
      },
      heardLive: ({ recordedAt }) => this.#heardLive(recordedAt),
    };
  }

  append(stream: StreamName, expected: ExpectedRevision, facts: readonly NewFact[]): Promise<Appended> {
    const invalid = invalidAppend(stream, expected, facts);
    if (invalid) return Promise.reject(invalid);
    if (this.#closed) return Promise.reject(new LogUnavailable('The log is closed.'));
    const appending = this.#append(stream, expected, facts);
    this.#open.add(appending);
    const over = () => this.#open.delete(appending);
    appending.then(over, over);
    return appending;
  }

  async #append(stream: StreamName, expected: ExpectedRevision, facts: readonly NewFact[]): Promise<Appended> {
    const expectedRevision = expected === 'any' ? ANY : expected === 'none' ? NO_STREAM : BigInt(expected);
    const sentAt = performance.now();
    try {
      const call = this.#client.appendToStream(stream, facts.map(eventOf), { expectedRevision });
      const { nextExpectedRevision, position } = await within(this.#appendTimeoutMs, call);
      const revision = Number(nextExpectedRevision);
      this.#refusal = undefined;
      // A repeat is answered as it was the first time, and nobody can tell when that was.
      if (!this.#unsettled.delete(stream))
        this.#newestOwn = { stream, revision, sentAt, answeredAt: performance.now() };
      return { revision, position: positionText(position!.commit) };
    } catch (error) {
      const failed = appendFailed(error, stream, expected);
      if (failed instanceof OutcomeUnknown) this.#unsettled.add(stream);
      if (failed instanceof LogUnavailable) this.#refusal = failed.message;
      throw failed;
    }
  }

  #heardLive(recordedAt: number): void {
    const now = performance.now();
    // Heard a moment after it was recorded: how long, nobody knows; a second is generous.
    this.#skew.recorded(recordedAt, now - 1000, now);
  }

  readStream(stream: StreamName, options?: ReadStreamOptions): AsyncGenerator<RecordedFact, void, undefined> {
    return readStream(this.#server, stream, options);
  }

  readAll(options?: ReadAllOptions): AsyncGenerator<RecordedFact, void, undefined> {
    return readAll(this.#server, options);
  }

  async head() {
    return headOf(this.#server);
  }

  follow(options: FollowOptions) {
    return follow(this.#server, options);
  }

  async health(): Promise<LogHealth> {
    if (this.#closed) return { writable: false, readable: false, clockSkewMs: 0, problem: 'The log is closed.' };
    try {
      await within(HEALTH_MS, this.#sight());
    } catch {
      const problem = 'EventStoreDB does not answer.';
      return { writable: false, readable: false, clockSkewMs: this.#skew.ms, problem };
    }
    const problem = this.#refusal;
    return { writable: problem === undefined, readable: true, clockSkewMs: this.#skew.ms, problem };
  }

  /** Reads the newest of our own appends back, to see when the server recorded it; else just the log's end. */
  async #sight(): Promise<void> {
    const own = this.#newestOwn;
    if (!own || performance.now() - this.#sightedAt < SIGHT_EVERY_MS) {
      await headOf(this.#server, 'anything');
      return;
    }
    this.#newestOwn = undefined;
    this.#sightedAt = performance.now();
    for await (const { recordedAt } of this.readStream(own.stream, { from: own.revision, limit: 1 })) {
      this.#skew.recorded(recordedAt, own.sentAt, own.answeredAt);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#open);
    await within(CLOSE_MS, this.#client.dispose()).catch(() => undefined);
  }
}
