import type { EventLog } from '#event-log/port';
import type { Clock } from './clock.ts';
import type { DeskTimer } from './surroundings.ts';

/** How far this instance's clock may be off the log's (design.md, "Time"). */
export const MOST_SKEW_MS = 2000;
/** How far the clock may fall behind a time that was seen already. */
const MOST_BACK_MS = 5000;
const COMPARE_EVERY_MS = 500;

type ClockTimer = Pick<DeskTimer, 'elapsed' | 'every' | 'pause' | 'stopping'>;
type WatchedLog = Pick<EventLog, 'health' | 'isShared'>;

/**
 * Watches this instance's clock: against the log's recorded times where others write to the log too, against the passing
 * of time, and against the newest time it has seen. While it is wrong nothing is granted and no end is written, so that a
 * bad clock can neither give time back nor take it from others; what only takes away goes on, at the log's time.
 */
export class ClockGuard implements Clock {
  readonly #log: WatchedLog;
  readonly #clock: Clock;
  readonly #timer: ClockTimer;
  /** The log's clock less ours, as last heard. */
  #skewMs = 0;
  /** The log's time as last heard, and the passing time then. */
  #heard: { readonly time: number; readonly elapsed: number } | undefined;
  /** The newest time seen: the clock's own, or a fact's. */
  #newest = 0;
  #leave: (() => void) | undefined;
  #comparing: Promise<void> | undefined;

  constructor(log: WatchedLog, clock: Clock, timer: ClockTimer) {
    this.#log = log;
    this.#clock = clock;
    this.#timer = timer;
  }

  /** Resolves once the clock was held against the log's: before that, nobody could tell a wrong one. */
  async start(): Promise<void> {
    await this.compare();
    while (this.#log.isShared && !this.#heard && !this.#timer.stopping) {
      await this.#timer.pause(COMPARE_EVERY_MS);
      await this.compare();
    }
    this.#leave = this.#timer.every(COMPARE_EVERY_MS, () => {
      this.#comparing ??= this.compare().finally(() => (this.#comparing = undefined));
    });
  }

  async stop(): Promise<void> {
    this.#leave?.();
    await this.#comparing;
  }

  get skewMs(): number {
    return this.#skewMs;
  }

  /**
   * The clock; where it is wrong, the log's time as far as it is known. What waits for its turn while the clock jumps is
   * decided by this, too.
   */
  now(): number {
    const now = this.#clock.now();
    const ahead = this.#ahead(now);
    return Math.abs(ahead) > MOST_SKEW_MS ? Math.round(now - ahead) : now;
  }

  /** How far the clock is ahead of where the log's must be by now, milliseconds. */
  #ahead(now: number): number {
    if (!this.#log.isShared || !this.#heard) return 0;
    return now - this.#heard.time - (this.#timer.elapsed() - this.#heard.elapsed);
  }

  /** Why this instance's clock can't be trusted just now, as a sentence; `undefined` while it can. */
  problem(): string | undefined {
    const now = this.#clock.now();
    if (Math.abs(this.#skewMs) > MOST_SKEW_MS) {
      return `The clock here is ${seconds(this.#skewMs)} ${this.#skewMs > 0 ? 'behind' : 'ahead of'} the log’s.`;
    }
    if (now < this.#newest - MOST_BACK_MS) {
      return `The clock here went back by ${seconds(this.#newest - now)}: nothing is granted until it has caught up.`;
    }
    const ahead = this.#ahead(now);
    return Math.abs(ahead) > MOST_SKEW_MS ? `The clock here has jumped by ${seconds(ahead)}.` : undefined;
  }

  /** One look at the log's clock; a log that is away leaves things as they are known. */
  async compare(): Promise<void> {
    const health = await this.#log.health().catch(() => undefined);
    if (!health?.readable) return;
    const { clockSkewMs, newestRecordedAt = 0 } = health;
    this.#skewMs = clockSkewMs;
    const now = this.#clock.now();
    this.#heard = { time: now + clockSkewMs, elapsed: this.#timer.elapsed() };
    if (Math.abs(clockSkewMs) > MOST_SKEW_MS) return;
    // A clock that is right by the log's isn't held to what a wrong one said before.
    this.#newest = this.#log.isShared ? 0 : Math.max(this.#newest, newestRecordedAt, now);
  }
}

function seconds(ms: number): string {
  return `${Math.round(Math.abs(ms) / 100) / 10} s`;
}
