import { counted } from './sentence.ts';

const MINUTE = 60_000;

/** Of a visit's time, epoch milliseconds: from its beginning to its end or to now, and all that it was given. */
export interface TimeOfVisit {
  readonly spentMs: number;
  readonly givenMs: number;
}

/** "15", "less than 1": whole minutes, a begun one not counted; never more than were given. */
export function minutesSpent({ spentMs, givenMs }: TimeOfVisit): string {
  const minutes = Math.min(Math.floor(Math.max(spentMs, 0) / MINUTE), minutesGiven(givenMs));
  return minutes < 1 ? 'less than 1' : String(minutes);
}

export function minutesGiven(givenMs: number): number {
  return Math.max(Math.round(givenMs / MINUTE), 0);
}

/** "15 of 60 minutes": how every line and every page tells what a visit used of its time. */
export function timeSpent(time: TimeOfVisit): string {
  return `${minutesSpent(time)} of ${counted(minutesGiven(time.givenMs), 'minute')}`;
}
