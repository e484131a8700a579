import { START, streamNameFilter, type AllStreamSubscription, type ResolvedEvent } from '@eventstore/db-client';

import { LogUnavailable } from '../port.ts';
import type { Followed, FollowOptions, Position, RecordedFact, StreamName } from '../port.ts';
import { factOf, isSystemStream } from './events.ts';
import { LOWEST, placeOf, positionText } from './position.ts';
import { headOf, isWanted, readEvents } from './reading.ts';
import type { ReadableServer } from './reading.ts';

/** The port promises to be heard every 500 ms; the rest is for a busy event loop. */
const QUIET_MS = 350;
/** At the start nobody waits that long to hear that there is nothing. */
const FIRST_QUIET_MS = 50;
/** A subscription that owes a fact for so long is given up. */
const OWED_MS = 1500;
const LOOKED_THROUGH = 500;
const PAUSE_MS = [50, 1000] as const;
const WAITING_MOST = 1000;

export interface FollowableServer extends ReadableServer {
  /** Hears of each fact that has just been recorded by anybody. */
  heardLive(fact: RecordedFact): void;
}

type Heard =
  | { readonly kind: 'event'; readonly event: ResolvedEvent }
  | { readonly kind: 'looked'; readonly position: Position }
  /** The server's subscription has caught up. */
  | { readonly kind: 'live' };

/**
 * Follows by a filtered subscription to $all, begun again from the last position after every kind of break. Only an end
 * of the log before that position ends it, and closing.
 */
export async function* follow(
  server: FollowableServer,
  { after, streamPrefixes, signal }: FollowOptions,
): AsyncGenerator<Followed, void, undefined> {
  server.ensureOpen();
  if (after !== undefined) placeOf(after);
  if (signal.aborted) return;
  const following = new Following(server, after ?? LOWEST, streamPrefixes, signal);
  yield* following.run();
}

class Following {
  readonly #server: FollowableServer;
  readonly #prefixes: readonly StreamName[] | undefined;
  readonly #signal: AbortSignal;
  /** Everything up to here was told. */
  #looked: Position;
  /** Where the log's facts ended when following began. */
  #standing: Position | undefined;
  #caughtUp = false;
  #toldAt = performance.now();

  constructor(
    server: FollowableServer,
    looked: Position,
    prefixes: readonly StreamName[] | undefined,
    signal: AbortSignal,
  ) {
    this.#server = server;
    this.#looked = looked;
    this.#prefixes = prefixes;
    this.#signal = signal;
  }

  async *run(): AsyncGenerator<Followed, void, undefined> {
    let pause: number = PAUSE_MS[0];
    for (;;) {
      try {
        await this.#ensureSameLog();
        for await (const followed of this.#subscription()) {
          pause = PAUSE_MS[0];
          yield followed;
          if (this.#signal.aborted) return;
        }
        return;
      } catch (error) {
        this.#server.ensureOpen();
        if (error instanceof RangeError) throw error;
        if (this.#signal.aborted) return;
      }
      await sleep(pause * (0.5 + Math.random()), this.#signal);
      if (this.#signal.aborted) return;
      this.#server.ensureOpen();
      pause = Math.min(pause * 2, PAUSE_MS[1]);
    }
  }

  async #ensureSameLog(): Promise<void> {
    const end = await headOf(this.#server, 'anything');
    if (this.#looked > end) throw new RangeError(`The log ends at ${end}, before position ${this.#looked}.`);
    this.#standing ??= await headOf(this.#server);
  }

  /** One subscription, until it breaks (throws) or the signal aborts (ends). */
  async *#subscription(): AsyncGenerator<Followed, void, undefined> {
    const subscription = new Subscription(this.#server, this.#looked, this.#prefixes, this.#signal);
    let quietMs = this.#caughtUp ? QUIET_MS : FIRST_QUIET_MS;
    let owedSince: number | undefined;
    try {
      for (;;) {
        for (let heard = subscription.next(); heard; heard = subscription.next()) {
          owedSince = undefined;
          yield* this.#told(heard, subscription);
          if (this.#signal.aborted) return;
        }
        subscription.ensureUnbroken();
        if (performance.now() - this.#toldAt >= quietMs) {
          const owes = yield* this.#quiet();
          if (this.#signal.aborted) return;
          owedSince = owes ? (owedSince ?? performance.now()) : undefined;
          if (owedSince !== undefined && performance.now() - owedSince > OWED_MS) {
            throw new LogUnavailable('A subscription of EventStoreDB owes a fact.');
          }
          quietMs = QUIET_MS;
        }
        const quietAt = owedSince === undefined ? this.#toldAt + quietMs : performance.now() + QUIET_MS / 2;
        await subscription.news(Math.max(quietAt - performance.now(), 1));
        if (this.#signal.aborted) return;
        this.#server.ensureOpen();
      }
    } finally {
      subscription.end();
    }
  }

  *#told(heard: Heard, subscription: Subscription): Generator<Followed, void, undefined> {
    if (heard.kind === 'event') {
      const event = heard.event.event;
      if (!event) return;
      const position = positionText(event.position!.commit);
      // What comes again after a break was told already.
      if (position <= this.#looked) return;
      this.#looked = position;
      if (!isSystemStream(event.streamId)) {
        const fact = factOf(event);
        if (subscription.isLive) this.#server.heardLive(fact);
        this.#toldAt = performance.now();
        yield { kind: 'fact', fact };
      }
    } else if (heard.kind === 'looked') {
      if (heard.position > this.#looked) this.#looked = heard.position;
    } else if (this.#standing! > this.#looked) {
      this.#looked = this.#standing!;
    }
    yield* this.#caughtUpNow();
  }

  *#caughtUpNow(): Generator<Followed, void, undefined> {
    if (this.#caughtUp || this.#looked < this.#standing!) return;
    this.#caughtUp = true;
    this.#toldAt = performance.now();
    yield { kind: 'caughtUp', position: this.#looked };
  }

  /**
   * Nothing was heard for a while: is there nothing, or is the subscription behind? What nobody asked for is looked
   * through here; where there is a fact that the subscription owes, nothing is said, and silence is what it sounds like.
   */
  async *#quiet(): AsyncGenerator<Followed, boolean, undefined> {
    let end: Position;
    try {
      end = await headOf(this.#server, 'anything');
      if (end > this.#looked && !(await this.#holdsNothingWantedUpTo(end))) return true;
    } catch (error) {
      if (error instanceof LogUnavailable) return false;
      throw error;
    }
    if (end > this.#looked) this.#looked = end;
    yield* this.#caughtUpNow();
    this.#toldAt = performance.now();
    yield { kind: 'checkpoint', position: this.#looked };
    return false;
  }

  async #holdsNothingWantedUpTo(end: Position): Promise<boolean> {
    const from = this.#looked === LOWEST ? START : placeOf(this.#looked);
    for await (const { event } of readEvents(this.#server, from, LOOKED_THROUGH)) {
      const position = positionText(event!.position!.commit);
      if (position > this.#looked && isWanted(event!.streamId, this.#prefixes)) return false;
      if (position >= end) return true;
    }
    return false;
  }
}

/** A subscription of the client as a queue that can be waited for. */
class Subscription {
  readonly #subscription: AllStreamSubscription;
  readonly #signal: AbortSignal;
  readonly #heard: Heard[] = [];
  readonly #onAbort = () => this.#wake?.();
  #failure: unknown;
  #wake: (() => void) | undefined;
  isLive = false;

  constructor(
    { client }: ReadableServer,
    after: Position,
    prefixes: readonly StreamName[] | undefined,
    signal: AbortSignal,
  ) {
    this.#signal = signal;
    const filter =
      prefixes === undefined
        ? {}
        : {
            filter: streamNameFilter({
              // No prefix at all would mean everything.
              prefixes: prefixes.length > 0 ? [...prefixes] : ['\u0000'],
              checkpointInterval: 1,
              checkpointReached: async (_, { commit }) => this.#looked(positionText(commit)),
            }),
          };
    this.#subscription = client.subscribeToAll(
      { fromPosition: after === LOWEST ? START : placeOf(after), requiresLeader: true, ...filter },
      { highWaterMark: 500 },
    );
    this.#subscription
      .on('data', (event: ResolvedEvent) => {
        this.#hear({ kind: 'event', event });
        if (this.#heard.length >= WAITING_MOST) this.#subscription.pause();
      })
      .on('error', (error: unknown) => this.#break(error))
      .on('end', () => this.#break(new LogUnavailable('EventStoreDB ended the subscription.')))
      .on('close', () => this.#break(new LogUnavailable('EventStoreDB closed the subscription.')));
    this.#subscription.on('caughtUp', () => {
      if (this.#subscription.readableLength > 0) return;
      this.isLive = true;
      this.#hear({ kind: 'live' });
    });
    signal.addEventListener('abort', this.#onAbort);
  }

  /** It counts only where nothing waits before it, since it is told out of turn; there will be others. */
  #looked(position: Position): void {
    if (this.#subscription.readableLength === 0) this.#hear({ kind: 'looked', position });
  }

  #hear(heard: Heard): void {
    this.#heard.push(heard);
    this.#wake?.();
  }

  #break(error: unknown): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  next(): Heard | undefined {
    const heard = this.#heard.shift();
    if (this.#heard.length === 0 && this.#subscription.isPaused()) this.#subscription.resume();
    return heard;
  }

  /** @throws why it is over. */
  ensureUnbroken(): void {
    if (this.#failure !== undefined && this.#heard.length === 0) throw this.#failure;
  }

  /** Resolves when something was heard, when it broke, when the signal aborts, or after `ms`. */
  news(ms: number): Promise<void> {
    if (this.#heard.length > 0 || this.#failure !== undefined || this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }

  end(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    void this.#subscription.unsubscribe().catch(() => undefined);
    // What is on its way runs out: a call that nobody reads to its end keeps the client from closing.
    this.#subscription.removeAllListeners('data').resume();
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake);
  });
}
