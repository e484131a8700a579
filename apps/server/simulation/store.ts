import { WrongRevision, type Appended, type ExpectedRevision, type NewFact, type RecordedFact } from '#event-log/port';
import type { World } from './world.ts';

/**
 * What stands in the simulated log, by the port's rules and as EventStoreDB keeps them: an identical batch is answered
 * with its old place, and without a revision only while the server remembers it.
 */
export class Store {
  readonly all: RecordedFact[] = [];
  readonly #world: World;
  readonly #streams = new Map<string, RecordedFact[]>();
  /** Batches by their stream and first id, since the last restart. */
  #remembered = new Map<string, Appended>();
  readonly #listeners = new Set<(fact: RecordedFact) => void>();
  #positions = 0;
  /** How often the log began anew, and with it forgot what it remembered. */
  restarts = 0;
  /** A planted fault: it says that these facts stand, and throws them away. */
  loses: (stream: string) => boolean = () => false;

  constructor(world: World) {
    this.#world = world;
  }

  stream(name: string): readonly RecordedFact[] {
    return this.#streams.get(name) ?? [];
  }

  get head(): string {
    return this.all.at(-1)?.position ?? positionText(0);
  }

  /** What it returns takes the listener off again. */
  onFact(listener: (fact: RecordedFact) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  restart(): void {
    this.restarts++;
    this.#remembered = new Map();
  }

  /** @throws {WrongRevision} */
  append(stream: string, expected: ExpectedRevision, facts: readonly NewFact[]): Appended {
    const stands = this.stream(stream);
    const keys = facts.map(({ id }) => `${stream} ${id}`);
    if (expected === 'any') {
      const known = keys.filter((key) => this.#remembered.has(key));
      const last = this.#remembered.get(keys.at(-1) ?? '');
      if (known.length === keys.length && last) return last;
      if (known.length > 0) throw new WrongRevision(stream, expected, stands.length - 1);
    } else {
      const first = expected === 'none' ? 0 : expected + 1;
      const last = stands[first + facts.length - 1];
      if (last && facts.every(({ id }, i) => stands[first + i]?.id === id)) {
        return { revision: last.revision, position: last.position };
      }
      if (stands.length !== first)
        throw new WrongRevision(stream, expected, stands.length === 0 ? 'none' : stands.length - 1);
    }
    return this.#store(stream, facts, keys);
  }

  #store(stream: string, facts: readonly NewFact[], keys: readonly string[]): Appended {
    let stands = this.#streams.get(stream);
    if (!stands) this.#streams.set(stream, (stands = []));
    const lost = this.loses(stream);
    let appended: Appended = { revision: -1, position: '' };
    for (const [i, fact] of facts.entries()) {
      this.#positions += this.#world.random.whole(1, 3);
      const revision = stands.length + (lost ? i : 0);
      const recorded: RecordedFact = {
        ...fact,
        stream,
        revision,
        position: positionText(this.#positions),
        recordedAt: this.#world.time,
      };
      appended = { revision, position: recorded.position };
      if (lost) continue;
      stands.push(recorded);
      this.all.push(recorded);
      this.#remembered.set(keys[i] ?? '', appended);
      for (const listener of this.#listeners) listener(recorded);
    }
    return appended;
  }

  /** Everything behind a position. */
  behind(position: string): readonly RecordedFact[] {
    let from = 0;
    let to = this.all.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.all[middle]?.position ?? '') > position) to = middle;
      else from = middle + 1;
    }
    return this.all.slice(from);
  }
}

const positionText = (place: number): string => String(place).padStart(20, '0');
