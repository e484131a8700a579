/** Seeded chance (the generator sfc32): the same seed, the same draws, on every machine. */
export class Random {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    this.#state = Uint32Array.of(seed, seed ^ 0x9e3779b9, 0x243f6a88, 1);
    for (let i = 0; i < 12; i++) this.word();
  }

  /** 0 to 2^32 - 1. */
  word(): number {
    const s = this.#state;
    const [a = 0, b = 0, c = 0, counter = 0] = s;
    const drawn = (a + b + counter) >>> 0;
    s[3] = counter + 1;
    s[0] = b ^ (b >>> 9);
    s[1] = c + (c << 3);
    s[2] = ((c << 21) | (c >>> 11)) + drawn;
    return drawn;
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor((this.word() / 2 ** 32) * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.word() / 2 ** 32 < probability;
  }

  /** Mostly short, sometimes long: exponential with this mean. */
  wait(mean: number): number {
    return Math.round(-Math.log(1 - this.word() / 2 ** 32) * mean);
  }

  of<T>(choices: readonly T[]): T {
    const chosen = choices[this.whole(0, choices.length - 1)];
    if (chosen === undefined) throw new RangeError('Nothing to choose from.');
    return chosen;
  }

  /** Draws one of the names by its weight. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const entries = Object.entries(weights) as [Name, number][];
    const sum = entries.reduce((total, [, weight]) => total + weight, 0);
    let left = (this.word() / 2 ** 32) * sum;
    for (const [name, weight] of entries) {
      if (left < weight) return name;
      left -= weight;
    }
    throw new RangeError('Nothing to choose from.');
  }

  /** A UUID of version 7 for a time in epoch milliseconds. */
  uuid(at: number): string {
    const time = Math.max(0, Math.floor(at)).toString(16).padStart(12, '0').slice(-12);
    const hex = [this.word(), this.word(), this.word()].map((word) => word.toString(16).padStart(8, '0')).join('');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${'89ab'.charAt(this.word() & 3)}${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
  }
}
