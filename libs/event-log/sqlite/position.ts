import type { Position } from '../port.ts';

const ZEROS = '00000000000000000000';

/** A place in the facts table as the port's text: 20 digits, zeros in front. */
export function positionText(place: number): Position {
  const digits = String(place);
  return ZEROS.slice(digits.length) + digits;
}

/** @throws {RangeError} the text is no position of a SQLite log. */
export function placeOf(position: Position): number {
  if (!/^[0-9]{20}$/.test(position) || !Number.isSafeInteger(Number(position))) {
    throw new RangeError(`"${position}" is not a position of this log.`);
  }
  return Number(position);
}
