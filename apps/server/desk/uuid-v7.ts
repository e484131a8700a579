import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 10 * 1024;
const pool = new Uint8Array(POOL_BYTES);
let used = POOL_BYTES;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A UUID of version 7 (RFC 9562, section 5.7) for a time in epoch milliseconds. Two a request are made on the way of a
 * view, so random bytes come from a pool: a quarter of the time of a call to the system each.
 */
export function uuidV7(at: number): string {
  if (used >= POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = (place: number) => pool[used + place] ?? 0;
  const time = at.toString(16).padStart(12, '0');
  const text =
    `${time.slice(0, 8)}-${time.slice(8)}-` +
    `7${(HEX[byte(0)] ?? '').charAt(0)}${HEX[byte(1)]}-${HEX[(byte(2) & 0x3f) | 0x80]}${HEX[byte(3)]}-` +
    `${HEX[byte(4)]}${HEX[byte(5)]}${HEX[byte(6)]}${HEX[byte(7)]}${HEX[byte(8)]}${HEX[byte(9)]}`;
  used += 10;
  return text;
}
