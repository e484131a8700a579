import type { LogReader } from '../port.ts';
import { positionText } from '../sqlite/position.ts';
import { firstVisible, isImpossibleStream, isMetadataStream, OF_METADATA_STREAMS, originalOf } from './metadata.ts';
import { Refused } from './refusals.ts';
import { toEvent } from './stored.ts';
import type { StoredEvent } from './stored.ts';
import type { StreamStates } from './stream-states.ts';

/** The type of an event that points to another one: its data is `revision@stream`. */
const LINK_TYPE = '$>';

/** Backwards reads of the whole log go down in windows of so many places. */
const WINDOW = 256;

export type From = 'start' | 'end' | number;

export interface StreamRead {
  readonly stream: string;
  readonly backwards: boolean;
  readonly from: From;
  readonly limit: number;
}

/** Where a stream stands for a reader. */
export interface Visible {
  /** False for a stream that never was, and for one that was softly deleted. */
  readonly exists: boolean;
  readonly first: number;
  readonly last: number;
  /** Events recorded before are hidden, epoch milliseconds. */
  readonly notBefore: number;
}

/** Events as EventStoreDB shows them: with what metadata hides, and what deletion ended. */
export class Reading {
  readonly #log: LogReader;
  readonly #states: StreamStates;
  readonly #now: () => number;

  constructor(log: LogReader, states: StreamStates, now: () => number) {
    this.#log = log;
    this.#states = states;
    this.#now = now;
  }

  /** @throws {Refused} the stream was deleted for ever. */
  async visible(stream: string): Promise<Visible> {
    if (isImpossibleStream(stream)) return { exists: false, first: 0, last: -1, notBefore: 0 };
    const state = await this.#states.of(originalOf(stream));
    if (state.isTombstoned) throw new Refused({ kind: 'stream-deleted', stream });
    const ofMetadata = isMetadataStream(stream);
    const last = ofMetadata ? state.lastOfMetadata : state.last;
    const metadata = ofMetadata ? OF_METADATA_STREAMS : state.metadata;
    return {
      exists: last >= 0 && !metadata.isSoftDeleted,
      first: firstVisible(metadata, last),
      last,
      notBefore: metadata.maxAge === undefined ? 0 : this.#now() - metadata.maxAge * 1000,
    };
  }

  async *stream({ stream, backwards, from, limit }: StreamRead, visible: Visible): AsyncGenerator<StoredEvent> {
    const { first, last, notBefore } = visible;
    if (!backwards && from === 'end') return;
    const start = from === 'start' ? 0 : from === 'end' ? last : from;
    const options = backwards
      ? { direction: 'backwards' as const, from: Math.min(start, last), limit }
      : { direction: 'forwards' as const, from: Math.max(start, first), limit: notBefore > 0 ? undefined : limit };
    let left = limit;
    for await (const fact of this.#log.readStream(stream, options)) {
      if (backwards && (fact.revision < first || fact.recordedAt < notBefore)) return;
      if (fact.recordedAt < notBefore) continue;
      yield toEvent(fact);
      if (--left <= 0) return;
    }
  }

  /** Forwards from a place, inclusive; backwards from a place, exclusive. */
  async *all(backwards: boolean, from: From): AsyncGenerator<StoredEvent> {
    if (!backwards) {
      if (from === 'end') return;
      const after = positionText(from === 'start' ? 0 : Math.max(0, from - 1));
      for await (const fact of this.#log.readAll({ after })) yield toEvent(fact);
      return;
    }
    if (from === 'start') return;
    const head = Number(await this.#log.head());
    let before = from === 'end' ? head + 1 : Math.min(from, head + 1);
    while (before > 1) {
      // Places of this log have no holes, so a window of places is a window of facts.
      const after = Math.max(0, before - 1 - WINDOW);
      const window: StoredEvent[] = [];
      for await (const fact of this.#log.readAll({ after: positionText(after), limit: before - 1 - after })) {
        window.push(toEvent(fact));
      }
      for (const event of window.reverse()) yield event;
      before = after + 1;
    }
  }

  /** The event that a link points to; undefined when there is none to see. */
  async linked(link: StoredEvent): Promise<StoredEvent | undefined> {
    const [, revision, stream] = /^(\d{1,15})@(.+)$/s.exec(Buffer.from(link.data).toString('utf8')) ?? [];
    if (revision === undefined || stream === undefined) return undefined;
    try {
      const visible = await this.visible(stream);
      if (!visible.exists) return undefined;
      const read = { stream, backwards: false, from: Number(revision), limit: 1 };
      for await (const event of this.stream(read, visible)) {
        return event.revision === BigInt(revision) ? event : undefined;
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    return undefined;
  }
}

export const isLink = (event: StoredEvent) => event.type === LINK_TYPE;
