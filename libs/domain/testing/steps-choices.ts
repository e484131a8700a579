import fc from 'fast-check';
import type { StaffName } from './cast.ts';

/** Which visit: the staff member's newest or the one before it, the other's newest, or one that never was. */
export type Which = 'newest' | 'before' | 'others' | 'never';

export const GOOD_REASON = 'Failed invoice sync since Tuesday';

/** As good a reason, for something else. */
export const OTHER_REASON = 'The logo on the invoices is blurred since Monday';

export const mostly = <T>(often: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { arbitrary: fc.constant(often), weight: 4 * others.length },
    { arbitrary: fc.constantFrom(...others), weight: 1 + others.length },
  );

const rolled = <T>(sides: readonly T[]): fc.Arbitrary<T> =>
  fc.integer({ min: 0, max: sides.length - 1 }).map((roll) => sides[roll] as T);

export const staff: fc.Arbitrary<StaffName> = rolled([
  ...Array.from({ length: 15 }, () => 'sam' as const),
  'priya',
  'priya',
  'priya',
  'lena',
  'kim',
]);
export const visit: fc.Arbitrary<Which> = rolled([
  ...Array.from({ length: 16 }, () => 'newest' as const),
  'before',
  'others',
  'others',
  'never',
]);
export const seldom = fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0);

/** Which of the visits or requests, in the order in which they came, is meant; -1: none. */
export function indexOf(all: readonly { readonly staff: StaffName }[], staff: StaffName, which: Which): number {
  if (which === 'never') return -1;
  const isMeant = ({ staff: whose }: { readonly staff: StaffName }) => (which === 'others') === (whose !== staff);
  const newest = all.findLastIndex(isMeant);
  if (which !== 'before' || newest < 0) return newest;
  return all.slice(0, newest).findLastIndex(isMeant);
}
