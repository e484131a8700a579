/** How the server's clock was found to stand to the passing of time here. */
interface Sighting {
  /** The server's clock less our passing time, milliseconds. */
  readonly offset: number;
  /** It may be wrong by so much either way. */
  readonly within: number;
  /** Passing time. */
  readonly at: number;
  /** From a fact that was heard: it may have been on its way for longer, so the clock may be further ahead. */
  readonly isHeard: boolean;
}

/** A sharper sighting is kept for so long against a blunter one. */
const KEPT_MS = 60_000;
/** Two sightings agree when they differ by no more than they may be wrong, and this. */
const SLACK_MS = 100;
/** How long a fact is taken to have been on its way at most when it is heard live: generous. */
const ON_ITS_WAY_MS = 1000;

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

  /** A fact was recorded at `recordedAt` between two moments of our passing time: an append of our own. */
  recorded(recordedAt: number, after: number, before: number): void {
    this.seen(recordedAt);
    const sighting = between(recordedAt, after, before, false);
    const kept = this.#kept(before);
    if (!kept || kept.isHeard || sighting.within <= kept.within || !agree(kept, sighting)) this.#sighting = sighting;
  }

  /** A fact that was recorded at `recordedAt` has only just come, `at` of our passing time. */
  heard(recordedAt: number, at: number): void {
    this.seen(recordedAt);
    const sighting = between(recordedAt, at - ON_ITS_WAY_MS, at, true);
    const kept = this.#kept(at);
    // Being late makes the server's clock look behind, never ahead.
    if (!kept || (sighting.offset > kept.offset && (kept.isHeard || !agree(kept, sighting)))) this.#sighting = sighting;
  }

  /** A fact of this time stands in the log: the server's clock is beyond it. */
  seen(recordedAt: number): void {
    this.#newest = Math.max(this.#newest, recordedAt);
  }

  #kept(now: number): Sighting | undefined {
    return this.#sighting && now - this.#sighting.at < KEPT_MS ? this.#sighting : undefined;
  }

  /** The log's clock less ours, milliseconds; 0 as long as nothing tells. */
  get ms(): number {
    if (this.#sighting) return Math.round(this.#sighting.offset + performance.now() - this.#now());
    return Math.max(this.#newest - this.#now(), 0);
  }
}

function between(recordedAt: number, after: number, before: number, isHeard: boolean): Sighting {
  return { offset: recordedAt - (after + before) / 2, within: (before - after) / 2, at: before, isHeard };
}

const agree = (a: Sighting, b: Sighting) => Math.abs(a.offset - b.offset) <= a.within + b.within + SLACK_MS;
