import { describe, expect, it } from '@jest/globals';
import { given } from '../testing/given.ts';
import { AT, cellOf, COMMANDS, no, STATES, yes, type Cell, type State } from '../testing/pairs.ts';
import type { Book } from './book.ts';
import type { BookCommand } from './decide.ts';

/*
 * Every state against every command, by the person whom it is for; pairs-others has those whom it is not for. A new
 * command makes the compiler ask for its column, a new state for its row, and the last tests for a state in each phase
 * that there is.
 */

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
  'visit idle, not written yet': {
    RegisterWorkspace: yes('SessionEnded', 'WorkspaceRegistered'),
    CloseWorkspace: yes('SessionEnded', 'WorkspaceClosed', 'StaffAccessDisabled'),
    ChangeMemberRole: yes('SessionEnded', 'MemberRoleChanged'),
    OpenCase: yes('SessionEnded', 'CaseOpened'),
    CloseCase: yes('SessionEnded', 'CaseClosed'),
    EnableStaffAccess: yes('SessionEnded', 'StaffAccessEnabled'),
    DisableStaffAccess: yes('SessionEnded', 'StaffAccessDisabled'),
    StartSession: yes('SessionEnded', 'SessionStarted'),
    EnterSession: no('visitHasNotEnded', 'SessionEnded'),
    ViewPage: no('visitHasNotEnded', 'SessionEnded'),
    PerformAction: no('visitHasNotEnded', 'SessionEnded'),
    ConfirmPresence: no('visitHasNotEnded', 'SessionEnded'),
    ContinueVisit: no('visitHasNotEnded', 'SessionEnded'),
    ExitSession: yes('SessionEnded'),
    EndSession: yes('SessionEnded'),
    SettleBook: yes('SessionEnded'),
  },
  'visit at its cap, not written yet': {
    RegisterWorkspace: yes('SessionEnded', 'WorkspaceRegistered'),
    CloseWorkspace: yes('SessionEnded', 'WorkspaceClosed', 'StaffAccessDisabled'),
    ChangeMemberRole: yes('SessionEnded', 'MemberRoleChanged'),
    OpenCase: yes('SessionEnded', 'CaseOpened'),
    CloseCase: yes('SessionEnded', 'CaseClosed'),
    EnableStaffAccess: yes('SessionEnded', 'StaffAccessEnabled'),
    DisableStaffAccess: yes('SessionEnded', 'StaffAccessDisabled'),
    StartSession: yes('SessionEnded', 'SessionStarted'),
    EnterSession: no('visitHasNotEnded', 'SessionEnded'),
    ViewPage: no('visitHasNotEnded', 'SessionEnded'),
    PerformAction: no('visitHasNotEnded', 'SessionEnded'),
    ConfirmPresence: no('visitHasNotEnded', 'SessionEnded'),
    ContinueVisit: no('visitHasNotEnded', 'SessionEnded'),
    ExitSession: yes('SessionEnded'),
    EndSession: yes('SessionEnded'),
    SettleBook: yes('SessionEnded'),
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
    PerformAction: no('bookIsReadable'),
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
    expect(cellOf(given(STATES[state]).when(COMMANDS[type], { at: AT }).decision)).toStrictEqual(TABLE[state][type]);
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
