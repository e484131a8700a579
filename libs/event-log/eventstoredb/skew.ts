/** How the server's clock was last found to stand to the passing of time here. */
interface Sighting {
  /** The server's clock less our passing time, milliseconds. */
  readonly offset: number;
  /** It may be wrong by so much either way. */
  readonly within: number;
  /** Passing time. */
  readonly at: number;
}

/** A sharper sighting is kept for so long against a blunter one. */
const KEPT_MS = 10_000;

/**
 * The log's clock against ours, from facts whose time of recording is known. It is kept against the passing of time and
 * not against our clock, so that a jump of ours shows at once.
 */
export class Skew {
  readonly #now: () => number;
  #sighting: Sighting | undefined;
  #newest = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A fact was recorded at `recordedAt` between two moments of our passing time. */
  recorded(recordedAt: number, after: number, before: number): void {
    const within = (before - after) / 2;
    const sighting = { offset: recordedAt - (after + before) / 2, within, at: before };
    const kept = this.#sighting;
    if (kept && before - kept.at < KEPT_MS && kept.within < within && this.#agree(kept, sighting)) return;
    this.#sighting = sighting;
    this.seen(recordedAt);
  }

  /** Facts older than this stand in the log: the server's clock is beyond it. */
  seen(recordedAt: number): void {
    this.#newest = Math.max(this.#newest, recordedAt);
  }

  #agree(a: Sighting, b: Sighting): boolean {
    return Math.abs(a.offset - b.offset) <= a.within + b.within + 100;
  }

  /** The log's clock less ours, milliseconds; 0 as long as nothing tells. */
  get ms(): number {
    if (this.#sighting) return Math.round(this.#sighting.offset + performance.now() - this.#now());
    return Math.max(this.#newest - this.#now(), 0);
  }
}
