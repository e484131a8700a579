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
