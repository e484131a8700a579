/** A lane, by the name of its stream. */
interface Named {
  readonly stream: string;
}

/** So many characters of an id, its last ones, tell it from most others. */
const TAIL = 8;

/**
 * Lanes by the ids of what their streams are about, under a number made of an id's tail. A name is compared only where
 * the number is the same: among a hundred thousand lanes memory would be waited for with each name that isn't the one.
 */
export class Lanes<L extends Named> {
  readonly #prefix: string;
  readonly #byNumber = new Map<number, L>();
  /** Those whose number another has. */
  readonly #others = new Map<string, L>();

  /** `prefix`: what stands before the id in a stream's name. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  get size(): number {
    return this.#byNumber.size + this.#others.size;
  }

  get(id: string): L | undefined {
    const lane = this.#byNumber.get(numberOf(id));
    if (lane && this.#isOf(lane, id)) return lane;
    return this.#others.size === 0 ? undefined : this.#others.get(id);
  }

  /** Instead of the one that is there under its name. */
  add(lane: L): void {
    const id = this.#idOf(lane);
    const number = numberOf(id);
    const there = this.#byNumber.get(number);
    const isOther = there ? there.stream !== lane.stream : this.#others.has(id);
    if (isOther) this.#others.set(id, lane);
    else this.#byNumber.set(number, lane);
  }

  delete(lane: L): void {
    const id = this.#idOf(lane);
    const number = numberOf(id);
    if (this.#byNumber.get(number) === lane) this.#byNumber.delete(number);
    else if (this.#others.get(id) === lane) this.#others.delete(id);
  }

  *[Symbol.iterator](): Generator<L, void, undefined> {
    yield* this.#byNumber.values();
    yield* this.#others.values();
  }

  #idOf({ stream }: L): string {
    return stream.slice(this.#prefix.length);
  }

  #isOf({ stream }: L, id: string): boolean {
    const { length } = this.#prefix;
    return stream.length === length + id.length && stream.startsWith(id, length);
  }
}

/** FNV-1a of the tail. */
function numberOf(id: string): number {
  let number = 0x811c9dc5;
  for (let at = Math.max(0, id.length - TAIL); at < id.length; at++)
    number = Math.imul(number ^ id.charCodeAt(at), 0x01000193);
  return number;
}
