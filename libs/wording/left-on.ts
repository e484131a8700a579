import { counted, listed } from './sentence.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/**
 * That staff access was left on, with its age, to the customer's people (S3-26).
 *
 * @param ageMs how long it has been on, milliseconds; an hour at least.
 */
export function leftOnReminder(ageMs: number): string {
  return `Staff access has been on for ${age(Math.floor(ageMs / HOUR_MS))}. Turn it off when nobody needs it: it can be turned on again at any time.`;
}

/** In whole hours, and from two days on in days: never more than it is. */
function age(hours: number): string {
  if (hours < 2 * DAY_HOURS) return counted(hours, 'hour');
  const rest = hours % DAY_HOURS;
  return listed([counted(Math.floor(hours / DAY_HOURS), 'day'), ...(rest === 0 ? [] : [counted(rest, 'hour')])]);
}
