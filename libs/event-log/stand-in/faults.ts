import { Refused } from './refusals.ts';

/** What a harness can do to a stand-in while it runs. Shares are from 0 (never) to 1 (always). */
export interface Faults {
  /** This share of appends is stored, and never answered. */
  dropAppendAnswers(share: number): void;
  /** Answers, and events of live subscriptions, come so many milliseconds later; at 0 what is held back comes at once. */
  delayAnswers(ms: number): void;
  /** Answers to appends of one moment come in another order than the appends. */
  reorderAnswers(on: boolean): void;
  /** Nothing is taken in or answered any more; connections stay. */
  freeze(): void;
  /** What was frozen goes on. */
  thaw(): void;
  /** Connections are cut, new ones refused. */
  unreachable(): Promise<void>;
  /** There again, on the same port. */
  reachable(): Promise<void>;
  /** This share of appends fails with an unknown error; nothing of them is stored. */
  failAppends(share: number): void;
  /** Every live subscription ends with an error. */
  breakSubscriptions(): void;
}

/** Answers that are to be reordered are gathered for so long. */
const GATHER_MS = 5;

/** The switches, and the questions that the services ask them. All chance comes from the seed. */
export class FaultSwitches {
  readonly #random: () => number;
  readonly #subscriptions = new Set<(error: Error) => void>();
  #dropShare = 0;
  #failShare = 0;
  #delayMs = 0;
  readonly #heldBack = new Set<() => void>();
  #reorders = false;
  #frozen: PromiseWithResolvers<void> | undefined;
  #gathered: (() => void)[] = [];

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  dropAppendAnswers(share: number): void {
    this.#dropShare = share;
  }

  delayAnswers(ms: number): void {
    this.#delayMs = ms;
    if (ms === 0) for (const come of this.#heldBack) come();
  }

  reorderAnswers(on: boolean): void {
    this.#reorders = on;
  }

  failAppends(share: number): void {
    this.#failShare = share;
  }

  freeze(): void {
    this.#frozen ??= Promise.withResolvers();
  }

  thaw(): void {
    this.#frozen?.resolve();
    this.#frozen = undefined;
  }

  breakSubscriptions(): void {
    const error = new Refused({ kind: 'dropped', message: 'The subscription was dropped.' });
    for (const end of this.#subscriptions) end(error);
  }

  /** Calls `end` when subscriptions are broken; returns the way to stop that. */
  onBreak(end: (error: Error) => void): () => void {
    this.#subscriptions.add(end);
    return () => this.#subscriptions.delete(end);
  }

  get isFrozen(): boolean {
    return this.#frozen !== undefined;
  }

  /** Resolves when nothing is frozen, at once when nothing is. */
  async thawed(): Promise<void> {
    while (this.#frozen) await this.#frozen.promise;
  }

  /** @throws {Refused} this append is one of those that fail. */
  mayFailAppend(): void {
    if (this.#failShare > 0 && this.#random() < this.#failShare) {
      throw new Refused({ kind: 'unknown', message: 'The append failed.' });
    }
  }

  /** Whether this append's answer is one of those that get lost. */
  losesAnswer(): boolean {
    return this.#dropShare > 0 && this.#random() < this.#dropShare;
  }

  /** Before an answer, or before the first part of one. */
  async beforeAnswer(): Promise<void> {
    if (this.#delayMs > 0) await this.#heldBackFor(this.#delayMs);
    if (this.#frozen) await this.thawed();
  }

  /** Before an event of a live subscription that was recorded at `recordedAt` (epoch milliseconds, `now` likewise). */
  async beforeEvent(recordedAt: number, now: () => number): Promise<void> {
    const early = this.#delayMs > 0 ? recordedAt + this.#delayMs - now() : 0;
    if (early > 0) await this.#heldBackFor(early);
    if (this.#frozen) await this.thawed();
  }

  #heldBackFor(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const come = () => {
        clearTimeout(timer);
        this.#heldBack.delete(come);
        resolve();
      };
      const timer = setTimeout(come, ms);
      this.#heldBack.add(come);
    });
  }

  /** Sends an append's answer when it is due: at once, where no fault is on. */
  answer(send: () => void): void {
    if (this.#reorders) this.#gather(send);
    else if (this.#delayMs > 0 || this.#frozen) void this.beforeAnswer().then(send);
    else send();
  }

  #gather(send: () => void): void {
    if (this.#gathered.push(send) > 1) return;
    setTimeout(() => {
      const gathered = this.#gathered;
      this.#gathered = [];
      for (let i = gathered.length - 1; i > 0; i--) {
        const j = Math.floor(this.#random() * (i + 1));
        [gathered[i], gathered[j]] = [gathered[j]!, gathered[i]!];
      }
      void this.beforeAnswer().then(() => gathered.forEach((each) => each()));
    }, GATHER_MS);
  }
}

/** Mulberry32: small, and the same everywhere for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
