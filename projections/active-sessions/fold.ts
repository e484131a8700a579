import { fromInstant } from '#domain/fact';
import { approverIdOf } from '#domain/session/session';
import { decidedAt } from '../runner/instants.ts';
import { workspaceOf } from '../runner/streams.ts';
import { put, remove, set, type Fold, type Projection } from '../runner/table.ts';
import { activeSessions } from './table.ts';

const fold: Fold = ({ stream, metadata, position }, known) => {
  const workspaceId = workspaceOf(stream);
  if (workspaceId === undefined) return [];
  const at = decidedAt(metadata);
  switch (known?.type) {
    case 'SessionStarted': {
      const { data } = known;
      return [
        put(activeSessions, {
          session_id: data.sessionId,
          workspace_id: workspaceId,
          staff_id: data.staffId,
          staff_name: data.personal?.staffName ?? null,
          staff_email: data.personal?.staffEmail ?? null,
          case_id: data.caseId,
          case_ref: data.caseRef,
          job: data.job,
          mode: data.mode,
          reason: data.personal?.reason ?? null,
          started_at: at,
          entered_at: null,
          planned_end: fromInstant(data.plannedEnd),
          idle_minutes: data.idleMinutes,
          last_input_at: at,
          approved_by: approverIdOf(data.approvedBy),
          approver_name: data.personal?.approverName ?? null,
          viewed_as: data.viewedAs,
          action: data.action?.name ?? null,
          action_label: data.action?.label ?? null,
          action_used_at: null,
          page: null,
          page_label: null,
          page_since: null,
          area: null,
          can: JSON.stringify(data.can),
          cannot: JSON.stringify(data.cannot),
          position,
        }),
      ];
    }
    case 'SessionEntered':
      return [
        set(activeSessions, { session_id: known.data.sessionId }, { entered_at: at, last_input_at: at, position }),
      ];
    case 'AreaEntered': {
      const { sessionId, area } = known.data;
      return [set(activeSessions, { session_id: sessionId }, { area, position })];
    }
    case 'PageViewed': {
      const { sessionId, page, label, personal, input } = known.data;
      const viewed = { page, page_label: personal?.title ?? label, page_since: at, position };
      const columns = input ? { ...viewed, last_input_at: at } : viewed;
      return [set(activeSessions, { session_id: sessionId }, columns)];
    }
    case 'PartClicked':
      return known.data.input
        ? [set(activeSessions, { session_id: known.data.sessionId }, { last_input_at: at, position })]
        : [];
    case 'PresenceConfirmed':
      return [set(activeSessions, { session_id: known.data.sessionId }, { last_input_at: at, position })];
    case 'ActionAuthorised':
      return [set(activeSessions, { session_id: known.data.sessionId }, { action_used_at: at, position })];
    case 'SessionEnded':
      return [remove(activeSessions, { session_id: known.data.sessionId })];
    case 'StaffAccessDisabled':
      return [remove(activeSessions, { workspace_id: workspaceId })];
    case 'CaseMerged': {
      const { caseId, intoCaseId, intoCaseRef } = known.data;
      const where = { workspace_id: workspaceId, case_id: caseId };
      return [set(activeSessions, where, { case_id: intoCaseId, case_ref: intoCaseRef, position })];
    }
    default:
      return [];
  }
};

export const activeSessionsProjection: Projection = {
  name: 'active-sessions',
  version: 5,
  tables: [activeSessions],
  fold,
};
