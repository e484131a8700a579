import { defineTable } from '../runner/table.ts';

/** One row per review of what somebody was refused by one rule. */
export const denialReviews = defineTable({
  name: 'denial_reviews',
  columns: {
    fact_id: 'text',
    position: 'text',
    /** In the stream of the person's reviews. */
    revision: 'bigint',
    person_id: 'text',
    rule: 'text',
    /** Denials up to this position, inclusive, were looked at. */
    up_to: 'text',
    verdict: 'text',
    by_id: 'text',
    by_name: 'text?',
    note: 'text?',
    reviewed_at: 'bigint',
  },
  key: 'fact_id',
  indexes: [['person_id', 'rule', 'position']],
  onlyAdded: true,
});
