import type { RuleCode, StaffId } from '@gatebook/protocol';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import type { StaffMember } from '../staff/staff.ts';
import type { DenialVerdict, ReviewFact } from './review.ts';

/** A reviewer has looked at what a person was refused by one rule. */
export interface ReviewDenials {
  readonly type: 'ReviewDenials';
  readonly personId: string;
  readonly rule: RuleCode;
  /** Position of the newest denial that was looked at. */
  readonly upTo: string;
  readonly verdict: DenialVerdict;
  readonly note: string | null;
  readonly staffId: StaffId;
  /** Every id that the reviewer acts under: a person reviews nothing of their own, in whatever role (policy.md, 11). */
  readonly ownIds: readonly string[];
}

interface Context {
  readonly command: ReviewDenials;
  readonly staff: StaffMember;
}

const staffMemberIsEnabled: Rule<Context> = rule('staffMemberIsEnabled', ({ staff }) =>
  staff.readable && staff.phase === 'enabled' ? undefined : { because: 'You are not enabled as a staff member.' },
);

const staffRoleMayReview: Rule<Context> = rule('staffRoleMayReview', ({ staff }) =>
  staff.roles.includes('reviewer') ? undefined : { because: 'Only reviewers may do this.' },
);

const reviewerIsSomebodyElse: Rule<Context> = rule('reviewerIsSomebodyElse', ({ command: { personId, ownIds } }) =>
  ownIds.includes(personId)
    ? { because: 'These are your own attempts.', instead: 'Another reviewer looks at them.' }
    : undefined,
);

/** Writes down that somebody looked, up to where, and what they made of it. */
export function reviewDenials(command: ReviewDenials, staff: StaffMember): Decision<ReviewFact> {
  const refusal = firstRefusal([staffMemberIsEnabled, staffRoleMayReview, reviewerIsSomebodyElse], {
    command,
    staff,
  });
  if (refusal) return { facts: [], refusal };
  const { personId, rule: code, upTo, verdict, note, staffId } = command;
  const personal = { subject: staffId, name: staff.shown?.name ?? null, note };
  return {
    facts: [{ type: 'DenialsReviewed', data: { personId, rule: code, upTo, verdict, by: staffId, personal } }],
  };
}
