import { calendarDay, dayBegins } from '../time/time.ts';

/** A week of ISO 8601: it begins on a Monday, and belongs to the year of its Thursday. */
export interface Week {
  readonly year: number;
  readonly week: number;
}

const DAY = 86_400_000;
const WEEK = 7 * DAY;

/** Days are reckoned as if they were those of UTC, where each has 24 hours. */
const mondayOf = ({ year, week }: Week): number => {
  // The fourth of January is always in the first week.
  const fourth = Date.UTC(year, 0, 4);
  return fourth - daysSinceMonday(fourth) * DAY + (week - 1) * WEEK;
};
const daysSinceMonday = (at: number): number => (new Date(at).getUTCDay() + 6) % 7;

function weekOfDay(at: number): Week {
  const thursday = at + (3 - daysSinceMonday(at)) * DAY;
  const year = new Date(thursday).getUTCFullYear();
  return { year, week: Math.floor((thursday - Date.UTC(year, 0, 1)) / WEEK) + 1 };
}

/** The week that an instant falls into in a zone. */
export function weekOf(at: number, zone: string): Week {
  return weekOfDay(Date.parse(`${calendarDay(at, zone)}T00:00:00Z`));
}

/** "2026-W47", as ISO 8601 writes it. */
export function weekName({ year, week }: Week): string {
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}

/** `undefined` where the text names no week that there is. */
export function readWeek(text: string | null): Week | undefined {
  const [, year, number] = /^(\d{4})-W(\d\d)$/.exec(text ?? '') ?? [];
  const week = { year: Number(year), week: Number(number) };
  return text !== null && weekName(weekOfDay(mondayOf(week))) === text ? week : undefined;
}

/** So many weeks later, or earlier. */
export function shifted(week: Week, by: number): Week {
  return weekOfDay(mondayOf(week) + by * WEEK);
}

/** When the week begins and ends in a zone, epoch milliseconds; it has an hour more or less where clocks change. */
export function spanOf(week: Week, zone: string): { readonly from: number; readonly to: number } {
  const begins = (monday: number) => dayBegins(new Date(monday).toISOString().slice(0, 10), zone)!;
  const monday = mondayOf(week);
  return { from: begins(monday), to: begins(monday + WEEK) };
}
