import { describe, expect, it } from '@jest/globals';
import { PRESET_NAMES, readPolicy, type Policy, type PresetName } from './policy.ts';
import { PRESETS } from './presets.ts';
import { neededApproval, TRIGGERS, type Trigger } from './triggers.ts';

/** The table of policy.md, a row a setting, a column a preset in the order of its columns. */
const COLUMNS: readonly PresetName[] = ['day-pass', 'traceable', 'by-request', 'switch', 'per-ticket', 'default'];
const TABLE: readonly (readonly [row: string, of: (policy: Policy) => unknown, values: readonly unknown[]])[] = [
  ['consent mode', ({ consent }) => consent.mode, ['switch', 'role', 'request', 'switch', 'role', 'switch']],
  [
    'consent window, minutes',
    ({ consent }) => consent.windowMinutes,
    [24 * 60, null, 7 * 24 * 60, null, null, 24 * 60],
  ],
  [
    'longest window, minutes',
    ({ consent }) => consent.longestWindowMinutes,
    [24 * 60, null, 7 * 24 * 60, null, null, 7 * 24 * 60],
  ],
  ['pending lapse, hours', ({ request }) => request.lapseMinutes / 60, [24, 12, 72, 12, 4, 12]],
  ['start-by after approval, minutes', ({ request }) => request.startByMinutes, [60, 60, 24 * 60, 60, 15, 60]],
  ['session cap, minutes', ({ session }) => session.capMinutes, [24 * 60, 60, 60, 60, 30, 60]],
  ['idle timeout, minutes', ({ session }) => session.idleMinutes, [20, 20, 20, 20, 15, 15]],
  ['writes at all', ({ write }) => write.allowed, [true, true, true, false, true, true]],
  ['write cap, minutes', ({ write }) => write.capMinutes, [60, 30, 30, 30, 30, 30]],
  [
    'who may toggle',
    ({ consent }) => consent.maySwitch.join(' '),
    ['owner', 'owner admin', 'owner admin', 'owner admin', 'owner admin', 'owner admin'],
  ],
  [
    'case anchor',
    ({ caseAnchor }) => caseAnchor,
    ['optional', 'required', 'required', 'optional', 'required', 'required'],
  ],
  ['plan gate', ({ plan }) => plan.helpRequests, [null, null, ['paid'], null, null, null]],
  [
    'identity shown',
    ({ identityShown }) => identityShown,
    ['name and e-mail', 'name', 'support identity', 'vendor log only', 'name', 'name and e-mail'],
  ],
  [
    'recording',
    ({ recording }) => recording,
    ['every page', 'every click', 'every page', 'every page', 'sensitive pages', 'every page'],
  ],
  ['left-on reminder, hours', ({ leftOnReminderHours }) => leftOnReminderHours, [null, null, null, 24, null, 24]],
  ['rows in all', ({ session }) => session.rowsInAll, [2_000, 2_000, 2_000, 2_000, 2_000, 2_000]],
  ['pages a minute', ({ session }) => session.pagesPerMinute, [120, 120, 120, 120, 120, 120]],
  ['wording', ({ wording }) => wording, COLUMNS],
];

/** S4-21, a to j; k are the sensitive ones. */
const ELEVEN: readonly Trigger[] = [
  'billing',
  'refund',
  'credit',
  'delete',
  'restore',
  'bulk edit',
  'ownership',
  'password reset',
  'e-mail reset',
  'MFA reset',
];

describe('The six presets', () => {
  it('are these, each named as it is, each a policy that can be read', () => {
    expect(Object.keys(PRESETS)).toStrictEqual(PRESET_NAMES);
    for (const name of PRESET_NAMES) {
      expect(PRESETS[name].preset).toBe(name);
      expect(readPolicy(PRESETS[name])).toStrictEqual({ kind: 'policy', policy: PRESETS[name] });
      expect(readPolicy({ preset: name })).toStrictEqual({ kind: 'policy', policy: PRESETS[name] });
    }
  });

  it.each(TABLE)(
    'have the numbers of policy.md (S0-16, S0-25, S1-31, S2-29, S3-6, S3-26, S4-22): %s',
    (_, of, values) => {
      expect(COLUMNS.map((name) => [name, of(PRESETS[name])])).toStrictEqual(
        COLUMNS.map((name, n) => [name, values[n]]),
      );
    },
  );

  const asks = (name: PresetName, trigger: Trigger) => neededApproval(PRESETS[name], [trigger]);

  it('ask for each write under day-pass the owner alone, and nothing else of anybody (S0-29, S0-42, S0-57)', () => {
    expect(asks('day-pass', 'every write')).toBe('customer');
    expect(asks('day-pass', 'every session')).toBe('nobody');
    expect(PRESETS['day-pass'].approval.customer).toStrictEqual(['owner']);
  });

  it('ask a second person of the vendor under traceable, for what S1-27, S1-30, S1-44 and S1-97 name and nothing else', () => {
    const named: Trigger[] = [
      'export',
      'reveal',
      'sensitive account',
      'billing',
      'refund',
      'delete',
      'password reset',
      'e-mail reset',
      'MFA reset',
    ];
    expect(TRIGGERS.filter((trigger) => asks('traceable', trigger) !== 'nobody')).toStrictEqual(named);
    for (const trigger of named) expect(asks('traceable', trigger)).toBe('vendor');
    expect(PRESETS.traceable.approval.vendor).toStrictEqual(['lead']);
  });

  it('ask the user for every session under by-request (S2-5, S2-8)', () => {
    expect(asks('by-request', 'every session')).toBe('customer');
    expect(PRESETS['by-request'].approval.customer).toStrictEqual(['owner', 'admin', 'manager', 'agent', 'viewer']);
  });

  it('ask nobody for a visit under switch, and let nobody write (S3-13)', () => {
    expect(asks('switch', 'every session')).toBe('nobody');
    expect(PRESETS.switch.write.allowed).toBe(false);
  });

  it('ask the lead under per-ticket, for the eleven and what S4-15, S4-16, S4-65 and S4-74 add (S4-21)', () => {
    for (const trigger of TRIGGERS.filter((each) => each !== 'every session')) {
      expect([trigger, asks('per-ticket', trigger)]).toStrictEqual([trigger, 'vendor']);
    }
    expect(asks('per-ticket', 'every session')).toBe('nobody');
    expect(PRESETS['per-ticket'].approval.vendor).toStrictEqual(['lead']);
  });

  it('ask by default the customer for a write, and both for an export and each of the eleven (S0-29, S1-44, S4-21, S4-65)', () => {
    expect(asks('default', 'every session')).toBe('nobody');
    expect(asks('default', 'every write')).toBe('customer');
    for (const trigger of [...ELEVEN, 'export', 'reveal', 'role change', 'security setting'] as const) {
      expect([trigger, asks('default', trigger)]).toStrictEqual([trigger, 'both']);
    }
    expect(PRESETS.default.approval.customer).toStrictEqual(['owner', 'admin']);
  });

  it('never let a masked value be revealed or data be taken out on one’s own word (S1-44, S1-67)', () => {
    for (const name of PRESET_NAMES) {
      for (const trigger of ['reveal', 'export'] as const) expect(asks(name, trigger)).not.toBe('nobody');
    }
  });
});

describe('What approval is needed (S2-18, S4-20)', () => {
  const policy = {
    approval: { asked: { export: 'vendor', 'every write': 'customer', delete: 'both', refund: 'vendor' } as const },
  };

  it.each<[Trigger[], string]>([
    [[], 'nobody'],
    [['reveal'], 'nobody'],
    [['every write'], 'customer'],
    [['export', 'refund'], 'vendor'],
    [['every write', 'export'], 'both'],
    [['export', 'every write'], 'both'],
    [['reveal', 'delete'], 'both'],
  ])('for %j is the most that any of them asks: %s', (triggers, asked) => {
    expect(neededApproval(policy, triggers)).toBe(asked);
  });
});
