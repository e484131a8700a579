import { glanceAhead, type Glanced } from './glance.ts';
import type { DeskTimer } from './surroundings.ts';

/** How many turns of the event loop a flush is put off at most while they bring more to write. */
const TURNS_WAITED = 8;

/** A lane with work to do. */
export interface Scheduled extends Glanced {
  pump(): void;
}

/**
 * All lanes with work are pumped in one go at the end of a turn of the event loop, so that their appends share one flush.
 * While each turn still brings more, it is waited out, a few turns at most: a flush costs more than they do, and no timer
 * is set.
 */
export class Turns {
  readonly #timer: DeskTimer;
  readonly #glanceAhead: typeof glanceAhead;
  #due = new Set<Scheduled>();
  #isSet = false;
  /** Kept, so that no compiler takes a glance for idle. */
  #glanced = 0;

  constructor(timer: DeskTimer, glance = glanceAhead) {
    this.#timer = timer;
    this.#glanceAhead = glance;
  }

  /** Has the lane pumped once this turn is over. */
  schedule(lane: Scheduled): void {
    this.#due.add(lane);
    if (this.#isSet) return;
    this.#isSet = true;
    this.#timer.soon(() => this.#end(this.#due.size, 0));
  }

  #end(before: number, waited: number): void {
    if (waited === 0 || (waited < TURNS_WAITED && this.#due.size > before)) {
      const { size } = this.#due;
      this.#timer.soon(() => this.#end(size, waited + 1));
      return;
    }
    this.#isSet = false;
    const due = [...this.#due];
    // A set that is used again grows old, and leaves its outgrown tables among old objects: garbage that is only found
    // by looking through all of them.
    this.#due = new Set();
    // Among a million visits no cache holds what a lane stands on. Glanced at together, the processor waits for the memory
    // of many at a time; in their turns it would wait for each alone.
    if (due.length > 1) this.#glance(due);
    for (const each of due) each.pump();
  }

  #glance(due: readonly Scheduled[]): void {
    try {
      this.#glanced = (this.#glanced + this.#glanceAhead(due)) | 0;
    } catch {
      // It only reads ahead: what is wrong there shows when the lane is pumped.
    }
  }
}
