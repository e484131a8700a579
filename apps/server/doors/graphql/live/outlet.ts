/** What a subscription gives out: each event is one object, shared by all who are told of it. */
export type LiveEvent = object;

export interface OutletOptions {
  /** Events that wait at most; whoever reads too slowly for them is let go. */
  readonly most: number;
  /** Asked before each event is given out: whether the right to it still stands. */
  readonly mayStill: () => boolean;
  readonly onLost: () => void;
  readonly onTooSlow: () => void;
  readonly onLeft: () => void;
}

const DONE: IteratorResult<LiveEvent> = { done: true, value: undefined };

/**
 * The end of a subscription that its socket reads from: first what is caught up on, then what comes, in order. It is an
 * iterator by hand because a generator that waits for its next event can't be left.
 */
export class Outlet implements AsyncIterableIterator<LiveEvent> {
  readonly #options: OutletOptions;
  #before: AsyncIterator<LiveEvent> | undefined;
  #waiting: LiveEvent[] = [];
  #reader: ((result: IteratorResult<LiveEvent>) => void) | undefined;
  #ending = false;
  #closed = false;

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return !this.#closed && !this.#ending;
  }

  /** What is given out before anything that is pushed. */
  startWith(before: AsyncIterable<LiveEvent>): this {
    this.#before = before[Symbol.asyncIterator]();
    return this;
  }

  push(event: LiveEvent): void {
    if (!this.isOpen) return;
    if (this.#reader && !this.#before) {
      if (!this.#mayStill()) return;
      const reader = this.#reader;
      this.#reader = undefined;
      reader({ done: false, value: event });
    } else if (this.#waiting.length >= this.#options.most) {
      this.#waiting = [];
      this.#options.onTooSlow();
    } else {
      this.#waiting.push(event);
    }
  }

  /** Ends behind what waits. */
  end(): void {
    this.#ending = true;
    if (this.#waiting.length === 0 && !this.#before) this.close();
  }

  /** Ends at once; nothing more is given out. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting = [];
    this.#before?.return?.()?.catch(() => undefined);
    this.#before = undefined;
    this.#reader?.(DONE);
    this.#reader = undefined;
    this.#options.onLeft();
  }

  async next(): Promise<IteratorResult<LiveEvent>> {
    while (this.#before) {
      const result = await this.#before.next();
      if (this.#closed) return DONE;
      if (result.done === true) this.#before = undefined;
      else if (this.#mayStill()) return result;
      else return this.#never();
    }
    if (this.#closed) return DONE;
    const event = this.#waiting.shift();
    if (event !== undefined) return this.#mayStill() ? { done: false, value: event } : this.#never();
    if (this.#ending) {
      this.close();
      return DONE;
    }
    return this.#never();
  }

  return(): Promise<IteratorResult<LiveEvent>> {
    this.close();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #mayStill(): boolean {
    if (this.#options.mayStill()) return true;
    this.#waiting = [];
    this.#options.onLost();
    return false;
  }

  /** Waits for the next event, or for the end. */
  #never(): Promise<IteratorResult<LiveEvent>> {
    return new Promise((resolve) => {
      if (this.#closed) resolve(DONE);
      else this.#reader = resolve;
    });
  }
}
