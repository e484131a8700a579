import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 10 * 1024;
const pool = new Uint8Array(POOL_BYTES);
let used = POOL_BYTES;

const DIGITS = Buffer.from('0123456789abcdef', 'latin1');
/** The text of the next id, written digit by digit: read out of a buffer, a string holds on to no pieces. */
const text = Buffer.from('00000000-0000-7000-8000-000000000000', 'latin1');
/** Where the digits behind the version and the variant stand. */
const RANDOM_PLACES = [15, 16, 17, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35];
/** Places of the time's digits, the last first. */
const TIME_PLACES = [12, 11, 10, 9, 7, 6, 5, 4, 3, 2, 1, 0];
const RANDOM_BYTES = RANDOM_PLACES.length / 2 + 1;

/**
 * A UUID of version 7 (RFC 9562, section 5.7) for a time in epoch milliseconds. Two a request are made on the way of a
 * view, and their texts are kept for as long as a visit remembers its pages; so random bytes come from a pool, and the
 * text is one flat string.
 */
export function uuidV7(at: number): string {
  if (used + RANDOM_BYTES > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  let time = at;
  for (const place of TIME_PLACES) {
    text[place] = DIGITS[time % 16] ?? 0;
    time = Math.floor(time / 16);
  }
  for (let i = 0; i < RANDOM_PLACES.length; i += 2) {
    const byte = pool[used++] ?? 0;
    text[RANDOM_PLACES[i] ?? 0] = DIGITS[byte >> 4] ?? 0;
    text[RANDOM_PLACES[i + 1] ?? 0] = DIGITS[byte & 15] ?? 0;
  }
  // The variant is two bits, 10: one of 8, 9, a, b.
  text[19] = DIGITS[8 | ((pool[used++] ?? 0) & 3)] ?? 0;
  return text.toString('latin1');
}
