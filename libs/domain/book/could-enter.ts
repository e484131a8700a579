import type { CaseId, GrantId, StaffId } from '@gatebook/protocol';
import { isUnused } from '../grant/grant.ts';
import type { StaffMember } from '../staff/staff.ts';
import type { BookContext } from './context.ts';
import { decideBook } from './decide.ts';

/** A visit that would have begun, had somebody asked for it. */
export interface PossibleEntry {
  readonly staffId: StaffId;
  /** `null`: for none. */
  readonly caseId: CaseId | null;
  readonly caseRef: string | null;
  /** The approval that it would have begun on; `null`: it needed none of its own. */
  readonly grantId: GrantId | null;
}

/** Says something, so that the rule about reasons stands in nobody's way: what is asked is who, not why. */
const REASON = 'Failed invoice sync since Tuesday';

/** Where policy asks for a case the rules refuse it. */
const NO_CASE = { id: null, ref: null };

/** Who could enter a workspace as it stands: for whom, and for which open cases or for none, the rules would let a visit begin. */
export function whoCouldEnter(
  context: Omit<BookContext, 'staff' | 'staffRevision'>,
  staff: Iterable<readonly [StaffId, StaffMember]>,
): readonly PossibleEntry[] {
  const { book, now } = context;
  const open = book.workspace.cases.all.filter(({ phase }) => phase === 'open');
  const entries: PossibleEntry[] = [];
  for (const [staffId, member] of staff) {
    if (member.phase !== 'enabled') continue;
    for (const { id: caseId, ref: caseRef } of [...open, NO_CASE]) {
      const theirs = book.grants
        .filter(isUnused)
        .filter((grant) => grant.staffId === staffId && grant.caseId === caseId);
      const lets = (grantId: GrantId | null) =>
        decideBook(
          {
            type: 'StartSession',
            sessionId: 'ses_possible',
            staffId,
            caseId,
            caseRef,
            job: null,
            // What was approved has its own.
            reason: grantId === null ? REASON : null,
            minutes: null,
            identityConfirmedAt: now,
            grantId,
          },
          { ...context, staff: member, staffRevision: -1 },
        ).refusal === undefined;
      const grantId = [null, ...theirs.map(({ id }) => id)].find(lets);
      if (grantId !== undefined) entries.push({ staffId, caseId, caseRef, grantId });
    }
  }
  return entries;
}
