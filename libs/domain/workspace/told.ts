import type { CaseId, MemberId, MemberRole, WorkspaceId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { toInstant } from '../fact.ts';
import { firstRefusal, type Decision } from '../rule.ts';
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
    }
  | { readonly type: 'OpenCase'; readonly caseId: CaseId; readonly caseRef: string; readonly title: string }
  | { readonly type: 'CloseCase'; readonly caseId: CaseId };

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
  }
}

function changeMemberRole(
  { memberId, externalId, issuer, subject, name, email, role }: Extract<ToldCommand, { type: 'ChangeMemberRole' }>,
  context: BookContext,
): Decision<BookFact> {
  const { members } = context.book.workspace;
  const known = members.get(memberId);
  const nothingNew = known
    ? known.role === role &&
      known.issuer === issuer &&
      known.subject === subject &&
      known.shownName === name &&
      known.email === email
    : role === null;
  if (nothingNew) return { facts: [] };

  const changed: BookFact = {
    type: 'MemberRoleChanged',
    data: { memberId, externalId, person: { issuer, subject }, role, personal: { subject: memberId, name, email } },
  };
  const anotherOwner = members.all.some((member) => member.role === 'owner' && member.id !== memberId);
  const lastOwnerLeaves = known?.role === 'owner' && role !== 'owner' && !anotherOwner;
  return { facts: lastOwnerLeaves ? [changed, ...accessEnds(context, 'no owner left')] : [changed] };
}

/** Staff access goes off for another reason than the owner's own act, and every live session with it. */
function accessEnds({ book, now }: BookContext, cause: 'workspace closed' | 'no owner left'): BookFact[] {
  if (book.staffAccess.phase === 'off') return [];
  const at = toInstant(now);
  const ended = cause === 'workspace closed' ? 'workspace closed' : 'revoked';
  return [
    { type: 'StaffAccessDisabled', data: { cause, at, memberId: null } },
    ...book.sessions
      .filter((session) => session.phase === 'live')
      .map(({ id }): BookFact => ({ type: 'SessionEnded', data: { sessionId: id, cause: ended, at } })),
  ];
}
