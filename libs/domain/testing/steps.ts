import fc from 'fast-check';
import type { By, MemberName, Page, Role, StaffName } from './model.ts';

/** How far time goes before something is done: milliseconds, or to an instant at which a comparison turns. */
export type Wait = number | { readonly toInstantAhead: number; readonly offsetMs: number };

/** `visit`: how many visits back from the newest; 0 is the newest, -1 one that never was. */
export type Doing =
  | { readonly do: 'turnOn'; readonly by: By; readonly minutes: number; readonly withoutBilling: boolean }
  | { readonly do: 'turnOff'; readonly by: By }
  | { readonly do: 'start'; readonly staff: StaffName; readonly minutes: number; readonly reason: string }
  | { readonly do: 'enter' | 'stay' | 'goOn' | 'exit' | 'perform'; readonly staff: StaffName; readonly visit: number }
  | {
      readonly do: 'view';
      readonly staff: StaffName;
      readonly visit: number;
      readonly page: Page;
      readonly record: string | null;
      readonly input: boolean;
      readonly part: boolean;
    }
  | { readonly do: 'endByCustomer'; readonly by: By; readonly visit: number }
  | { readonly do: 'changeRole'; readonly member: MemberName; readonly role: Role }
  | { readonly do: 'openCase' | 'closeCase' | 'closeWorkspace' | 'settle' }
  | { readonly do: 'staff'; readonly staff: StaffName; readonly enabled: boolean };

export interface Step {
  readonly wait: Wait;
  readonly doing: Doing;
}

export const GOOD_REASON = 'Failed invoice sync since Tuesday';

const mostly = <T>(often: T, ...seldom: T[]) =>
  fc.oneof(
    { arbitrary: fc.constant(often), weight: 4 * seldom.length },
    { arbitrary: fc.constantFrom(...seldom), weight: 1 + seldom.length },
  );
const staff = fc.integer({ min: 0, max: 9 }).map((roll): StaffName => (roll < 8 ? 'sam' : 'priya'));
const by = mostly<By>('maria', 'adam', 'vic', 'stranger');
const visit = fc.integer({ min: 0, max: 19 }).map((roll) => (roll < 16 ? 0 : roll < 19 ? 1 : -1));

const wait: fc.Arbitrary<Wait> = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(0, 1, 500, 20_000, 29_999, 30_000) },
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
      withoutBilling: mostly(false, true),
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
      record: fc.constantFrom(null, 'R1', 'R2', 'R3'),
      input: fc.boolean(),
      part: mostly(false, true),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('endByCustomer' as const), by, visit }) },
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
/** Most days begin with somebody inside: from there the more telling things happen. */
const MORNINGS: readonly Step[][] = [
  [
    then({ do: 'turnOn', by: 'maria', minutes: 1_440, withoutBilling: false }),
    then({ do: 'start', staff: 'sam', minutes: 60, reason: GOOD_REASON }),
    then({ do: 'enter', staff: 'sam', visit: 0 }),
  ],
  [
    then({ do: 'turnOn', by: 'adam', minutes: 30, withoutBilling: false }),
    then({ do: 'start', staff: 'priya', minutes: 15, reason: GOOD_REASON }),
    then({ do: 'start', staff: 'sam', minutes: 60, reason: GOOD_REASON }),
  ],
];
const mornings = fc.oneof(
  { arbitrary: fc.constantFrom(...MORNINGS), weight: 5 },
  { arbitrary: fc.constant<Step[]>([]), weight: 1 },
);

/** A day at one workspace: steps of waiting and doing. */
export const days: fc.Arbitrary<Step[]> = fc
  .tuple(mornings, fc.array(fc.record({ wait, doing }), { minLength: 1, maxLength: 60, size: 'max' }))
  .map(([morning, rest]) => [...morning, ...rest]);
