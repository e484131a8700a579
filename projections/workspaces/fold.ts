import { decidedAt } from '../runner/instants.ts';
import { workspaceOf } from '../runner/streams.ts';
import { add, put, remove, set, type Fold, type Projection, type RowOf } from '../runner/table.ts';
import { cases, members, workspaces } from './table.ts';

const fold: Fold = ({ stream, metadata }, known) => {
  const workspaceId = workspaceOf(stream);
  if (workspaceId === undefined) return [];
  const at = decidedAt(metadata);
  switch (known?.type) {
    case 'WorkspaceRegistered': {
      const { externalId, product, name } = known.data;
      const told = { product, external_id: externalId, name, phase: 'open' };
      // Told again under a new name, it keeps its plan.
      return [add(workspaces, { id: workspaceId, plan: null, ...told }), set(workspaces, { id: workspaceId }, told)];
    }
    case 'PlanChanged':
      return [set(workspaces, { id: workspaceId }, { plan: known.data.plan })];
    case 'WorkspaceClosed':
      return [set(workspaces, { id: workspaceId }, { phase: 'closed' })];
    case 'MemberRoleChanged': {
      const { memberId, externalId, person, role, billingContact, personal } = known.data;
      if (role === null) return [remove(members, { id: memberId })];
      return [
        put(members, {
          id: memberId,
          workspace_id: workspaceId,
          external_id: externalId,
          issuer: person.issuer,
          subject: person.subject,
          role,
          billing_contact: billingContact ? 1 : 0,
          name: personal?.name ?? null,
          email: personal?.email ?? null,
        }),
      ];
    }
    case 'CaseOpened': {
      const { caseId, caseRef, personal } = known.data;
      return [
        put(cases, {
          id: caseId,
          workspace_id: workspaceId,
          case_ref: caseRef,
          title: personal?.title ?? null,
          phase: 'open',
          opened_at: at,
          closed_at: null,
          grace_ends: null,
          assignee: null,
          merged_into: null,
        }),
      ];
    }
    case 'CaseClosed': {
      const { caseId, caseRef, graceMinutes } = known.data;
      const closed = { phase: 'closed', closed_at: at, grace_ends: at + graceMinutes * 60_000 };
      return [add(cases, { ...untold(workspaceId, caseId, caseRef), ...closed }), set(cases, { id: caseId }, closed)];
    }
    case 'CaseMerged': {
      const { caseId, caseRef, intoCaseId, intoCaseRef } = known.data;
      const merged = { phase: 'closed', closed_at: at, grace_ends: null, merged_into: intoCaseId };
      return [
        add(cases, untold(workspaceId, intoCaseId, intoCaseRef)),
        add(cases, { ...untold(workspaceId, caseId, caseRef), ...merged }),
        set(cases, { id: caseId }, merged),
      ];
    }
    case 'CaseReassigned': {
      const { caseId, caseRef, staffId } = known.data;
      return [add(cases, untold(workspaceId, caseId, caseRef)), set(cases, { id: caseId }, { assignee: staffId })];
    }
    default:
      return [];
  }
};

/** A case that is spoken of before it was told. */
function untold(workspaceId: string, id: string, caseRef: string): RowOf<typeof cases> {
  return {
    id,
    workspace_id: workspaceId,
    case_ref: caseRef,
    title: null,
    phase: 'open',
    opened_at: null,
    closed_at: null,
    grace_ends: null,
    assignee: null,
    merged_into: null,
  };
}

export const workspacesProjection: Projection = {
  name: 'workspaces',
  version: 2,
  tables: [workspaces, members, cases],
  fold,
};
