import { describe, expect, it } from '@jest/globals';
import type { StaffMember } from '../staff/staff.ts';
import { given } from '../testing/given.ts';
import { AT, cellOf, COMMANDS, no, STATES, whose, yes, type Cell, type State } from '../testing/pairs.ts';
import { priya, priyaEnabled, samEnabled, stranger, vic } from '../testing/story.ts';
import type { BookCommand } from './decide.ts';

/* Every state against every command that names a person, by others than the one whom it is for. */

type Named = { [Type in BookCommand['type']]: Extract<BookCommand, { type: Type }> };
/** Commands that a member gives, and those that a staff member gives: a new one makes the compiler ask for its column. */
type ByMember = { [Type in keyof Named]: Named[Type] extends { by: unknown } ? Type : never }[keyof Named];
type ByStaff = { [Type in keyof Named]: Named[Type] extends { staffId: unknown } ? Type : never }[keyof Named];
type Column = `${ByMember} by a viewer` | `${ByMember} by a stranger` | `${ByStaff} by another`;

const theirs = { ...whose, staffId: priya };
const ASKED: { readonly [Name in Column]: { readonly command: BookCommand; readonly staff?: StaffMember } } = {
  'EnableStaffAccess by a viewer': { command: { ...COMMANDS.EnableStaffAccess, by: vic } },
  'DisableStaffAccess by a viewer': { command: { ...COMMANDS.DisableStaffAccess, by: vic } },
  'EndSession by a viewer': { command: { ...COMMANDS.EndSession, by: vic } },
  'EnableStaffAccess by a stranger': { command: { ...COMMANDS.EnableStaffAccess, by: stranger } },
  'DisableStaffAccess by a stranger': { command: { ...COMMANDS.DisableStaffAccess, by: stranger } },
  'EndSession by a stranger': { command: { ...COMMANDS.EndSession, by: stranger } },
  'StartSession by another': { command: { ...COMMANDS.StartSession, staffId: priya }, staff: priyaEnabled },
  'EnterSession by another': { command: { ...COMMANDS.EnterSession, ...theirs }, staff: priyaEnabled },
  'ViewPage by another': { command: { ...COMMANDS.ViewPage, ...theirs }, staff: priyaEnabled },
  'PerformAction by another': { command: { ...COMMANDS.PerformAction, ...theirs }, staff: priyaEnabled },
  'ConfirmPresence by another': { command: { ...COMMANDS.ConfirmPresence, ...theirs }, staff: priyaEnabled },
  'ContinueVisit by another': { command: { ...COMMANDS.ContinueVisit, ...theirs }, staff: priyaEnabled },
  'ExitSession by another': { command: { ...COMMANDS.ExitSession, ...theirs }, staff: priyaEnabled },
  'RemoveStaff by another': { command: { ...COMMANDS.RemoveStaff, staffId: priya }, staff: priyaEnabled },
};

const TABLE: { readonly [Row in State]: { readonly [Name in Column]: Cell } } = {
  unregistered: {
    'EnableStaffAccess by a viewer': no('memberBelongsHere'),
    'DisableStaffAccess by a viewer': no('memberBelongsHere'),
    'EndSession by a viewer': no('memberBelongsHere'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere'),
    'EndSession by a stranger': no('memberBelongsHere'),
    'StartSession by another': no('workspaceIsOpen'),
    'EnterSession by another': no('visitIsKnown'),
    'ViewPage by another': no('visitIsKnown'),
    'PerformAction by another': no('visitIsKnown'),
    'ConfirmPresence by another': no('visitIsKnown'),
    'ContinueVisit by another': no('visitIsKnown'),
    'ExitSession by another': no('visitIsKnown'),
    'RemoveStaff by another': yes(),
  },
  'access off': {
    'EnableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'DisableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'EndSession by a viewer': no('memberRoleMaySwitch'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere'),
    'EndSession by a stranger': no('memberBelongsHere'),
    'StartSession by another': no('staffAccessIsOn'),
    'EnterSession by another': no('visitIsKnown'),
    'ViewPage by another': no('visitIsKnown'),
    'PerformAction by another': no('visitIsKnown'),
    'ConfirmPresence by another': no('visitIsKnown'),
    'ContinueVisit by another': no('visitIsKnown'),
    'ExitSession by another': no('visitIsKnown'),
    'RemoveStaff by another': yes(),
  },
  'access on': {
    'EnableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'DisableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'EndSession by a viewer': no('memberRoleMaySwitch'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere'),
    'EndSession by a stranger': no('memberBelongsHere'),
    'StartSession by another': yes('SessionStarted'),
    'EnterSession by another': no('visitIsKnown'),
    'ViewPage by another': no('visitIsKnown'),
    'PerformAction by another': no('visitIsKnown'),
    'ConfirmPresence by another': no('visitIsKnown'),
    'ContinueVisit by another': no('visitIsKnown'),
    'ExitSession by another': no('visitIsKnown'),
    'RemoveStaff by another': yes(),
  },
  'visit started': {
    'EnableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'DisableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'EndSession by a viewer': no('memberRoleMaySwitch'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere'),
    'EndSession by a stranger': no('memberBelongsHere'),
    'StartSession by another': yes('SessionStarted'),
    'EnterSession by another': no('visitIsTheirs'),
    'ViewPage by another': no('visitIsTheirs'),
    'PerformAction by another': no('visitIsTheirs'),
    'ConfirmPresence by another': no('visitIsTheirs'),
    'ContinueVisit by another': no('visitIsTheirs'),
    'ExitSession by another': no('visitIsTheirs'),
    'RemoveStaff by another': yes(),
  },
  'visit entered': {
    'EnableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'DisableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'EndSession by a viewer': no('memberRoleMaySwitch'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere'),
    'EndSession by a stranger': no('memberBelongsHere'),
    'StartSession by another': yes('SessionStarted'),
    'EnterSession by another': no('visitIsTheirs'),
    'ViewPage by another': no('visitIsTheirs'),
    'PerformAction by another': no('visitIsTheirs'),
    'ConfirmPresence by another': no('visitIsTheirs'),
    'ContinueVisit by another': no('visitIsTheirs'),
    'ExitSession by another': no('visitIsTheirs'),
    'RemoveStaff by another': yes(),
  },
  'visit entered, case closed': {
    'EnableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'DisableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'EndSession by a viewer': no('memberRoleMaySwitch'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere'),
    'EndSession by a stranger': no('memberBelongsHere'),
    'StartSession by another': no('caseIsOpen'),
    'EnterSession by another': no('visitIsTheirs'),
    'ViewPage by another': no('visitIsTheirs'),
    'PerformAction by another': no('visitIsTheirs'),
    'ConfirmPresence by another': no('visitIsTheirs'),
    'ContinueVisit by another': no('visitIsTheirs'),
    'ExitSession by another': no('visitIsTheirs'),
    'RemoveStaff by another': yes(),
  },
  'visit over, access off': {
    'EnableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'DisableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'EndSession by a viewer': no('memberRoleMaySwitch'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere'),
    'EndSession by a stranger': no('memberBelongsHere'),
    'StartSession by another': no('staffAccessIsOn'),
    'EnterSession by another': no('visitIsTheirs'),
    'ViewPage by another': no('visitIsTheirs'),
    'PerformAction by another': no('visitIsTheirs'),
    'ConfirmPresence by another': no('visitIsTheirs'),
    'ContinueVisit by another': no('visitIsTheirs'),
    'ExitSession by another': no('visitIsTheirs'),
    'RemoveStaff by another': yes(),
  },
  'visit over, access on again': {
    'EnableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'DisableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'EndSession by a viewer': no('memberRoleMaySwitch'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere'),
    'EndSession by a stranger': no('memberBelongsHere'),
    'StartSession by another': yes('SessionStarted'),
    'EnterSession by another': no('visitIsTheirs'),
    'ViewPage by another': no('visitIsTheirs'),
    'PerformAction by another': no('visitIsTheirs'),
    'ConfirmPresence by another': no('visitIsTheirs'),
    'ContinueVisit by another': no('visitIsTheirs'),
    'ExitSession by another': no('visitIsTheirs'),
    'RemoveStaff by another': yes(),
  },
  'visit exited, access on': {
    'EnableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'DisableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'EndSession by a viewer': no('memberRoleMaySwitch'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere'),
    'EndSession by a stranger': no('memberBelongsHere'),
    'StartSession by another': yes('SessionStarted'),
    'EnterSession by another': no('visitIsTheirs'),
    'ViewPage by another': no('visitIsTheirs'),
    'PerformAction by another': no('visitIsTheirs'),
    'ConfirmPresence by another': no('visitIsTheirs'),
    'ContinueVisit by another': no('visitIsTheirs'),
    'ExitSession by another': no('visitIsTheirs'),
    'RemoveStaff by another': yes(),
  },
  'window over, not written yet': {
    'EnableStaffAccess by a viewer': no('memberRoleMaySwitch', 'StaffAccessDisabled', 'SessionEnded'),
    'DisableStaffAccess by a viewer': no('memberRoleMaySwitch', 'StaffAccessDisabled', 'SessionEnded'),
    'EndSession by a viewer': no('memberRoleMaySwitch', 'StaffAccessDisabled', 'SessionEnded'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere', 'StaffAccessDisabled', 'SessionEnded'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere', 'StaffAccessDisabled', 'SessionEnded'),
    'EndSession by a stranger': no('memberBelongsHere', 'StaffAccessDisabled', 'SessionEnded'),
    'StartSession by another': no('staffAccessIsOn', 'StaffAccessDisabled', 'SessionEnded'),
    'EnterSession by another': no('visitIsTheirs', 'StaffAccessDisabled', 'SessionEnded'),
    'ViewPage by another': no('visitIsTheirs', 'StaffAccessDisabled', 'SessionEnded'),
    'PerformAction by another': no('visitIsTheirs', 'StaffAccessDisabled', 'SessionEnded'),
    'ConfirmPresence by another': no('visitIsTheirs', 'StaffAccessDisabled', 'SessionEnded'),
    'ContinueVisit by another': no('visitIsTheirs', 'StaffAccessDisabled', 'SessionEnded'),
    'ExitSession by another': no('visitIsTheirs', 'StaffAccessDisabled', 'SessionEnded'),
    'RemoveStaff by another': yes('StaffAccessDisabled', 'SessionEnded'),
  },
  'visit idle, not written yet': {
    'EnableStaffAccess by a viewer': no('memberRoleMaySwitch', 'SessionEnded'),
    'DisableStaffAccess by a viewer': no('memberRoleMaySwitch', 'SessionEnded'),
    'EndSession by a viewer': no('memberRoleMaySwitch', 'SessionEnded'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere', 'SessionEnded'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere', 'SessionEnded'),
    'EndSession by a stranger': no('memberBelongsHere', 'SessionEnded'),
    'StartSession by another': yes('SessionEnded', 'SessionStarted'),
    'EnterSession by another': no('visitIsTheirs', 'SessionEnded'),
    'ViewPage by another': no('visitIsTheirs', 'SessionEnded'),
    'PerformAction by another': no('visitIsTheirs', 'SessionEnded'),
    'ConfirmPresence by another': no('visitIsTheirs', 'SessionEnded'),
    'ContinueVisit by another': no('visitIsTheirs', 'SessionEnded'),
    'ExitSession by another': no('visitIsTheirs', 'SessionEnded'),
    'RemoveStaff by another': yes('SessionEnded'),
  },
  'visit at its cap, not written yet': {
    'EnableStaffAccess by a viewer': no('memberRoleMaySwitch', 'SessionEnded'),
    'DisableStaffAccess by a viewer': no('memberRoleMaySwitch', 'SessionEnded'),
    'EndSession by a viewer': no('memberRoleMaySwitch', 'SessionEnded'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere', 'SessionEnded'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere', 'SessionEnded'),
    'EndSession by a stranger': no('memberBelongsHere', 'SessionEnded'),
    'StartSession by another': yes('SessionEnded', 'SessionStarted'),
    'EnterSession by another': no('visitIsTheirs', 'SessionEnded'),
    'ViewPage by another': no('visitIsTheirs', 'SessionEnded'),
    'PerformAction by another': no('visitIsTheirs', 'SessionEnded'),
    'ConfirmPresence by another': no('visitIsTheirs', 'SessionEnded'),
    'ContinueVisit by another': no('visitIsTheirs', 'SessionEnded'),
    'ExitSession by another': no('visitIsTheirs', 'SessionEnded'),
    'RemoveStaff by another': yes('SessionEnded'),
  },
  'workspace closed': {
    'EnableStaffAccess by a viewer': no('workspaceIsOpen'),
    'DisableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'EndSession by a viewer': no('memberRoleMaySwitch'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere'),
    'EndSession by a stranger': no('memberBelongsHere'),
    'StartSession by another': no('workspaceIsOpen'),
    'EnterSession by another': no('visitIsTheirs'),
    'ViewPage by another': no('visitIsTheirs'),
    'PerformAction by another': no('visitIsTheirs'),
    'ConfirmPresence by another': no('visitIsTheirs'),
    'ContinueVisit by another': no('visitIsTheirs'),
    'ExitSession by another': no('visitIsTheirs'),
    'RemoveStaff by another': yes(),
  },
  'unreadable, visit entered': {
    'EnableStaffAccess by a viewer': no('bookIsReadable'),
    'DisableStaffAccess by a viewer': no('memberRoleMaySwitch'),
    'EndSession by a viewer': no('memberRoleMaySwitch'),
    'EnableStaffAccess by a stranger': no('memberBelongsHere'),
    'DisableStaffAccess by a stranger': no('memberBelongsHere'),
    'EndSession by a stranger': no('memberBelongsHere'),
    'StartSession by another': no('bookIsReadable'),
    'EnterSession by another': no('bookIsReadable'),
    'ViewPage by another': no('bookIsReadable'),
    'PerformAction by another': no('bookIsReadable'),
    'ConfirmPresence by another': no('bookIsReadable'),
    'ContinueVisit by another': no('bookIsReadable'),
    'ExitSession by another': no('visitIsTheirs'),
    'RemoveStaff by another': yes(),
  },
};

const stateNames = Object.keys(STATES) as State[];
const columns = Object.keys(ASKED) as Column[];

describe.each(stateNames)('In the state “%s”', (state) => {
  it.each(columns)('%s has the one outcome that the table says', (column) => {
    const { command, staff = samEnabled } = ASKED[column];
    expect(cellOf(given(STATES[state]).when(command, { at: AT, staff }).decision)).toStrictEqual(TABLE[state][column]);
  });
});

describe('The table of others', () => {
  it('has a row for each state and a column for each asker, and no other', () => {
    expect(Object.keys(TABLE)).toStrictEqual(stateNames);
    for (const state of stateNames) expect(Object.keys(TABLE[state])).toStrictEqual(columns);
    for (const column of columns) expect(column.startsWith(`${ASKED[column].command.type} by `)).toBe(true);
  });

  it('accepts nothing of others but a visit of their own', () => {
    for (const state of stateNames) {
      const accepted = columns.filter((column) => TABLE[state][column].refused === undefined);
      const theirOwn: readonly Column[] = ['StartSession by another', 'RemoveStaff by another'];
      expect(accepted.filter((column) => !theirOwn.includes(column))).toStrictEqual([]);
    }
  });
});
