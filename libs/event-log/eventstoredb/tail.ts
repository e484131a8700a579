import type { Position } from '../port.ts';
import { isFact, stampedAt } from './events.ts';
import type { Event } from './events.ts';
import { positionText } from './position.ts';

const FIRST = 4;

/** The end of the log as it was seen. */
export interface SeenTail {
  /** Position of the newest fact; undefined: there is none. */
  readonly head: Position | undefined;
  /** When this server recorded the newest fact, epoch milliseconds. */
  readonly recordedAt: number | undefined;
}

interface Seen extends SeenTail {
  /** The newest event of any kind. */
  readonly newest: bigint | undefined;
}

/**
 * Finds the newest fact by reading backwards. On an idle server more and more of its own events lie behind the newest
 * fact: what was looked through once isn't again.
 */
export class Tail {
  #seen: Seen | undefined;

  /** `backwards` reads from the end, so many events or all. */
  async look(backwards: (limit?: number) => AsyncIterable<Event>): Promise<SeenTail> {
    // Mostly the newest event is a fact, or known already.
    return (await this.#lookAt(backwards(FIRST), FIRST)) ?? (await this.#lookAt(backwards(), Infinity))!;
  }

  async #lookAt(events: AsyncIterable<Event>, limit: number): Promise<Seen | undefined> {
    const known = this.#seen;
    let newest: bigint | undefined;
    let count = 0;
    for await (const event of events) {
      count++;
      newest ??= event.commit;
      // Only this very event says that the log is the one that was seen; an older copy may be in its place.
      if (event.commit === known?.newest) return (this.#seen = { ...known, newest });
      if (!isFact(event)) continue;
      const recordedAt = stampedAt(event);
      return (this.#seen = { head: positionText(event.commit), recordedAt, newest });
    }
    if (count >= limit) return undefined;
    return (this.#seen = { head: undefined, recordedAt: undefined, newest });
  }
}
