import type { RecordedFact } from '../port.ts';
import type { FactTable, Placed } from './fact-table.ts';
import { isFull } from './files.ts';
import type { StreamIndex } from './stream-index.ts';
import { Tail } from './tail.ts';

/**
 * So many facts gather in memory (some 6 MiB) before they are sorted into the index: the more, the more entries land on
 * each page. At 8,192 the index took a tenth of the time of a saturated service, at 65,536 a twentieth.
 */
export const INDEX_AT = 65_536;

/**
 * One slice of indexing, between two turns of other work: each row may touch a page of its own, and 128 pages are written
 * in about a millisecond. Only when facts gather faster than that does a slice take its time in full.
 */
const SLICE_ROWS = 128;
const SLICE_MS = 3;
const BEHIND_FACTOR = 4;

/**
 * The streams as the single writer knows them: the last revision of each, and where its facts stand. The newest facts are
 * known from memory (`gathering`, and `settling` while it is being written), all others from the index.
 */
export class Streams {
  readonly #facts: FactTable;
  readonly #index: StreamIndex;
  readonly #indexAt: number;
  readonly #lasts = new Map<string, number>();
  #gathering = new Tail();
  #settling: Tail | undefined;
  #slices: NodeJS.Immediate | undefined;

  constructor(facts: FactTable, index: StreamIndex, indexAt = INDEX_AT) {
    this.#facts = facts;
    this.#indexAt = indexAt;
    this.#index = index;
    const head = facts.head();
    if (head - index.indexedTo >= indexAt) this.#catchUp();
    for (const { stream, revision, position } of facts.placed(index.indexedTo, head)) {
      this.add(stream, revision, position);
    }
  }

  /** On a full disk what the index lacks stays in memory. */
  #catchUp(): void {
    try {
      this.#index.catchUp();
    } catch (error) {
      if (!isFull(error)) this.#index.rebuild();
    }
  }

  /** The stream's last revision, -1 when it doesn't exist. */
  last(stream: string): number {
    const known = this.#lasts.get(stream);
    if (known !== undefined) return known;
    const last = this.#gathering.lastOf(stream) ?? this.#settling?.lastOf(stream) ?? this.#lastIndexed(stream);
    if (last >= 0) this.#lasts.set(stream, last);
    return last;
  }

  add(stream: string, revision: number, position: number): void {
    this.#gathering.add(stream, revision, position);
    this.#lasts.set(stream, revision);
  }

  /** Forgets the facts behind `head`: their transaction was rolled back. */
  takeBackBehind(head: number): void {
    for (const stream of this.#gathering.takeBackBehind(head)) this.#lasts.delete(stream);
  }

  /** The stream's facts from `first` to `last`, both of which exist, in order. */
  read(stream: string, first: number, last: number): RecordedFact[] {
    try {
      return this.#read(stream, first, last);
    } catch {
      // The index was wrong or couldn't be read; if it wasn't the index, the second attempt says what it was.
      this.#index.rebuild();
      return this.#read(stream, first, last);
    }
  }

  #read(stream: string, first: number, last: number): RecordedFact[] {
    const positions = this.#index.positions(stream, first, last);
    for (let revision = first + positions.length; revision <= last; revision++) {
      const position = this.#settling?.position(stream, revision) ?? this.#gathering.position(stream, revision);
      if (position === undefined) throw new Error(`Revision ${revision} of ${stream} is not in the index.`);
      positions.push(position);
    }
    return positions.map((position, i) => {
      const fact = this.#facts.at(position);
      if (fact?.stream === stream && fact.revision === first + i) return fact;
      throw new Error(`The index is wrong about revision ${first + i} of ${stream}.`);
    });
  }

  #lastIndexed(stream: string): number {
    try {
      return this.#checkedLast(stream);
    } catch {
      this.#index.rebuild();
      return this.#checkedLast(stream);
    }
  }

  #checkedLast(stream: string): number {
    const last = this.#index.last(stream);
    if (!last) return -1;
    const fact = this.#facts.at(last.position);
    if (fact?.stream === stream && fact.revision === last.revision) return last.revision;
    throw new Error(`The index is wrong about the end of ${stream}.`);
  }

  /** After a commit: once enough has gathered, it goes into the index, slice by slice between other work. */
  settle(): void {
    if (this.#gathering.count < this.#indexAt || this.#slices) return;
    this.#startSettling();
    const entries = this.#settling!.sorted();
    const slice = () => {
      this.#slices = undefined;
      if (!this.#writeSlice(entries)) this.#slices = setImmediate(slice);
    };
    this.#slices = setImmediate(slice);
  }

  /** Puts everything into the index, and closes it. */
  close(): void {
    if (this.#slices) clearImmediate(this.#slices);
    try {
      if (this.#facts.head() > this.#index.indexedTo) this.#index.catchUp();
    } catch {
      // The index is a cache: what it lacks is read from the log when it is opened again.
    }
    this.#index.close();
  }

  /** Closes without writing anything more. */
  abandon(): void {
    if (this.#slices) clearImmediate(this.#slices);
    this.#index.close();
  }

  #startSettling(): void {
    // After a failed attempt it still holds what couldn't be written: that goes first.
    if (this.#settling) return;
    this.#settling = this.#gathering;
    this.#gathering = new Tail();
  }

  #writeSlice(entries: Iterator<Placed>): boolean {
    const settling = this.#settling!;
    const until = performance.now() + SLICE_MS;
    let put = 0;
    try {
      const isSpent = () =>
        ++put % SLICE_ROWS === 0 &&
        (this.#gathering.count < BEHIND_FACTOR * this.#indexAt || performance.now() >= until);
      if (!this.#index.put(entries, isSpent)) return false;
      this.#index.reached(settling.highest);
      this.#settling = undefined;
    } catch (error) {
      // A full disk: the facts stay known from memory, and the next `settle` tries again. Else the file is damaged.
      if (!isFull(error)) this.#index.rebuild();
    }
    return true;
  }
}
