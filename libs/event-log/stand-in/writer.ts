import { randomUUID } from 'node:crypto';

import { WrongRevision } from '../port.ts';
import type { Appended, EventLog, NewFact } from '../port.ts';
import type { FaultSwitches } from './faults.ts';
import {
  isImpossibleStream,
  isMetadataStream,
  METADATA_TYPE,
  metadataFrom,
  metadataStreamOf,
  originalOf,
  SOFT_DELETION,
  undeletion,
} from './metadata.ts';
import { Refused } from './refusals.ts';
import type { Expected } from './refusals.ts';
import { Remembered } from './remembered.ts';
import { JSON_CONTENT, toFact, tombstoneFact } from './stored.ts';
import type { ProposedEvent } from './stored.ts';
import type { StreamState, StreamStates } from './stream-states.ts';

/** Where an append landed; no place when it had no events. */
export interface Landed {
  /** -1: the append had no events, and there is no stream. */
  readonly revision: number;
  readonly place: number | undefined;
}

/**
 * Everything that changes the log goes through here: one at a time, in the order it came, decided on what is accepted
 * already. What comes in one turn of the event loop shares a flush.
 */
export class Writer {
  readonly #log: EventLog | undefined;
  readonly #states: StreamStates;
  readonly #faults: FaultSwitches;
  readonly #remembered = new Remembered();
  #queue: (() => void)[] = [];

  /** Without a log nothing can be written: every call is refused. */
  constructor(log: EventLog | undefined, states: StreamStates, faults: FaultSwitches) {
    this.#log = log;
    this.#states = states;
    this.#faults = faults;
  }

  /** @throws {Refused} */
  append(stream: string, expected: Expected, events: readonly ProposedEvent[]): Promise<Landed> {
    return this.#inTurn(stream, (log, state) => {
      this.#faults.mayFailAppend();
      const refuse = (current: number) => new Refused({ kind: 'wrong-expected-version', stream, expected, current });
      const ofMetadata = isMetadataStream(stream);
      const last = ofMetadata ? state.lastOfMetadata : state.last;
      if (state.isTombstoned) {
        if (!ofMetadata || !state.metadataOnceMore) throw new Refused({ kind: 'stream-deleted', stream });
        state.metadataOnceMore = false;
      }
      if (expected === 'stream_exists') {
        if (!ofMetadata && state.metadata.isSoftDeleted) throw new Refused({ kind: 'stream-deleted', stream });
        if (last < 0 && (ofMetadata || state.lastOfMetadata < 0)) throw refuse(last);
      }
      if (expected === 'any' || expected === 'stream_exists') {
        const known = this.#remembered.batch(stream, events);
        if (known === 'partly') throw refuse(last);
        return known ?? this.#store(log, state, stream, events);
      }
      const before = expected === 'no_stream' ? -1 : Number(expected);
      if (before === last) return this.#store(log, state, stream, events);
      if (before > last || events.length === 0) throw refuse(last);
      return this.#settleRepeat(log, state, stream, expected, events, refuse);
    });
  }

  /** The log knows whether the identical batch stands behind the expected revision. */
  async #settleRepeat(
    log: EventLog,
    state: StreamState,
    stream: string,
    expected: bigint | 'no_stream',
    events: readonly ProposedEvent[],
    refuse: (current: number) => Refused,
  ): Promise<Landed> {
    const facts = events.map((event) => toFact(stream, event));
    try {
      const { revision, position } = await log.append(
        stream,
        typeof expected === 'bigint' ? Number(expected) : 'none',
        facts,
      );
      return { revision, place: Number(position) };
    } catch (error) {
      if (!(error instanceof WrongRevision)) throw error;
      const isGone = !isMetadataStream(stream) && state.metadata.isSoftDeleted;
      if (expected === 'no_stream' && isGone) return this.#store(log, state, stream, events);
      throw refuse(isMetadataStream(stream) ? state.lastOfMetadata : state.last);
    }
  }

  /** @throws {Refused} */
  async delete(stream: string, expected: Expected): Promise<Landed> {
    return this.#inTurn(stream, (log, state) => {
      this.#mayEnd(state, stream, expected);
      if (state.last < 0 && state.lastOfMetadata < 0) {
        throw new Refused({ kind: 'wrong-expected-version', stream, expected, current: -1 });
      }
      return this.#setMetadata(log, state, SOFT_DELETION);
    });
  }

  /** @throws {Refused} */
  async tombstone(stream: string, expected: Expected): Promise<Landed> {
    return this.#inTurn(stream, (log, state) => {
      this.#mayEnd(state, stream, expected);
      const stored = this.#write(log, state, stream, [tombstoneFact(randomUUID())]);
      state.isTombstoned = true;
      state.metadataOnceMore = state.lastOfMetadata >= 0;
      return stored.then(landed);
    });
  }

  #mayEnd(state: StreamState, stream: string, expected: Expected): void {
    if (state.isTombstoned) throw new Refused({ kind: 'stream-deleted', stream });
    const { last } = state;
    const isMet =
      expected === 'any' ||
      (expected === 'stream_exists' ? last >= 0 : last === (expected === 'no_stream' ? -1 : Number(expected))) ||
      (expected === 'no_stream' && state.metadata.isSoftDeleted);
    if (!isMet) throw new Refused({ kind: 'wrong-expected-version', stream, expected, current: last });
  }

  async #store(log: EventLog, state: StreamState, stream: string, events: readonly ProposedEvent[]): Promise<Landed> {
    const last = isMetadataStream(stream) ? state.lastOfMetadata : state.last;
    if (events.length === 0) return { revision: last, place: undefined };
    if (!isMetadataStream(stream) && state.metadata.isSoftDeleted) {
      // Both are in one transaction: they are handed over in the same turn.
      void this.#setMetadata(log, state, undeletion(state.metadata, last + 1)).catch(() => undefined);
    }
    const facts = events.map((event) => toFact(stream, event));
    const stored = this.#write(log, state, stream, facts);
    this.#remembered.keep(stream, last + 1, events, stored);
    if (isMetadataStream(stream)) state.metadata = metadataFrom(events.at(-1));
    return landed(await stored);
  }

  async #setMetadata(log: EventLog, state: StreamState, json: string): Promise<Landed> {
    const data = new Uint8Array(Buffer.from(json, 'utf8'));
    const event = {
      id: randomUUID(),
      type: METADATA_TYPE,
      contentType: JSON_CONTENT,
      data,
      metadata: new Uint8Array(),
    };
    const stream = metadataStreamOf(state.stream);
    const stored = this.#write(log, state, stream, [toFact(stream, event)]);
    state.metadata = metadataFrom(event);
    return landed(await stored);
  }

  /** The state moves on at once, so that the next append of this turn is decided on it. */
  #write(log: EventLog, state: StreamState, stream: string, facts: readonly NewFact[]): Promise<Appended> {
    const key = isMetadataStream(stream) ? 'lastOfMetadata' : 'last';
    const last = state[key];
    state[key] = last + facts.length;
    const appended = log.append(stream, last < 0 ? 'none' : last, facts);
    appended.catch(() => {
      this.#states.forget(state.stream);
      this.#remembered.forget();
    });
    return appended;
  }

  /** The metadata of a stream, as a whole. */
  setMetadata(stream: string, json: string): Promise<Landed> {
    return this.#inTurn(stream, (log, state) => this.#setMetadata(log, state, json));
  }

  /** Resolves when everything that was taken in before is decided; what is frozen stays as it is. */
  async idle(): Promise<void> {
    if (!this.#faults.isFrozen) await new Promise((resolve) => setImmediate(resolve));
  }

  #inTurn(stream: string, decide: (log: EventLog, state: StreamState) => Promise<Landed>): Promise<Landed> {
    const log = this.#log;
    if (!log) {
      const message = 'This log is served read-only: the running service is its one writer.';
      return Promise.reject(new Refused({ kind: 'bad-request', message }));
    }
    if (stream === '' || isImpossibleStream(stream)) {
      return Promise.reject(new Refused({ kind: 'bad-request', message: `There is no stream "${stream}".` }));
    }
    return new Promise((resolve, reject) => {
      const decided = (state: StreamState) => {
        try {
          resolve(decide(log, state));
        } catch (error) {
          reject(error as Error);
        }
      };
      const waiting = this.#queue.push(() => {
        const state = this.#states.of(originalOf(stream));
        if (state instanceof Promise) state.then(decided, reject);
        else decided(state);
      });
      if (waiting === 1) setImmediate(() => void this.#work());
    });
  }

  async #work(): Promise<void> {
    if (this.#faults.isFrozen) await this.#faults.thawed();
    const queue = this.#queue;
    this.#queue = [];
    for (const next of queue) next();
  }
}

const landed = ({ revision, position }: Appended): Landed => ({ revision, place: Number(position) });
