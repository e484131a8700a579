import { describe, expect, it } from '@jest/globals';
import { priyaEnabled, sam, samEnabled } from '../testing/story.ts';
import { reviewDenials, type ReviewDenials } from './review-denials.ts';

const jonas = { ...priyaEnabled, roles: ['reviewer'] as const };
const review = (more: Partial<ReviewDenials> = {}): ReviewDenials => ({
  type: 'ReviewDenials',
  personId: sam,
  rule: 'pageIsInScope',
  upTo: '00000000000000000017',
  verdict: 'somebody to help',
  note: 'Sam looks for invoices under customers.',
  staffId: 'stf_jonas',
  ownIds: ['stf_jonas', 'mem_jonas'],
  ...more,
});

describe('What somebody was refused', () => {
  it('is reviewed by a fact: by whom, of whom, which rule, up to where, and what to make of it (S1-68, S1-73)', () => {
    expect(reviewDenials(review(), jonas)).toStrictEqual({
      facts: [
        {
          type: 'DenialsReviewed',
          data: {
            personId: sam,
            rule: 'pageIsInScope',
            upTo: '00000000000000000017',
            verdict: 'somebody to help',
            by: 'stf_jonas',
            personal: {
              subject: 'stf_jonas',
              name: 'Priya Shah',
              note: 'Sam looks for invoices under customers.',
            },
          },
        },
      ],
    });
  });

  it.each(['stf_jonas', 'mem_jonas'])('is reviewed by nobody of themselves, in whatever role: %s', (personId) => {
    expect(reviewDenials(review({ personId }), jonas)).toStrictEqual({
      facts: [],
      refusal: {
        rule: 'reviewerIsSomebodyElse',
        because: 'These are your own attempts.',
        instead: 'Another reviewer looks at them.',
      },
    });
  });

  it('is reviewed by reviewers only, while they are enabled', () => {
    expect(reviewDenials(review(), samEnabled).refusal?.rule).toBe('staffRoleMayReview');
    expect(reviewDenials(review(), { ...jonas, phase: 'disabled' }).refusal?.rule).toBe('staffMemberIsEnabled');
    expect(reviewDenials(review(), { ...jonas, readable: false }).refusal?.rule).toBe('staffMemberIsEnabled');
  });
});
