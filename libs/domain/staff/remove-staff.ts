import type { StaffId, StaffRole } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { toInstant } from '../fact.ts';
import { approvalsOf, withdrawnFrom } from '../request/withdrawn.ts';
import type { Decision } from '../rule.ts';
import { liveSessions } from '../session/session.ts';

/**
 * A staff member was disabled in the vendor's directory, or has fewer roles: what they have in this workspace ends, and
 * with it what they approved and nobody used (T9; policy.md, 5 and 8). It only takes away, is never refused, and writes nothing where nothing is left to end.
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
  const isBack = staff.readable && staff.phase === 'enabled';
  const deciders: readonly StaffRole[] = installation.policy.approval.vendor;
  const decides = isBack && staff.roles.some((role) => deciders.includes(role));
  return {
    facts: [
      ...liveSessions(book.sessions)
        .filter((session) => session.staffId === staffId && (!isBack || session.startedAt <= disabledAt))
        .map(({ id }): BookFact => ({ type: 'SessionEnded', data: { sessionId: id, cause: 'staff disabled', at } })),
      ...(isBack ? [] : withdrawnFrom({ book, now }, staffId)),
      ...(decides ? [] : approvalsOf({ book, now }, { kind: 'staff', staffId })),
    ],
  };
}
