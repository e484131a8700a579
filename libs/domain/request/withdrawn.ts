import type { StaffId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { toInstant } from '../fact.ts';
import { isUnused, type EndedGrant, type Grant } from '../grant/grant.ts';
import { openRequests, type Decider, type OpenRequest, type WITHDRAWAL_CAUSES } from './request.ts';

/** What a request and the grant that came of it have in common. */
type Asked = Pick<OpenRequest, 'staffId' | 'caseId' | 'askedAt'> | Pick<Grant, 'staffId' | 'caseId'>;

/** The lines by which requests are taken back and unused grants end, for another reason than somebody's decision. */
export function withdrawn(
  { book, now }: Pick<BookContext, 'book' | 'now'>,
  causes: {
    readonly request: (typeof WITHDRAWAL_CAUSES)[number];
    readonly grant: EndedGrant['cause'];
  },
  which: (asked: Asked) => boolean,
): BookFact[] {
  const at = toInstant(now);
  const requests = openRequests(book.requests).filter(which);
  const grants = book.grants.filter(isUnused).filter(which);
  return [
    ...requests.map(({ id: requestId }): BookFact => ({
      type: 'AccessWithdrawn',
      data: { requestId, cause: causes.request },
    })),
    ...grants.map(({ id: grantId, requestId }): BookFact => ({
      type: 'GrantLapsed',
      data: { grantId, requestId, cause: causes.grant, at },
    })),
  ];
}

/** The unused approvals of somebody who may no longer approve; a visit that runs goes on to its end (policy.md, 8). */
export function approvalsOf(
  { book, now }: Pick<BookContext, 'book' | 'now'>,
  who: Exclude<Decider, { kind: 'policy' }>,
): BookFact[] {
  const isTheirs = (by: Decider) =>
    who.kind === 'member'
      ? by.kind === 'member' && by.memberId === who.memberId
      : by.kind === 'staff' && by.staffId === who.staffId;
  return book.grants
    .filter(isUnused)
    .filter(({ by }) => by.some(isTheirs))
    .map(({ id: grantId, requestId }): BookFact => ({
      type: 'GrantLapsed',
      data: { grantId, requestId, cause: 'approver left', at: toInstant(now) },
    }));
}

/**
 * All that a staff member asked for here up to an instant, taken back: they may no longer visit anybody (policy.md, 5). Of what
 * was approved nobody knows any more when it was asked for; without a role that visits nothing can begin on it.
 */
export function withdrawnFrom(context: Pick<BookContext, 'book' | 'now'>, staffId: StaffId, until: number): BookFact[] {
  return withdrawn(
    context,
    { request: 'staff disabled', grant: 'staff disabled' },
    (asked) => asked.staffId === staffId && (!('askedAt' in asked) || asked.askedAt <= until),
  );
}
