import { describe, expect, it } from '@jest/globals';
import { bookOf, given } from '../testing/given.ts';
import { AT, cellOf, COMMANDS, no, STATES, yes, type Cell, type State } from '../testing/pairs.ts';
import {
  accessOffBy,
  accessOn,
  approved,
  case123Closed,
  case124,
  ended,
  entered,
  instantOf,
  maria,
  priya,
  priyaEnabled,
  requested,
  samEnabled,
  samsGrant,
  samsRequest,
  samsVisit,
  samsWish,
  started,
  workspaceOpen,
} from '../testing/story.ts';
import type { Book, BookFact } from './book.ts';
import type { BookCommand } from './decide.ts';

/*
 * More time for a visit: asked for in every state, in each way in which it could be more than time; and what comes of it
 * while the visit goes on, ends or is ended. Sam's visit is the one that it goes on from.
 */

const moreTime = {
  ...COMMANDS.RequestAccess,
  kind: 'extension',
  caseId: null,
  caseRef: null,
  action: null,
  extends: samsVisit,
} as const satisfies BookCommand;
const WAYS = {
  'more time': moreTime,
  'more time, by another': { ...moreTime, staffId: priya },
  'more time for another case': { ...moreTime, caseId: case124, caseRef: 'CASE-124' },
  'more time with fewer pages': { ...moreTime, pages: ['billing'] },
  'more time as another job': { ...moreTime, job: 'invoice-sync' },
  'more time as somebody else': { ...moreTime, viewAs: maria.memberId },
  'another kind that goes on from it': { ...moreTime, kind: 'read' },
} as const satisfies Record<string, BookCommand>;
type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS) as Way[];

type Row = { readonly [Name in Way]: Cell };
/** The same for whoever asks, and however. */
const each = (cell: Cell): Row => Object.fromEntries(ways.map((way) => [way, cell])) as Row;
/** Of a visit that is Sam's and has ended, with the facts that were due. */
const over = (...due: BookFact['type'][]): Row => ({
  ...each(no('visitHasNotEnded', ...due)),
  'more time, by another': no('visitIsTheirs', ...due),
});
const none = (...due: BookFact['type'][]): Row => each(no('visitIsTheirs', ...due));
const goesOn: Row = {
  'more time': yes('AccessRequested', 'AccessApproved'),
  'more time, by another': no('visitIsTheirs'),
  'more time for another case': no('extensionIsAsTheVisit'),
  'more time with fewer pages': no('extensionIsAsTheVisit'),
  'more time as another job': no('extensionIsAsTheVisit'),
  'more time as somebody else': no('extensionIsAsTheVisit'),
  'another kind that goes on from it': no('requestSaysWhat'),
};

const ASKED: { readonly [In in State]: Row } = {
  unregistered: each(no('workspaceIsOpen')),
  'access off': each(no('staffAccessIsOn')),
  'access on': none(),
  'visit started': goesOn,
  'visit entered': goesOn,
  'visit entered, case closed': {
    ...goesOn,
    'more time': no('caseIsOpen'),
    'another kind that goes on from it': no('caseIsOpen'),
  },
  'visit over, access off': each(no('staffAccessIsOn')),
  'visit over, access on again': over(),
  'visit exited, access on': over(),
  'window over, not written yet': each(no('staffAccessIsOn', 'StaffAccessDisabled', 'SessionEnded')),
  'visit idle, not written yet': over('SessionEnded'),
  'visit at its cap, not written yet': over('SessionEnded'),
  'request waits': none(),
  'request waits, information asked': none(),
  'request waits for the second': none(),
  'request declined': none(),
  'request lapsed, not written yet': none('AccessLapsed'),
  'request waits, access off': each(no('staffAccessIsOn', 'AccessLapsed')),
  'grant to confirm': none(),
  'grant ready': none(),
  'grant too late, not written yet': none('GrantLapsed'),
  'visit on a grant': goesOn,
  'grant spent': goesOn,
  'grant spent, outcome unknown': goesOn,
  'visit on a grant over': over('GrantLapsed'),
  'workspace closed': each(no('workspaceIsOpen')),
  'unreadable, visit entered': each(no('bookIsReadable')),
};

const states = Object.keys(STATES) as State[];

describe.each(states)('In the state “%s”', (state) => {
  it.each(ways)('%s has the one outcome that the table says (S4-37)', (way) => {
    const staff = way === 'more time, by another' ? priyaEnabled : samEnabled;
    expect(cellOf(given(STATES[state]).when(WAYS[way], { at: AT, staff }).decision)).toStrictEqual(ASKED[state][way]);
  });
});

const pages = samsWish.pages;
const time = { ...samsWish, pages, action: null };
const asks = requested({ kind: 'extension', extends: samsVisit, triggers: ['every session'], wanted: time });
const granted = approved({ granted: time });
const inside = [...workspaceOpen, accessOn(), '10:00', started(), '10:00:10', entered(), '10:00:20', asks] as const;
const off = [accessOffBy(maria, '10:00:20'), ended('revoked', '10:00:20')];

/** How far the extension has come, and what became of the visit. */
const EXTENSIONS = {
  'asked, visit goes on': bookOf(inside),
  'asked, visit exited': bookOf([...inside, ended('exited', '10:00:20')]),
  'asked, visit idle, not written yet': bookOf([
    ...[...workspaceOpen, accessOn(), '09:45', started(), '09:45:10', entered(), asks],
  ]),
  'asked, case closed': bookOf([...inside, case123Closed]),
  'asked, access off': bookOf([...inside, ...off]),
  'granted, visit goes on': bookOf([...inside, granted]),
  'granted, visit exited': bookOf([...inside, granted, ended('exited', '10:00:20')]),
  'granted, visit at its cap, not written yet': bookOf([
    ...[...workspaceOpen, accessOn(), '10:00', started({ plannedEnd: instantOf('10:00:20') })],
    ...['10:00:10', entered(), asks, granted],
  ]),
  'granted, case closed': bookOf([...inside, granted, case123Closed]),
  'granted, access off': bookOf([...inside, granted, ...off]),
} satisfies Record<string, Book>;
type Extension = keyof typeof EXTENSIONS;

const DONE = {
  begin: { ...COMMANDS.StartSession, grantId: samsGrant },
  view: COMMANDS.ViewPage,
  approve: COMMANDS.ApproveAccess,
  'approve with another page': { ...COMMANDS.ApproveAccess, granted: { pages: [...pages, 'team'] } },
  decline: COMMANDS.DeclineAccess,
  withdraw: COMMANDS.WithdrawAccess,
  exit: COMMANDS.ExitSession,
  'end by the customer': COMMANDS.EndSession,
  settle: COMMANDS.SettleBook,
  'ask again': moreTime,
} as const satisfies Record<string, BookCommand>;
type Deed = keyof typeof DONE;
const deeds = Object.keys(DONE) as Deed[];

const decided = no('requestIsOpen');
const behind = (...due: BookFact['type'][]) => no('requestIsOpen', ...due);
const CAME_OF_IT: { readonly [Row in Extension]: { readonly [Name in Deed]: Cell } } = {
  'asked, visit goes on': {
    begin: no('grantIsKnown'),
    view: yes('PageViewed'),
    approve: yes('AccessApproved'),
    'approve with another page': no('approvalMayChange'),
    decline: yes('AccessDeclined'),
    withdraw: yes('AccessWithdrawn'),
    exit: yes('SessionEnded'),
    'end by the customer': yes('SessionEnded', 'AccessDeclined'),
    settle: yes(),
    'ask again': no('requestsAreFew'),
  },
  // What was asked for in time is decided though the visit is over: it is a visit of its own.
  'asked, visit exited': {
    begin: no('grantIsKnown'),
    view: no('visitHasNotEnded'),
    approve: yes('AccessApproved'),
    'approve with another page': no('approvalMayChange'),
    decline: yes('AccessDeclined'),
    withdraw: yes('AccessWithdrawn'),
    exit: yes(),
    'end by the customer': yes(),
    settle: yes(),
    'ask again': no('visitHasNotEnded'),
  },
  'asked, visit idle, not written yet': {
    begin: no('grantIsKnown', 'SessionEnded'),
    view: no('visitHasNotEnded', 'SessionEnded'),
    approve: yes('SessionEnded', 'AccessApproved'),
    'approve with another page': no('approvalMayChange', 'SessionEnded'),
    decline: yes('SessionEnded', 'AccessDeclined'),
    withdraw: yes('SessionEnded', 'AccessWithdrawn'),
    exit: yes('SessionEnded'),
    'end by the customer': yes('SessionEnded'),
    settle: yes('SessionEnded'),
    'ask again': no('visitHasNotEnded', 'SessionEnded'),
  },
  // The visit has its grace; more of it there is not.
  'asked, case closed': {
    begin: no('caseIsOpen', 'AccessLapsed'),
    view: yes('AccessLapsed', 'PageViewed'),
    approve: behind('AccessLapsed'),
    'approve with another page': behind('AccessLapsed'),
    decline: behind('AccessLapsed'),
    withdraw: behind('AccessLapsed'),
    exit: yes('AccessLapsed', 'SessionEnded'),
    'end by the customer': yes('AccessLapsed', 'SessionEnded'),
    settle: yes('AccessLapsed'),
    'ask again': no('caseIsOpen', 'AccessLapsed'),
  },
  'asked, access off': {
    begin: no('staffAccessIsOn', 'AccessLapsed'),
    view: no('visitHasNotEnded', 'AccessLapsed'),
    approve: behind('AccessLapsed'),
    'approve with another page': behind('AccessLapsed'),
    decline: behind('AccessLapsed'),
    withdraw: behind('AccessLapsed'),
    exit: yes('AccessLapsed'),
    'end by the customer': yes('AccessLapsed'),
    settle: yes('AccessLapsed'),
    'ask again': no('staffAccessIsOn', 'AccessLapsed'),
  },
  // The visit that it goes on from ends where the new one begins.
  'granted, visit goes on': {
    begin: yes('SessionEnded', 'SessionStarted'),
    view: yes('PageViewed'),
    approve: decided,
    'approve with another page': decided,
    decline: decided,
    withdraw: yes('GrantLapsed'),
    exit: yes('SessionEnded'),
    'end by the customer': yes('SessionEnded', 'GrantLapsed'),
    settle: yes(),
    'ask again': yes('AccessRequested', 'AccessApproved'),
  },
  'granted, visit exited': {
    begin: yes('SessionStarted'),
    view: no('visitHasNotEnded'),
    approve: decided,
    'approve with another page': decided,
    decline: decided,
    withdraw: yes('GrantLapsed'),
    exit: yes(),
    'end by the customer': yes(),
    settle: yes(),
    'ask again': no('visitHasNotEnded'),
  },
  'granted, visit at its cap, not written yet': {
    begin: yes('SessionEnded', 'SessionStarted'),
    view: no('visitHasNotEnded', 'SessionEnded'),
    approve: behind('SessionEnded'),
    'approve with another page': behind('SessionEnded'),
    decline: behind('SessionEnded'),
    withdraw: yes('SessionEnded', 'GrantLapsed'),
    exit: yes('SessionEnded'),
    'end by the customer': yes('SessionEnded'),
    settle: yes('SessionEnded'),
    'ask again': no('visitHasNotEnded', 'SessionEnded'),
  },
  'granted, case closed': {
    begin: no('caseIsOpen', 'GrantLapsed'),
    view: yes('GrantLapsed', 'PageViewed'),
    approve: behind('GrantLapsed'),
    'approve with another page': behind('GrantLapsed'),
    decline: behind('GrantLapsed'),
    withdraw: behind('GrantLapsed'),
    exit: yes('GrantLapsed', 'SessionEnded'),
    'end by the customer': yes('GrantLapsed', 'SessionEnded'),
    settle: yes('GrantLapsed'),
    'ask again': no('caseIsOpen', 'GrantLapsed'),
  },
  'granted, access off': {
    begin: no('staffAccessIsOn', 'GrantLapsed'),
    view: no('visitHasNotEnded', 'GrantLapsed'),
    approve: behind('GrantLapsed'),
    'approve with another page': behind('GrantLapsed'),
    decline: behind('GrantLapsed'),
    withdraw: behind('GrantLapsed'),
    exit: yes('GrantLapsed'),
    'end by the customer': yes('GrantLapsed'),
    settle: yes('GrantLapsed'),
    'ask again': no('staffAccessIsOn', 'GrantLapsed'),
  },
};

describe.each(Object.keys(EXTENSIONS) as Extension[])('Of an extension “%s”', (state) => {
  it.each(deeds)('to %s has the one outcome that the table says (S4-37)', (deed) => {
    expect(cellOf(given(EXTENSIONS[state]).when(DONE[deed], { at: AT }).decision)).toStrictEqual(
      CAME_OF_IT[state][deed],
    );
  });
});

describe('A visit that the customer ends', () => {
  const by = { memberId: maria.memberId, name: maria.name };
  const at = instantOf('10:00:30');
  const end: BookFact = ended('ended by owner', '10:00:30');

  it('takes along the time that was asked for: who ends it declines it (policy.md, 6)', () => {
    const personal = { subject: by.memberId, name: by.name, message: null };
    given(EXTENSIONS['asked, visit goes on'])
      .when(COMMANDS.EndSession, { at: '10:00:30' })
      .then([
        end,
        {
          type: 'AccessDeclined',
          data: { requestId: samsRequest, by: { kind: 'member', memberId: by.memberId }, personal },
        },
      ]);
  });

  it('takes along the time that was granted: nobody comes back on it, and what was granted for itself stands', () => {
    const lapsed: BookFact = {
      type: 'GrantLapsed',
      data: { grantId: samsGrant, requestId: samsRequest, cause: 'session ended', at },
    };
    given(EXTENSIONS['granted, visit goes on']).when(COMMANDS.EndSession, { at: '10:00:30' }).then([end, lapsed]);
    given([...inside, granted, end, lapsed])
      .when(DONE.begin, { at: '10:00:40' })
      .refused('grantIsKnown');
    const ownVisit: BookFact = requested({ kind: 'read', triggers: ['every session'], wanted: time });
    given([...inside.slice(0, -1), ownVisit, granted])
      .when(COMMANDS.EndSession, { at: '10:00:30' })
      .then([end]);
  });
});

describe('The tables of extensions', () => {
  it('have a row for each state and a column for each way, and no other', () => {
    expect(Object.keys(ASKED)).toStrictEqual(states);
    for (const row of Object.values(ASKED)) expect(Object.keys(row)).toStrictEqual(ways);
    expect(Object.keys(CAME_OF_IT)).toStrictEqual(Object.keys(EXTENSIONS));
    for (const row of Object.values(CAME_OF_IT)) expect(Object.keys(row)).toStrictEqual(deeds);
  });
});
