import { MEMBER_ROLES, type CaseId, type MemberId, type MemberRole, type StaffId } from '@gatebook/protocol';
import * as v from 'valibot';
import { ById } from '../by-id.ts';
import { factKind, idWith, type FactOf, type Written } from '../fact.ts';

/** Facts that the product tells of a workspace: its being, its members, its cases. */
export const WorkspaceRegistered = factKind('WorkspaceRegistered', 'The product told of a customer’s workspace.', {
  workspaceId: idWith('ws'),
  /** The product's own id, unique per product. */
  externalId: v.string(),
  product: v.string(),
  name: v.string(),
});

export const WorkspaceClosed = factKind('WorkspaceClosed', 'The customer’s workspace was closed.', {
  workspaceId: idWith('ws'),
});

export const MemberRoleChanged = factKind(
  'MemberRoleChanged',
  'A person became a member, left, or has another role; no role means that the person is no longer a member.',
  {
    memberId: idWith('mem'),
    externalId: v.string(),
    /** The verified person: issuer and subject of their sign-in. */
    person: v.object({ issuer: v.string(), subject: v.string() }),
    role: v.nullable(v.picklist(MEMBER_ROLES)),
    /** The contact for bills; left out: no. */
    billingContact: v.optional(v.boolean()),
    personal: v.optional(v.object({ subject: idWith('mem'), name: v.string(), email: v.string() })),
  },
);

export const CaseOpened = factKind('CaseOpened', 'The product told of a support case of the workspace.', {
  caseId: idWith('case'),
  /** As the help desk writes it: CASE-123. */
  caseRef: v.string(),
  personal: v.optional(v.object({ subject: idWith('case'), title: v.string() })),
});

export const CaseClosed = factKind('CaseClosed', 'A support case was closed.', {
  caseId: idWith('case'),
  caseRef: v.string(),
  /** How long a visit for the case may still go on. */
  graceMinutes: v.number(),
});

export const CaseMerged = factKind(
  'CaseMerged',
  'A support case was merged into another; what was for the one is for the other from now on.',
  {
    caseId: idWith('case'),
    caseRef: v.string(),
    intoCaseId: idWith('case'),
    intoCaseRef: v.string(),
  },
);

export const CaseReassigned = factKind(
  'CaseReassigned',
  'A support case belongs to another staff member, or to nobody; visits for it by others end.',
  {
    caseId: idWith('case'),
    caseRef: v.string(),
    /** `null`: nobody’s. */
    staffId: v.nullable(idWith('stf')),
  },
);

export const PlanChanged = factKind('PlanChanged', 'The product told which plan the customer pays for.', {
  plan: v.string(),
});

export const WORKSPACE_FACTS = [
  WorkspaceRegistered,
  WorkspaceClosed,
  MemberRoleChanged,
  CaseOpened,
  CaseClosed,
  CaseMerged,
  CaseReassigned,
  PlanChanged,
] as const;
export type WorkspaceFact = FactOf<(typeof WORKSPACE_FACTS)[number]>;

export interface Member {
  readonly id: MemberId;
  readonly issuer: string;
  readonly subject: string;
  readonly role: MemberRole;
  /** Entry as them asks more (S1-27). */
  readonly billingContact: boolean;
  /** For showing only; no rule reads it. */
  readonly shownName: string | null;
  /** To tell a new address from the known one; no rule reads it. */
  readonly email: string | null;
}

export interface SupportCase {
  readonly id: CaseId;
  readonly ref: string;
  readonly phase: 'open' | 'closed';
  /** Whose it is. `null`: nobody told, so anybody may start from it, as where it is told to be nobody’s. */
  readonly assignee: StaffId | 'nobody' | null;
  /** When visits for the case end, once it is closed: epoch milliseconds. */
  readonly graceEnds: number | null;
}

export interface Workspace {
  readonly phase: 'unregistered' | 'open' | 'closed';
  readonly externalId: string;
  readonly product: string;
  readonly name: string;
  /** As the product calls it; `null`: never told. */
  readonly plan: string | null;
  readonly members: ById<MemberId, Member>;
  readonly cases: ById<CaseId, SupportCase>;
}

export const unregistered: Workspace = {
  phase: 'unregistered',
  externalId: '',
  product: '',
  name: '',
  plan: null,
  members: ById.of<MemberId, Member>([]),
  cases: ById.of<CaseId, SupportCase>([]),
};

export function evolveWorkspace(workspace: Workspace, fact: WorkspaceFact, { time }: Written): Workspace {
  switch (fact.type) {
    case 'WorkspaceRegistered': {
      const { externalId, product, name } = fact.data;
      return { ...workspace, phase: 'open', externalId, product: shared(product), name };
    }
    case 'WorkspaceClosed':
      return { ...workspace, phase: 'closed' };
    case 'MemberRoleChanged': {
      const { memberId, person, role, billingContact = false, personal } = fact.data;
      const { members } = workspace;
      if (role === null) return { ...workspace, members: members.without(memberId) };
      const member: Member = {
        id: memberId,
        issuer: shared(person.issuer),
        subject: person.subject,
        role,
        billingContact,
        shownName: personal?.name ?? null,
        email: personal?.email ?? null,
      };
      return { ...workspace, members: members.with(member) };
    }
    case 'CaseOpened': {
      const { caseId, caseRef } = fact.data;
      return withCase(workspace, openCase(caseId, caseRef));
    }
    case 'CaseClosed': {
      const { caseId, caseRef, graceMinutes } = fact.data;
      return withCase(workspace, {
        id: caseId,
        ref: caseRef,
        phase: 'closed',
        assignee: workspace.cases.get(caseId)?.assignee ?? null,
        graceEnds: time + graceMinutes * 60_000,
      });
    }
    case 'CaseMerged': {
      const { caseId, intoCaseId, intoCaseRef } = fact.data;
      const cases = workspace.cases.without(caseId);
      const into = cases.get(intoCaseId) ?? openCase(intoCaseId, intoCaseRef);
      return { ...workspace, cases: cases.with(into) };
    }
    case 'CaseReassigned': {
      const { caseId, caseRef, staffId } = fact.data;
      const known = workspace.cases.get(caseId) ?? openCase(caseId, caseRef);
      return withCase(workspace, { ...known, assignee: staffId ?? 'nobody' });
    }
    case 'PlanChanged':
      return { ...workspace, plan: shared(fact.data.plan) };
  }
}

function openCase(id: CaseId, ref: string): SupportCase {
  return { id, ref, phase: 'open', assignee: null, graceEnds: null };
}

function withCase(workspace: Workspace, supportCase: SupportCase): Workspace {
  return { ...workspace, cases: workspace.cases.with(supportCase) };
}

const texts = new Map<string, string>();

/** The same string for equal ones: an installation has a few issuers and products, and a hundred thousand workspaces. */
function shared(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= 1000) texts.clear();
  texts.set(text, text);
  return text;
}

/** The member that a verified person is here, if any. */
export function memberWho(workspace: Workspace, issuer: string, subject: string): Member | undefined {
  for (const member of workspace.members.all) {
    if (member.issuer === issuer && member.subject === subject) return member;
  }
  return undefined;
}
