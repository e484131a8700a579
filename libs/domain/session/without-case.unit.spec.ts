import { describe, expect, it } from '@jest/globals';
import type { BookFact } from '../book/book.ts';
import { plannedEnding } from '../book/settle.ts';
import { whoCouldEnter } from '../book/could-enter.ts';
import type { Installation } from '../installation/installation.ts';
import { bookOf, given, type Past } from '../testing/given.ts';
import { COMMANDS } from '../testing/pairs.ts';
import { digest } from '../testing/digest.ts';
import {
  accessOn,
  approved,
  case123,
  case123Closed,
  case124,
  case124Opened,
  clock,
  entered,
  installation,
  priya,
  requested,
  sam,
  samEnabled,
  samsGrant,
  samsVisit,
  started,
  startedOnGrant,
  tightenedTo,
  viewed,
  workspaceOpen,
} from '../testing/story.ts';
import { recognise } from '../facts.ts';

/** As under day-pass: a case only where a ticket exists (S0-44). */
const optional: Installation = { ...installation, policy: { ...installation.policy, caseAnchor: 'optional' } };
const none = { caseId: null, caseRef: null } as const;
const open: Past<BookFact> = [...workspaceOpen, accessOn()];
const starts = { ...COMMANDS.StartSession, sessionId: samsVisit, identityConfirmedAt: clock('09:58') };
const start = { ...starts, ...none };
const ask = { ...COMMANDS.RequestAccess, ...none };

describe('A visit without a case (S0-44)', () => {
  it('begins where policy asks for none, and says so in its first line', () => {
    given(open)
      .when(start, { installation: optional })
      .then([started(none)]);
    // With a case as ever, and only with an open one.
    given(open).when(starts, { installation: optional }).then([started()]);
    given([...open, case123Closed])
      .when(starts, { installation: optional })
      .refused('caseIsOpen', 'CASE-123 is not an open case of this workspace.');
  });

  it('is refused where policy asks for one (S1-58, S4-19), also by the workspace’s own word', () => {
    const because = 'Under these settings support comes for a case.';
    const refusal = given(open).when(start).refused('caseIsNamed', because);
    expect(refusal.instead).toBe('Name the case.');
    given([...open, tightenedTo({ caseAnchor: 'required' })])
      .when(start, { installation: optional })
      .refused('caseIsNamed', because);
    given(open).when(ask).refused('caseIsNamed', because);
  });

  it('is refused where the switch is on for one case only', () => {
    given([...workspaceOpen, accessOn({ onlyCase: case123 })])
      .when(start, { installation: optional })
      .refused('visitFitsTheSwitch', 'Staff access is on for another case only.');
  });

  it('is not ended or changed by what becomes of cases', () => {
    const inside: Past<BookFact> = [...open, '10:00', started(none), '10:00:10', entered()];
    const told: readonly BookFact[] = [
      case124Opened,
      { type: 'CaseReassigned', data: { caseId: case123, caseRef: 'CASE-123', staffId: priya } },
      {
        type: 'CaseMerged',
        data: { caseId: case124, caseRef: 'CASE-124', intoCaseId: case123, intoCaseRef: 'CASE-123' },
      },
      case123Closed,
    ];
    const book = bookOf([...inside, '10:05', ...told]);
    const [session] = book.sessions.live();
    expect([session?.caseId, session?.caseRef]).toEqual([null, null]);
    expect(session && plannedEnding(book, session)).toEqual({ at: clock('10:15:10'), cause: 'idle' });
    given(book)
      .when(
        { ...COMMANDS.ViewPage, page: 'dashboard', record: null, title: null },
        { at: '10:11', installation: optional },
      )
      .then([viewed()]);
    given(inside)
      .when({ type: 'ReassignCase', caseId: case123, caseRef: 'CASE-123', assignee: priya })
      .then([{ type: 'CaseReassigned', data: { caseId: case123, caseRef: 'CASE-123', staffId: priya } }]);
  });

  it('goes on where the workspace asks for cases meanwhile: no change of settings reaches into a visit', () => {
    given([...open, '10:00', started(none), tightenedTo({ caseAnchor: 'required' })])
      .when(
        { ...COMMANDS.ViewPage, page: 'dashboard', record: null, title: null },
        { at: '10:05', installation: optional },
      )
      .then([viewed()]);
  });

  it('is one of those that could begin, where it could', () => {
    const staff = [[sam, samEnabled]] as const;
    const could = (of: Installation) =>
      whoCouldEnter({ book: bookOf(open), installation: of, now: clock('10:00'), digest }, staff);
    expect(could(installation).map(({ caseRef }) => caseRef)).toEqual(['CASE-123']);
    expect(could(optional).map(({ caseRef }) => caseRef)).toEqual(['CASE-123', null]);
  });
});

describe('A request without a case', () => {
  const asked: Past<BookFact> = [...open, '10:00', requested(none)];

  it('says so, and so does the visit that begins on it', () => {
    const { facts } = given(open).when(ask, { installation: optional }).decision;
    expect(facts).toMatchObject([{ type: 'AccessRequested', data: { caseId: null, caseRef: null } }]);
    given([...asked, approved()])
      .when({ ...start, grantId: samsGrant }, { installation: optional })
      .then([startedOnGrant(none)]);
  });

  it('is for no case: a visit on it can’t be for one', () => {
    given([...asked, approved()])
      .when({ ...starts, grantId: samsGrant }, { installation: optional })
      .refused('grantIsKnown');
  });

  it('stays where a case is closed, and is asked for once', () => {
    given([...asked, case123Closed])
      .when(ask, { installation: optional })
      .refused('requestsAreFew', 'You asked for this already, and it waits.');
  });

  it('that was granted is not begun any more where the workspace asks for cases now', () => {
    given([...asked, approved(), tightenedTo({ caseAnchor: 'required' })])
      .when({ ...start, grantId: samsGrant }, { installation: optional })
      .refused('caseIsNamed');
  });
});

it('Facts with a case and without one are read alike', () => {
  for (const fact of [started(), started(none), requested(), requested(none)]) expect(recognise(fact)).toBe(fact);
  expect(recognise({ type: 'SessionStarted', data: { ...started().data, caseId: '123' } })).toBeUndefined();
});
