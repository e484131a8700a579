/**
 * What can make an approval necessary: the kinds of deeds, whatever the vendor's product calls them. The catalogue says
 * which of them an action hits (`effects`), the policy who is asked for each.
 */
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

/** Who is asked. `both`: the customer first, then the vendor. */
export const SIDES = ['customer', 'vendor', 'both'] as const;
export type Side = (typeof SIDES)[number];
export type NeededApproval = 'nobody' | Side;

/** Who is asked for each trigger; one that is missing asks nobody. */
export type Asked = { readonly [T in Trigger]?: Side | undefined };

/** The most that any of the triggers asks: the customer's and the vendor's yes together are `both`. */
export function neededApproval(
  { approval: { asked } }: { readonly approval: { readonly asked: Asked } },
  triggers: readonly Trigger[],
): NeededApproval {
  return triggers.reduce<NeededApproval>((most, trigger) => bothOf(most, asked[trigger] ?? 'nobody'), 'nobody');
}

/** What asks at least as much as either. */
export function bothOf(a: NeededApproval, b: NeededApproval): NeededApproval {
  if (a === 'nobody') return b;
  return b === 'nobody' || a === b ? a : 'both';
}
