import { describe, expect, it } from '@jest/globals';
import type { SessionId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import { COMMANDS } from '../testing/pairs.ts';
import { given } from '../testing/given.ts';
import {
  accessOn,
  approved,
  clock,
  declined,
  ended,
  harbour,
  instantOf,
  priya,
  priyaEnabled,
  priyasVisit,
  questioned,
  requested,
  samEnabled,
  samsGrant,
  samsRequest,
  started,
  startedOnGrant,
  entered,
  tightenedTo,
  workspaceOpen,
} from '../testing/story.ts';

const asked = [...workspaceOpen, accessOn(), '10:00', requested()] as const;
const startOnGrant = { ...COMMANDS.StartSession, grantId: samsGrant };
const tightened = (...set: Parameters<typeof tightenedTo>): BookFact => tightenedTo(...set);

describe('What an owner tightens after it was asked for', () => {
  it('counts when a change is approved: where nothing is changed, nothing is approved', () => {
    given([...asked, tightened({ 'write.allowed': false })])
      .when(COMMANDS.ApproveAccess)
      .refused('writesAreAllowed');
  });

  it('counts when the visit for a change begins, though it was approved before', () => {
    given([...asked, approved(), tightened({ 'write.allowed': false })])
      .when(startOnGrant)
      .refused('writesAreAllowed');
  });

  it('cuts the visit that begins on an earlier approval (S4-22)', () => {
    const { decision } = given([...asked, approved(), tightened({ 'session.capMinutes': 10 })]).when(startOnGrant);
    const [first] = decision.facts;
    if (first?.type !== 'SessionStarted') throw new Error('Not started.');
    given([...workspaceOpen, accessOn(), '10:00', started({ ...first.data })])
      .when({ type: 'SettleBook' }, { at: '10:10' })
      .then([
        {
          type: 'SessionEnded',
          data: { sessionId: first.data.sessionId, cause: 'reached its cap', at: instantOf('10:10') },
        },
      ]);
    given([...asked, approved(), tightened({ 'session.capMinutes': 10 })])
      .when({ ...startOnGrant, minutes: 11 })
      .refused('minutesAreAllowed');
  });
});

describe('An area that the owner leaves out', () => {
  it('is closed for the approved action of a visit that runs, too (S3-15)', () => {
    given([...asked, approved(), startedOnGrant(), '10:00:10', entered(), accessOn({ withoutAreas: ['billing'] })])
      .when(COMMANDS.PerformAction, { at: '10:00:30' })
      .refused('areaIsNotLeftOut', 'The owner left Billing out.');
  });
});

describe('A lead whose visit here has ended by the clock', () => {
  it('decides again, though the seat is not free yet', () => {
    const leads = { ...priyaEnabled, roles: ['lead' as const] };
    const seat = { workspaceId: harbour, until: clock('11:00'), takenAt: clock('09:30') };
    const past = [
      ...workspaceOpen,
      accessOn(),
      '09:30',
      started({ sessionId: priyasVisit, staffId: priya }),
      requested({ kind: 'read', asks: 'vendor', triggers: [] }),
    ];
    const command = { ...COMMANDS.ApproveAccess, by: { kind: 'staff' as const, staffId: priya } };
    const at = (time: string, sessionId: SessionId = priyasVisit) =>
      given(past).when(command, { at: time, staff: { ...leads, seat: { ...seat, sessionId } } });
    at('09:44:59').refused('approverIsNotInAVisit');
    expect(at('09:45').decision.facts.map(({ type }) => type)).toStrictEqual(['SessionEnded', 'AccessApproved']);
    at('09:45', 'ses_elsewhere').refused('approverIsNotInAVisit', undefined, {
      with: [ended('idle', '09:45', priyasVisit)],
    });
  });
});

describe('A decline that was appended without a revision, behind an approval that was faster', () => {
  const withdrawn: BookFact = {
    type: 'AccessWithdrawn',
    data: { requestId: samsRequest, cause: 'by the staff member' },
  };

  it.each([
    ['declined', declined],
    ['taken back', withdrawn],
  ])('wins: what takes away does at once, and nothing begins on it (policy.md, 6): %s', (_, restricting) => {
    const past = [...asked, approved(), restricting] as const;
    const lapsed: BookFact = {
      type: 'GrantLapsed',
      data: { grantId: samsGrant, requestId: samsRequest, cause: 'withdrawn', at: instantOf('10:00') },
    };
    given(past)
      .when(startOnGrant)
      .refused('grantIsKnown', undefined, { with: [lapsed] });
    given(past).when({ type: 'SettleBook' }).then([lapsed]);
  });

  it('leaves a visit alone that had begun by then: that is ended by an end', () => {
    const inside = [...asked, approved(), startedOnGrant(), entered(), declined];
    given(inside).when({ type: 'SettleBook' }, { at: '10:01' }).then([]);
  });
});

describe('A staff member who is disabled', () => {
  it('answers nothing any more (T9)', () => {
    given([...asked, questioned])
      .when(COMMANDS.GiveInformation, { staff: { ...samEnabled, phase: 'disabled' } })
      .refused('staffMemberIsEnabled');
  });
});
