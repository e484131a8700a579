import { confirmPresence, type ConfirmPresence } from '../session/confirm-presence.ts';
import { continueVisit, type ContinueVisit } from '../session/continue-visit.ts';
import { endSession, exitSession, type EndSession, type ExitSession } from '../session/end-session.ts';
import { enterSession, type EnterSession } from '../session/enter-session.ts';
import { performAction, type PerformAction } from '../session/perform-action.ts';
import { startSession, type StartSession } from '../session/start-session.ts';
import { viewPage, type ViewPage } from '../session/view-page.ts';
import { disableStaffAccess, type DisableStaffAccess } from '../staff-access/disable-staff-access.ts';
import { removeStaff, type RemoveStaff } from '../staff/remove-staff.ts';
import { enableStaffAccess, type EnableStaffAccess } from '../staff-access/enable-staff-access.ts';
import type { Decision } from '../rule.ts';
import { decideTold, type ToldCommand } from '../workspace/told.ts';
import { evolveBook, type Book, type BookFact } from './book.ts';
import type { BookContext } from './context.ts';
import { settle } from './settle.ts';

/** The timekeeper's command: write down what has ended by the clock. */
export interface SettleBook {
  readonly type: 'SettleBook';
}

export type BookCommand =
  | ToldCommand
  | EnableStaffAccess
  | DisableStaffAccess
  | StartSession
  | EnterSession
  | ViewPage
  | PerformAction
  | ConfirmPresence
  | ContinueVisit
  | ExitSession
  | EndSession
  | RemoveStaff
  | SettleBook;

/**
 * Decides a command about a workspace: first what is due by the clock, then the command on the state behind that. Facts
 * come in the order in which they are to be written, also where the command itself is refused.
 */
export function decideBook(command: BookCommand, context: BookContext): Decision<BookFact> {
  const due = settle(context.book, context.now);
  if (due.length === 0) return decideSettled(command, context);
  const decision = decideSettled(command, { ...context, book: withDue(context.book, due, context.now) });
  return { ...decision, facts: [...due, ...decision.facts] };
}

function decideSettled(command: BookCommand, context: BookContext): Decision<BookFact> {
  switch (command.type) {
    case 'ViewPage':
      return viewPage(command, context);
    case 'PerformAction':
      return performAction(command, context);
    case 'StartSession':
      return startSession(command, context);
    case 'EnterSession':
      return enterSession(command, context);
    case 'ConfirmPresence':
      return confirmPresence(command, context);
    case 'ContinueVisit':
      return continueVisit(command, context);
    case 'ExitSession':
      return exitSession(command, context);
    case 'EndSession':
      return endSession(command, context);
    case 'RemoveStaff':
      return removeStaff(command, context);
    case 'EnableStaffAccess':
      return enableStaffAccess(command, context);
    case 'DisableStaffAccess':
      return disableStaffAccess(command, context);
    case 'RegisterWorkspace':
    case 'CloseWorkspace':
    case 'ChangeMemberRole':
    case 'OpenCase':
    case 'CloseCase':
    case 'MergeCase':
    case 'ReassignCase':
    case 'ChangePlan':
      return decideTold(command, context);
    case 'SettleBook':
      return { facts: [] };
  }
}

/** The book with its due ends in it, as they will stand once written. */
export function withDue(book: Book, due: readonly BookFact[], now: number): Book {
  return due.reduce(
    (state, fact) =>
      evolveBook(state, fact, { id: '', revision: -1, time: now, actor: { kind: 'system', id: 'clock' } }),
    book,
  );
}

/** Commands that only take away: they go first, and nothing but the asker's right is asked of them. */
export function isRestricting(command: BookCommand): boolean {
  switch (command.type) {
    case 'DisableStaffAccess':
    case 'ExitSession':
    case 'EndSession':
    case 'RemoveStaff':
    case 'CloseWorkspace':
    case 'SettleBook':
      return true;
    default:
      return false;
  }
}
