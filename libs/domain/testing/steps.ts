import fc from 'fast-check';
import type { By, MemberName, Page, Role, StaffName } from './model.ts';

/** How far time goes before something is done: milliseconds, or to an instant at which a comparison turns. */
export type Wait = number | { readonly toInstantAhead: number; readonly offsetMs: number };

/** Which visit: the staff member's newest or the one before it, the other's newest, or one that never was. */
export type Which = 'newest' | 'before' | 'others' | 'never';

export type Doing =
  | {
      readonly do: 'turnOn';
      readonly by: By;
      readonly minutes: number;
      readonly withoutBilling: boolean;
      readonly otherCaseOnly: boolean;
    }
  | { readonly do: 'turnOff'; readonly by: By }
  | { readonly do: 'start'; readonly staff: StaffName; readonly minutes: number; readonly reason: string }
  | { readonly do: 'enter' | 'stay' | 'goOn' | 'exit' | 'perform'; readonly staff: StaffName; readonly visit: Which }
  | {
      readonly do: 'view';
      readonly staff: StaffName;
      readonly visit: Which;
      readonly page: Page;
      readonly record: string | null;
      readonly input: boolean;
      readonly part: boolean;
    }
  | { readonly do: 'endByCustomer'; readonly by: By; readonly staff: StaffName; readonly visit: Which }
  | { readonly do: 'changeRole'; readonly member: MemberName; readonly role: Role }
  | { readonly do: 'openCase' | 'closeCase' | 'closeWorkspace' | 'settle' }
  | { readonly do: 'staff'; readonly staff: StaffName; readonly enabled: boolean };

export interface Step {
  readonly wait: Wait;
  readonly doing: Doing;
}

export const GOOD_REASON = 'Failed invoice sync since Tuesday';

const mostly = <T>(often: T, ...others: T[]) =>
  fc.oneof(
    { arbitrary: fc.constant(often), weight: 4 * others.length },
    { arbitrary: fc.constantFrom(...others), weight: 1 + others.length },
  );
const staff = fc.integer({ min: 0, max: 9 }).map((roll): StaffName => (roll < 8 ? 'sam' : 'priya'));
const by = mostly<By>('maria', 'adam', 'vic', 'stranger');
const visit = fc
  .integer({ min: 0, max: 19 })
  .map((roll): Which =>
    roll < 16 ? 'newest' : ((['before', 'others', 'others', 'never'] as const)[roll - 16] ?? 'never'),
  );
const seldom = fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0);

const wait: fc.Arbitrary<Wait> = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(0, 0, 1, 500, 500, 2_000, 20_000, 29_999, 30_000) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }).map((minutes) => minutes * 60_000) },
  {
    weight: 2,
    arbitrary: fc.record({ toInstantAhead: fc.nat({ max: 3 }), offsetMs: fc.constantFrom(0, 0, -1, 1) }),
  },
);

const doing: fc.Arbitrary<Doing> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('turnOn' as const),
      by,
      minutes: mostly(1_440, 1, 15, 30, 0),
      withoutBilling: seldom,
      otherCaseOnly: seldom,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('turnOff' as const), by }) },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant('start' as const),
      staff,
      minutes: mostly(60, 1, 15, 0, 61),
      reason: mostly(GOOD_REASON, 'check issue'),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'enter' as const,
        'enter' as const,
        'stay' as const,
        'goOn' as const,
        'exit' as const,
        'perform' as const,
      ),
      staff,
      visit,
    }),
  },
  {
    weight: 36,
    arbitrary: fc.record({
      do: fc.constant('view' as const),
      staff,
      visit,
      page: mostly<Page>('invoice', 'dashboard', 'billing', 'customer', 'nope'),
      record: fc.constantFrom(null, 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7'),
      input: fc.boolean(),
      part: seldom,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('endByCustomer' as const), by, staff, visit }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('changeRole' as const),
      member: fc.constantFrom<MemberName[]>('maria', 'adam', 'vic'),
      role: fc.constantFrom<Role[]>('owner', 'owner', 'owner', 'admin', 'viewer', null),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'openCase' as const,
        'openCase' as const,
        'openCase' as const,
        'closeCase' as const,
        'settle' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('staff' as const), staff, enabled: fc.constantFrom(true, true, false) }),
  },
  // Behind it nothing much happens, so it comes seldom.
  {
    weight: 1,
    arbitrary: fc.constantFrom<Doing[]>({ do: 'closeWorkspace' }, { do: 'settle' }, { do: 'settle' }, { do: 'settle' }),
  },
);

const then = (doing: Doing): Step => ({ wait: 1_000, doing });
const leaf = (record: string): Doing => ({
  do: 'view',
  staff: 'sam',
  visit: 'newest',
  page: 'invoice',
  record,
  input: true,
  part: false,
});
/** Most days begin with somebody inside: from there the more telling things happen. */
const INSIDE: readonly Step[] = [
  then({ do: 'turnOn', by: 'maria', minutes: 1_440, withoutBilling: false, otherCaseOnly: false }),
  then({ do: 'start', staff: 'sam', minutes: 60, reason: GOOD_REASON }),
  then({ do: 'enter', staff: 'sam', visit: 'newest' }),
];
const MORNINGS: readonly (readonly Step[])[] = [
  INSIDE,
  // Leafed through pages, with little of the budget left.
  [...INSIDE, then(leaf('R1')), then(leaf('R2')), then(leaf('R3')), then(leaf('R4'))],
  [
    then({ do: 'turnOn', by: 'adam', minutes: 30, withoutBilling: false, otherCaseOnly: false }),
    then({ do: 'start', staff: 'priya', minutes: 15, reason: GOOD_REASON }),
    then({ do: 'start', staff: 'sam', minutes: 60, reason: GOOD_REASON }),
  ],
];
const mornings = fc.oneof(
  { arbitrary: fc.constantFrom(...MORNINGS), weight: 5 },
  { arbitrary: fc.constant<readonly Step[]>([]), weight: 1 },
);

/** Steps that lead to an instant at which a comparison turns, which chance alone would seldom hit. */
const passage: fc.Arbitrary<readonly Step[]> = fc.oneof(
  // The same page and record again, about when it becomes another view.
  fc.tuple(fc.constantFrom('R8', 'R9'), fc.constantFrom(29_999, 30_000)).map(([record, wait]) => [
    { wait: 20_000, doing: leaf(record) },
    { wait, doing: leaf(record) },
  ]),
  // A budget that was whole, spent at once, and one page more about when there is one again.
  fc
    .constantFrom(0, 1)
    .map((wait): Step[] => [
      ...['R10', 'R11', 'R12'].map((record, at) => ({ wait: at === 0 ? 61_000 : 0, doing: leaf(record) })),
      { wait, doing: leaf('R13') },
    ]),
  // A visit that is entered about when its code is too old.
  fc.constantFrom(59_999, 60_000).map((wait): Step[] => [
    { wait: 0, doing: { do: 'exit', staff: 'sam', visit: 'newest' } },
    { wait: 0, doing: { do: 'start', staff: 'sam', minutes: 60, reason: GOOD_REASON } },
    { wait, doing: { do: 'enter', staff: 'sam', visit: 'newest' } },
  ]),
);
const passages = fc.oneof(
  { weight: 20, arbitrary: fc.record({ wait, doing }).map((step): readonly Step[] => [step]) },
  { weight: 1, arbitrary: passage },
);

/** A day at one workspace: steps of waiting and doing. */
export const days: fc.Arbitrary<Step[]> = fc
  .tuple(mornings, fc.array(passages, { minLength: 1, maxLength: 60, size: 'max' }))
  .map(([morning, rest]) => [...morning, ...rest.flat()]);

/** Which of the visits, in the order in which they were started, is meant; -1: none. */
export function indexOf(visits: readonly { readonly staff: StaffName }[], staff: StaffName, which: Which): number {
  if (which === 'never') return -1;
  const whose = which === 'others' ? (staff === 'sam' ? 'priya' : 'sam') : staff;
  const newest = visits.findLastIndex((visit) => visit.staff === whose);
  if (which !== 'before' || newest < 0) return newest;
  return visits.slice(0, newest).findLastIndex((visit) => visit.staff === whose);
}
