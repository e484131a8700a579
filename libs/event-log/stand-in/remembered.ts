import type { Appended } from '../port.ts';
import type { Landed } from './writer.ts';

/** A real server remembers about so many. */
const MOST = 100_000;

interface Kept {
  readonly revision: number;
  readonly batch: Promise<Appended>;
  /** So many events of its batch stand behind it. */
  readonly before: number;
}

/**
 * Ids of the newest events, in memory only: by them a repeat of an append without an exact revision is known. After a
 * restart such a repeat is appended again, as on a real server.
 */
export class Remembered {
  readonly #kept = new Map<string, Kept>();

  keep(stream: string, first: number, events: readonly { readonly id: string }[], batch: Promise<Appended>): void {
    events.forEach(({ id }, i) => {
      const key = `${stream}\n${id}`;
      this.#kept.delete(key);
      this.#kept.set(key, { revision: first + i, batch, before: events.length - 1 - i });
    });
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= MOST) break;
      this.#kept.delete(key);
    }
  }

  /** Where the batch landed before, `partly` when only its beginning is known, undefined when its first event is new. */
  batch(stream: string, events: readonly { readonly id: string }[]): Promise<Landed> | 'partly' | undefined {
    let end: Kept | undefined;
    for (const [i, { id }] of events.entries()) {
      const kept = this.#kept.get(`${stream}\n${id}`);
      if (!kept) return i === 0 ? undefined : 'partly';
      end = kept;
    }
    if (!end) return undefined;
    const { revision, batch, before } = end;
    return batch.then(({ position }) => ({ revision, place: Number(position) - before }));
  }

  forget(): void {
    this.#kept.clear();
  }
}
