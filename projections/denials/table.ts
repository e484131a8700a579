import { defineTable } from '../runner/table.ts';

/** One row per refusal, in workspaces' books and in the askers' own. */
export const denials = defineTable({
  name: 'denials',
  columns: {
    fact_id: 'text',
    position: 'text',
    stream: 'text',
    revision: 'bigint',
    /** `null`: it stands in the asker's own book, because the target was not theirs to know of. */
    workspace_id: 'text?',
    occurred_at: 'bigint',
    recorded_at: 'bigint',
    actor_kind: 'text',
    actor_id: 'text',
    actor_name: 'text?',
    /** The member as whom they looked; `null`: as themselves. */
    behalf_id: 'text?',
    command: 'text',
    /** What follows "tried to". */
    attempt: 'text',
    page: 'text?',
    action: 'text?',
    field: 'text?',
    record: 'text?',
    case_ref: 'text?',
    /** The reason given with it. */
    reason: 'text?',
    rule: 'text',
    because: 'text',
    instead: 'text?',
    /** JSON: what a change was tried and approved with. */
    exactly: 'text?',
    session_id: 'text?',
    /** How many attempts the row stands for, and when the first of them was made. */
    times: 'bigint',
    since_at: 'bigint',
  },
  key: 'fact_id',
  indexes: [['stream', 'position'], ['actor_id', 'position'], ['occurred_at']],
  onlyAdded: true,
});
