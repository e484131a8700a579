import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, readPolicy, upcastPolicy, type FirstPolicy } from './policy.ts';
import { PRESETS } from './presets.ts';

/** Each mistake in a policy, with where it stands, as the service tells it at its start. */
function mistakesIn(policy: unknown): readonly string[] {
  const reading = readPolicy(policy);
  return reading.kind === 'mistakes' ? reading.mistakes : [];
}
const withConsent = (consent: object) => ({ ...defaultPolicy, consent: { ...defaultPolicy.consent, ...consent } });
const withSession = (session: object) => ({ ...defaultPolicy, session: { ...defaultPolicy.session, ...session } });

describe('Reading a policy', () => {
  it('gives back what was written', () => {
    for (const policy of Object.values(PRESETS)) {
      expect(readPolicy(JSON.parse(JSON.stringify(policy)))).toStrictEqual({ kind: 'policy', policy });
    }
  });

  it('takes from the preset what is not written, and from the preset default where none is named', () => {
    expect(readPolicy({})).toStrictEqual({ kind: 'policy', policy: defaultPolicy });
    expect(readPolicy({ preset: 'per-ticket', session: { capMinutes: 15 } })).toStrictEqual({
      kind: 'policy',
      policy: { ...PRESETS['per-ticket'], session: { ...PRESETS['per-ticket'].session, capMinutes: 15 } },
    });
  });

  it.each([
    ['session.capMinutes', 1, 1_440],
    ['session.idleMinutes', 1, 60],
    ['session.entrySeconds', 5, 300],
    ['session.identityMaxAgeSeconds', 30, 3_600],
    ['session.caseGraceMinutes', 0, 60],
    ['session.livePerWorkspace', 1, 20],
    ['session.pagesPerMinute', 1, 100_000],
    ['session.rowsInAll', 1, 10_000_000],
    ['request.lapseMinutes', 1, 43_200],
    ['request.startByMinutes', 1, 10_080],
    ['write.capMinutes', 1, 1_440],
    ['write.reportSeconds', 10, 3_600],
  ])('takes %s from %d to %d, in whole numbers, and says where it is out of bounds', (path, least, most) => {
    const [group = '', key = ''] = path.split('.');
    const saying = (value: unknown) => mistakesIn({ [group]: { [key]: value } });
    for (const right of [least, most]) expect(saying(right)).toStrictEqual([]);
    expect(saying(least - 1)).toStrictEqual([`${path}: must be at least ${least}`]);
    expect(saying(most + 1)).toStrictEqual([`${path}: must be at most ${most}`]);
    expect(saying(least + 0.5)).toStrictEqual([`${path}: must be a whole number`]);
    for (const wrong of [String(least), null, Number.NaN])
      expect(saying(wrong)).toStrictEqual([`${path}: must be a number`]);
  });

  it('takes windows from one minute to seven days', () => {
    for (const right of [1, 10_080]) expect(mistakesIn(withConsent({ windowMinutes: right }))).toStrictEqual([]);
    expect(mistakesIn(withConsent({ windowMinutes: 0 }))).toStrictEqual(['consent.windowMinutes: must be at least 1']);
    expect(mistakesIn(withConsent({ windowMinutes: 60, longestWindowMinutes: 10_081 }))).toStrictEqual([
      'consent.longestWindowMinutes: must be at most 10080',
    ]);
  });

  it('takes no window that is longer than the longest one', () => {
    expect(mistakesIn(withConsent({ windowMinutes: 61, longestWindowMinutes: 60 }))).toStrictEqual([
      'consent.windowMinutes: must be at most longestWindowMinutes',
    ]);
    expect(mistakesIn(withConsent({ windowMinutes: 60, longestWindowMinutes: 60 }))).toStrictEqual([]);
    expect(mistakesIn(withConsent({ windowMinutes: null }))).toStrictEqual([
      'consent.windowMinutes: must be at most longestWindowMinutes',
    ]);
  });

  it('lets staff access stay on until it is turned off under the preset switch only (S3-25)', () => {
    const endless = { windowMinutes: null, longestWindowMinutes: null };
    expect(mistakesIn({ preset: 'switch', consent: endless })).toStrictEqual([]);
    expect(mistakesIn({ preset: 'switch', consent: { windowMinutes: 60 } })).toStrictEqual([]);
    expect(mistakesIn({ preset: 'day-pass', consent: endless })).toStrictEqual([
      'consent.longestWindowMinutes: must be a number of minutes: only the preset switch lets staff access stay on until it is turned off',
    ]);
  });

  it('asks the customer for every session where that is what lets staff in (S2-8)', () => {
    for (const asked of [{}, { 'every session': 'vendor' }]) {
      expect(mistakesIn({ preset: 'by-request', approval: { asked } })).toStrictEqual([
        'approval.asked: must ask the customer for “every session” where consent.mode is request',
      ]);
    }
    expect(mistakesIn({ preset: 'by-request', approval: { asked: { 'every session': 'both' } } })).toStrictEqual([]);
  });

  it('names roles that there are, and one at least; the owner may always switch and decide', () => {
    expect(mistakesIn(withConsent({ maySwitch: [] }))).toStrictEqual(['consent.maySwitch: must name the owner']);
    expect(mistakesIn({ approval: { customer: ['admin'] } })).toStrictEqual(['approval.customer: must name the owner']);
    expect(mistakesIn(withSession({ mayVisit: [] }))).toStrictEqual(['session.mayVisit: must name a role']);
    expect(mistakesIn({ approval: { vendor: [] } })).toStrictEqual(['approval.vendor: must name a role']);
    expect(mistakesIn(withConsent({ maySwitch: ['owner', 'lead'] }))).toStrictEqual([
      'consent.maySwitch.1: must be one of owner, admin, manager, agent, viewer, not "lead"',
    ]);
    expect(mistakesIn(withSession({ mayVisit: ['owner'] }))).toStrictEqual([
      'session.mayVisit.0: must be one of agent, lead, engineer, responder, reviewer, not "owner"',
    ]);
  });

  it('knows no trigger and no side that there isn’t', () => {
    const [trigger] = mistakesIn({ approval: { asked: { 'every sesion': 'customer' } } });
    expect(trigger).toMatch(/^approval\.asked\.every sesion: must be one of every session, every write, /);
    expect(mistakesIn({ approval: { asked: { export: 'nobody' } } })).toStrictEqual([
      'approval.asked.export: must be one of customer, vendor, both, not "nobody"',
    ]);
  });

  it('knows no setting that it was not told of, and misses each that is left out', () => {
    expect(mistakesIn(withSession({ capMinuets: 30 }))).toStrictEqual(['session.capMinuets: there is no such setting']);
    expect(mistakesIn({ colour: 'red' })).toStrictEqual(['colour: there is no such setting']);
    // Every one of them, wherever it stands, and what else is wrong besides.
    const several = { colour: 'red', session: { capMinuets: 30, idelMinutes: 3, capMinutes: 0 }, write: [], smell: 1 };
    expect(mistakesIn(JSON.parse(JSON.stringify(several).replace('"smell"', '"constructor"')))).toStrictEqual([
      'session.capMinuets: there is no such setting',
      'session.idelMinutes: there is no such setting',
      'write: must be a group of settings with names, not a list',
      'colour: there is no such setting',
      'constructor: is a word that nothing can be named',
      'session.capMinutes: must be at least 1',
    ]);
    expect(mistakesIn({ ...defaultPolicy, session: undefined })).toStrictEqual(['session: is missing']);
    expect(mistakesIn({ ...defaultPolicy, preset: 'lenient' })).toStrictEqual([
      'preset: must be one of default, day-pass, traceable, by-request, switch, per-ticket, not "lenient"',
    ]);
    for (const none of [[], null, 'default']) {
      expect(mistakesIn(none)).toStrictEqual(['the policy: must be a group of settings']);
    }
  });
});

describe('A policy that the first release wrote', () => {
  const first: FirstPolicy = {
    preset: 'default',
    consent: { windowMinutes: 120, longestWindowMinutes: 240, maySwitch: ['owner', 'manager'] },
    session: {
      capMinutes: 30,
      idleMinutes: 10,
      entrySeconds: 30,
      identityMaxAgeSeconds: 60,
      caseGraceMinutes: 1,
      livePerWorkspace: 1,
      pagesPerMinute: 60,
      mayVisit: ['lead'],
    },
  };

  it('keeps every value, and takes what it didn’t know from the preset default', () => {
    expect(upcastPolicy(first)).toStrictEqual({
      ...defaultPolicy,
      consent: { mode: 'switch', ...first.consent },
      session: { ...first.session, rowsInAll: 2_000 },
    });
  });

  it('lets the owner switch, whatever it said', () => {
    const consent = { ...first.consent, maySwitch: ['admin' as const] };
    expect(upcastPolicy({ ...first, consent }).consent.maySwitch).toStrictEqual(['owner', 'admin']);
  });

  it('is told from today’s by its shape alone', () => {
    for (const policy of Object.values(PRESETS)) expect(upcastPolicy(policy)).toBe(policy);
  });
});
