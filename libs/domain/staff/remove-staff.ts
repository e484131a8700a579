import type { StaffId, StaffRole } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { toInstant } from '../fact.ts';
import { approvalsOf, withdrawnFrom } from '../request/withdrawn.ts';
import type { Decision } from '../rule.ts';

/**
 * A staff member was disabled in the vendor's directory, or has fewer roles: what they have in this workspace ends, as far as
 * no role that is left carries it, and with it what they approved and nobody used (T9; policy.md, 5 and 8). It only takes
 * away, is never refused, and writes nothing where nothing is left to end.
 */
export interface RemoveStaff {
  readonly type: 'RemoveStaff';
  readonly staffId: StaffId;
  /** When they were disabled, epoch milliseconds: what they began after that, enabled again, is left alone. */
  readonly disabledAt: number;
}

export function removeStaff(
  { staffId, disabledAt }: RemoveStaff,
  { book, staff, installation, now }: BookContext,
): Decision<BookFact> {
  const at = toInstant(now);
  const { approval, session } = installation.policy;
  const isIn = (roles: readonly StaffRole[]) =>
    staff.readable && staff.phase === 'enabled' && staff.roles.some((role) => roles.includes(role));
  const visits = isIn(session.mayVisit);
  return {
    facts: [
      ...book.sessions
        .live()
        .filter(({ staffId: whose, startedAt }) => whose === staffId && (!visits || startedAt <= disabledAt))
        .map(({ id }): BookFact => ({ type: 'SessionEnded', data: { sessionId: id, cause: 'staff disabled', at } })),
      ...(visits ? [] : withdrawnFrom({ book, now }, staffId)),
      ...(isIn(approval.vendor) ? [] : approvalsOf({ book, now }, { kind: 'staff', staffId })),
    ],
  };
}
