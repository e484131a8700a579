import type { DeskTimer } from './surroundings.ts';

/** Nobody waits longer than this for an answer that a lane can't give. */
export const PATIENCE_MS = 5000;

/**
 * Says when something takes too long. Everything has the same time, so one timer does for all of it, and none runs while
 * nothing is watched: a hundred thousand lanes are read at a start.
 */
export class Patience {
  readonly #timer: Pick<DeskTimer, 'elapsed' | 'pause'>;
  /** What is done when the time is over, by whatever takes it; oldest first. */
  readonly #watched = new Map<object, { readonly until: number; readonly over: () => void }>();
  #waits = false;

  constructor(timer: Pick<DeskTimer, 'elapsed' | 'pause'>) {
    this.#timer = timer;
  }

  watch(what: object, over: () => void): void {
    this.#watched.set(what, { until: this.#timer.elapsed() + PATIENCE_MS, over });
    if (!this.#waits) void this.#wait();
  }

  done(what: object): void {
    this.#watched.delete(what);
  }

  async #wait(): Promise<void> {
    this.#waits = true;
    let wait = PATIENCE_MS;
    while (this.#watched.size > 0) {
      await this.#timer.pause(wait);
      const now = this.#timer.elapsed();
      wait = PATIENCE_MS;
      for (const [what, { until, over }] of this.#watched) {
        if (until > now) {
          wait = until - now;
          break;
        }
        this.#watched.delete(what);
        over();
      }
    }
    this.#waits = false;
  }
}
