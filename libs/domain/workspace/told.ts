import type { CaseId, MemberId, MemberRole, StaffId, WorkspaceId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { toInstant } from '../fact.ts';
import { isStanding } from '../grant/grant.ts';
import { isOpen } from '../request/request.ts';
import { approvalsOf, withdrawn } from '../request/withdrawn.ts';
import { firstRefusal, type Decision, type Refusal } from '../rule.ts';
import { workspaceIsOpen } from './rules.ts';

/** What the product tells of a workspace. Told twice, it is written once. */
export type ToldCommand =
  | {
      readonly type: 'RegisterWorkspace';
      readonly workspaceId: WorkspaceId;
      readonly externalId: string;
      readonly product: string;
      readonly name: string;
    }
  | { readonly type: 'CloseWorkspace'; readonly workspaceId: WorkspaceId }
  | {
      readonly type: 'ChangeMemberRole';
      readonly memberId: MemberId;
      readonly externalId: string;
      readonly issuer: string;
      readonly subject: string;
      readonly name: string;
      readonly email: string;
      readonly role: MemberRole | null;
      /** Left out: as it was. */
      readonly billingContact?: boolean | undefined;
    }
  | { readonly type: 'ChangePlan'; readonly plan: string }
  | { readonly type: 'OpenCase'; readonly caseId: CaseId; readonly caseRef: string; readonly title: string }
  | { readonly type: 'CloseCase'; readonly caseId: CaseId }
  | {
      readonly type: 'MergeCase';
      readonly caseId: CaseId;
      readonly intoCaseId: CaseId;
      /** As the help desk writes it, for the refusal. */
      readonly intoCaseRef: string;
    }
  | {
      readonly type: 'ReassignCase';
      readonly caseId: CaseId;
      readonly caseRef: string;
      /** `null`: nobody. */
      readonly assignee: StaffId | null;
    };

export function decideTold(command: ToldCommand, context: BookContext): Decision<BookFact> {
  const { book } = context;
  if (command.type === 'RegisterWorkspace') {
    const { workspaceId, externalId, product, name } = command;
    // Closed is the end of a workspace: a new name told late must not open it again.
    const refusal = book.workspace.phase === 'closed' ? firstRefusal([workspaceIsOpen], context) : undefined;
    if (refusal) return { facts: [], refusal };
    if (book.workspace.phase === 'open' && book.workspace.name === name) return { facts: [] };
    return { facts: [{ type: 'WorkspaceRegistered', data: { workspaceId, externalId, product, name } }] };
  }
  const refusal = firstRefusal([workspaceIsOpen], context);
  if (refusal) return { facts: [], refusal };

  switch (command.type) {
    case 'CloseWorkspace':
      return {
        facts: [
          { type: 'WorkspaceClosed', data: { workspaceId: command.workspaceId } },
          ...accessEnds(context, 'workspace closed'),
        ],
      };
    case 'ChangeMemberRole':
      return changeMemberRole(command, context);
    case 'OpenCase': {
      const { caseId, caseRef, title } = command;
      if (book.workspace.cases.get(caseId)?.phase === 'open') return { facts: [] };
      return {
        facts: [{ type: 'CaseOpened', data: { caseId, caseRef, personal: { subject: caseId, title } } }],
      };
    }
    case 'CloseCase': {
      const known = book.workspace.cases.get(command.caseId);
      if (known?.phase !== 'open') return { facts: [] };
      const graceMinutes = context.installation.policy.session.caseGraceMinutes;
      return { facts: [{ type: 'CaseClosed', data: { caseId: known.id, caseRef: known.ref, graceMinutes } }] };
    }
    case 'MergeCase':
      return mergeCase(command, context);
    case 'ReassignCase':
      return reassignCase(command, context);
    case 'ChangePlan': {
      const { plan } = command;
      return { facts: plan === book.workspace.plan ? [] : [{ type: 'PlanChanged', data: { plan } }] };
    }
  }
}

function changeMemberRole(
  {
    memberId,
    externalId,
    issuer,
    subject,
    name,
    email,
    role,
    billingContact: told,
  }: Extract<ToldCommand, { type: 'ChangeMemberRole' }>,
  context: BookContext,
): Decision<BookFact> {
  const { members } = context.book.workspace;
  const known = members.get(memberId);
  const billingContact = role !== null && (told ?? known?.billingContact ?? false);
  const nothingNew = known
    ? known.role === role &&
      known.issuer === issuer &&
      known.subject === subject &&
      known.billingContact === billingContact &&
      known.shownName === name &&
      known.email === email
    : role === null;
  if (nothingNew) return { facts: [] };

  const changed: BookFact = {
    type: 'MemberRoleChanged',
    data: {
      memberId,
      externalId,
      person: { issuer, subject },
      role,
      ...(billingContact && { billingContact }),
      personal: { subject: memberId, name, email },
    },
  };
  const anotherOwner = members.all.some((member) => member.role === 'owner' && member.id !== memberId);
  const lastOwnerLeaves = known?.role === 'owner' && role !== 'owner' && !anotherOwner;
  if (lastOwnerLeaves) return { facts: [changed, ...accessEnds(context, 'no owner left')] };
  const approvers = context.installation.policy.approval.customer;
  if (role !== null && approvers.includes(role)) return { facts: [changed] };
  return { facts: [changed, ...approvalsOf(context, { kind: 'member', memberId })] };
}

/** A case that nobody knows has nothing to take along; one that goes on must be there to go on with. */
function mergeCase(
  { caseId, intoCaseId, intoCaseRef }: Extract<ToldCommand, { type: 'MergeCase' }>,
  { book }: BookContext,
): Decision<BookFact> {
  const { cases } = book.workspace;
  const [known, into] = [cases.get(caseId), cases.get(intoCaseId)];
  if (!known || caseId === intoCaseId) return { facts: [] };
  if (into?.phase !== 'open') return { facts: [], refusal: notOpen(intoCaseRef) };
  const data = { caseId, caseRef: known.ref, intoCaseId, intoCaseRef: into.ref };
  return { facts: [{ type: 'CaseMerged', data }] };
}

/** Visits for the case by others end: who has it now asks anew (policy.md, 9). */
function reassignCase(
  { caseId, caseRef, assignee }: Extract<ToldCommand, { type: 'ReassignCase' }>,
  { book, now }: BookContext,
): Decision<BookFact> {
  const known = book.workspace.cases.get(caseId);
  // Not taken in silence: whose it is would be lost, and the case is open to everybody once it is told of.
  if (!known) return { facts: [], refusal: notOpen(caseRef) };
  if (known.assignee === (assignee ?? 'nobody')) return { facts: [] };
  const at = toInstant(now);
  return {
    facts: [
      { type: 'CaseReassigned', data: { caseId, caseRef: known.ref, staffId: assignee } },
      ...book.sessions
        .live()
        .filter((session) => session.caseId === caseId && session.staffId !== assignee)
        .map(({ id }): BookFact => ({ type: 'SessionEnded', data: { sessionId: id, cause: 'case reassigned', at } })),
      ...withdrawn(
        { book, now },
        { request: 'case reassigned', grant: 'case reassigned' },
        (asked) => asked.caseId === caseId && asked.staffId !== assignee,
      ),
    ],
  };
}

function notOpen(caseRef: string): Refusal {
  return { rule: 'caseIsOpen', because: `${caseRef} is not an open case of this workspace.` };
}

/** Staff access goes off for another reason than the owner's own act, and every live session with it. */
function accessEnds({ book, now }: BookContext, cause: 'workspace closed' | 'no owner left'): BookFact[] {
  // Where policy needs no switch, visits run and requests wait while it is off.
  const stands = book.sessions.live().length > 0 || book.requests.some(isOpen) || book.grants.some(isStanding);
  if (book.staffAccess.phase === 'off' && !stands) return [];
  const at = toInstant(now);
  const ended = cause === 'workspace closed' ? 'workspace closed' : 'revoked';
  return [
    { type: 'StaffAccessDisabled', data: { cause, at, memberId: null } },
    ...book.sessions
      .live()
      .map(({ id }): BookFact => ({ type: 'SessionEnded', data: { sessionId: id, cause: ended, at } })),
  ];
}
