import { describe, expect, it } from '@jest/globals';
import { bookOf, given, type Past } from '../testing/given.ts';
import {
  accessOffBy,
  accessOn,
  approved,
  case123Closed,
  case124,
  case124Opened,
  case123Opened,
  clock,
  ended,
  entered,
  harbour,
  instantOf,
  maria,
  priya,
  priyasVisit,
  requested,
  sam,
  samsGrant,
  samsRequest,
  samsVisit,
  started,
  viewed,
  windowEnded,
  workspaceOpen,
} from '../testing/story.ts';
import type { BookFact } from './book.ts';
import { isRestricting, type BookCommand } from './decide.ts';
import { STATES } from '../testing/pairs.ts';
import { nextDue, nothingDueBefore } from './settle.ts';

const settle: BookCommand = { type: 'SettleBook' };
const priyas = (data: Parameters<typeof started>[0] = {}) =>
  started({ sessionId: priyasVisit, staffId: priya, caseId: case124, caseRef: 'CASE-124', ...data });
const stay = (sessionId = samsVisit): BookFact => ({ type: 'PresenceConfirmed', data: { sessionId } });
const two: Past<BookFact> = [...workspaceOpen, case124Opened, accessOn(), '10:00', started(), priyas()];

describe('What has ended by the clock', () => {
  it('is nothing in a book where nothing runs', () => {
    given([]).when(settle, { at: '3d 00:00' }).then([]);
    given(workspaceOpen).when(settle, { at: '3d 00:00' }).then([]);
    expect(nextDue(bookOf(workspaceOpen))).toBeNull();
  });

  it('stands with its true end, however late it is written', () => {
    given(two)
      .when(settle, { at: '2d 00:00' })
      .then([ended('idle', '10:15'), ended('idle', '10:15', priyasVisit), windowEnded('1d 09:00')]);
  });

  it('stands in the order in which it ended, not in which it began', () => {
    given([...two, '10:10', stay()])
      .when(settle, { at: '10:30' })
      .then([ended('idle', '10:15', priyasVisit), ended('idle', '10:25')]);
  });

  it('is the end of the window for what waits and stands, where that came before their own', () => {
    const waiting = requested({ requestId: 'req_other', lapsesAt: instantOf('12:00') });
    const off = windowEnded('10:30');
    const lapse = { cause: 'access off' as const, at: instantOf('10:30') };
    given([...workspaceOpen, accessOn({ until: instantOf('10:30') }), requested(), approved(), waiting])
      .when(settle, { at: '13:00' })
      .then([
        off,
        { type: 'AccessLapsed', data: { requestId: 'req_other', ...lapse } },
        { type: 'GrantLapsed', data: { grantId: samsGrant, requestId: samsRequest, ...lapse } },
      ]);
  });

  it('comes due at the instant itself, and not before', () => {
    given(two).when(settle, { at: '10:14:59.999' }).then([]);
    given(two)
      .when(settle, { at: '10:15' })
      .then([ended('idle', '10:15'), ended('idle', '10:15', priyasVisit)]);
  });

  it('ends by the earliest of its clocks', () => {
    const closedAt = (at: string): Past<BookFact> => [...two, at, case123Closed];
    given([...two.slice(0, -2), '10:00', started({ plannedEnd: instantOf('10:05') })])
      .when(settle, { at: '12:00' })
      .then([ended('reached its cap', '10:05')]);
    given(closedAt('10:03'))
      .when(settle, { at: '10:08' })
      .then([ended('case closed', '10:08')]);
    given([...workspaceOpen, accessOn({ until: instantOf('10:06') }), '10:00', started()])
      .when(settle, { at: '12:00' })
      .then([windowEnded('10:06'), ended('window ended', '10:06')]);
  });

  it('names the first cause where clocks agree: window, cap, idle, case', () => {
    const at1015 = instantOf('10:15');
    const past = (until: string, plannedEnd: string): Past<BookFact> => [
      ...workspaceOpen,
      accessOn({ until }),
      '10:00',
      started({ plannedEnd }),
      '10:10',
      case123Closed,
    ];
    const later = instantOf('11:00');
    given(past(at1015, at1015))
      .when(settle, { at: '10:15' })
      .then([windowEnded('10:15'), ended('window ended', '10:15')]);
    given(past(later, at1015))
      .when(settle, { at: '10:15' })
      .then([ended('reached its cap', '10:15')]);
    given(past(later, later))
      .when(settle, { at: '10:15' })
      .then([ended('idle', '10:15')]);
  });

  it('closes the window before the visits that it ends, and after those that ended earlier', () => {
    given([
      ...workspaceOpen,
      case124Opened,
      accessOn({ until: instantOf('10:20') }),
      '10:00',
      started(),
      priyas(),
      '10:10',
      stay(),
    ])
      .when(settle, { at: '10:30' })
      .then([ended('idle', '10:15', priyasVisit), windowEnded('10:20'), ended('window ended', '10:20')]);
  });

  it('is written once', () => {
    given([...two, '10:16', ended('idle', '10:15'), ended('idle', '10:15', priyasVisit)])
      .when(settle, { at: '10:30' })
      .then([]);
  });

  it('is completed where the window’s end was written and its visits’ ends were not', () => {
    given([...workspaceOpen, accessOn(), '10:00', started(), '10:05', accessOffBy(maria, '10:05')])
      .when(settle, { at: '10:05' })
      .then([ended('revoked', '10:05')]);
  });

  it('comes before what is decided then, also before a refusal', () => {
    given(two)
      .when({ type: 'CloseCase', caseId: case124 }, { at: '10:20' })
      .then([
        ended('idle', '10:15'),
        ended('idle', '10:15', priyasVisit),
        { type: 'CaseClosed', data: { caseId: case124, caseRef: 'CASE-124', graceMinutes: 5 } },
      ]);
  });

  it('is known beforehand: the next instant at which something ends', () => {
    expect(nextDue(bookOf(two))).toBe(clock('10:15'));
    expect(nextDue(bookOf([...two, '10:10', stay()]))).toBe(clock('10:15'));
    expect(nextDue(bookOf([...two, '10:10', stay(), stay(priyasVisit)]))).toBe(clock('10:25'));
    expect(nextDue(bookOf([...two, '10:05', ended('exited', '10:05'), ended('exited', '10:05', priyasVisit)]))).toBe(
      clock('1d 09:00'),
    );
  });
});

describe('A visit that ended', () => {
  const view: BookCommand = {
    type: 'ViewPage',
    sessionId: samsVisit,
    staffId: sam,
    page: 'dashboard',
    record: null,
    title: null,
    input: true,
    partOf: null,
  };

  it('is not revived by turning access on again (T18)', () => {
    given([...two.slice(0, -1), '10:05', accessOffBy(maria, '10:05'), ended('revoked', '10:05'), '10:06', accessOn()])
      .when(view, { at: '10:07' })
      .refused('visitHasNotEnded', 'Support access has been revoked');
  });

  it('is not revived where its own end was never written', () => {
    given([...two.slice(0, -1), '10:05', accessOffBy(maria, '10:05'), '10:06', accessOn()])
      .when(view, { at: '10:07' })
      .refused('visitHasNotEnded', 'Support access has been revoked', { with: [ended('revoked', '10:05')] });
  });

  it('is not revived by facts behind its end, whoever wrote them', () => {
    given([...two.slice(0, -1), '10:05', ended('exited', '10:05'), '10:06', entered(), stay(), viewed()])
      .when(view, { at: '10:07' })
      .refused('visitHasNotEnded', 'This visit has ended: it was left.');
  });

  it('keeps the first cause', () => {
    given([...two.slice(0, -1), '10:05', ended('exited', '10:05'), '10:06', accessOffBy(maria, '10:06')])
      .when(view, { at: '10:07' })
      .refused('visitHasNotEnded', 'This visit has ended: it was left.');
  });

  it('keeps its own end where another one is written behind the off', () => {
    given([...two.slice(0, -1), '10:05', accessOffBy(maria, '10:05'), '10:06', ended('exited', '10:06')])
      .when(view, { at: '10:07' })
      .refused('visitHasNotEnded', 'Support access has been revoked');
  });

  it('is remembered for 15 minutes, and forgotten by the next start behind them', () => {
    const past: Past<BookFact> = [...workspaceOpen, accessOn(), '10:00', started(), '10:05', ended('exited', '10:05')];
    const other = started({ sessionId: priyasVisit, staffId: priya, plannedEnd: instantOf('11:20') });
    given([...past, '10:19:59.999', other])
      .when(view, { at: '10:20' })
      .refused('visitHasNotEnded');
    given([...past, '10:20', other])
      .when(view, { at: '10:20' })
      .refused('visitIsKnown', 'This visit has ended.');
  });
});

describe('A case that is opened again within the grace', () => {
  it('lets its visits run on', () => {
    given([...two.slice(0, -1), '10:05', case123Closed, '10:08', case123Opened])
      .when(settle, { at: '10:14' })
      .then([]);
  });
});

describe('Commands that only take away', () => {
  it('are these six', () => {
    const by = maria;
    const whose = { sessionId: samsVisit, staffId: sam } as const;
    const restricting: readonly BookCommand[] = [
      { type: 'DisableStaffAccess', by },
      { type: 'ExitSession', ...whose },
      { type: 'EndSession', sessionId: samsVisit, by },
      { type: 'RemoveStaff', staffId: sam, disabledAt: 0 },
      { type: 'CloseWorkspace', workspaceId: harbour },
      settle,
    ];
    expect(restricting.map(isRestricting)).toStrictEqual(restricting.map(() => true));
    expect(isRestricting({ type: 'ContinueVisit', ...whose })).toBe(false);
    expect(isRestricting({ type: 'CloseCase', caseId: case124 })).toBe(false);
  });
});

describe('What is told without reading any session', () => {
  it.each(Object.entries(STATES))('is never later than what ends first: %s', (_, book) => {
    expect(nothingDueBefore(book)).toBeLessThanOrEqual(nextDue(book) ?? Infinity);
  });
});
