import { describe, it } from '@jest/globals';
import type { StaffId, StaffRole } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookCommand } from '../book/decide.ts';
import { given, type Past } from '../testing/given.ts';
import {
  accessOn,
  approved,
  clock,
  ended,
  instantOf,
  priya,
  priyaEnabled,
  requested,
  sam,
  samEnabled,
  samsGrant,
  samsRequest,
  started,
  tightenedTo,
  workspaceOpen,
} from '../testing/story.ts';

const remove = (staffId: StaffId, disabledAt = '10:05'): BookCommand => ({
  type: 'RemoveStaff',
  staffId,
  disabledAt: clock(disabledAt),
});
const samDisabled = { ...samEnabled, phase: 'disabled' as const };
const inside: Past<BookFact> = [...workspaceOpen, accessOn(), '10:00', started()];

describe('A staff member who was disabled', () => {
  it('is out of the workspace, and who else is there is not (T9; policy.md, 5)', () => {
    const both: Past<BookFact> = [...inside, started({ sessionId: 'ses_second', staffId: priya })];
    given(both)
      .when(remove(sam), { at: '10:05', staff: samDisabled })
      .then([ended('staff disabled', '10:05')]);
    given(both)
      .when(remove(priya), { at: '10:05', staff: { ...priyaEnabled, phase: 'disabled' } })
      .then([ended('staff disabled', '10:05', 'ses_second')]);
  });

  it('is out once: a repeat writes nothing', () => {
    given([...inside, '10:05', ended('staff disabled', '10:05')])
      .when(remove(sam), { at: '10:05', staff: samDisabled })
      .then([]);
    given([]).when(remove(sam), { at: '10:05', staff: samDisabled }).then([]);
  });

  it('is out by every visit that this instance knows of, also one that began after it by another’s clock', () => {
    given(inside)
      .when(remove(sam, '09:59'), { at: '10:05', staff: samDisabled })
      .then([ended('staff disabled', '10:05')]);
  });

  it('and enabled again keeps what began after that only', () => {
    given(inside).when(remove(sam, '09:59:59.999'), { at: '10:05', staff: samEnabled }).then([]);
    given(inside)
      .when(remove(sam, '10:00'), { at: '10:05', staff: samEnabled })
      .then([ended('staff disabled', '10:05')]);
  });
});

describe('A staff member who lost a role', () => {
  const asking: Past<BookFact> = [...workspaceOpen, accessOn(), '10:00', requested()];
  /** Sam has these roles left, and lost others. */
  const demoted = (roles: readonly StaffRole[], lost: readonly StaffRole[] = ['agent'], at = '10:05') => ({
    at: '10:05',
    staff: { ...samEnabled, roles, lostRoles: lost.map((role) => ({ role, at: clock(at) })) },
  });
  const withdrawn: BookFact = {
    type: 'AccessWithdrawn',
    data: { requestId: samsRequest, cause: 'staff disabled' },
  };
  const lapsed: BookFact = {
    type: 'GrantLapsed',
    data: { grantId: samsGrant, requestId: samsRequest, cause: 'staff disabled', at: instantOf('10:05') },
  };

  it('and has none left that visits is out, with what they asked for (T9, T26)', () => {
    given(inside)
      .when(remove(sam, '00:00'), demoted(['reviewer']))
      .then([ended('staff disabled', '10:05')]);
    given(asking)
      .when(remove(sam, '00:00'), demoted(['reviewer']))
      .then([withdrawn]);
    given([...asking, approved()])
      .when(remove(sam, '00:00'), demoted([]))
      .then([lapsed]);
  });

  it('and has another that visits goes on with all of it', () => {
    for (const past of [inside, asking, [...asking, approved()]])
      given(past)
        .when(remove(sam, '00:00'), demoted(['engineer', 'reviewer']))
        .then([]);
  });

  it('keeps what this workspace’s own settings leave to the roles that are left, and no more', () => {
    const past = [...inside, tightenedTo({ 'session.mayVisit': ['lead'] })];
    given(past)
      .when(remove(sam, '00:00'), demoted(['agent'], ['lead']))
      .then([ended('staff disabled', '10:05')]);
    given(past)
      .when(remove(sam, '00:00'), demoted(['lead']))
      .then([]);
  });

  it('keeps what the lost role never carried: settings that were tightened since let it visit as little', () => {
    const tightened = tightenedTo({ 'session.mayVisit': ['lead'], 'approval.vendor': ['lead'] });
    for (const past of [inside, asking, [...asking, approved()]])
      given([...past, tightened])
        .when(remove(sam, '00:00'), demoted(['agent'], ['reviewer']))
        .then([]);
  });

  it('keeps what was begun once the role was gone, and heard to be gone everywhere', () => {
    const tightened = tightenedTo({ 'session.mayVisit': ['lead'] });
    for (const past of [inside, asking]) {
      const gone = (at: string) =>
        given([...past, tightened]).when(remove(sam, '00:00'), demoted(['agent'], ['lead'], at));
      gone('09:59:49.999').then([]);
      // Another instance may have let them in that had not heard yet.
      gone('09:59:50').then([past === inside ? ended('staff disabled', '10:05') : withdrawn]);
    }
  });
});
