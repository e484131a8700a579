import type { CaseId, MemberId } from '@gatebook/protocol';
import * as v from 'valibot';
import { factKind, fromInstant, idWith, instant, type FactOf, type Written } from '../fact.ts';

export const StaffAccessEnabled = factKind(
  'StaffAccessEnabled',
  'The owner turned staff access on, until a time or until it is turned off, perhaps without some areas or for one case only.',
  {
    /** `null`: until it is turned off (S3-25). */
    until: v.nullable(instant),
    memberId: idWith('mem'),
    /** Areas of the catalogue that stay closed. */
    withoutAreas: v.array(v.string()),
    /** Only visits for this case; `null` for any open case. */
    onlyCase: v.nullable(idWith('case')),
    /** Each visit is asked for all the same; left out: no. */
    askEach: v.optional(v.boolean()),
    /** Revision of the policy that allowed the window. */
    policyRevision: v.number(),
    personal: v.optional(v.object({ subject: idWith('mem'), name: v.string() })),
  },
  2,
);

export const ACCESS_END_CAUSES = ['owner', 'window ended', 'no owner left', 'workspace closed'] as const;

export const StaffAccessDisabled = factKind(
  'StaffAccessDisabled',
  'Staff access is off: every visit ends at once, and nothing that was allowed before comes back when it is turned on again.',
  {
    cause: v.picklist(ACCESS_END_CAUSES),
    /** When it went off: for a window that ended, its end, which can lie before the fact's own time. */
    at: instant,
    memberId: v.nullable(idWith('mem')),
    personal: v.optional(v.object({ subject: idWith('mem'), name: v.string() })),
  },
);

export const STAFF_ACCESS_FACTS = [StaffAccessEnabled, StaffAccessDisabled] as const;
export type StaffAccessFact = FactOf<(typeof STAFF_ACCESS_FACTS)[number]>;

export type StaffAccess =
  | {
      readonly phase: 'off';
      /** Whether somebody of the customer turned it off, as against never having turned it on: an off that forbids. */
      readonly blocked: boolean;
    }
  | {
      readonly phase: 'on';
      /** When it was turned on, or last set anew: epoch milliseconds. */
      readonly since: number;
      /** Epoch milliseconds. The window is open before this instant, not at it. Infinite: until it is turned off. */
      readonly until: number;
      readonly by: MemberId;
      readonly byName: string | null;
      readonly withoutAreas: readonly string[];
      readonly onlyCase: CaseId | null;
      readonly askEach: boolean;
    };

/** Nearly always: all share it. */
const NO_AREAS: readonly string[] = [];

export const accessOff: StaffAccess = { phase: 'off', blocked: false };
export const accessBlocked: StaffAccess = { phase: 'off', blocked: true };

export function evolveStaffAccess(access: StaffAccess, fact: StaffAccessFact, { time }: Written): StaffAccess {
  switch (fact.type) {
    case 'StaffAccessEnabled': {
      const { until, memberId, withoutAreas, onlyCase, askEach = false, personal } = fact.data;
      return {
        phase: 'on',
        since: time,
        until: until === null ? Infinity : fromInstant(until),
        by: memberId,
        byName: personal?.name ?? null,
        withoutAreas: withoutAreas.length === 0 ? NO_AREAS : withoutAreas,
        onlyCase,
        askEach,
      };
    }
    case 'StaffAccessDisabled':
      // What a clock ends later doesn't lift an owner's off.
      return fact.data.cause === 'owner' || (access.phase === 'off' && access.blocked) ? accessBlocked : accessOff;
  }
}
