const EXACT_MICROS = 200_000;

/** Counts latencies by the microsecond up to 200 ms and keeps the few slower ones as they are. */
export class Latencies {
  readonly #counts = new Uint32Array(EXACT_MICROS);
  readonly #slow: number[] = [];
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(milliseconds: number): void {
    const micros = Math.round(milliseconds * 1000);
    this.#total += 1;
    if (micros < EXACT_MICROS) this.#counts[micros]! += 1;
    else this.#slow.push(milliseconds);
  }

  /** The smallest latency, in milliseconds, that a share of `share` (0 to 1) does not exceed; NaN when empty. */
  quantile(share: number): number {
    if (this.#total === 0) return Number.NaN;
    let left = Math.max(1, Math.ceil(share * this.#total));
    for (let micros = 0; micros < EXACT_MICROS; micros += 1) {
      left -= this.#counts[micros]!;
      if (left <= 0) return micros / 1000;
    }
    return this.#slow.toSorted((a, b) => a - b)[left - 1]!;
  }
}
