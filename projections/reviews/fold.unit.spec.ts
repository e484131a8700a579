import { describe, expect, it } from '@jest/globals';
import type { StoredFact } from '#event-log/envelope';
import { foldedTwice } from '../testing/rows.ts';
import { castOf, placed, story, STORY_BEGINS } from '../testing/story.ts';
import { reviewsProjection } from './fold.ts';

const { sam } = castOf(1);
const facts = placed(story());
const last = facts.at(-1) as StoredFact;

/** A review of what Sam was refused, `minute` minutes into the story. */
const review = (stream: string, minute: number): StoredFact => ({
  ...last,
  id: `review-${minute}`,
  stream,
  position: String(100 + minute).padStart(20, '0'),
  type: 'DenialsReviewed',
  metadata: { ...last.metadata, time: new Date(STORY_BEGINS + minute * 60_000).toISOString() },
  data: {
    personId: sam,
    rule: 'pageIsInScope',
    upTo: '00000000000000000016',
    verdict: 'somebody to help',
    by: 'stf_jonas',
    personal: { subject: 'stf_jonas', name: 'Jonas Weber', note: null },
  },
});

describe('The reviews of refusals', () => {
  it('are a row each: of whom, which rule, up to where, by whom', () => {
    expect(foldedTwice(reviewsProjection, [...facts, review(`reviews-${sam}`, 30)])['denial_reviews']).toEqual([
      {
        fact_id: 'review-30',
        position: '00000000000000000130',
        revision: last.revision,
        person_id: sam,
        rule: 'pageIsInScope',
        up_to: '00000000000000000016',
        verdict: 'somebody to help',
        by_id: 'stf_jonas',
        by_name: 'Jonas Weber',
        note: null,
        reviewed_at: STORY_BEGINS + 30 * 60_000,
      },
    ]);
  });

  it('are read from their own streams only', () => {
    expect(foldedTwice(reviewsProjection, [review(`staff-${sam}`, 30)])['denial_reviews'] ?? []).toEqual([]);
  });
});
