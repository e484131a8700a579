import { isRuleCode, type RuleCode } from '@gatebook/protocol';
import * as v from 'valibot';
import { noCommands, remember, type CommandMemory } from '../command-memory.ts';
import { factKind, idWith, type FactOf, type Written } from '../fact.ts';

/** What a reviewer makes of refusals that repeat: bad permissions, confused staff, probing (S1-68), or nothing. */
export const DENIAL_VERDICTS = ['permissions to mend', 'somebody to help', 'probing', 'no concern'] as const;
export type DenialVerdict = (typeof DENIAL_VERDICTS)[number];

export const DenialsReviewed = factKind(
  'DenialsReviewed',
  'A reviewer looked at what a person was refused by one rule, and said what to make of it (S1-68, S1-73).',
  {
    /** Who was refused: the actor of the denials. */
    personId: v.string(),
    rule: v.custom<RuleCode>(isRuleCode, 'must be a published rule code'),
    /** Denials up to this position of the log, inclusive, were looked at; what comes later is new. */
    upTo: v.string(),
    verdict: v.picklist(DENIAL_VERDICTS),
    by: idWith('stf'),
    personal: v.optional(
      v.object({ subject: idWith('stf'), name: v.nullable(v.string()), note: v.nullable(v.string()) }),
    ),
  },
);

export const REVIEW_FACTS = [DenialsReviewed] as const;
export type ReviewFact = FactOf<typeof DenialsReviewed>;

/** What stands in a stream of reviews. Only repeats of a command are told by it: each review is a line of its own. */
export interface Reviews {
  readonly readable: boolean;
  readonly commands: CommandMemory;
}

export const noReviews: Reviews = { readable: true, commands: noCommands };

export function evolveReviews(reviews: Reviews, fact: ReviewFact, written: Written): Reviews {
  switch (fact.type) {
    case 'DenialsReviewed':
      return { ...reviews, commands: remember(reviews.commands, written) };
  }
}
