import { describe, expect, it } from '@jest/globals';
import { EXAMPLES } from '#domain/testing/examples';
import { recognise } from '#domain/facts';
import { KNOBS } from '#domain/policy/knobs';
import { factAs, identityAs, namesAs, type IdentityShown } from './identity.ts';
import { evolveNames, noNames } from './names.ts';
import { sentenceFor } from './sentence-for.ts';

const sam = { name: 'Sam Reed', email: 'sam@vendor.example' };
const SHOWN: readonly IdentityShown[] = KNOBS.identityShown.schema.options;
const { SessionStarted, PageViewed, StaffAccessEnabled } = EXAMPLES;

/** What the customer reads of a visit: its first line, and a page. */
function told(shown: IdentityShown): string[] {
  const names = namesAs(shown, evolveNames(evolveNames(noNames, EXAMPLES.StaffEnabled), SessionStarted));
  return [SessionStarted, PageViewed].map((fact) => sentenceFor(factAs(shown, fact), names).text);
}

describe('A staff member’s identity', () => {
  it('is shown to the customer as far as the policy says (S0-31, S1-34, S2-27, S3-24)', () => {
    expect(SHOWN.map((shown) => [shown, identityAs(shown, 'stf_sam', sam)])).toStrictEqual([
      ['vendor log only', { name: 'Support', email: null }],
      ['support identity', { name: 'Support BE8F1E', email: null }],
      ['name', { name: 'Sam Reed', email: null }],
      ['name and e-mail', sam],
    ]);
  });

  it('is the same for the same person, and another for another, where it is a number', () => {
    const number = (id: string) => identityAs('support identity', id, sam).name;
    expect(number('stf_sam')).toBe(number('stf_sam'));
    expect(number('stf_priya')).not.toBe(number('stf_sam'));
  });

  it('is in no sentence that shows less of it', () => {
    for (const text of told('name and e-mail')) expect(text).toContain(SessionStarted.data.personal?.staffName);
    for (const shown of ['vendor log only', 'support identity'] as const) {
      for (const text of told(shown)) {
        expect(text).toMatch(/^Support\b/);
        expect(text).not.toContain(SessionStarted.data.personal?.staffName);
      }
    }
  });

  it('is in no data that shows less of it, and the data can still be read', () => {
    for (const example of Object.values(EXAMPLES)) {
      for (const shown of SHOWN) expect([example.type, recognise(factAs(shown, example))]).not.toContain(undefined);
      const less = JSON.stringify(factAs('vendor log only', example).data);
      expect([example.type, less]).toStrictEqual([example.type, expect.not.stringMatching(/Sam Reed|sam@vendor/)]);
    }
  });

  it('says nothing less of the customer’s own people', () => {
    expect(factAs('vendor log only', StaffAccessEnabled)).toStrictEqual(StaffAccessEnabled);
    const names = namesAs('vendor log only', evolveNames(noNames, EXAMPLES.MemberRoleChanged));
    expect([...names.people.values()]).toStrictEqual(['Maria Lopez']);
  });
});
