import type { LogReader } from '../port.ts';
import { metadataFrom, metadataStreamOf, NO_METADATA } from './metadata.ts';
import type { StreamMetadata } from './metadata.ts';
import { toEvent } from './stored.ts';
import type { StoredEvent } from './stored.ts';

/** A stream and its metadata stream: where both stand. Revisions are -1 while there is no event. */
export interface StreamState {
  readonly stream: string;
  last: number;
  lastOfMetadata: number;
  metadata: StreamMetadata;
  isTombstoned: boolean;
  /** A real server takes the metadata once more after a tombstone, when it had read it before. */
  metadataOnceMore: boolean;
}

/** Where each stream stands, read from the log when it is first asked for. */
export class StreamStates {
  readonly #log: LogReader;
  readonly #keeps: boolean;
  readonly #states = new Map<string, StreamState | Promise<StreamState>>();

  /** `keeps`: nobody else writes to the log, so what is known stays true. */
  constructor(log: LogReader, keeps: boolean) {
    this.#log = log;
    this.#keeps = keeps;
  }

  /** By the name of the stream itself, never of its metadata stream. The state at once when it is known. */
  of(stream: string): StreamState | Promise<StreamState> {
    const known = this.#states.get(stream);
    if (known) return known;
    const loading = this.#load(stream);
    if (this.#keeps) {
      this.#states.set(stream, loading);
      loading.then(
        (state) => this.#states.set(stream, state),
        () => this.#states.delete(stream),
      );
    }
    return loading;
  }

  /** After an append that may not have happened: it is read anew. */
  forget(stream: string): void {
    this.#states.delete(stream);
  }

  async #load(stream: string): Promise<StreamState> {
    const [last, lastOfMetadata] = await Promise.all([this.#last(stream), this.#last(metadataStreamOf(stream))]);
    return {
      stream,
      last: last?.at ?? -1,
      lastOfMetadata: lastOfMetadata?.at ?? -1,
      metadata: lastOfMetadata ? metadataFrom(lastOfMetadata.event) : NO_METADATA,
      isTombstoned: last?.event.isTombstone ?? false,
      metadataOnceMore: false,
    };
  }

  async #last(stream: string): Promise<{ event: StoredEvent; at: number } | undefined> {
    for await (const fact of this.#log.readStream(stream, { direction: 'backwards', limit: 1 })) {
      return { event: toEvent(fact), at: fact.revision };
    }
    return undefined;
  }
}
