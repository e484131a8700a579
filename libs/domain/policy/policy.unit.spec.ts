import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { defaultPolicy, policySchema } from './policy.ts';

/** Each mistake in a policy, with where it stands, as the service tells it at its start. */
function mistakesIn(policy: unknown): string[] {
  const { issues = [] } = v.safeParse(policySchema, policy);
  return issues.map((issue) => `${v.getDotPath(issue) ?? 'the policy'}: ${issue.message}`);
}
const withConsent = (consent: object) => ({ ...defaultPolicy, consent: { ...defaultPolicy.consent, ...consent } });
const withSession = (session: object) => ({ ...defaultPolicy, session: { ...defaultPolicy.session, ...session } });

describe('Reading a policy', () => {
  it('gives back what was written', () => {
    expect(v.parse(policySchema, JSON.parse(JSON.stringify(defaultPolicy)))).toStrictEqual(defaultPolicy);
  });

  it.each([
    ['capMinutes', 1, 1_440],
    ['idleMinutes', 1, 60],
    ['entrySeconds', 5, 300],
    ['identityMaxAgeSeconds', 30, 3_600],
    ['caseGraceMinutes', 0, 60],
    ['livePerWorkspace', 1, 20],
    ['pagesPerMinute', 1, 100_000],
  ])('takes session.%s from %d to %d, in whole numbers, and says where it is out of bounds', (key, least, most) => {
    for (const right of [least, most]) expect(mistakesIn(withSession({ [key]: right }))).toStrictEqual([]);
    expect(mistakesIn(withSession({ [key]: least - 1 }))).toStrictEqual([`session.${key}: must be at least ${least}`]);
    expect(mistakesIn(withSession({ [key]: most + 1 }))).toStrictEqual([`session.${key}: must be at most ${most}`]);
    for (const wrong of [least + 0.5, String(least), null, Number.NaN]) {
      expect(mistakesIn(withSession({ [key]: wrong }))).toStrictEqual([
        expect.stringMatching(new RegExp(`^session\\.${key}: Invalid (type|integer)`)),
      ]);
    }
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
  });

  it('names roles that there are, and one at least', () => {
    expect(mistakesIn(withConsent({ maySwitch: [] }))).toStrictEqual(['consent.maySwitch: must name a role']);
    expect(mistakesIn(withSession({ mayVisit: [] }))).toStrictEqual(['session.mayVisit: must name a role']);
    expect(mistakesIn(withConsent({ maySwitch: ['owner', 'lead'] }))[0]).toMatch(/^consent\.maySwitch\.1: .*"lead"$/);
    expect(mistakesIn(withSession({ mayVisit: ['owner'] }))[0]).toMatch(/^session\.mayVisit\.0: .*"owner"$/);
  });

  it('knows no setting that it was not told of, and misses each that is left out', () => {
    expect(mistakesIn(withSession({ capMinuets: 30 }))[0]).toMatch(/^session\.capMinuets: /);
    expect(mistakesIn({ ...defaultPolicy, session: undefined })[0]).toMatch(/^session: /);
    expect(mistakesIn({ ...defaultPolicy, preset: 'lenient' })[0]).toMatch(/^preset: /);
    expect(mistakesIn([])).toHaveLength(3);
    expect(mistakesIn(null)[0]).toMatch(/^the policy: /);
  });
});
