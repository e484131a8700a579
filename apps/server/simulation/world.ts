import { Random } from './random.ts';

/** Where the simulated time begins, epoch milliseconds. */
export const BEGINS = Date.UTC(2026, 10, 23, 9);
/** What stands still may go on earlier than was thought. */
export const LOOK_AGAIN_MS = 300;
const LINES_KEPT = 400;

/** Whose events these are: gone, they happen no more; standing still, they happen later. */
export interface Owner {
  readonly isGone: boolean;
  /** Stands still until then, in milliseconds of the world. */
  readonly frozenUntil: number;
}

interface Event {
  at: number;
  tie: number;
  readonly number: number;
  readonly label: string;
  readonly owner: Owner | undefined;
  readonly run: () => void;
  isOff: boolean;
}

/**
 * One process's worth of everything: a time that passes only from event to event, and chance. What falls on the same
 * instant happens in a drawn order. Promises run out after each event, so the same seed gives the same run.
 */
export class World {
  readonly random: Random;
  /** Milliseconds since the beginning. */
  now = 0;
  steps = 0;
  #numbers = 0;
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #events: Event[] = [];
  readonly #lines: string[] = [];
  #digest = 0x811c9dc5;
  #digest2 = 0x9747b28c;

  constructor(seed: number, onLine?: (line: string) => void) {
    this.#onLine = onLine;
    this.random = new Random(seed);
  }

  /** The true time, epoch milliseconds. */
  get time(): number {
    return BEGINS + this.now;
  }

  /** The last things that happened, oldest first. */
  lines(most = 30): readonly string[] {
    return this.#lines.slice(-most);
  }

  /** Of everything that happened. */
  get digest(): string {
    return [this.#digest, this.#digest2].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  note(text: string): void {
    const line = `${String(this.steps).padStart(6)} ${(this.now / 1000).toFixed(3).padStart(9)} s  ${text}`;
    for (let at = 0; at < line.length; at++) {
      const code = line.charCodeAt(at);
      this.#digest = Math.imul(this.#digest ^ code, 0x01000193);
      this.#digest2 = Math.imul(this.#digest2 + code, 0x85ebca6b) ^ (this.#digest2 >>> 13);
    }
    this.#onLine?.(line);
    this.#lines.push(line);
    if (this.#lines.length > 2 * LINES_KEPT) this.#lines.splice(0, LINES_KEPT);
  }

  /** What it returns takes the event off again. */
  after(ms: number, label: string, run: () => void, owner?: Owner): () => void {
    const at = this.now + Math.max(0, Math.round(ms));
    const event: Event = { at, tie: this.random.word(), number: this.#numbers++, label, owner, run, isOff: false };
    this.#push(event);
    return () => {
      event.isOff = true;
    };
  }

  pause(ms: number, label: string, owner?: Owner): Promise<void> {
    return new Promise((resolve) => void this.after(ms, label, resolve, owner));
  }

  /** Lets everything happen up to a time, or until `isOver`. */
  async runTo(now: number, isOver: () => boolean = () => false): Promise<void> {
    while (!isOver()) {
      const next = this.#events[0];
      if (!next || next.at > now) break;
      this.#pop();
      if (next.isOff || next.owner?.isGone) continue;
      this.now = next.at;
      if (next.owner && next.owner.frozenUntil > this.now) {
        next.at = Math.min(next.owner.frozenUntil, this.now + LOOK_AGAIN_MS);
        next.tie = this.random.word();
        this.#push(next);
        continue;
      }
      this.steps++;
      if (next.label !== '') this.note(next.label);
      next.run();
      await settled();
    }
    if (!isOver()) this.now = Math.max(this.now, now);
  }

  #push(event: Event): void {
    const events = this.#events;
    let at = events.length;
    events.push(event);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = events[above];
      if (!other || !isBefore(event, other)) break;
      events[at] = other;
      at = above;
    }
    events[at] = event;
  }

  #pop(): void {
    const events = this.#events;
    const last = events.pop();
    if (!last || events.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      const left = events[below];
      if (!left) break;
      const right = events[below + 1];
      const smaller = right && isBefore(right, left) ? (below++, right) : left;
      if (!isBefore(smaller, last)) break;
      events[at] = smaller;
      at = below;
    }
    events[at] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at - b.at < 0 || (a.at === b.at && (a.tie - b.tie < 0 || (a.tie === b.tie && a.number < b.number)));
}

/** Every promise that can go on has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
