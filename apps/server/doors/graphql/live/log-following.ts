import type { EventLog, Position, RecordedFact } from '#event-log/port';
import { bookOf, INSTALLATION_STREAM, STAFF_PREFIX, WORKSPACE_PREFIX } from '#projections/runner/streams';

/** Denials in a workspace's book; those in an asker's own are nobody's to follow. */
const DENIALS_OF_WORKSPACES = 'denials-ws_';
const STREAM_PREFIXES = [WORKSPACE_PREFIX, DENIALS_OF_WORKSPACES, STAFF_PREFIX, INSTALLATION_STREAM];
const AGAIN_MS = 200;

export interface Listener {
  hear(fact: RecordedFact): void;
  /** The log is another one than was followed: nothing more will be heard. */
  lost(): void;
}

export interface Listening {
  /** Everything behind this position will be heard, and nothing up to it. */
  readonly from: Position;
  leave(): void;
}

/**
 * The one following of the log that all subscriptions of this process are fed from; it goes on only while somebody
 * listens. Facts are told in the log's order and fanned out by workspace; those of staff and installation to all.
 */
export class LogFollowing {
  readonly #log: EventLog;
  readonly #onError: (error: unknown) => void;
  readonly #books = new Map<string, Set<Listener>>();
  readonly #outside = new Set<Listener>();
  readonly #everywhere = new Set<Listener>();
  #position: Position = '';
  #wanted = 0;
  #started: Promise<void> | undefined;
  #stop = new AbortController();
  #following: Promise<void> = Promise.resolve();

  constructor(log: EventLog, onError: (error: unknown) => void) {
    this.#log = log;
    this.#onError = onError;
  }

  /** Hears the facts of a workspace's book. @throws {LogUnavailable} */
  listen(workspaceId: string, listener: Listener): Promise<Listening> {
    return this.#join({
      enter: () => {
        const listeners = this.#books.get(workspaceId) ?? new Set();
        this.#books.set(workspaceId, listeners.add(listener));
      },
      leave: () => {
        const listeners = this.#books.get(workspaceId);
        if (listeners?.delete(listener) && listeners.size === 0) this.#books.delete(workspaceId);
      },
    });
  }

  /** Hears the facts of every workspace's book. @throws {LogUnavailable} */
  listenEverywhere(listener: Listener): Promise<Listening> {
    return this.#join({
      enter: () => this.#everywhere.add(listener),
      leave: () => this.#everywhere.delete(listener),
    });
  }

  /** Hears the facts of staff members and of the installation. @throws {LogUnavailable} */
  listenOutside(listener: Listener): Promise<Listening> {
    return this.#join({
      enter: () => this.#outside.add(listener),
      leave: () => this.#outside.delete(listener),
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#following;
  }

  async #join(place: { enter(): unknown; leave(): unknown }): Promise<Listening> {
    this.#wanted++;
    let isHere = true;
    const leave = (): void => {
      if (!isHere) return;
      isHere = false;
      place.leave();
      if (--this.#wanted > 0) return;
      this.#stop.abort();
      this.#started = undefined;
    };
    try {
      await (this.#started ??= this.#start());
    } catch (error) {
      this.#started = undefined;
      leave();
      throw error;
    }
    // In one turn with reading the position, so that nothing comes between.
    place.enter();
    return { from: this.#position, leave };
  }

  async #start(): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    await this.#following;
    this.#position = await this.#log.head();
    this.#following = this.#follow(stop.signal);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const options = { after: this.#position, streamPrefixes: STREAM_PREFIXES, signal };
        for await (const heard of this.#log.follow(options)) {
          if (signal.aborted) return;
          if (heard.kind === 'fact') this.#tell(heard.fact);
          this.#position = heard.kind === 'fact' ? heard.fact.position : heard.position;
        }
      } catch (error) {
        if (error instanceof RangeError) return this.#lose(error);
        // The log is away: following goes on from where it was once it is back.
        await new Promise<void>((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  #tell(fact: RecordedFact): void {
    const workspaceId = bookOf(fact.stream);
    const listeners =
      workspaceId === undefined ? this.#outside : [...(this.#books.get(workspaceId) ?? []), ...this.#everywhere];
    for (const listener of [...listeners]) {
      try {
        listener.hear(fact);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  #lose(error: RangeError): void {
    this.#started = undefined;
    this.#onError(error);
    for (const listeners of [this.#outside, this.#everywhere, ...this.#books.values()])
      for (const listener of [...listeners]) listener.lost();
  }
}
