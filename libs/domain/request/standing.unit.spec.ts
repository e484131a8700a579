import { describe, expect, it } from '@jest/globals';
import type { BookFact } from '../book/book.ts';
import { underItsPolicy } from '../book/context.ts';
import type { Side } from '../policy/triggers.ts';
import { bookOf, type Past } from '../testing/given.ts';
import {
  accessOn,
  approvedFirst,
  hasRole,
  installation,
  maria,
  mona,
  requested,
  samsRequest,
  tightenedTo,
  workspaceOpen,
} from '../testing/story.ts';
import { isOpen, requestWith } from './request.ts';
import { standingOf } from './rules.ts';

const { asked } = installation.policy.approval;
const everyWrite = (side: Side) => tightenedTo({ 'approval.asked': { ...asked, 'every write': side } });
const standing = (asks: Side, ...behind: BookFact[]) => {
  const past: Past<BookFact> = [...workspaceOpen, accessOn(), requested({ asks }), ...behind];
  const book = bookOf(past);
  const request = requestWith(book.requests, samsRequest);
  if (!isOpen(request)) throw new Error('It doesn’t wait.');
  return standingOf(underItsPolicy({ book, installation }), request);
};

describe('A request that waits', () => {
  it('waits for whom it asks, of two the customer first (S1-27, S1-28)', () => {
    const none = { firstCountsNoMore: null };
    expect(standing('customer')).toStrictEqual({ asks: 'customer', waitsFor: 'customer', ...none });
    expect(standing('both')).toStrictEqual({ asks: 'both', waitsFor: 'customer', ...none });
    expect(standing('both', approvedFirst)).toStrictEqual({ asks: 'both', waitsFor: 'vendor', ...none });
  });

  it('waits for the customer where the settings ask both by now, whomever it asked (T26)', () => {
    const both = { asks: 'both', waitsFor: 'customer', firstCountsNoMore: null };
    expect(standing('customer', everyWrite('both'))).toStrictEqual(both);
    expect(standing('vendor', everyWrite('both'))).toStrictEqual(both);
  });

  it('waits for the customer again where the first approval counts no more, and says why (policy.md, 8)', () => {
    const again = { asks: 'both', waitsFor: 'customer' };
    expect(standing('both', approvedFirst, hasRole(maria, 'viewer'), hasRole(mona, 'owner'))).toStrictEqual({
      ...again,
      firstCountsNoMore: 'may not decide',
    });
    expect(standing('both', approvedFirst, hasRole(mona, 'owner'), hasRole(maria, null))).toStrictEqual({
      ...again,
      firstCountsNoMore: 'no member',
    });
    expect(standing('both', approvedFirst, tightenedTo({ 'approval.customer': ['admin'] }))).toStrictEqual({
      ...again,
      firstCountsNoMore: 'may not decide',
    });
  });
});
