import type { Policy } from '../policy/policy.ts';
import type { StaffAccess } from './staff-access.ts';

const HOUR_MS = 3_600_000;

/**
 * From when on staff access counts as left on, epoch milliseconds; `null`: never. At that instant it does (S3-26).
 * Setting it anew begins the time anew. Where no switch lets staff in, nothing is left on.
 */
export function leftOnFrom(staffAccess: StaffAccess, policy: Policy): number | null {
  const { consent, leftOnReminderHours } = policy;
  if (staffAccess.phase === 'off' || consent.mode !== 'switch' || leftOnReminderHours === null) return null;
  return staffAccess.since + leftOnReminderHours * HOUR_MS;
}

/**
 * Until when a switch that is on lets anybody begin, epoch milliseconds. Turned on while the settings knew no end of it, as
 * where it lets nobody in and only keeps out, it does for the longest window that the settings know by now; without an end
 * only where they know none (policy.md, "Windows").
 */
export function letsInUntil({ until, since }: Extract<StaffAccess, { phase: 'on' }>, { consent }: Policy): number {
  const { mode, longestWindowMinutes } = consent;
  if (until !== Infinity || mode !== 'switch' || longestWindowMinutes === null) return until;
  return since + longestWindowMinutes * 60_000;
}
