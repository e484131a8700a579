import type { StaffId } from '@gatebook/protocol';
import { confirmScope, type ConfirmScope } from '../grant/confirm-scope.ts';
import { reportAction, type ReportAction } from '../grant/report-action.ts';
import { revealField, type RevealField } from '../grant/reveal-field.ts';
import { approveAccess, type ApproveAccess } from '../request/approve-access.ts';
import { declineAccess, withdrawAccess, type DeclineAccess, type WithdrawAccess } from '../request/decline-access.ts';
import {
  askForInformation,
  giveInformation,
  type AskForInformation,
  type GiveInformation,
} from '../request/information.ts';
import { requestAccess, type RequestAccess } from '../request/request-access.ts';
import { exportLog, type ExportLog } from '../log-export/export-log.ts';
import { tightenPolicy, type TightenPolicy } from '../policy/tighten-policy.ts';
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
import type { BookFact } from './book.ts';
import { underItsPolicy, type BookContext, type Person } from './context.ts';
import { settle, withDue } from './settle.ts';

/** The timekeeper's command: write down what has ended by the clock. */
export interface SettleBook {
  readonly type: 'SettleBook';
}

export type BookCommand =
  | ToldCommand
  | EnableStaffAccess
  | DisableStaffAccess
  | TightenPolicy
  | RequestAccess
  | AskForInformation
  | GiveInformation
  | ApproveAccess
  | DeclineAccess
  | WithdrawAccess
  | ConfirmScope
  | StartSession
  | EnterSession
  | ViewPage
  | PerformAction
  | RevealField
  | ReportAction
  | ConfirmPresence
  | ContinueVisit
  | ExitSession
  | EndSession
  | RemoveStaff
  | ExportLog
  | SettleBook;

/**
 * Decides a command about a workspace: first what is due by the clock, then the command on the state behind that. Facts
 * come in the order in which they are to be written, also where the command itself is refused.
 */
export function decideBook(command: BookCommand, given: BookContext): Decision<BookFact> {
  // What a workspace may set is measured by the installation's policy; all else is decided under the workspace's.
  const context = command.type === 'TightenPolicy' ? given : underItsPolicy(given);
  const due = settle(context.book, context.now);
  if (due.length === 0) return withRecord(decideSettled(command, context), context);
  const settled = { ...context, book: withDue(context.book, due, context.now) };
  const decision = withRecord(decideSettled(command, settled), settled);
  return { ...decision, facts: [...due, ...decision.facts] };
}

/** What else ends with what was decided, as the record behind it: the grants of a session, the requests of a case. */
function withRecord(decision: Decision<BookFact>, { book, now }: BookContext): Decision<BookFact> {
  if ((book.grants.length === 0 && book.requests.length === 0) || !decision.facts.some(endsOthers)) return decision;
  const record = settle(withDue(book, decision.facts, now), now);
  return record.length === 0 ? decision : { ...decision, facts: [...decision.facts, ...record] };
}

function endsOthers({ type }: BookFact): boolean {
  return (
    type === 'SessionEnded' || type === 'StaffAccessDisabled' || type === 'CaseClosed' || type === 'CaseReassigned'
  );
}

function decideSettled(command: BookCommand, context: BookContext): Decision<BookFact> {
  switch (command.type) {
    case 'ViewPage':
      return viewPage(command, context);
    case 'PerformAction':
      return performAction(command, context);
    case 'RevealField':
      return revealField(command, context);
    case 'ReportAction':
      return reportAction(command, context);
    case 'RequestAccess':
      return requestAccess(command, context);
    case 'AskForInformation':
      return askForInformation(command, context);
    case 'GiveInformation':
      return giveInformation(command, context);
    case 'ApproveAccess':
      return approveAccess(command, context);
    case 'DeclineAccess':
      return declineAccess(command, context);
    case 'WithdrawAccess':
      return withdrawAccess(command, context);
    case 'ConfirmScope':
      return confirmScope(command, context);
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
    case 'TightenPolicy':
      return tightenPolicy(command, context);
    case 'ExportLog':
      return exportLog(command, context);
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

/** The staff member whom a command is about, or who gives it. */
export function staffIn(command: BookCommand): StaffId | undefined {
  if ('staffId' in command) return command.staffId;
  return 'by' in command && 'kind' in command.by && command.by.kind === 'staff' ? command.by.staffId : undefined;
}

/** The verified person who gives a command as a member of the customer. */
export function personIn(command: BookCommand): Person | undefined {
  if (!('by' in command)) return undefined;
  if (!('kind' in command.by)) return command.by;
  return command.by.kind === 'member' ? command.by.person : undefined;
}

/** Commands that only take away: they go first, and nothing but the asker's right is asked of them. */
export function isRestricting(command: BookCommand): boolean {
  switch (command.type) {
    case 'DisableStaffAccess':
    case 'ExitSession':
    case 'EndSession':
    case 'RemoveStaff':
    case 'CloseWorkspace':
    case 'DeclineAccess':
    case 'WithdrawAccess':
    case 'SettleBook':
      return true;
    default:
      return false;
  }
}
