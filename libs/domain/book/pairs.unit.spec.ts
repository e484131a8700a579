import { describe, expect, it } from '@jest/globals';
import type { RuleCode } from '@gatebook/protocol';
import { bookOf, given } from '../testing/given.ts';
import {
  accessOffBy,
  accessOn,
  adam,
  case123,
  case123Closed,
  case124,
  ended,
  entered,
  harbour,
  instantOf,
  maria,
  sam,
  samsVisit,
  started,
  workspaceOpen,
} from '../testing/story.ts';
import type { Book, BookFact } from './book.ts';
import type { BookCommand } from './decide.ts';

/*
 * Every state against every command. A new command makes the compiler ask for its column, a new state for its row, and
 * the last test for a state in each phase that there is.
 */

const OFF = [accessOffBy(maria, '10:00:20'), ended('revoked', '10:00:20')];
const inside = [...workspaceOpen, accessOn(), '10:00', started(), '10:00:10', entered(), '10:00:20'] as const;

const STATES = {
  unregistered: bookOf([]),
  'access off': bookOf(workspaceOpen),
  'access on': bookOf([...workspaceOpen, accessOn()]),
  'visit started': bookOf([...workspaceOpen, accessOn(), '10:00', started()]),
  'visit entered': bookOf(inside),
  'visit entered, case closed': bookOf([...inside, case123Closed]),
  'visit over, access off': bookOf([...inside, ...OFF]),
  'visit over, access on again': bookOf([...inside, ...OFF, accessOn()]),
  'visit exited, access on': bookOf([...inside, ended('exited', '10:00:20')]),
  'window over, not written yet': bookOf([
    ...workspaceOpen,
    accessOn({ until: instantOf('10:00:20') }),
    '10:00',
    started(),
    '10:00:10',
    entered(),
  ]),
  'workspace closed': bookOf([
    ...inside,
    { type: 'WorkspaceClosed', data: { workspaceId: harbour } },
    {
      type: 'StaffAccessDisabled',
      data: { cause: 'workspace closed', at: instantOf('10:00:20'), memberId: null },
    },
    ended('workspace closed', '10:00:20'),
  ]),
  'unreadable, visit entered': { ...bookOf(inside), readable: false },
} satisfies Record<string, Book>;

const AT = '10:00:30';
const whose = { sessionId: samsVisit, staffId: sam } as const;

const COMMANDS: { readonly [Type in BookCommand['type']]: Extract<BookCommand, { type: Type }> } = {
  RegisterWorkspace: {
    type: 'RegisterWorkspace',
    workspaceId: harbour,
    externalId: 'acme-1',
    product: 'prd_demo',
    name: 'Harbour Clinic',
  },
  CloseWorkspace: { type: 'CloseWorkspace', workspaceId: harbour },
  ChangeMemberRole: {
    type: 'ChangeMemberRole',
    memberId: adam.memberId,
    externalId: 'user-adam',
    issuer: adam.issuer,
    subject: adam.subject,
    name: adam.name,
    email: 'adam@harbour.example',
    role: 'viewer',
  },
  OpenCase: { type: 'OpenCase', caseId: case124, caseRef: 'CASE-124', title: 'Wrong tax rate' },
  CloseCase: { type: 'CloseCase', caseId: case123 },
  EnableStaffAccess: { type: 'EnableStaffAccess', by: maria, minutes: null, withoutAreas: [], onlyCase: null },
  DisableStaffAccess: { type: 'DisableStaffAccess', by: maria },
  StartSession: {
    type: 'StartSession',
    sessionId: 'ses_next',
    staffId: sam,
    caseId: case123,
    caseRef: 'CASE-123',
    job: null,
    reason: 'Failed invoice sync since Tuesday',
    minutes: null,
    identityConfirmedAt: 0,
  },
  EnterSession: { type: 'EnterSession', ...whose },
  ViewPage: {
    type: 'ViewPage',
    ...whose,
    page: 'dashboard',
    record: null,
    title: null,
    input: true,
    partOf: null,
  },
  PerformAction: { type: 'PerformAction', ...whose, action: 'portal.open', record: null },
  ConfirmPresence: { type: 'ConfirmPresence', ...whose },
  ContinueVisit: { type: 'ContinueVisit', ...whose },
  ExitSession: { type: 'ExitSession', ...whose },
  EndSession: { type: 'EndSession', sessionId: samsVisit, by: maria },
  SettleBook: { type: 'SettleBook' },
};

type State = keyof typeof STATES;
interface Cell {
  readonly facts: readonly BookFact['type'][];
  readonly refused?: RuleCode;
}
/** Accepted, with facts of these types. */
const yes = (...facts: BookFact['type'][]): Cell => ({ facts });
/** Refused by this rule; with facts only where ends were due. */
const no = (refused: RuleCode, ...facts: BookFact['type'][]): Cell => ({ facts, refused });

const TABLE: { readonly [Row in State]: { readonly [Type in BookCommand['type']]: Cell } } = {
  unregistered: {
    RegisterWorkspace: yes('WorkspaceRegistered'),
    CloseWorkspace: no('workspaceIsOpen'),
    ChangeMemberRole: no('workspaceIsOpen'),
    OpenCase: no('workspaceIsOpen'),
    CloseCase: no('workspaceIsOpen'),
    EnableStaffAccess: no('memberBelongsHere'),
    DisableStaffAccess: no('memberBelongsHere'),
    StartSession: no('workspaceIsOpen'),
    EnterSession: no('visitIsKnown'),
    ViewPage: no('visitIsKnown'),
    PerformAction: no('visitIsKnown'),
    ConfirmPresence: no('visitIsKnown'),
    ContinueVisit: no('visitIsKnown'),
    ExitSession: no('visitIsKnown'),
    EndSession: no('memberBelongsHere'),
    SettleBook: yes(),
  },
  'access off': {
    RegisterWorkspace: yes('WorkspaceRegistered'),
    CloseWorkspace: yes('WorkspaceClosed'),
    ChangeMemberRole: yes('MemberRoleChanged'),
    OpenCase: yes('CaseOpened'),
    CloseCase: yes('CaseClosed'),
    EnableStaffAccess: yes('StaffAccessEnabled'),
    DisableStaffAccess: yes(),
    StartSession: no('staffAccessIsOn'),
    EnterSession: no('visitIsKnown'),
    ViewPage: no('visitIsKnown'),
    PerformAction: no('visitIsKnown'),
    ConfirmPresence: no('visitIsKnown'),
    ContinueVisit: no('visitIsKnown'),
    ExitSession: no('visitIsKnown'),
    EndSession: no('visitIsKnown'),
    SettleBook: yes(),
  },
  'access on': {
    RegisterWorkspace: yes('WorkspaceRegistered'),
    CloseWorkspace: yes('WorkspaceClosed', 'StaffAccessDisabled'),
    ChangeMemberRole: yes('MemberRoleChanged'),
    OpenCase: yes('CaseOpened'),
    CloseCase: yes('CaseClosed'),
    EnableStaffAccess: yes('StaffAccessEnabled'),
    DisableStaffAccess: yes('StaffAccessDisabled'),
    StartSession: yes('SessionStarted'),
    EnterSession: no('visitIsKnown'),
    ViewPage: no('visitIsKnown'),
    PerformAction: no('visitIsKnown'),
    ConfirmPresence: no('visitIsKnown'),
    ContinueVisit: no('visitIsKnown'),
    ExitSession: no('visitIsKnown'),
    EndSession: no('visitIsKnown'),
    SettleBook: yes(),
  },
  'visit started': {
    RegisterWorkspace: yes('WorkspaceRegistered'),
    CloseWorkspace: yes('WorkspaceClosed', 'StaffAccessDisabled', 'SessionEnded'),
    ChangeMemberRole: yes('MemberRoleChanged'),
    OpenCase: yes('CaseOpened'),
    CloseCase: yes('CaseClosed'),
    EnableStaffAccess: yes('StaffAccessEnabled'),
    DisableStaffAccess: yes('StaffAccessDisabled', 'SessionEnded'),
    StartSession: no('staffMemberHasNoOtherVisit'),
    EnterSession: yes('SessionEntered'),
    ViewPage: yes('PageViewed'),
    PerformAction: no('nothingIsChanged'),
    ConfirmPresence: yes('PresenceConfirmed'),
    ContinueVisit: yes(),
    ExitSession: yes('SessionEnded'),
    EndSession: yes('SessionEnded'),
    SettleBook: yes(),
  },
  'visit entered': {
    RegisterWorkspace: yes('WorkspaceRegistered'),
    CloseWorkspace: yes('WorkspaceClosed', 'StaffAccessDisabled', 'SessionEnded'),
    ChangeMemberRole: yes('MemberRoleChanged'),
    OpenCase: yes('CaseOpened'),
    CloseCase: yes('CaseClosed'),
    EnableStaffAccess: yes('StaffAccessEnabled'),
    DisableStaffAccess: yes('StaffAccessDisabled', 'SessionEnded'),
    StartSession: no('staffMemberHasNoOtherVisit'),
    EnterSession: no('entryIsFirst'),
    ViewPage: yes('PageViewed'),
    PerformAction: no('nothingIsChanged'),
    ConfirmPresence: yes('PresenceConfirmed'),
    ContinueVisit: yes(),
    ExitSession: yes('SessionEnded'),
    EndSession: yes('SessionEnded'),
    SettleBook: yes(),
  },
  'visit entered, case closed': {
    RegisterWorkspace: yes('WorkspaceRegistered'),
    CloseWorkspace: yes('WorkspaceClosed', 'StaffAccessDisabled', 'SessionEnded'),
    ChangeMemberRole: yes('MemberRoleChanged'),
    OpenCase: yes('CaseOpened'),
    CloseCase: yes(),
    EnableStaffAccess: yes('StaffAccessEnabled'),
    DisableStaffAccess: yes('StaffAccessDisabled', 'SessionEnded'),
    StartSession: no('caseIsOpen'),
    EnterSession: no('entryIsFirst'),
    ViewPage: yes('PageViewed'),
    PerformAction: no('nothingIsChanged'),
    ConfirmPresence: yes('PresenceConfirmed'),
    ContinueVisit: yes(),
    ExitSession: yes('SessionEnded'),
    EndSession: yes('SessionEnded'),
    SettleBook: yes(),
  },
  'visit over, access off': {
    RegisterWorkspace: yes('WorkspaceRegistered'),
    CloseWorkspace: yes('WorkspaceClosed'),
    ChangeMemberRole: yes('MemberRoleChanged'),
    OpenCase: yes('CaseOpened'),
    CloseCase: yes('CaseClosed'),
    EnableStaffAccess: yes('StaffAccessEnabled'),
    DisableStaffAccess: yes(),
    StartSession: no('staffAccessIsOn'),
    EnterSession: no('visitHasNotEnded'),
    ViewPage: no('visitHasNotEnded'),
    PerformAction: no('visitHasNotEnded'),
    ConfirmPresence: no('visitHasNotEnded'),
    ContinueVisit: no('visitHasNotEnded'),
    ExitSession: yes(),
    EndSession: yes(),
    SettleBook: yes(),
  },
  'visit over, access on again': {
    RegisterWorkspace: yes('WorkspaceRegistered'),
    CloseWorkspace: yes('WorkspaceClosed', 'StaffAccessDisabled'),
    ChangeMemberRole: yes('MemberRoleChanged'),
    OpenCase: yes('CaseOpened'),
    CloseCase: yes('CaseClosed'),
    EnableStaffAccess: yes('StaffAccessEnabled'),
    DisableStaffAccess: yes('StaffAccessDisabled'),
    StartSession: yes('SessionStarted'),
    EnterSession: no('visitHasNotEnded'),
    ViewPage: no('visitHasNotEnded'),
    PerformAction: no('visitHasNotEnded'),
    ConfirmPresence: no('visitHasNotEnded'),
    ContinueVisit: no('visitHasNotEnded'),
    ExitSession: yes(),
    EndSession: yes(),
    SettleBook: yes(),
  },
  'visit exited, access on': {
    RegisterWorkspace: yes('WorkspaceRegistered'),
    CloseWorkspace: yes('WorkspaceClosed', 'StaffAccessDisabled'),
    ChangeMemberRole: yes('MemberRoleChanged'),
    OpenCase: yes('CaseOpened'),
    CloseCase: yes('CaseClosed'),
    EnableStaffAccess: yes('StaffAccessEnabled'),
    DisableStaffAccess: yes('StaffAccessDisabled'),
    StartSession: yes('SessionStarted'),
    EnterSession: no('visitHasNotEnded'),
    ViewPage: no('visitHasNotEnded'),
    PerformAction: no('visitHasNotEnded'),
    ConfirmPresence: no('visitHasNotEnded'),
    ContinueVisit: no('visitHasNotEnded'),
    ExitSession: yes(),
    EndSession: yes(),
    SettleBook: yes(),
  },
  'window over, not written yet': {
    RegisterWorkspace: yes('StaffAccessDisabled', 'SessionEnded', 'WorkspaceRegistered'),
    CloseWorkspace: yes('StaffAccessDisabled', 'SessionEnded', 'WorkspaceClosed'),
    ChangeMemberRole: yes('StaffAccessDisabled', 'SessionEnded', 'MemberRoleChanged'),
    OpenCase: yes('StaffAccessDisabled', 'SessionEnded', 'CaseOpened'),
    CloseCase: yes('StaffAccessDisabled', 'SessionEnded', 'CaseClosed'),
    EnableStaffAccess: yes('StaffAccessDisabled', 'SessionEnded', 'StaffAccessEnabled'),
    DisableStaffAccess: yes('StaffAccessDisabled', 'SessionEnded'),
    StartSession: no('staffAccessIsOn', 'StaffAccessDisabled', 'SessionEnded'),
    EnterSession: no('visitHasNotEnded', 'StaffAccessDisabled', 'SessionEnded'),
    ViewPage: no('visitHasNotEnded', 'StaffAccessDisabled', 'SessionEnded'),
    PerformAction: no('visitHasNotEnded', 'StaffAccessDisabled', 'SessionEnded'),
    ConfirmPresence: no('visitHasNotEnded', 'StaffAccessDisabled', 'SessionEnded'),
    ContinueVisit: no('visitHasNotEnded', 'StaffAccessDisabled', 'SessionEnded'),
    ExitSession: yes('StaffAccessDisabled', 'SessionEnded'),
    EndSession: yes('StaffAccessDisabled', 'SessionEnded'),
    SettleBook: yes('StaffAccessDisabled', 'SessionEnded'),
  },
  'workspace closed': {
    RegisterWorkspace: no('workspaceIsOpen'),
    CloseWorkspace: no('workspaceIsOpen'),
    ChangeMemberRole: no('workspaceIsOpen'),
    OpenCase: no('workspaceIsOpen'),
    CloseCase: no('workspaceIsOpen'),
    EnableStaffAccess: no('workspaceIsOpen'),
    DisableStaffAccess: yes(),
    StartSession: no('workspaceIsOpen'),
    EnterSession: no('visitHasNotEnded'),
    ViewPage: no('visitHasNotEnded'),
    PerformAction: no('visitHasNotEnded'),
    ConfirmPresence: no('visitHasNotEnded'),
    ContinueVisit: no('visitHasNotEnded'),
    ExitSession: yes(),
    EndSession: yes(),
    SettleBook: yes(),
  },
  'unreadable, visit entered': {
    RegisterWorkspace: yes('WorkspaceRegistered'),
    CloseWorkspace: yes('WorkspaceClosed', 'StaffAccessDisabled', 'SessionEnded'),
    ChangeMemberRole: yes('MemberRoleChanged'),
    OpenCase: yes('CaseOpened'),
    CloseCase: yes('CaseClosed'),
    EnableStaffAccess: no('bookIsReadable'),
    DisableStaffAccess: yes('StaffAccessDisabled', 'SessionEnded'),
    StartSession: no('bookIsReadable'),
    EnterSession: no('bookIsReadable'),
    ViewPage: no('bookIsReadable'),
    PerformAction: no('nothingIsChanged'),
    ConfirmPresence: no('bookIsReadable'),
    ContinueVisit: no('bookIsReadable'),
    ExitSession: yes('SessionEnded'),
    EndSession: yes('SessionEnded'),
    SettleBook: yes(),
  },
};

const stateNames = Object.keys(STATES) as State[];
const commandTypes = Object.keys(COMMANDS) as BookCommand['type'][];

describe.each(stateNames)('In the state “%s”', (state) => {
  it.each(commandTypes)('%s has the one outcome that the table says', (type) => {
    const { facts, refusal } = given(STATES[state]).when(COMMANDS[type], { at: AT }).decision;
    const cell = facts.map((fact) => fact.type);
    expect(refusal ? no(refusal.rule, ...cell) : yes(...cell)).toStrictEqual(TABLE[state][type]);
  });
});

describe('The table', () => {
  it('has a row for each state and a column for each command, and no other', () => {
    expect(Object.keys(TABLE)).toStrictEqual(stateNames);
    for (const state of stateNames) expect(Object.keys(TABLE[state])).toStrictEqual(commandTypes);
    for (const type of commandTypes) expect(COMMANDS[type].type).toBe(type);
  });

  it('has a state in each phase of workspace, staff access and session, and one that can’t be read', () => {
    // Written so that the compiler asks for a phase that is new.
    const workspace: Record<Book['workspace']['phase'], true> = { unregistered: true, open: true, closed: true };
    const staffAccess: Record<Book['staffAccess']['phase'], true> = { off: true, on: true };
    const session: Record<Book['sessions'][number]['phase'], true> = { live: true, ended: true };
    const books = Object.values(STATES) as Book[];
    expect(new Set(books.map((book) => book.workspace.phase))).toStrictEqual(new Set(Object.keys(workspace)));
    expect(new Set(books.map((book) => book.staffAccess.phase))).toStrictEqual(new Set(Object.keys(staffAccess)));
    expect(new Set(books.flatMap((book) => book.sessions.map(({ phase }) => phase)))).toStrictEqual(
      new Set(Object.keys(session)),
    );
    expect(books.some(({ readable }) => !readable)).toBe(true);
  });

  it('lets a visit be used in three states only', () => {
    const used = stateNames.filter((state) => TABLE[state].ViewPage.refused === undefined);
    expect(used).toStrictEqual(['visit started', 'visit entered', 'visit entered, case closed']);
  });
});
