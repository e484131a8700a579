import type { CaseId, EndCause, StaffId } from '@gatebook/protocol';
import { ById } from '../by-id.ts';
import { noCommands, remember, type CommandMemory } from '../command-memory.ts';
import { fromInstant, type Written } from '../fact.ts';
import { endAll, evolveSessions, liveSessions, toCase, type SessionFact, type Sessions } from '../session/session.ts';
import { accessOff, evolveStaffAccess, type StaffAccess, type StaffAccessFact } from '../staff-access/staff-access.ts';
import {
  evolveWorkspace,
  unregistered,
  type SupportCase,
  type Workspace,
  type WorkspaceFact,
} from '../workspace/workspace.ts';

/** Everything that stands in a workspace's stream: the consistency boundary of switch, visits, views and ends. */
export type BookFact = WorkspaceFact | StaffAccessFact | SessionFact;

/** The state of one workspace's book: what any decision about it reads. */
export interface Book {
  /** False once a fact stands in the stream that can't be read here: then nothing is granted, and off and end still work. */
  readonly readable: boolean;
  readonly workspace: Workspace;
  readonly staffAccess: StaffAccess;
  readonly sessions: Sessions;
  readonly commands: CommandMemory;
}

export const emptyBook: Book = {
  readable: true,
  workspace: unregistered,
  staffAccess: accessOff,
  sessions: [],
  commands: noCommands,
};

const END_CAUSE_OF: Readonly<Record<string, EndCause>> = {
  owner: 'revoked',
  'window ended': 'window ended',
  'no owner left': 'revoked',
  'workspace closed': 'workspace closed',
};

export function evolveBook(state: Book, fact: BookFact, written: Written): Book {
  const commands = remember(state.commands, written);
  const book = commands === state.commands ? state : { ...state, commands };
  switch (fact.type) {
    case 'WorkspaceRegistered':
    case 'WorkspaceClosed':
    case 'MemberRoleChanged':
    case 'CaseOpened':
    case 'PlanChanged':
      return { ...book, workspace: evolveWorkspace(book.workspace, fact, written) };
    case 'CaseClosed':
      return withNeededCases({ ...book, workspace: evolveWorkspace(book.workspace, fact, written) });
    case 'CaseMerged': {
      const { caseId, intoCaseId: id, intoCaseRef: ref } = fact.data;
      const told = { ...book, workspace: evolveWorkspace(book.workspace, fact, written) };
      return withNeededCases(caseFollowed(told, caseId, { id, ref }));
    }
    case 'CaseReassigned': {
      const { caseId, staffId } = fact.data;
      const othersFor = (of: { readonly caseId: CaseId; readonly staffId: StaffId }) =>
        of.caseId === caseId && of.staffId !== staffId;
      return {
        ...book,
        workspace: evolveWorkspace(book.workspace, fact, written),
        sessions: endAll(book.sessions, 'case reassigned', written.time, othersFor),
      };
    }
    case 'StaffAccessEnabled':
      return withNeededCases({ ...book, staffAccess: evolveStaffAccess(book.staffAccess, fact) });
    case 'StaffAccessDisabled': {
      const { cause, at } = fact.data;
      return withNeededCases({
        ...book,
        staffAccess: evolveStaffAccess(book.staffAccess, fact),
        sessions: endAll(book.sessions, END_CAUSE_OF[cause] ?? 'revoked', fromInstant(at)),
      });
    }
    case 'SessionStarted':
    case 'SessionEntered':
    case 'AreaEntered':
    case 'PageViewed':
    case 'PresenceConfirmed':
      return { ...book, sessions: evolveSessions(book.sessions, fact, written) };
    case 'SessionEnded':
      return withNeededCases({ ...book, sessions: evolveSessions(book.sessions, fact, written) });
  }
}

/** What stands for a case stands for the one that it was merged into. */
function caseFollowed(book: Book, from: CaseId, to: { readonly id: CaseId; readonly ref: string }): Book {
  const { staffAccess } = book;
  return {
    ...book,
    staffAccess:
      staffAccess.phase === 'on' && staffAccess.onlyCase === from ? { ...staffAccess, onlyCase: to.id } : staffAccess,
    sessions: toCase(book.sessions, from, to),
  };
}

/**
 * Without closed cases that nothing asks for: to every rule a closed case is like one that was never told of, but for
 * the visits that it lets go on for a while and for the switch that names it.
 */
function withNeededCases(book: Book): Book {
  const { workspace, staffAccess, sessions } = book;
  const onlyCase = staffAccess.phase === 'on' ? staffAccess.onlyCase : null;
  const needed = ({ id, phase }: SupportCase): boolean =>
    phase === 'open' || id === onlyCase || liveSessions(sessions).some(({ caseId }) => caseId === id);
  if (workspace.cases.all.every(needed)) return book;
  return {
    ...book,
    workspace: { ...workspace, cases: ById.of<CaseId, SupportCase>(workspace.cases.all.filter(needed)) },
  };
}
