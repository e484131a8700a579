import fc from 'fast-check';
import type { By, CaseName, Decider, StaffName } from './cast.ts';
import { CHANGES, type Change } from './model-settings.ts';
import type { Approving } from './model-requests.ts';
import { GOOD_REASON, mostly, staff, visit, type Which } from './steps-choices.ts';
import {
  DEED_NAMES,
  FIELD_WISHES,
  OTHERWISE_NAMES,
  WISH_NAMES,
  type DeedName,
  type FieldWish,
  type WishName,
} from './wishes.ts';

/** Which request, by whom it is of all; for a staff member, the newest is theirs. */
export type WhichRequest = Which;

export type RequestDoing =
  | {
      readonly do: 'ask';
      readonly staff: StaffName;
      readonly wish: WishName;
      readonly caseName: CaseName | null;
      readonly minutes: number | null;
      /** How far ahead the start is planned, in milliseconds. */
      readonly ahead: number | null;
      readonly reason: string;
      readonly visit: Which;
    }
  | {
      readonly do: 'question';
      readonly by: Decider;
      readonly request: 'newest' | 'before' | 'never';
      readonly text: string;
    }
  | { readonly do: 'answer' | 'withdraw' | 'confirm'; readonly staff: StaffName; readonly request: WhichRequest }
  | ({ readonly do: 'approve'; readonly request: 'newest' | 'before' | 'never' } & Omit<Approving, 'request'>)
  | { readonly do: 'decline'; readonly by: Decider; readonly request: 'newest' | 'before' | 'never' }
  | { readonly do: 'perform'; readonly staff: StaffName; readonly visit: Which; readonly deed: DeedName | 'theirs' }
  | { readonly do: 'reveal'; readonly staff: StaffName; readonly visit: Which; readonly field: FieldWish | 'theirs' }
  | {
      readonly do: 'report';
      readonly deed: 'newest' | 'before' | 'never';
      readonly outcome: 'done' | 'failed';
      readonly rightVisit: boolean;
    }
  | { readonly do: 'tighten'; readonly by: By; readonly change: Change | 'none' };

interface RequestStep {
  readonly wait: number | { readonly toInstantAhead: number; readonly offsetMs: number };
  readonly doing:
    | RequestDoing
    | { readonly do: 'enter' | 'exit'; readonly staff: StaffName; readonly visit: Which }
    | {
        readonly do: 'start';
        readonly staff: StaffName;
        readonly caseName: CaseName | null;
        readonly minutes: number | null;
        readonly reason: string;
        readonly request: WhichRequest | null;
      };
}

export const by = mostly<By>('maria', 'adam', 'vic', 'stranger', 'twin');
const decider: fc.Arbitrary<Decider> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Decider>('maria') },
  { weight: 4, arbitrary: fc.constant<Decider>('lena') },
  {
    weight: 5,
    arbitrary: fc.constantFrom<Decider[]>('adam', 'vic', 'stranger', 'twin', 'double', 'sam', 'priya', 'mara', 'kim'),
  },
);
const request = mostly<'newest' | 'before' | 'never'>('newest', 'before', 'before', 'never');
const theirs = mostly<WhichRequest>('newest', 'before', 'others', 'never');
const caseName = mostly<CaseName | null>('123', '124', null);
const GOOD_WISHES: readonly WishName[] = [
  'write',
  'read',
  'delete',
  'reveal',
  'sensitive',
  'export',
  'write with pages',
];
const wish = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...GOOD_WISHES) },
  { weight: 1, arbitrary: fc.constantFrom(...WISH_NAMES) },
);
const ahead = mostly<number | null>(null, 0, 120_000, 3_600_000, -60_000, -60_001, 7 * 86_400_000, 7 * 86_400_000 + 1);

const asking: fc.Arbitrary<RequestDoing> = fc.record({
  do: fc.constant('ask' as const),
  staff,
  wish,
  caseName,
  minutes: mostly<number | null>(null, 20, 1, 30, 31, 61, 0),
  ahead,
  reason: mostly(GOOD_REASON, 'need access'),
  visit,
});
const approving: fc.Arbitrary<RequestDoing> = fc.record({
  do: fc.constant('approve' as const),
  by: decider,
  request,
  shown: mostly<Approving['shown']>('as it reads', 'as it read before', 'something else'),
  granted: fc.oneof(
    { weight: 2, arbitrary: fc.constant('as asked' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...OTHERWISE_NAMES) },
  ),
});
const performing: fc.Arbitrary<RequestDoing> = fc.record({
  do: fc.constant('perform' as const),
  staff,
  visit,
  deed: fc.oneof(
    { weight: 2, arbitrary: fc.constant('theirs' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...DEED_NAMES) },
  ),
});
const revealing: fc.Arbitrary<RequestDoing> = fc.record({
  do: fc.constant('reveal' as const),
  staff,
  visit,
  field: fc.oneof(
    { weight: 2, arbitrary: fc.constant('theirs' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...FIELD_WISHES) },
  ),
});
const reporting: fc.Arbitrary<RequestDoing> = fc.record({
  do: fc.constant('report' as const),
  deed: request,
  outcome: fc.constantFrom('done' as const, 'failed' as const),
  rightVisit: mostly(true, false),
});

export const doingOfRequests: fc.Arbitrary<RequestDoing> = fc.oneof(
  { weight: 10, arbitrary: asking },
  { weight: 9, arbitrary: approving },
  { weight: 4, arbitrary: performing },
  { weight: 2, arbitrary: revealing },
  { weight: 3, arbitrary: reporting },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('question' as const),
      by: decider,
      request,
      text: mostly('Which invoice is it?', ' '),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'answer' as const,
        'answer' as const,
        'withdraw' as const,
        'confirm' as const,
        'confirm' as const,
      ),
      staff,
      request: theirs,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('decline' as const), by: decider, request }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('tighten' as const),
      by,
      change: fc.constantFrom<(Change | 'none')[]>(...CHANGES, 'none', 'none', 'none'),
    }),
  },
);

const then = (doing: RequestStep['doing'], wait: RequestStep['wait'] = 1_000): RequestStep => ({ wait, doing });
const asked = (
  wish: WishName,
  ahead: number | null = null,
  minutes: number | null = null,
  caseName: CaseName | null = '123',
): RequestStep =>
  then({ do: 'ask', staff: 'sam', wish, caseName, minutes, ahead, reason: GOOD_REASON, visit: 'newest' });
const tightened = (change: Change | 'none'): RequestStep => then({ do: 'tighten', by: 'maria', change });
const approved = (by: Decider, granted: Approving['granted'] = 'as asked'): RequestStep =>
  then({ do: 'approve', by, request: 'newest', shown: 'as it reads', granted });
const begun = (wait: RequestStep['wait'] = 1_000, caseName: CaseName | null = '123'): RequestStep =>
  then({ do: 'start', staff: 'sam', caseName, minutes: null, reason: GOOD_REASON, request: 'newest' }, wait);
const confirmed = then({ do: 'confirm', staff: 'sam', request: 'newest' });
const questioned = then({ do: 'question', by: 'maria', request: 'newest', text: 'Which one?' });
const answered = then({ do: 'answer', staff: 'sam', request: 'newest' });
const performed = then({ do: 'perform', staff: 'sam', visit: 'newest', deed: 'theirs' });
const revealed = then({ do: 'reveal', staff: 'sam', visit: 'newest', field: 'theirs' });
const reported = (wait: RequestStep['wait']): RequestStep =>
  then({ do: 'report', deed: 'newest', outcome: 'done', rightVisit: true }, wait);
const inside = (what: 'start' | 'exit'): RequestStep =>
  what === 'exit'
    ? then({ do: 'exit', staff: 'priya', visit: 'newest' })
    : then({ do: 'start', staff: 'priya', caseName: '124', minutes: null, reason: GOOD_REASON, request: null });
export const approvedBy = (by: Decider): readonly RequestStep[] => [asked('write'), approved(by)];
const atTurn = (toInstantAhead: number, offsetMs: number) => ({ toInstantAhead, offsetMs });

/** From a wish to its end, which single steps would seldom reach. */
export const passagesOfRequests: fc.Arbitrary<readonly RequestStep[]> = fc
  .tuple(
    fc.constantFrom<WishName[]>(
      ...GOOD_WISHES,
      'extend',
      'write for a job',
      'write with arguments',
      'sensitive as the owner',
    ),
    fc.constantFrom<Approving['granted'][]>('as asked', 'as asked', 'ten minutes', 'one page', 'other arguments'),
    fc.integer({ min: 0, max: 19 }),
    fc.constantFrom(0, 0, -1),
  )
  .map(([wish, granted, way, offsetMs]): readonly RequestStep[] => {
    const forNone = asked(wish, null, null, null);
    const granting = [asked(wish), approved('maria', granted), approved('lena')];
    const used = wish === 'reveal' ? revealed : performed;
    switch (way) {
      case 0:
        return granting;
      // It lapses, or is begun about when it is too late.
      case 1:
        return [asked(wish), questioned];
      case 9:
        return [asked(wish), questioned, answered, approved('maria'), approved('lena')];
      case 10:
        return [asked(wish), approved('maria', granted), then({ do: 'withdraw', staff: 'sam', request: 'newest' })];
      case 11:
        return [asked(wish, null, 20), approved('maria', 'twenty five minutes'), approved('lena', 'ten minutes')];
      // Who decides is inside, and then is not.
      case 15:
        return [
          asked('delete'),
          approved('maria'),
          inside('start'),
          approved('priya'),
          inside('exit'),
          approved('priya'),
        ];
      // It reads otherwise once it was answered.
      case 16:
        return [
          asked(wish),
          questioned,
          answered,
          then({ do: 'approve', by: 'maria', request: 'newest', shown: 'as it read before', granted }),
        ];
      // Settings that are tightened after the wish, and after the approval.
      case 12:
        return [asked(wish), tightened('no writes'), approved('maria'), approved('lena'), tightened('none')];
      case 13:
        return [...granting, confirmed, tightened('no writes'), begun(), tightened('none')];
      case 14:
        return [...granting, confirmed, tightened('shorter'), begun(), tightened('none')];
      // Where visits may be for no case: tightened before it is approved, and before it is begun.
      case 17:
        return [
          forNone,
          tightened('for a case'),
          approved('maria'),
          approved('lena'),
          begun(1, null),
          tightened('none'),
        ];
      case 18:
        return [
          forNone,
          approved('maria'),
          approved('lena'),
          tightened('for a case'),
          begun(1, null),
          performed,
          tightened('none'),
        ];
      case 2:
        return [...granting, confirmed, begun(atTurn(0, offsetMs))];
      case 3:
        return [asked(wish, 120_000), approved('maria'), approved('lena'), begun(atTurn(0, offsetMs)), begun(1)];
      // The first of two gives the second as well.
      case 4:
        return [asked('delete'), approved('maria'), approved('mara'), approved('maria'), approved('lena')];
      case 5:
        return [asked(wish), approved('twin'), approved('double'), approved('sam')];
      case 6:
        return [...granting, begun(), confirmed, begun(), begun()];
      case 7:
        return [...granting, confirmed, begun(), used, used, reported(1_000), reported(0)];
      case 8:
        return [...granting, confirmed, begun(), used, reported(atTurn(0, offsetMs)), reported(0)];
      default:
        return [...granting, confirmed, begun(), used];
    }
  });
