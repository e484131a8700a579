import { LogUnavailable } from '../port.ts';
import type { Followed, FollowOptions, Position, StreamName } from '../port.ts';
import { subscriptionRequest } from './calls.ts';
import type { Streams } from './calls.ts';
import { eventOf, factOf, stampedAt } from './events.ts';
import type { Event } from './events.ts';
import { LOWEST, placeOf, positionText } from './position.ts';
import { headOf, isWanted, readEvents } from './reading.ts';
import type { ReadableServer } from './reading.ts';
import { within } from './silence.ts';
import { Subscription } from './subscription.ts';

/** The port promises to be heard every 500 ms; the rest is for a busy event loop. */
const QUIET_MS = 400;
/** A subscription that owes a fact for so long is given up. */
const OWED_MS = 1500;
const OWED_AGAIN_MS = 200;
/** So many events are looked through here before it is said how far. */
const LOOKED_THROUGH = 1000;
const PAUSE_MS = [50, 1000] as const;
/** So many facts are taken before the event loop gets its turn. */
const TOGETHER = 64;
const NOTHING: readonly Followed[] = [];
/** No stream has a name like that: no prefixes, no facts. */
const MATCHES_NOTHING = ['\u0000'];

export interface FollowableServer extends ReadableServer {
  /** Aborts when the log is closed. */
  readonly closed: AbortSignal;
  /** Hears of facts that anybody has only just recorded: when, by the server's clock, epoch milliseconds. */
  heardLive(recordedAt: number): void;
}

/**
 * Follows by a filtered subscription to everything, begun again from the last position after every kind of break. Only an
 * end of the log before that position ends it, and closing. No position that it tells lies behind the newest fact,
 * whatever the server keeps for itself there: so it can be held against the head.
 */
export async function* follow(
  server: FollowableServer,
  { after, streamPrefixes, signal }: FollowOptions,
): AsyncGenerator<Followed, void, undefined> {
  server.ensureOpen();
  if (after !== undefined) placeOf(after);
  const stop = AbortSignal.any([signal, server.closed]);
  const following = new Following(server, after ?? LOWEST, streamPrefixes, stop);
  let pause: number = PAUSE_MS[0];
  while (!signal.aborted) {
    server.ensureOpen();
    try {
      for await (const some of following.once()) {
        for (const followed of some) {
          yield followed;
          if (signal.aborted) return;
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof RangeError) throw error;
    }
    if (following.wasServed) [pause] = PAUSE_MS;
    await sleep(pause * (0.5 + Math.random()), stop);
    pause = Math.min(pause * 2, PAUSE_MS[1]);
  }
}

class Following {
  readonly #server: FollowableServer;
  readonly #prefixes: readonly StreamName[] | undefined;
  readonly #stop: AbortSignal;
  /** Everything up to here was told, or needn't be. */
  #looked: Position;
  /** Up to here the server has looked; what it found there was taken. */
  #serverLooked = LOWEST;
  /** Where the log's facts ended when following began. */
  #standing: Position | undefined;
  #caughtUp = false;
  /** The position told last, and when. */
  #told: Position;
  #toldAt = performance.now();
  #isLive = false;
  #owedSince: number | undefined;
  #lookAt = 0;
  /** Whether the last subscription said anything at all. */
  wasServed = false;

  constructor(
    server: FollowableServer,
    looked: Position,
    prefixes: readonly StreamName[] | undefined,
    stop: AbortSignal,
  ) {
    this.#server = server;
    this.#looked = this.#told = looked;
    this.#prefixes = prefixes;
    this.#stop = stop;
  }

  /** One subscription: until it breaks (throws), or is stopped (ends). What came together is told together. */
  async *once(): AsyncGenerator<readonly Followed[], void, undefined> {
    this.wasServed = false;
    const head = await this.#unlessStopped(headOf(this.#server));
    if (this.#looked > head) throw new RangeError(`The log ends at ${head}, before position ${this.#looked}.`);
    this.#standing ??= head;
    this.#serverLooked = LOWEST;
    this.#isLive = false;
    this.#owedSince = undefined;
    yield this.#caughtUpNow();
    if (this.#stop.aborted) return;

    const { calls, readTimeoutMs } = this.#server;
    const prefixes = this.#prefixes?.length === 0 ? MATCHES_NOTHING : this.#prefixes;
    const request = subscriptionRequest(this.#looked === LOWEST ? 'start' : placeOf(this.#looked), prefixes);
    const opening = calls.read(request);
    const call = await within(readTimeoutMs, opening).catch((error: unknown) => {
      opening.then(
        (late) => new Subscription(late).end(),
        () => undefined,
      );
      throw error;
    });
    const subscription = new Subscription(call);
    try {
      yield* this.#heard(subscription);
    } finally {
      subscription.end();
    }
  }

  async *#heard(subscription: Subscription): AsyncGenerator<readonly Followed[], void, undefined> {
    let isFresh = false;
    while (!this.#stop.aborted) {
      const some: Followed[] = [];
      let message = subscription.next();
      for (; message; message = some.length < TOGETHER ? subscription.next() : undefined) {
        this.wasServed = true;
        const event = this.#taken(message);
        if (event && isFresh && this.#isLive) this.#server.heardLive(stampedAt(event));
        isFresh = false;
        if (event) some.push({ kind: 'fact', fact: factOf(event) });
        some.push(...this.#caughtUpNow());
      }
      if (some.length > 0) yield some;
      if (this.#stop.aborted) return;
      const now = performance.now();
      if (now >= Math.max(this.#toldAt + QUIET_MS, this.#lookAt)) {
        yield await this.#unheard();
      } else if (some.length < TOGETHER) {
        subscription.ensureUnbroken();
        await subscription.news(Math.max(this.#toldAt + QUIET_MS, this.#lookAt) - now, this.#stop);
        isFresh = true;
      }
    }
  }

  /** What of a message is a fact that wasn't told. */
  #taken(message: Streams.ReadResp): Event | undefined {
    const checkpoint = message.getCheckpoint();
    if (checkpoint) this.#serverHasLooked(positionText(BigInt(checkpoint.getCommitPosition())));
    // It began behind where the facts ended when following began, so all of them have come.
    if (message.hasCaughtUp()) this.#serverHasLooked(this.#standing!);
    if (message.hasCaughtUp()) this.#isLive = true;
    if (message.hasFellBehind()) this.#isLive = false;
    const event = eventOf(message);
    if (!event) return undefined;
    const position = positionText(event.commit);
    this.#serverHasLooked(position);
    // What comes again after a break was told already.
    if (position <= this.#looked || !isWanted(event, this.#prefixes)) return undefined;
    this.#looked = position;
    return event;
  }

  #serverHasLooked(position: Position): void {
    if (position <= this.#serverLooked) return;
    this.#serverLooked = position;
    this.#owedSince = undefined;
  }

  /** That it has caught up, once. */
  #caughtUpNow(): readonly Followed[] {
    const standing = this.#standing!;
    if (this.#caughtUp || later(this.#looked, this.#serverLooked) < standing) return NOTHING;
    this.#caughtUp = true;
    this.#looked = later(this.#looked, standing);
    this.#toldAt = performance.now();
    this.#told = this.#looked;
    return [{ kind: 'caughtUp', position: this.#looked }];
  }

  #checkpoint(): Followed {
    this.#toldAt = performance.now();
    this.#told = this.#looked;
    return { kind: 'checkpoint', position: this.#looked };
  }

  /**
   * Nothing was told for a while: is there nothing, or is the subscription behind? What nobody asked for is looked
   * through here; where there is a fact that the subscription owes, nothing is said, and silence is what it sounds like.
   */
  async #unheard(): Promise<readonly Followed[]> {
    if (this.#looked > this.#told) return [this.#checkpoint()];
    const head = await this.#unlessStopped(headOf(this.#server));
    if (head < this.#looked) throw new LogUnavailable('The log ends before what was told of it.');
    const seen = later(this.#looked, this.#serverLooked);
    if (head <= seen) this.#looked = head;
    else if (seen > this.#looked) this.#looked = seen;
    else if (await this.#unlessStopped(this.#owesBefore(head))) {
      const now = performance.now();
      this.#owedSince ??= now;
      if (now - this.#owedSince > OWED_MS) throw new LogUnavailable('A subscription of EventStoreDB owes a fact.');
      this.#lookAt = now + OWED_AGAIN_MS;
      return NOTHING;
    }
    return [...this.#caughtUpNow(), this.#checkpoint()];
  }

  /** Looks through what the server has said nothing of; true: there is a fact in it that it should have sent. */
  async #owesBefore(head: Position): Promise<boolean> {
    const from = this.#looked === LOWEST ? 'start' : placeOf(this.#looked);
    let looked = this.#looked;
    for await (const event of readEvents(this.#server, from, LOOKED_THROUGH)) {
      const position = positionText(event.commit);
      if (position > head) break;
      if (position > this.#looked && isWanted(event, this.#prefixes)) return true;
      looked = position;
    }
    this.#looked = later(this.#looked, looked);
    return false;
  }

  /** @throws {LogUnavailable} stopped meanwhile. */
  async #unlessStopped<Answer>(call: Promise<Answer>): Promise<Answer> {
    const { promise, reject } = Promise.withResolvers<never>();
    const stopped = () => reject(new LogUnavailable('Following was stopped.'));
    if (this.#stop.aborted) stopped();
    this.#stop.addEventListener('abort', stopped);
    call.catch(() => undefined);
    try {
      return await Promise.race([call, promise]);
    } finally {
      this.#stop.removeEventListener('abort', stopped);
    }
  }
}

const later = (a: Position, b: Position) => (a > b ? a : b);

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
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
