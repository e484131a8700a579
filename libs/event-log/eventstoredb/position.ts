import type { Position } from '../port.ts';

const DIGITS = 20;

/** A commit position as the port's text: 20 digits, which hold every 64-bit number. */
export function positionText(commit: bigint): Position {
  return String(commit).padStart(DIGITS, '0');
}

export const LOWEST = positionText(0n);

/**
 * The commit position that the text stands for.
 * @throws {RangeError} the text is no position of an EventStoreDB.
 */
export function placeOf(position: Position): bigint {
  if (!/^[0-9]{20}$/.test(position)) throw new RangeError(`"${position}" is not a position of this log.`);
  return BigInt(position);
}
