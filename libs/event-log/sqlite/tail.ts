import type { Placed } from './fact-table.ts';

/** The places of the newest facts, those that the stream index doesn't have yet: per stream one unbroken run. */
export class Tail {
  readonly #runs = new Map<string, { readonly first: number; readonly positions: number[] }>();
  #count = 0;
  #highest = 0;

  get count(): number {
    return this.#count;
  }

  /** Position of the newest fact in it. */
  get highest(): number {
    return this.#highest;
  }

  add(stream: string, revision: number, position: number): void {
    const run = this.#runs.get(stream);
    if (run) run.positions.push(position);
    else this.#runs.set(stream, { first: revision, positions: [position] });
    this.#count++;
    this.#highest = position;
  }

  /** Takes out the facts behind `head`, whose transaction was rolled back; returns their streams. */
  takeBackBehind(head: number): string[] {
    const streams: string[] = [];
    for (const [stream, { positions }] of this.#runs) {
      const standing = positions.length;
      while (positions.length > 0 && positions.at(-1)! > head) positions.pop();
      if (positions.length === standing) continue;
      streams.push(stream);
      this.#count -= standing - positions.length;
      if (positions.length === 0) this.#runs.delete(stream);
    }
    this.#highest = Math.min(this.#highest, head);
    return streams;
  }

  lastOf(stream: string): number | undefined {
    const run = this.#runs.get(stream);
    return run && run.first + run.positions.length - 1;
  }

  position(stream: string, revision: number): number | undefined {
    const run = this.#runs.get(stream);
    return run?.positions[revision - run.first];
  }

  /** Everything in it in the order of the index, so that each of its pages is touched once. */
  *sorted(): Generator<Placed> {
    for (const stream of [...this.#runs.keys()].sort()) {
      const { first, positions } = this.#runs.get(stream)!;
      for (let i = 0; i < positions.length; i++) yield { stream, revision: first + i, position: positions[i]! };
    }
  }
}
