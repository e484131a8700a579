import { fromInstant } from '#domain/fact';
import { decidedAt } from '../runner/instants.ts';
import { bookOf, denialsOf } from '../runner/streams.ts';
import { add, type Fold, type Projection } from '../runner/table.ts';
import { denials } from './table.ts';

const fold: Fold = ({ id, stream, revision, position, recordedAt, metadata }, known) => {
  if (known?.type !== 'AttemptDenied' || denialsOf(stream) === undefined) return [];
  const { attempt, rule, because, instead, sessionId, count, since, personal } = known.data;
  return [
    // These streams take appends without a revision: the same denial can stand twice, and the first one counts.
    add(denials, {
      fact_id: id,
      position,
      stream,
      revision,
      workspace_id: bookOf(stream) ?? null,
      occurred_at: decidedAt(metadata),
      recorded_at: recordedAt,
      actor_kind: metadata.actor.kind,
      actor_id: metadata.actor.id,
      actor_name: personal?.name ?? null,
      behalf_id: metadata.onBehalfOf?.kind === 'member' ? metadata.onBehalfOf.id : null,
      command: attempt.command,
      attempt: attempt.label,
      page: attempt.page ?? null,
      action: attempt.action ?? null,
      field: attempt.field ?? null,
      record: attempt.record ?? null,
      case_ref: attempt.caseRef ?? null,
      reason: personal?.reason ?? null,
      rule,
      because,
      instead,
      exactly: personal?.exactly ? JSON.stringify(personal.exactly) : null,
      session_id: sessionId,
      times: count,
      since_at: fromInstant(since),
    }),
  ];
};

export const denialsProjection: Projection = { name: 'denials', version: 5, tables: [denials], fold };
