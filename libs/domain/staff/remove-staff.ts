import type { StaffId, StaffRole } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { toInstant } from '../fact.ts';
import { approvalsOf, withdrawnFrom } from '../request/withdrawn.ts';
import type { Decision } from '../rule.ts';

/**
 * A staff member was disabled in the vendor's directory, or has fewer roles: what they have in this workspace ends, as far as
 * a lost role carried it and none that is left does, and with it what they approved and nobody used (T9; policy.md, 5 and 8).
 * It only takes away, is never refused, and writes nothing where nothing is left to end.
 */
export interface RemoveStaff {
  readonly type: 'RemoveStaff';
  readonly staffId: StaffId;
  /** When they were disabled, epoch milliseconds: what they began after that, enabled again, is left alone. */
  readonly disabledAt: number;
}

/**
 * So long after a role was lost another instance may let somebody in by it: 2 s until its silence closes its gate, and what
 * clocks may be apart (design.md, section 4).
 */
const HEARD_EVERYWHERE_MS = 10_000;

export function removeStaff(
  { staffId, disabledAt }: RemoveStaff,
  { book, staff, installation, now }: BookContext,
): Decision<BookFact> {
  const at = toInstant(now);
  const { approval, session } = installation.policy;
  const visited = carriedUntil(staff, session.mayVisit);
  const approved = carriedUntil(staff, approval.vendor);
  const until = Math.max(disabledAt, visited ?? 0);
  return {
    facts: [
      ...book.sessions
        .live()
        .filter(({ staffId: whose, startedAt }) => whose === staffId && startedAt <= until)
        .map(({ id }): BookFact => ({ type: 'SessionEnded', data: { sessionId: id, cause: 'staff disabled', at } })),
      ...(visited === undefined ? [] : withdrawnFrom({ book, now }, staffId, visited)),
      ...(approved === undefined ? [] : approvalsOf({ book, now }, { kind: 'staff', staffId })),
    ],
  };
}

/**
 * What began up to then was let begin by what they have no more, and by nothing that is left to them; `undefined`: a role that
 * they have carries it, or none that they lost ever did. Settings that were tightened since take nobody out.
 */
function carriedUntil(
  { readable, phase, roles, lostRoles }: BookContext['staff'],
  allowed: readonly StaffRole[],
): number | undefined {
  if (!readable || phase !== 'enabled') return Infinity;
  if (roles.some((role) => allowed.includes(role))) return undefined;
  const lost = lostRoles.filter(({ role }) => allowed.includes(role));
  return lost.length === 0 ? undefined : Math.max(...lost.map(({ at }) => at)) + HEARD_EVERYWHERE_MS;
}
