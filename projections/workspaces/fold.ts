import { decidedAt } from '../runner/instants.ts';
import { workspaceOf } from '../runner/streams.ts';
import { add, put, remove, set, type Fold, type Projection } from '../runner/table.ts';
import { cases, members, workspaces } from './table.ts';

const fold: Fold = ({ stream, metadata }, known) => {
  const workspaceId = workspaceOf(stream);
  if (workspaceId === undefined) return [];
  const at = decidedAt(metadata);
  switch (known?.type) {
    case 'WorkspaceRegistered': {
      const { externalId, product, name } = known.data;
      return [put(workspaces, { id: workspaceId, product, external_id: externalId, name, phase: 'open' })];
    }
    case 'WorkspaceClosed':
      return [set(workspaces, { id: workspaceId }, { phase: 'closed' })];
    case 'MemberRoleChanged': {
      const { memberId, externalId, person, role, personal } = known.data;
      if (role === null) return [remove(members, { id: memberId })];
      return [
        put(members, {
          id: memberId,
          workspace_id: workspaceId,
          external_id: externalId,
          issuer: person.issuer,
          subject: person.subject,
          role,
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
        }),
      ];
    }
    case 'CaseClosed': {
      const { caseId, caseRef, graceMinutes } = known.data;
      const closed = { phase: 'closed', closed_at: at, grace_ends: at + graceMinutes * 60_000 };
      return [
        add(cases, {
          id: caseId,
          workspace_id: workspaceId,
          case_ref: caseRef,
          title: null,
          opened_at: null,
          ...closed,
        }),
        set(cases, { id: caseId }, closed),
      ];
    }
    default:
      return [];
  }
};

export const workspacesProjection: Projection = {
  name: 'workspaces',
  version: 1,
  tables: [workspaces, members, cases],
  fold,
};
