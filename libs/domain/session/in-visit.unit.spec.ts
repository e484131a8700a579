import { describe, expect, it } from '@jest/globals';
import type { SessionId, StaffId } from '@gatebook/protocol';
import { accessOff } from '../staff-access/staff-access.ts';
import { staffAccessIsOn } from './rules.ts';
import type { BookCommand } from '../book/decide.ts';
import type { BookFact } from '../book/book.ts';
import { unknownStaff } from '../staff/staff.ts';
import { digest } from '../testing/digest.ts';
import { bookOf, given, type Past } from '../testing/given.ts';
import {
  accessOffBy,
  accessOn,
  adam,
  ana,
  case124,
  case124Opened,
  clock,
  ended,
  entered,
  installation,
  instantOf,
  maria,
  mona,
  priya,
  sam,
  samEnabled,
  samsVisit,
  started,
  stranger,
  vic,
  workspaceOpen,
} from '../testing/story.ts';

type Whose = { readonly sessionId: SessionId; readonly staffId: StaffId };
const whose: Whose = { sessionId: samsVisit, staffId: sam };
const justStarted: Past<BookFact> = [...workspaceOpen, accessOn(), '10:00', started()];
const inside: Past<BookFact> = [...justStarted, '10:00:10', entered()];
const over: Past<BookFact> = [...inside, '10:05', accessOffBy(maria, '10:05'), ended('revoked', '10:05')];

const enter = (of: Whose = whose): BookCommand => ({ type: 'EnterSession', ...of });
const perform = (of: Whose = whose): BookCommand => ({
  type: 'PerformAction',
  ...of,
  actionId: 'act_one',
  action: 'invoice.retrySync',
  record: 'INV-88',
  arguments: null,
});
const stay = (of: Whose = whose): BookCommand => ({ type: 'ConfirmPresence', ...of });
const goOn = (of: Whose = whose): BookCommand => ({ type: 'ContinueVisit', ...of });
const exit = (of: Whose = whose): BookCommand => ({ type: 'ExitSession', ...of });
const end = (by = maria as typeof stranger, sessionId = samsVisit): BookCommand => ({
  type: 'EndSession',
  sessionId,
  by,
});

describe.each([
  ['Entering', enter],
  ['Changing something', perform],
  ['Staying', stay],
  ['Going on', goOn],
])('%s, as everything inside a visit, is refused', (_, command) => {
  it('to a staff member who was disabled meanwhile (T9)', () => {
    given(inside)
      .when(command(), { staff: { ...samEnabled, phase: 'disabled' } })
      .refused('staffMemberIsEnabled', 'You are not enabled as a staff member.');
    given(inside)
      .when(command(), { staff: { ...samEnabled, readable: false } })
      .refused('staffMemberIsEnabled');
  });

  it('for a visit that is unknown here, or somebody else’s (T1, T2)', () => {
    given(inside)
      .when(command({ ...whose, sessionId: 'ses_other' }))
      .refused('visitIsKnown', 'This visit has ended.');
    given(inside)
      .when(command({ ...whose, staffId: priya }))
      .refused('visitIsTheirs', 'This visit is somebody else’s.');
  });

  it('while staff access is off, whatever the visit says (S3-15, S3-29)', () => {
    // Off ends every visit, so such a book comes to be only where that went wrong: it must not matter.
    given({ ...bookOf(inside), staffAccess: accessOff })
      .when(command(), { at: '10:00:30' })
      .refused('staffAccessIsOn', 'Staff access to this workspace is off.');
  });

  it('where the switch was left on for another case only, meanwhile (S3-15)', () => {
    given([...inside, '10:00:20', case124Opened, accessOn({ onlyCase: case124 })])
      .when(command(), { at: '10:00:30' })
      .refused('visitFitsTheSwitch', 'Staff access is on for another case only.');
  });

  it('after its end, with the cause', () => {
    given(over).when(command(), { at: '10:06' }).refused('visitHasNotEnded', 'Support access has been revoked');
    given(inside)
      .when(command(), { at: '10:15:10' })
      .refused('visitHasNotEnded', 'This visit has ended: nobody had used it for a while.', {
        with: [ended('idle', '10:15:10')],
      });
  });
});

describe('The window', () => {
  // Settling closes a window that is over before any rule is asked; the rule holds by itself all the same.
  it('is open before its end and not at it, whoever asks the rule', () => {
    const book = bookOf([...workspaceOpen, accessOn({ until: instantOf('10:00') })]);
    const ask = (at: string) =>
      staffAccessIsOn.check({ book, staff: unknownStaff, staffRevision: -1, installation, now: clock(at), digest });
    expect(ask('09:59:59.999')).toBeUndefined();
    expect(ask('10:00')?.because).toBe('Staff access to this workspace is off.');
  });
});

describe('Entering a visit', () => {
  it('is a line: the staff member is inside', () => {
    given(justStarted).when(enter(), { at: '10:00:59.999' }).then([entered()]);
  });

  it('is done once', () => {
    given(inside).when(enter(), { at: '10:00:20' }).refused('entryIsFirst', 'This code was used already.');
  });

  it('is too late from 60 seconds on', () => {
    given(justStarted).when(enter(), { at: '10:01' }).refused('entryIsFirst', 'This code is too old.');
  });

  it('is refused where a line of the book can’t be read (T48)', () => {
    given({ ...bookOf(justStarted), readable: false })
      .when(enter())
      .refused('bookIsReadable');
  });
});

describe('Changing something', () => {
  it('is refused in a read visit, whatever it is (S0-10, S0-28, S1-29, S4-7, S4-9)', () => {
    const because = 'This visit is read only: nothing can be changed.';
    given(inside).when(perform(), { at: '10:01' }).refused('nothingIsChanged', because);
    given(inside)
      .when(
        {
          type: 'PerformAction',
          ...whose,
          actionId: 'act_one',
          action: 'no-such-action',
          record: null,
          arguments: null,
        },
        { at: '10:01' },
      )
      .refused('nothingIsChanged', because);
  });
});

describe('Pressing Stay', () => {
  const confirmed: BookFact = { type: 'PresenceConfirmed', data: { sessionId: samsVisit } };

  it('is a line', () => {
    given(inside).when(stay(), { at: '10:14' }).then([confirmed]);
  });

  it('begins the idle time anew', () => {
    given([...inside, '10:14', confirmed])
      .when(goOn(), { at: '10:28:59.999' })
      .then([]);
    given([...inside, '10:14', confirmed])
      .when(goOn(), { at: '10:29' })
      .refused('visitHasNotEnded', undefined, { with: [ended('idle', '10:29')] });
  });

  it('moves no other end', () => {
    given([...inside, '10:14', confirmed, '10:28', confirmed, '10:42', confirmed, '10:56', confirmed])
      .when(stay(), { at: '11:00' })
      .refused('visitHasNotEnded', 'This visit has ended: its time was up.', {
        with: [ended('reached its cap', '11:00')],
      });
  });

  it('is refused where a line of the book can’t be read', () => {
    given({ ...bookOf(inside), readable: false })
      .when(stay())
      .refused('bookIsReadable');
  });
});

describe('Going on with a visit', () => {
  it('is allowed while it runs, and writes nothing', () => {
    given(inside).when(goOn(), { at: '10:01' }).then([]);
  });

  it('is refused where a line of the book can’t be read', () => {
    given({ ...bookOf(inside), readable: false })
      .when(goOn())
      .refused('bookIsReadable');
  });
});

describe('Leaving a visit', () => {
  it('ends it', () => {
    given(inside)
      .when(exit(), { at: '10:07' })
      .then([ended('exited', '10:07')]);
  });

  it('is always possible: disabled, unreadable, never entered', () => {
    given({ ...bookOf(justStarted), readable: false })
      .when(exit(), { at: '10:07', staff: { ...samEnabled, phase: 'disabled', readable: false } })
      .then([ended('exited', '10:07')]);
  });

  it('is no mistake and no line when it has ended', () => {
    given(over).when(exit(), { at: '10:06' }).then([]);
  });

  it('after an end that nobody had noticed writes that end down, not this one', () => {
    given(inside)
      .when(exit(), { at: '10:20' })
      .then([ended('idle', '10:15:10')]);
  });

  it('is for its own staff member', () => {
    given(inside)
      .when(exit({ ...whose, staffId: priya }))
      .refused('visitIsTheirs');
    given(inside)
      .when(exit({ ...whose, sessionId: 'ses_other' }))
      .refused('visitIsKnown');
  });
});

describe('Ending one visit as the customer', () => {
  it('ends that one, and leaves staff access on', () => {
    given(inside)
      .when(end(adam), { at: '10:07' })
      .then([ended('ended by owner', '10:07')]);
  });

  it('asks only for the person’s right, as turning off does', () => {
    given({ ...bookOf(inside), readable: false })
      .when(end(), { at: '10:07' })
      .then([ended('ended by owner', '10:07')]);
  });

  it('is for owners and admins (S3-22)', () => {
    for (const by of [mona, ana, vic]) given(inside).when(end(by)).refused('memberRoleMaySwitch');
    given(inside).when(end(stranger)).refused('memberBelongsHere', 'There is no such workspace.');
  });

  it('is no mistake and no line when it has ended', () => {
    given(over).when(end(), { at: '10:06' }).then([]);
  });

  it('is refused for a visit that is unknown here', () => {
    given(inside).when(end(maria, 'ses_other')).refused('visitIsKnown', 'There is no such visit, or it has ended.');
  });
});
