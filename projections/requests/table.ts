import { defineTable } from '../runner/table.ts';

/** One row per request for access, with what came of it; ended ones stay. */
export const requests = defineTable({
  name: 'requests',
  columns: {
    id: 'text',
    workspace_id: 'text',
    staff_id: 'text',
    /** `null` once erased. */
    staff_name: 'text?',
    staff_email: 'text?',
    kind: 'text',
    /** `null`: for no case. */
    case_id: 'text?',
    case_ref: 'text?',
    job: 'text?',
    reason: 'text?',
    view_as: 'text?',
    /** JSON: exactly what was asked for, and what stands or was granted. */
    asked: 'text',
    wanted: 'text',
    /** JSON: the action's arguments, as asked for. */
    arguments: 'text?',
    /** JSON: as they were approved; what was asked for holds where it is null. */
    approved_arguments: 'text?',
    /** JSON: which triggers of the policy it hits. */
    triggers: 'text',
    /** Whose approval it needs: `nobody`, `customer`, `vendor`, `both`. */
    asks: 'text',
    planned_start: 'bigint?',
    lapses_at: 'bigint',
    requested_at: 'bigint',
    /** `waiting`, `information asked`, `approved`, `declined`, `withdrawn`, `lapsed`. */
    phase: 'text',
    /** Of what a decider is shown. */
    digest: 'text',
    question: 'text?',
    answer: 'text?',
    first_by: 'text?',
    first_name: 'text?',
    first_at: 'bigint?',
    decided_by: 'text?',
    decided_name: 'text?',
    message: 'text?',
    ended_at: 'bigint?',
    /** Why it was withdrawn or lapsed. */
    end_cause: 'text?',
    /** JSON: what an approval changed; `null`: nothing. */
    change: 'text?',
    grant_id: 'text?',
    /** `to confirm`, `ready`, `in use`, `spent`, `lapsed`; `null`: there is none. */
    grant_phase: 'text?',
    grant_cause: 'text?',
    start_by: 'bigint?',
    session_id: 'text?',
    action_id: 'text?',
    /** `done`, `failed`, `unknown`; `null`: nothing was told yet. */
    action_outcome: 'text?',
    position: 'text',
  },
  key: 'id',
  indexes: [
    ['workspace_id', 'position'],
    ['staff_id', 'position'],
    ['session_id'],
    ['action_id'],
    ['grant_id'],
    ['decided_by'],
    ['phase', 'position'],
  ],
});
