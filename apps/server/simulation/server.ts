import { Store } from './store.ts';
import { LOOK_AGAIN_MS, type World } from './world.ts';

/** How likely each fault is at each call, from 0 to 1. */
export interface Weather {
  /** An append lands, and its answer is lost. */
  readonly dropped: number;
  /** An append is lost on its way. */
  readonly lost: number;
  /** An append is refused before anything is stored. */
  readonly refused: number;
  /** An append lands when its caller has long given up. */
  readonly late: number;
  /** An answer takes hundreds of milliseconds. */
  readonly slow: number;
  /** A read fails, at its beginning or halfway. */
  readonly readFails: number;
}

export const FAIR: Weather = { dropped: 0, lost: 0, refused: 0, late: 0, slow: 0, readFails: 0 };

/** The simulated server: the store, and whether it can be reached. */
export class Server {
  readonly store: Store;
  weather: Weather = FAIR;
  /** It takes everything and answers nothing until then, in milliseconds of the world. */
  frozenUntil = 0;
  /** Nobody gets through to it until then. */
  downUntil = 0;
  readonly #world: World;
  readonly #waiting = new Set<() => void>();

  constructor(world: World) {
    this.#world = world;
    this.store = new Store(world);
  }

  get isDown(): boolean {
    return this.#world.now < this.downUntil;
  }

  get isFrozen(): boolean {
    return this.#world.now < this.frozenUntil;
  }

  /** When to try again whether it still stands still, milliseconds. */
  get thawsIn(): number {
    return Math.min(this.frozenUntil - this.#world.now, LOOK_AGAIN_MS);
  }

  /** Has `broken` called when every connection breaks; what it returns takes that back. */
  connected(broken: () => void): () => void {
    this.#waiting.add(broken);
    return () => this.#waiting.delete(broken);
  }

  /** Gone for a while: all that was under way is cut off, and what only memory held is forgotten. */
  restart(ms: number): void {
    this.downUntil = this.#world.now + ms;
    this.store.restart();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const broken of waiting) broken();
  }
}
