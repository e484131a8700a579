import { describe, expect, it } from '@jest/globals';
import { KNOB_NAMES, type KnobName } from '#domain/policy/knobs';
import { PRESETS } from '#domain/policy/presets';
import { knobOf } from '#domain/policy/tighten';
import { SETTING_NAMES, settingSaid } from './policy-lines.ts';

const said = <Name extends KnobName>(name: Name, preset: keyof typeof PRESETS) =>
  settingSaid(name, knobOf(PRESETS[preset], name));

describe('A setting as a sentence', () => {
  it('is whole for every knob of every preset, and has a name of its own', () => {
    for (const preset of Object.keys(PRESETS) as (keyof typeof PRESETS)[]) {
      for (const name of KNOB_NAMES)
        expect([name, said(name, preset)]).toStrictEqual([name, expect.stringMatching(/^[A-Z0-9].*\.$/)]);
    }
    expect(new Set(Object.values(SETTING_NAMES)).size).toBe(KNOB_NAMES.length);
  });

  it.each([
    ['consent.windowMinutes', 'day-pass', 'Staff access is on for 24 hours, unless another time is chosen.'],
    ['consent.windowMinutes', 'switch', 'Staff access stays on until it is turned off.'],
    ['consent.longestWindowMinutes', 'default', 'Staff access is on for 7 days at the longest.'],
    ['consent.maySwitch', 'default', 'Owners and admins may turn staff access on and off.'],
    ['session.capMinutes', 'day-pass', 'A visit lasts 24 hours at most.'],
    ['session.capMinutes', 'per-ticket', 'A visit lasts 30 minutes at most.'],
    ['session.rowsInAll', 'default', 'A visit is shown 2,000 rows of data at most.'],
    ['write.allowed', 'switch', 'Staff never change anything.'],
    ['approval.asked', 'switch', 'The customer approves: export and reveal.'],
    [
      'plan.helpRequests',
      'by-request',
      'Decides nothing yet, as customers can’t ask for help here; once they can, it lets staff in on these plans only: paid. What staff ask for is the same on every plan.',
    ],
    ['identityShown', 'switch', 'The customer reads that it was support; who it was stands in the vendor’s log.'],
    [
      'leftOnReminderHours',
      'switch',
      'Owners read on their page that it was left on once staff access has been on for 24 hours; no mail is sent yet.',
    ],
  ] as const)('%s under %s: %s', (name, preset, sentence) => {
    expect(said(name, preset)).toBe(sentence);
  });

  it('says what is left where nothing is', () => {
    expect(settingSaid('session.mayVisit', [])).toBe('Nobody may open visits.');
    expect(settingSaid('approval.asked', {})).toBe('Nothing needs an approval.');
    expect(settingSaid('session.caseGraceMinutes', 0)).toBe('A visit ends when its case is closed.');
    expect(settingSaid('plan.helpRequests', [])).toBe(
      'Decides nothing yet, as customers can’t ask for help here; once they can, it lets staff in on no plan. What staff ask for is the same on every plan.',
    );
    expect(settingSaid('plan.helpRequests', null)).toBe(
      'Decides nothing yet, as customers can’t ask for help here; once they can, it lets staff in on every plan. What staff ask for is the same on every plan.',
    );
    expect(settingSaid('session.rowsInAll', 1_234_567)).toBe('A visit is shown 1,234,567 rows of data at most.');
  });
});
