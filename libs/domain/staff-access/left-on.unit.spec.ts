import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, type Policy } from '../policy/policy.ts';
import { PRESETS } from '../policy/presets.ts';
import { leftOnFrom, letsInUntil } from './left-on.ts';
import { accessBlocked, accessOff, type StaffAccess } from './staff-access.ts';

const since = Date.parse('2026-11-21T09:00:00.000Z');
const on: Extract<StaffAccess, { phase: 'on' }> = {
  phase: 'on',
  since,
  until: Infinity,
  by: 'mem_00000000000000000000000001',
  byName: 'Maria',
  withoutAreas: [],
  onlyCase: null,
  askEach: false,
};
const reminding = (leftOnReminderHours: number | null, mode: Policy['consent']['mode'] = 'switch'): Policy => ({
  ...defaultPolicy,
  consent: { ...defaultPolicy.consent, mode },
  leftOnReminderHours,
});

describe('Staff access that was left on (S3-26)', () => {
  it('counts as left on the policy’s hours after it was turned on', () => {
    expect(leftOnFrom(on, reminding(1))).toBe(since + 3_600_000);
    expect(leftOnFrom(on, PRESETS.switch)).toBe(Date.parse('2026-11-22T09:00:00.000Z'));
  });

  it('never does while it is off, and where the settings remind of nothing', () => {
    expect(leftOnFrom(accessOff, reminding(1))).toBeNull();
    expect(leftOnFrom(accessBlocked, reminding(1))).toBeNull();
    expect(leftOnFrom(on, reminding(null))).toBeNull();
  });

  it.each(['request', 'role'] as const)('never does where no switch lets staff in: %s', (mode) => {
    expect(leftOnFrom(on, reminding(1, mode))).toBeNull();
  });
});

describe('Staff access that was turned on without an end', () => {
  it('lets in for the longest window that the settings know by now, and without an end where they know none (S3-25)', () => {
    expect(letsInUntil(on, PRESETS.default)).toBe(since + 7 * 24 * 3_600_000);
    expect(letsInUntil(on, PRESETS['day-pass'])).toBe(since + 24 * 3_600_000);
    expect(letsInUntil(on, PRESETS.switch)).toBe(Infinity);
    expect(letsInUntil({ ...on, until: since + 1 }, PRESETS.default)).toBe(since + 1);
  });

  it.each(['traceable', 'per-ticket', 'by-request'] as const)('only keeps out, and has no end: %s', (preset) => {
    expect(letsInUntil(on, PRESETS[preset])).toBe(Infinity);
  });
});
