import fc from 'fast-check';
import type { CaseName, MemberName, Role, StaffName } from './cast.ts';
import {
  approvedBy,
  by,
  doingOfRequests,
  passagesOfRequests,
  type RequestDoing,
  type WhichRequest,
} from './steps-requests.ts';
import type { By } from './cast.ts';
import { GOOD_REASON, mostly, OTHER_REASON, seldom, staff, visit, type Which } from './steps-choices.ts';
import type { Page } from './wishes.ts';

/** How far time goes before something is done: milliseconds, or to an instant at which a comparison turns. */
export type Wait = number | { readonly toInstantAhead: number; readonly offsetMs: number };

export type Doing =
  | RequestDoing
  | {
      readonly do: 'turnOn';
      readonly by: By;
      readonly minutes: number | null;
      readonly withoutBilling: boolean;
      readonly onlyCase: CaseName | null;
      readonly askEach: boolean;
    }
  | { readonly do: 'turnOff'; readonly by: By }
  | {
      readonly do: 'start';
      readonly staff: StaffName;
      readonly caseName: CaseName | null;
      readonly minutes: number | null;
      readonly reason: string | null;
      /** The request whose grant it begins on. */
      readonly request: WhichRequest | null;
    }
  | { readonly do: 'enter' | 'stay' | 'goOn' | 'exit'; readonly staff: StaffName; readonly visit: Which }
  | {
      readonly do: 'view';
      readonly staff: StaffName;
      readonly visit: Which;
      readonly page: Page;
      readonly record: string | null;
      readonly input: boolean;
      readonly part: boolean;
      readonly click: boolean;
      readonly rows: number | null;
    }
  | { readonly do: 'endByCustomer'; readonly by: By; readonly staff: StaffName; readonly visit: Which }
  | { readonly do: 'changeRole'; readonly member: MemberName; readonly role: Role }
  | { readonly do: 'openCase' | 'closeCase' | 'mergeCase'; readonly caseName: CaseName }
  | { readonly do: 'reassign'; readonly caseName: CaseName; readonly to: StaffName | null }
  | { readonly do: 'closeWorkspace' | 'settle' }
  | { readonly do: 'staff'; readonly staff: StaffName; readonly enabled: boolean }
  | { readonly do: 'removeStaff'; readonly staff: StaffName };

export interface Step {
  readonly wait: Wait;
  readonly doing: Doing;
}

const wait: fc.Arbitrary<Wait> = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(0, 0, 1, 500, 500, 2_000, 20_000, 29_999, 30_000) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }).map((minutes) => minutes * 60_000) },
  {
    weight: 2,
    arbitrary: fc.record({ toInstantAhead: fc.nat({ max: 3 }), offsetMs: fc.constantFrom(0, 0, -1, 1) }),
  },
);
const caseName = mostly<CaseName>('123', '124');

const doing: fc.Arbitrary<Doing> = fc.oneof(
  { weight: 40, arbitrary: doingOfRequests },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('turnOn' as const),
      by,
      minutes: mostly<number | null>(null, 1_440, 1, 15, 30, 0),
      withoutBilling: seldom,
      onlyCase: mostly<CaseName | null>(null, '124', '123'),
      askEach: seldom,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('turnOff' as const), by }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('start' as const),
      staff,
      caseName: mostly<CaseName | null>('123', '124', null),
      minutes: mostly<number | null>(null, 60, 1, 15, 0, 61),
      reason: mostly<string | null>(GOOD_REASON, 'check issue', OTHER_REASON, null),
      request: fc.constantFrom<(WhichRequest | null)[]>(
        null,
        null,
        'newest',
        'newest',
        'newest',
        'before',
        'others',
        'never',
      ),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('enter' as const, 'enter' as const, 'stay' as const, 'goOn' as const, 'exit' as const),
      staff,
      visit,
    }),
  },
  {
    weight: 26,
    arbitrary: fc.record({
      do: fc.constant('view' as const),
      staff,
      visit,
      page: mostly<Page>('invoice', 'dashboard', 'billing', 'team', 'inquiry', 'customer', 'keys', 'nope'),
      record: fc.constantFrom(null, 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7'),
      input: fc.boolean(),
      part: seldom,
      click: seldom,
      rows: mostly<number | null>(null, 0, 1, 4, 7, 30, 31),
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
        'mergeCase' as const,
      ),
      caseName,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('reassign' as const),
      caseName,
      to: fc.constantFrom<(StaffName | null)[]>('sam', 'sam', 'sam', 'priya', null),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('staff' as const), staff, enabled: mostly(true, false) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('removeStaff' as const), staff }) },
  // Behind it nothing much happens, so it comes seldom.
  {
    weight: 1,
    arbitrary: fc.constantFrom<Doing[]>({ do: 'closeWorkspace' }, { do: 'settle' }, { do: 'settle' }, { do: 'settle' }),
  },
);

const then = (doing: Doing): Step => ({ wait: 1_000, doing });
const leaf = (record: string): Extract<Doing, { do: 'view' }> => ({
  do: 'view',
  staff: 'sam',
  visit: 'newest',
  page: 'invoice',
  record,
  input: true,
  part: false,
  click: false,
  rows: null,
});
const on = (by: By, minutes: number | null): Doing => ({
  do: 'turnOn',
  by,
  minutes,
  withoutBilling: false,
  onlyCase: null,
  askEach: false,
});
const begin = (staff: StaffName, minutes: number | null): Extract<Doing, { do: 'start' }> => ({
  do: 'start',
  staff,
  caseName: '123',
  minutes,
  reason: GOOD_REASON,
  request: null,
});
/** Most days begin with somebody inside: from there the more telling things happen. */
const INSIDE: readonly Step[] = [
  then(on('maria', null)),
  then(begin('sam', null)),
  then({ do: 'enter', staff: 'sam', visit: 'newest' }),
];
const MORNINGS: readonly (readonly Step[])[] = [
  [then(on('maria', null))],
  INSIDE,
  // Leafed through pages, with little of the budget left.
  [...INSIDE, then(leaf('R1')), then(leaf('R2')), then(leaf('R3')), then(leaf('R4'))],
  [then(on('adam', 30)), then(begin('priya', 15)), then(begin('sam', null))],
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
  // Clicks on a page that is open, one after the other, with what is left of the pace.
  fc
    .constantFrom(0, 1, 20_000)
    .map((wait): Step[] => [
      { wait: 61_000, doing: leaf('R14') },
      ...[0, 1, 2].map((): Step => ({ wait, doing: { ...leaf('R14'), part: true, click: true } })),
    ]),
  // A visit that is entered about when its code is too old.
  fc.constantFrom(59_999, 60_000).map((wait): Step[] => [
    { wait: 0, doing: { do: 'exit', staff: 'sam', visit: 'newest' } },
    { wait: 0, doing: begin('sam', null) },
    { wait, doing: { do: 'enter', staff: 'sam', visit: 'newest' } },
  ]),
  // Who approved is not to approve any more, before anything came of it.
  fc
    .constantFrom<Role[]>('viewer', 'owner', null)
    .map((role): Step[] => [
      ...approvedBy('adam'),
      { wait: 500, doing: { do: 'changeRole', member: 'adam', role } },
      { wait: 500, doing: { do: 'changeRole', member: 'adam', role: 'admin' } },
    ]),
  // A visit that was asked for runs, the settings go back to the switch, which is off, and the owner says off.
  fc.constant<Step[]>([
    { wait: 500, doing: { do: 'turnOff', by: 'maria' } },
    { wait: 500, doing: on('maria', 1) },
    { wait: 60_000, doing: { do: 'tighten', by: 'maria', change: 'each' } },
    ...approvedBy('maria'),
    { wait: 500, doing: { ...begin('sam', null), request: 'newest' } },
    { wait: 500, doing: { do: 'tighten', by: 'maria', change: 'none' } },
    { wait: 500, doing: { do: 'turnOff', by: 'maria' } },
  ]),
  // Somebody leaves the vendor, and perhaps is back before the workspace hears of it.
  fc.boolean().map((isBack): Step[] => [
    { wait: 500, doing: { do: 'staff', staff: 'sam', enabled: false } },
    { wait: 500, doing: isBack ? { do: 'staff', staff: 'sam', enabled: true } : { do: 'settle' } },
    { wait: 500, doing: { do: 'removeStaff', staff: 'sam' } },
    { wait: 500, doing: { do: 'staff', staff: 'sam', enabled: true } },
  ]),
);
const passages = fc.oneof(
  { weight: 18, arbitrary: fc.record({ wait, doing }).map((step): readonly Step[] => [step]) },
  { weight: 1, arbitrary: passage },
  { weight: 5, arbitrary: passagesOfRequests.map((steps): readonly Step[] => steps) },
);

/** A day at one workspace: steps of waiting and doing. */
export const days: fc.Arbitrary<Step[]> = fc
  .tuple(mornings, fc.array(passages, { minLength: 1, maxLength: 60, size: 'max' }))
  .map(([morning, rest]) => [...morning, ...rest.flat()]);
