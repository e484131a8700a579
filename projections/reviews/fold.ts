import { decidedAt } from '../runner/instants.ts';
import { REVIEWS_PREFIX } from '../runner/streams.ts';
import { add, type Fold, type Projection } from '../runner/table.ts';
import { denialReviews } from './table.ts';

const fold: Fold = ({ id, stream, revision, position, metadata }, known) => {
  if (known?.type !== 'DenialsReviewed' || !stream.startsWith(REVIEWS_PREFIX)) return [];
  const { personId, rule, upTo, verdict, by, personal } = known.data;
  return [
    add(denialReviews, {
      fact_id: id,
      position,
      revision,
      person_id: personId,
      rule,
      up_to: upTo,
      verdict,
      by_id: by,
      by_name: personal?.name ?? null,
      note: personal?.note ?? null,
      reviewed_at: decidedAt(metadata),
    }),
  ];
};

export const reviewsProjection: Projection = { name: 'reviews', version: 1, tables: [denialReviews], fold };
