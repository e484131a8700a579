import { describe, expect, it } from '@jest/globals';
import { MEMBER_ROLES, STAFF_ROLES } from '@gatebook/protocol';
import fc from 'fast-check';
import * as v from 'valibot';
import { isAtLeastAsTight, isTighter, KNOB_NAMES, type KnobName, type KnobValue } from './knobs.ts';
import { PRESET_NAMES, readPolicy } from './policy.ts';
import { PRESETS } from './presets.ts';
import { effectivePolicy, knobOf, noTightening, tightened, type Tightening } from './tighten.ts';
import { tighteningSchema } from './tightening.ts';
import { SIDES, TRIGGERS } from './triggers.ts';

const count = (most: number) => fc.integer({ min: 1, max: most });
const ownersAnd = fc
  .subarray([...MEMBER_ROLES])
  .map((roles) => MEMBER_ROLES.filter((role) => role === 'owner' || roles.includes(role)));
const VALUES: { readonly [Name in KnobName]: fc.Arbitrary<KnobValue<Name>> } = {
  'consent.mode': fc.constantFrom('role', 'switch', 'request'),
  'consent.windowMinutes': fc.option(count(10_080)),
  'consent.longestWindowMinutes': fc.option(count(10_080)),
  'consent.maySwitch': ownersAnd,
  'request.lapseMinutes': count(43_200),
  'request.startByMinutes': count(10_080),
  'session.capMinutes': count(1_440),
  'session.idleMinutes': count(60),
  'session.entrySeconds': fc.integer({ min: 5, max: 300 }),
  'session.identityMaxAgeSeconds': fc.integer({ min: 30, max: 3_600 }),
  'session.caseGraceMinutes': fc.integer({ min: 0, max: 60 }),
  'session.livePerWorkspace': count(20),
  'session.pagesPerMinute': count(100_000),
  'session.rowsInAll': count(10_000_000),
  'session.mayVisit': fc.subarray([...STAFF_ROLES]),
  'write.allowed': fc.boolean(),
  'write.capMinutes': count(1_440),
  'write.reportSeconds': fc.integer({ min: 10, max: 3_600 }),
  'approval.customer': ownersAnd,
  'approval.vendor': fc.subarray([...STAFF_ROLES]),
  'approval.mayWiden': fc.boolean(),
  'approval.asked': fc.dictionary(fc.constantFrom(...TRIGGERS), fc.constantFrom(...SIDES), { noNullPrototype: true }),
  caseAnchor: fc.constantFrom('optional', 'required'),
  'plan.helpRequests': fc.option(fc.subarray(['free', 'paid', 'team'])),
  identityShown: fc.constantFrom('vendor log only', 'support identity', 'name', 'name and e-mail'),
  recording: fc.constantFrom('sensitive pages', 'every page', 'every click'),
  leftOnReminderHours: fc.option(count(720)),
};
const tightening: fc.Arbitrary<Tightening> = fc.record(VALUES, { requiredKeys: [] });
const policy = fc.constantFrom(...PRESET_NAMES).map((name) => PRESETS[name]);

/** For each knob, a value and one that is tighter, as policy.md means it. */
const PAIRS: { readonly [Name in KnobName]: readonly [looser: KnobValue<Name>, tighter: KnobValue<Name>] } = {
  'consent.mode': ['switch', 'request'],
  'consent.windowMinutes': [null, 60],
  'consent.longestWindowMinutes': [10_080, 1_440],
  'consent.maySwitch': [['owner', 'admin'], ['owner']],
  'request.lapseMinutes': [720, 60],
  'request.startByMinutes': [60, 15],
  'session.capMinutes': [60, 30],
  'session.idleMinutes': [15, 5],
  'session.entrySeconds': [60, 30],
  'session.identityMaxAgeSeconds': [300, 60],
  'session.caseGraceMinutes': [5, 0],
  'session.livePerWorkspace': [2, 1],
  'session.pagesPerMinute': [120, 60],
  'session.rowsInAll': [2_000, 100],
  'session.mayVisit': [['agent', 'lead'], ['lead']],
  'write.allowed': [true, false],
  'write.capMinutes': [30, 15],
  'write.reportSeconds': [120, 60],
  'approval.customer': [['owner', 'admin'], ['owner']],
  'approval.vendor': [['lead', 'engineer'], ['lead']],
  'approval.mayWiden': [true, false],
  'approval.asked': [{ export: 'customer' }, { export: 'both', 'every session': 'customer' }],
  caseAnchor: ['optional', 'required'],
  'plan.helpRequests': [null, ['paid']],
  identityShown: ['vendor log only', 'name'],
  recording: ['sensitive pages', 'every click'],
  leftOnReminderHours: [null, 24],
};

function eachKnob(check: <Name extends KnobName>(name: Name) => void): void {
  for (const name of KNOB_NAMES) check(name);
}

describe('Every knob of the policy', () => {
  it('is a setting that each preset has', () => {
    eachKnob((name) => {
      for (const preset of Object.values(PRESETS)) expect([name, knobOf(preset, name)]).not.toContain(undefined);
    });
    const leaves = Object.entries(PRESETS.default).flatMap(([group, value]) =>
      value !== null && typeof value === 'object' ? Object.keys(value).map((key) => `${group}.${key}`) : [group],
    );
    expect(leaves.filter((leaf) => leaf !== 'preset' && leaf !== 'wording').sort()).toStrictEqual(
      [...KNOB_NAMES].sort(),
    );
  });

  it('has an order of its own', () => {
    eachKnob((name) => {
      const [looser, tighter] = PAIRS[name];
      expect([name, isTighter(name, tighter, looser), isTighter(name, looser, tighter)]).toStrictEqual([
        name,
        true,
        false,
      ]);
      expect([name, isTighter(name, looser, looser)]).toStrictEqual([name, false]);
    });
  });

  it('doesn’t call one side’s approval tighter than the other’s', () => {
    const asking = (export_: 'customer' | 'vendor') => ({ export: export_ }) as const;
    expect(isAtLeastAsTight('approval.asked', asking('customer'), asking('vendor'))).toBe(false);
    expect(isAtLeastAsTight('approval.asked', asking('vendor'), asking('customer'))).toBe(false);
  });
});

describe('A policy that is tightened', () => {
  it('is never looser than either, in any knob', () => {
    fc.assert(
      fc.property(policy, tightening, (from, by) => {
        const to = tightened(from, by);
        eachKnob((name) => {
          const own: Tightening[typeof name] = by[name];
          expect([name, isAtLeastAsTight(name, knobOf(to, name), knobOf(from, name))]).toStrictEqual([name, true]);
          if (own !== undefined)
            expect([name, isAtLeastAsTight(name, knobOf(to, name), own)]).toStrictEqual([name, true]);
        });
      }),
    );
  });

  it('is the same, however often and in whatever order the same is applied', () => {
    fc.assert(
      fc.property(policy, tightening, tightening, tightening, (from, a, b, c) => {
        const once = tightened(from, a);
        expect(tightened(once, a)).toStrictEqual(once);
        expect(tightened(once, b)).toStrictEqual(tightened(tightened(from, b), a));
        expect(tightened(tightened(once, b), c)).toStrictEqual(tightened(tightened(tightened(from, c), a), b));
      }),
    );
  });

  it('can still be read, but for roles of the vendor of which none may be left', () => {
    const rolesLeft = tightening.map((by) => ({ ...by, 'session.mayVisit': undefined, 'approval.vendor': undefined }));
    fc.assert(
      fc.property(policy, rolesLeft, (from, by) => {
        expect(readPolicy(tightened(from, by))).toMatchObject({ kind: 'policy' });
      }),
    );
  });

  it('keeps what isn’t touched, and what asks as much already', () => {
    expect(tightened(PRESETS.default, { 'session.capMinutes': 30, 'session.idleMinutes': 60 })).toStrictEqual({
      ...PRESETS.default,
      session: { ...PRESETS.default.session, capMinutes: 30 },
    });
    expect(tightened(PRESETS.default, { 'approval.asked': { export: 'customer' } })).toStrictEqual(PRESETS.default);
  });

  it('asks the customer for every session once that is what lets staff in', () => {
    const { consent, approval } = tightened(PRESETS['per-ticket'], { 'consent.mode': 'request' });
    expect(consent).toStrictEqual({
      ...PRESETS['per-ticket'].consent,
      mode: 'request',
      windowMinutes: 10_080,
      longestWindowMinutes: 10_080,
    });
    expect(approval.asked['every session']).toBe('customer');
  });

  it('has no window that outlasts the longest', () => {
    expect(tightened(PRESETS.default, { 'consent.longestWindowMinutes': 60 }).consent).toMatchObject({
      windowMinutes: 60,
      longestWindowMinutes: 60,
    });
  });

  it('is worked out once, and is the installation’s own where nothing is set', () => {
    const by = { 'session.capMinutes': 30 };
    expect(effectivePolicy(PRESETS.default, noTightening)).toBe(PRESETS.default);
    expect(effectivePolicy(PRESETS.default, by)).toBe(effectivePolicy(PRESETS.default, by));
    expect(effectivePolicy(PRESETS.switch, by).preset).toBe('switch');
  });
});

describe('What a workspace may set', () => {
  it('are the policy’s own values, by their knobs’ names', () => {
    fc.assert(fc.property(tightening, (by) => expect(v.is(tighteningSchema, by)).toBe(true)));
    for (const wrong of [{ 'session.capMinutes': 0 }, { preset: 'switch' }, { 'consent.maySwitch': ['admin'] }]) {
      expect(v.is(tighteningSchema, wrong)).toBe(false);
    }
  });
});
