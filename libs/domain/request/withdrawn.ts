import type { StaffId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { toInstant } from '../fact.ts';
import { isUnused, type EndedGrant, type Grant } from '../grant/grant.ts';
import { openRequests, type OpenRequest, type WITHDRAWAL_CAUSES } from './request.ts';

/** What a request and the grant that came of it have in common. */
type Asked = Pick<OpenRequest, 'staffId' | 'caseId'> | Pick<Grant, 'staffId' | 'caseId'>;

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

/** All that a staff member asked for here, taken back: they may no longer visit anybody (policy.md, 5). */
export function withdrawnFrom(context: Pick<BookContext, 'book' | 'now'>, staffId: StaffId): BookFact[] {
  return withdrawn(
    context,
    { request: 'staff disabled', grant: 'staff disabled' },
    (asked) => asked.staffId === staffId,
  );
}
