import type { ReadingBeside } from '../port.ts';
import { placeOf, positionText } from './position.ts';

/** A SQLite log gives each fact the place after the last one's, so places can be counted without looking. */
export function besideIn(directory: string): ReadingBeside {
  const place = (position: string | undefined) => (position === undefined ? 0 : placeOf(position));
  return {
    place: { kind: 'sqlite', directory },
    countBetween: (after, upTo) => place(upTo) - place(after),
    behind: (after, facts) => positionText(place(after) + facts),
  };
}
