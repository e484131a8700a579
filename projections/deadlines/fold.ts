import { fromInstant } from '#domain/fact';
import { decidedAt } from '../runner/instants.ts';
import { STAFF_PREFIX, workspaceOf } from '../runner/streams.ts';
import { put, remove, set, type Change, type Fold, type Projection } from '../runner/table.ts';
import { deadlines, seats } from './table.ts';

const fold: Fold = ({ stream, metadata }, known) => {
  if (stream.startsWith(STAFF_PREFIX)) {
    switch (known?.type) {
      case 'StaffSeatTaken': {
        const { staffId, sessionId, workspaceId, until } = known.data;
        return [
          put(seats, {
            staff_id: staffId,
            session_id: sessionId,
            workspace_id: workspaceId,
            until_at: fromInstant(until),
          }),
        ];
      }
      case 'StaffSeatReleased':
        return [remove(seats, { staff_id: known.data.staffId, session_id: known.data.sessionId })];
      default:
        return [];
    }
  }
  const workspaceId = workspaceOf(stream);
  if (workspaceId === undefined) return [];
  const at = decidedAt(metadata);
  switch (known?.type) {
    case 'StaffAccessEnabled':
      if (known.data.until === null) return [remove(deadlines, { id: `${workspaceId}/window` })];
      return [
        put(deadlines, {
          id: `${workspaceId}/window`,
          workspace_id: workspaceId,
          session_id: null,
          case_id: null,
          clock: 'window',
          at: fromInstant(known.data.until),
          plus_ms: 0,
        }),
      ];
    case 'StaffAccessDisabled':
      return [
        remove(deadlines, { id: `${workspaceId}/window` }),
        set(deadlines, { workspace_id: workspaceId, clock: 'over' }, { at: fromInstant(known.data.at) }),
        set(deadlines, { workspace_id: workspaceId, clock: 'lapse' }, { at: fromInstant(known.data.at) }),
        set(deadlines, { workspace_id: workspaceId, clock: 'start by' }, { at: fromInstant(known.data.at) }),
      ];
    case 'AccessRequested': {
      const { requestId: id, lapsesAt } = known.data;
      return [due(workspaceId, id, 'lapse', fromInstant(lapsesAt))];
    }
    case 'AccessApproved': {
      const { requestId, grantId, startBy } = known.data;
      return [
        remove(deadlines, { id: `${requestId}/lapse` }),
        due(workspaceId, grantId, 'start by', fromInstant(startBy)),
      ];
    }
    case 'AccessDeclined':
    case 'AccessWithdrawn':
    case 'AccessLapsed':
      return [remove(deadlines, { id: `${known.data.requestId}/lapse` })];
    case 'GrantLapsed':
      return [remove(deadlines, { id: `${known.data.grantId}/start by` })];
    case 'ActionAuthorised': {
      const { actionId, reportBy } = known.data;
      return [due(workspaceId, actionId, 'report', fromInstant(reportBy))];
    }
    case 'ActionReported':
      return [remove(deadlines, { id: `${known.data.actionId}/report` })];
    case 'SessionStarted': {
      const { sessionId, caseId, plannedEnd, idleMinutes } = known.data;
      const clock = (name: string, from: number | null, plusMs = 0): Change =>
        put(deadlines, {
          id: `${sessionId}/${name}`,
          workspace_id: workspaceId,
          session_id: sessionId,
          case_id: caseId,
          clock: name,
          at: from,
          plus_ms: plusMs,
        });
      const { grantId } = known.data;
      return [
        ...(grantId === undefined ? [] : [remove(deadlines, { id: `${grantId}/start by` })]),
        clock('planned end', fromInstant(plannedEnd)),
        clock('idle', at, idleMinutes * 60_000),
        clock('case', null),
        clock('over', null),
      ];
    }
    case 'SessionEntered':
    case 'PresenceConfirmed':
      return [set(deadlines, { id: `${known.data.sessionId}/idle` }, { at })];
    case 'PageViewed':
    case 'PartClicked':
      return known.data.input ? [set(deadlines, { id: `${known.data.sessionId}/idle` }, { at })] : [];
    case 'SessionEnded':
      return [remove(deadlines, { session_id: known.data.sessionId })];
    case 'CaseOpened':
      return [set(deadlines, { workspace_id: workspaceId, clock: 'case', case_id: known.data.caseId }, { at: null })];
    case 'CaseClosed': {
      const { caseId, graceMinutes } = known.data;
      const where = { workspace_id: workspaceId, clock: 'case', case_id: caseId };
      return [set(deadlines, where, { at: at + graceMinutes * 60_000 })];
    }
    case 'CaseMerged': {
      const { caseId, intoCaseId } = known.data;
      const where = { workspace_id: workspaceId, case_id: caseId };
      // Visits for it go on under an open case: no grace of theirs runs any more.
      return [
        set(deadlines, { ...where, clock: 'case' }, { at: null }),
        set(deadlines, where, { case_id: intoCaseId }),
      ];
    }
    default:
      return [];
  }
};

/** A clock that runs by itself, beside those of visits. */
function due(workspaceId: string, id: string, clock: string, at: number): Change {
  const row = { workspace_id: workspaceId, session_id: null, case_id: null, clock, at, plus_ms: 0 };
  return put(deadlines, { id: `${id}/${clock}`, ...row });
}

export const deadlinesProjection: Projection = { name: 'deadlines', version: 4, tables: [deadlines, seats], fold };
