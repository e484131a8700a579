/** What can call for an approval: kinds of requests, and effects that an action of the catalogue names (policy.md). */
export const TRIGGERS = [
  'every session',
  'every write',
  'export',
  'reveal',
  'sensitive page',
  'sensitive account',
  'billing',
  'refund',
  'credit',
  'delete',
  'restore',
  'bulk edit',
  'ownership',
  'password reset',
  'e-mail reset',
  'MFA reset',
  'role change',
  'security setting',
  'unrelated setting',
  'customer would notice',
] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** Whose approval is needed. `both`: the customer's first, then the vendor's second person's (S1-27, S1-28). */
export const APPROVAL_SIDES = ['nobody', 'customer', 'vendor', 'both'] as const;
export type ApprovalSide = (typeof APPROVAL_SIDES)[number];

/** Who must approve so that both demands are met. */
export function bothSides(a: ApprovalSide, b: ApprovalSide): ApprovalSide {
  if (a === 'nobody' || a === b) return b;
  return b === 'nobody' ? a : 'both';
}

/** The most that any of the triggers asks; a trigger that the policy doesn't name asks nobody. */
export function neededApproval(
  asked: { readonly [T in Trigger]?: Exclude<ApprovalSide, 'nobody'> | undefined },
  triggers: readonly Trigger[],
): ApprovalSide {
  return triggers.reduce<ApprovalSide>((most, trigger) => bothSides(most, asked[trigger] ?? 'nobody'), 'nobody');
}
