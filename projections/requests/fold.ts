import { fromInstant } from '#domain/fact';
import type { Decider, RequestKind } from '#domain/request/request';
import { decidedAt } from '../runner/instants.ts';
import { workspaceOf } from '../runner/streams.ts';
import { put, set, type Fold, type Projection } from '../runner/table.ts';
import { requests } from './table.ts';

const fold: Fold = ({ stream, metadata, position }, known) => {
  const workspaceId = workspaceOf(stream);
  if (workspaceId === undefined) return [];
  const at = decidedAt(metadata);
  switch (known?.type) {
    case 'AccessRequested': {
      const { data } = known;
      const wanted = JSON.stringify(data.wanted);
      return [
        put(requests, {
          id: data.requestId,
          workspace_id: workspaceId,
          staff_id: data.staffId,
          staff_name: data.personal?.staffName ?? null,
          staff_email: data.personal?.staffEmail ?? null,
          kind: data.kind,
          case_id: data.caseId,
          case_ref: data.caseRef,
          job: data.job,
          reason: data.personal?.reason ?? null,
          view_as: data.viewAs,
          asked: wanted,
          wanted,
          arguments: data.personal?.arguments ? JSON.stringify(data.personal.arguments) : null,
          approved_arguments: null,
          triggers: JSON.stringify(data.triggers),
          asks: data.asks,
          planned_start: data.plannedStart === null ? null : fromInstant(data.plannedStart),
          lapses_at: fromInstant(data.lapsesAt),
          requested_at: at,
          phase: 'waiting',
          digest: data.digest,
          question: null,
          answer: null,
          first_by: null,
          first_name: null,
          first_at: null,
          decided_by: null,
          decided_name: null,
          message: null,
          ended_at: null,
          end_cause: null,
          change: null,
          grant_id: null,
          grant_phase: null,
          grant_cause: null,
          start_by: null,
          session_id: null,
          action_id: null,
          action_outcome: null,
          position,
        }),
      ];
    }
    case 'InformationAsked': {
      const { requestId, digest, personal } = known.data;
      const question = personal?.question ?? null;
      return [set(requests, { id: requestId }, { phase: 'information asked', digest, question, answer: null })];
    }
    case 'InformationGiven': {
      const { requestId, digest, personal } = known.data;
      return [set(requests, { id: requestId }, { phase: 'waiting', digest, answer: personal?.answer ?? null })];
    }
    case 'FirstApprovalGiven': {
      const { requestId, by, granted, change, digest, personal } = known.data;
      return [
        set(
          requests,
          { id: requestId },
          {
            phase: 'waiting',
            wanted: JSON.stringify(granted),
            ...approvedArguments(personal?.arguments),
            change: change && JSON.stringify(change),
            digest,
            first_by: idOf(by),
            first_name: personal?.name ?? null,
            first_at: at,
          },
        ),
      ];
    }
    case 'AccessApproved': {
      const { requestId, grantId, by, granted, change, startBy, personal } = known.data;
      return [
        set(
          requests,
          { id: requestId },
          {
            phase: 'approved',
            wanted: JSON.stringify(granted),
            ...approvedArguments(personal?.arguments),
            change: change && JSON.stringify(change),
            decided_by: idOf(by),
            decided_name: personal?.name ?? null,
            message: personal?.message ?? null,
            ended_at: at,
            grant_id: grantId,
            grant_phase: change === null ? 'ready' : 'to confirm',
            start_by: fromInstant(startBy),
          },
        ),
      ];
    }
    case 'AccessDeclined': {
      const { requestId, by, personal } = known.data;
      return [
        set(
          requests,
          { id: requestId },
          {
            phase: 'declined',
            decided_by: idOf(by),
            decided_name: personal?.name ?? null,
            message: personal?.message ?? null,
            ended_at: at,
          },
        ),
      ];
    }
    case 'AccessWithdrawn': {
      const { requestId, cause } = known.data;
      return [set(requests, { id: requestId }, { phase: 'withdrawn', ended_at: at, end_cause: cause })];
    }
    case 'AccessLapsed': {
      const { requestId, cause, at: lapsed } = known.data;
      return [set(requests, { id: requestId }, { phase: 'lapsed', ended_at: fromInstant(lapsed), end_cause: cause })];
    }
    case 'ScopeConfirmed':
      return [set(requests, { grant_id: known.data.grantId }, { grant_phase: 'ready' })];
    case 'GrantLapsed': {
      const { grantId, cause } = known.data;
      return [set(requests, { grant_id: grantId }, { grant_phase: 'lapsed', grant_cause: cause })];
    }
    case 'SessionStarted': {
      const { grantId, sessionId } = known.data;
      if (grantId === undefined) return [];
      return [set(requests, { grant_id: grantId }, { grant_phase: 'in use', session_id: sessionId })];
    }
    case 'SessionEnded':
      // What let somebody in and nothing more is used up with the visit; what was left of another lapses by its own line.
      return VISIT_ALONE.map((kind) =>
        set(requests, { session_id: known.data.sessionId, kind, grant_phase: 'in use' }, { grant_phase: 'spent' }),
      );
    case 'ActionAuthorised': {
      const { grantId, actionId } = known.data;
      return [set(requests, { grant_id: grantId }, { grant_phase: 'spent', action_id: actionId })];
    }
    case 'FieldRevealed':
      return [set(requests, { grant_id: known.data.grantId }, { grant_phase: 'spent' })];
    case 'ActionReported': {
      const { actionId, outcome } = known.data;
      return [set(requests, { action_id: actionId }, { action_outcome: outcome })];
    }
    case 'CaseMerged': {
      const { caseId, intoCaseId, intoCaseRef } = known.data;
      const open = { workspace_id: workspaceId, case_id: caseId, ended_at: null };
      return [set(requests, open, { case_id: intoCaseId, case_ref: intoCaseRef })];
    }
    default:
      return [];
  }
};

function approvedArguments(given: Readonly<Record<string, unknown>> | undefined) {
  return given && { approved_arguments: JSON.stringify(given) };
}

/** Kinds that name no action and no field. */
const VISIT_ALONE: readonly RequestKind[] = ['read', 'extension', 'sensitive entry'];

function idOf(by: Decider): string {
  if (by.kind === 'policy') return 'policy';
  return by.kind === 'member' ? by.memberId : by.staffId;
}

export const requestsProjection: Projection = { name: 'requests', version: 5, tables: [requests], fold };
