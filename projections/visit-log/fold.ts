import { fromInstant } from '#domain/fact';
import type { DomainFact } from '#domain/facts';
import { upcastPolicy } from '#domain/policy/policy';
import { approverIdOf } from '#domain/session/session';
import { plainCodec, type StoredFact } from '#event-log/envelope';
import type { RecordedFact } from '#event-log/port';
import { markOf } from '#wording/wording';
import { decidedAt } from '../runner/instants.ts';
import { bookOf, workspaceOf } from '../runner/streams.ts';
import { add, put, set, type Change, type Fold, type Projection } from '../runner/table.ts';
import { recordings, visitLog, visits } from './table.ts';

const fold: Fold = (fact, known, recorded) => {
  const workspaceId = bookOf(fact.stream);
  if (workspaceId === undefined) return known?.type === 'PolicyChanged' ? [recordingOf(fact, known)] : [];
  const line = lineOf(fact, known, recorded, workspaceId);
  return workspaceOf(fact.stream) === undefined ? [line] : [line, ...visitChanges(fact, known, workspaceId)];
};

function recordingOf(
  { position, metadata }: StoredFact,
  { data }: Extract<DomainFact, { type: 'PolicyChanged' }>,
): Change {
  return put(recordings, { position, at: decidedAt(metadata), recording: upcastPolicy(data.policy).recording });
}

function lineOf(
  fact: StoredFact,
  known: DomainFact | undefined,
  recorded: RecordedFact | undefined,
  workspaceId: string,
): Change {
  const { actor, onBehalfOf } = fact.metadata;
  return add(visitLog, {
    fact_id: fact.id,
    position: fact.position,
    workspace_id: workspaceId,
    stream: fact.stream,
    revision: fact.revision,
    occurred_at: decidedAt(fact.metadata),
    recorded_at: fact.recordedAt,
    kind: fact.type,
    mark: known ? markOf(known.type) : 'dot',
    outcome: known ? (known.type === 'AttemptDenied' ? 'refused' : 'done') : 'unreadable',
    session_id: known && 'sessionId' in known.data ? known.data.sessionId : null,
    actor_kind: actor.kind,
    actor_id: actor.id,
    behalf_kind: onBehalfOf?.kind ?? null,
    behalf_id: onBehalfOf?.id ?? null,
    data: fact.data === null ? null : isAsStored(fact) && recorded ? recorded.data : JSON.stringify(fact.data),
    metadata: fact.data !== null && recorded ? recorded.metadata : JSON.stringify(fact.metadata),
  });
}

/** Nothing was opened when it was read: then the log's own text is the same, and need not be made again. */
function isAsStored({ data, metadata }: StoredFact): boolean {
  return metadata.codec === plainCodec.name || (data as { personal?: unknown }).personal === undefined;
}

/** What a session ends with when staff access ends; its own `SessionEnded` follows and says the same. */
const END_CAUSE_OF = {
  owner: 'revoked',
  'window ended': 'window ended',
  'no owner left': 'revoked',
  'workspace closed': 'workspace closed',
} as const;

function visitChanges(fact: StoredFact, known: DomainFact | undefined, workspaceId: string): Change[] {
  switch (known?.type) {
    case 'SessionStarted': {
      const { data } = known;
      return [
        put(visits, {
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
          approved_by: approverIdOf(data.approvedBy),
          approved_by_kind: data.approvedBy.kind,
          approver_name: data.personal?.approverName ?? null,
          first_approver: data.firstApprovedBy?.memberId ?? null,
          viewed_as: data.viewedAs,
          started_at: decidedAt(fact.metadata),
          planned_end: fromInstant(data.plannedEnd),
          ended_at: null,
          end_cause: null,
          position: fact.position,
        }),
      ];
    }
    case 'StaffAccessDisabled': {
      const { cause, at } = known.data;
      const live = { workspace_id: workspaceId, ended_at: null };
      return [set(visits, live, { ended_at: fromInstant(at), end_cause: END_CAUSE_OF[cause] })];
    }
    case 'SessionEnded': {
      const { sessionId, cause, at } = known.data;
      return [set(visits, { session_id: sessionId }, { ended_at: fromInstant(at), end_cause: cause })];
    }
    case 'CaseMerged': {
      const { caseId, intoCaseId, intoCaseRef } = known.data;
      // A visit is found under the case that it went on for; the one that it began for stands in its first line.
      const live = { workspace_id: workspaceId, case_id: caseId, ended_at: null };
      return [set(visits, live, { case_id: intoCaseId, case_ref: intoCaseRef })];
    }
    default:
      return [];
  }
}

export const visitLogProjection: Projection = {
  name: 'visit-log',
  version: 7,
  tables: [visitLog, visits, recordings],
  fold,
};
