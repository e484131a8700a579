import type { CaseId, EndCause, StaffId } from '@gatebook/protocol';
import { ById } from '../by-id.ts';
import { noCommands, remember, type CommandMemory } from '../command-memory.ts';
import { fromInstant, type Written } from '../fact.ts';
import {
  endGrants,
  evolveActions,
  evolveGrants,
  granted,
  grantOfSession,
  inUse,
  isStanding,
  isUnused,
  noActions,
  noGrants,
  type GrantFact,
  type Grants,
  type PendingActions,
} from '../grant/grant.ts';
import type { ExportFact } from '../log-export/log-export.ts';
import { noTightening, type Tightening } from '../policy/tighten.ts';
import { evolveTightening, type TighteningFact } from '../policy/tightening.ts';
import {
  evolveRequests,
  isOpen,
  lapseAll,
  noRequests,
  requestWith,
  type RequestFact,
  type Requests,
} from '../request/request.ts';
import { endAll, evolveSessions, Sessions, toCase, type SessionFact } from '../session/session.ts';
import { accessOff, evolveStaffAccess, type StaffAccess, type StaffAccessFact } from '../staff-access/staff-access.ts';
import {
  evolveWorkspace,
  unregistered,
  type SupportCase,
  type Workspace,
  type WorkspaceFact,
} from '../workspace/workspace.ts';

/** Everything that stands in a workspace's stream: the consistency boundary of switch, requests, grants, visits and ends. */
export type BookFact =
  WorkspaceFact | StaffAccessFact | TighteningFact | RequestFact | GrantFact | SessionFact | ExportFact;

/** The state of one workspace's book: what any decision about it reads. */
export interface Book {
  /** False once a fact stands in the stream that can't be read here: then nothing is granted, and off and end still work. */
  readonly readable: boolean;
  readonly workspace: Workspace;
  readonly staffAccess: StaffAccess;
  /** What the workspace has set tighter than the installation. */
  readonly tightening: Tightening;
  readonly requests: Requests;
  readonly grants: Grants;
  readonly sessions: Sessions;
  /** Authorised, and not reported yet. */
  readonly actions: PendingActions;
  readonly commands: CommandMemory;
}

export const emptyBook: Book = {
  readable: true,
  workspace: unregistered,
  staffAccess: accessOff,
  tightening: noTightening,
  requests: noRequests,
  grants: noGrants,
  sessions: Sessions.none,
  actions: noActions,
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
    case 'CaseClosed': {
      const { caseId } = fact.data;
      return withNeededCases({
        ...book,
        workspace: evolveWorkspace(book.workspace, fact, written),
        requests: lapseAll(book.requests, 'case closed', written.time, (open) => open.caseId === caseId),
        grants: endGrants(
          book.grants,
          'case closed',
          written.time,
          (grant) => isUnused(grant) && grant.caseId === caseId,
        ),
      });
    }
    case 'CaseMerged': {
      const { caseId, intoCaseId: id, intoCaseRef: ref } = fact.data;
      const told = { ...book, workspace: evolveWorkspace(book.workspace, fact, written) };
      return withNeededCases(caseFollowed(told, caseId, { id, ref }));
    }
    case 'CaseReassigned': {
      const { caseId, staffId } = fact.data;
      const othersFor = (of: { readonly caseId: CaseId | null; readonly staffId: StaffId }) =>
        of.caseId === caseId && of.staffId !== staffId;
      return {
        ...book,
        workspace: evolveWorkspace(book.workspace, fact, written),
        sessions: endAll(book.sessions, 'case reassigned', written.time, othersFor),
      };
    }
    case 'StaffAccessEnabled':
      return withNeededCases({ ...book, staffAccess: evolveStaffAccess(book.staffAccess, fact, written) });
    case 'StaffAccessDisabled': {
      const { cause, at } = fact.data;
      const off = fromInstant(at);
      const lapse = cause === 'workspace closed' ? 'workspace closed' : 'access off';
      return withNeededCases({
        ...book,
        staffAccess: evolveStaffAccess(book.staffAccess, fact, written),
        requests: lapseAll(book.requests, lapse, off),
        grants: endGrants(book.grants, lapse, off),
        sessions: endAll(book.sessions, END_CAUSE_OF[cause] ?? 'revoked', off),
      });
    }
    case 'LogExported':
      // It changes nothing that a decision reads.
      return book;
    case 'WorkspacePolicyTightened':
      return { ...book, tightening: evolveTightening(book.tightening, fact) };
    case 'AccessRequested':
    case 'InformationAsked':
    case 'InformationGiven':
    case 'FirstApprovalGiven':
    case 'AccessLapsed':
      return { ...book, requests: evolveRequests(book.requests, fact, written) };
    case 'AccessDeclined':
    case 'AccessWithdrawn': {
      // What takes away gets through without a revision where others are faster each time: behind an approval it wins, too.
      const { requestId } = fact.data;
      return {
        ...book,
        requests: evolveRequests(book.requests, fact, written),
        grants: endGrants(
          book.grants,
          'withdrawn',
          written.time,
          (grant) => isUnused(grant) && grant.requestId === requestId,
        ),
      };
    }
    case 'AccessApproved':
      return approved(book, fact, written);
    case 'ScopeConfirmed':
    case 'GrantLapsed':
    case 'FieldRevealed':
      return { ...book, grants: evolveGrants(book.grants, fact) };
    case 'ActionAuthorised':
    case 'ActionReported':
      return {
        ...book,
        grants: evolveGrants(book.grants, fact),
        actions: evolveActions(book.actions, fact),
      };
    case 'SessionStarted': {
      const { grantId, sessionId } = fact.data;
      return {
        ...book,
        sessions: evolveSessions(book.sessions, fact, written),
        grants: grantId === undefined ? book.grants : inUse(book.grants, grantId, sessionId),
      };
    }
    case 'SessionEntered':
    case 'AreaEntered':
    case 'PageViewed':
    case 'RowsShown':
    case 'PartClicked':
    case 'PresenceConfirmed':
      return { ...book, sessions: evolveSessions(book.sessions, fact, written) };
    case 'SessionEnded': {
      const { sessionId, at } = fact.data;
      return withNeededCases({
        ...book,
        sessions: evolveSessions(book.sessions, fact, written),
        grants: grantOfSession(book.grants, sessionId)
          ? endGrants(book.grants, 'session ended', fromInstant(at), (grant) => grant.sessionId === sessionId)
          : book.grants,
      });
    }
  }
}

/** The request has its end, and the grant that came of it stands. */
function approved(book: Book, fact: Extract<BookFact, { type: 'AccessApproved' }>, written: Written): Book {
  const { requestId, grantId, by, change, startBy, personal } = fact.data;
  const request = requestWith(book.requests, requestId);
  const requests = evolveRequests(book.requests, fact, written);
  if (!isOpen(request)) return { ...book, requests };
  const grant = granted(request, grantId, {
    by,
    granted: fact.data.granted,
    isChanged: change !== null,
    startBy: fromInstant(startBy),
    approverName: personal?.name ?? null,
    arguments: personal?.arguments,
  });
  return { ...book, requests, grants: book.grants.concat([grant]) };
}

/** What stands for a case stands for the one that it was merged into. */
function caseFollowed(book: Book, from: CaseId, to: { readonly id: CaseId; readonly ref: string }): Book {
  const { staffAccess } = book;
  return {
    ...book,
    staffAccess:
      staffAccess.phase === 'on' && staffAccess.onlyCase === from ? { ...staffAccess, onlyCase: to.id } : staffAccess,
    requests: book.requests.map((request) =>
      isOpen(request) && request.caseId === from ? { ...request, caseId: to.id, caseRef: to.ref } : request,
    ),
    grants: book.grants.map((grant) =>
      isStanding(grant) && grant.caseId === from ? { ...grant, caseId: to.id, caseRef: to.ref } : grant,
    ),
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
    phase === 'open' || id === onlyCase || sessions.live().some(({ caseId }) => caseId === id);
  if (workspace.cases.all.every(needed)) return book;
  return {
    ...book,
    workspace: { ...workspace, cases: ById.of<CaseId, SupportCase>(workspace.cases.all.filter(needed)) },
  };
}
