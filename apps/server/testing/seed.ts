/** The seed of a harness: `GATEBOOK_SEED`, or the same one each time. It stands in the line that the harness prints. */
export const seed = Number(process.env['GATEBOOK_SEED'] ?? 4);

/** Chance from a seed (xorshift, George Marsaglia): numbers from 0 to below 1. */
export function chanceFrom(start: number): () => number {
  let state = (start ^ 0x5bd1e995) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 2 ** 32;
  };
}
