import { defineTable } from '../runner/table.ts';

/** One row per fact of a workspace's book: its own stream and its denials, what nobody can read included. */
export const visitLog = defineTable({
  name: 'visit_log',
  columns: {
    fact_id: 'text',
    position: 'text',
    workspace_id: 'text',
    stream: 'text',
    revision: 'bigint',
    occurred_at: 'bigint',
    recorded_at: 'bigint',
    /** The fact's type. */
    kind: 'text',
    mark: 'text',
    /** `done`, `refused`, or `unreadable`. */
    outcome: 'text',
    session_id: 'text?',
    actor_kind: 'text',
    actor_id: 'text',
    behalf_kind: 'text?',
    behalf_id: 'text?',
    /** JSON, personal part opened; `null` where it can't be read. */
    data: 'text?',
    metadata: 'text',
  },
  key: 'fact_id',
  indexes: [
    // What lines are filtered by stands beside their order: what doesn't fit is passed over without reading its row.
    ['workspace_id', 'position', 'kind', 'mark', 'outcome', 'actor_id', 'occurred_at'],
    // With the mark, for counting a visit's lines by it.
    ['session_id', 'position', 'mark'],
  ],
  onlyAdded: true,
});

/** One row per visit, live or ended. */
export const visits = defineTable({
  name: 'visits',
  columns: {
    session_id: 'text',
    workspace_id: 'text',
    staff_id: 'text',
    staff_name: 'text?',
    staff_email: 'text?',
    /** `null`: for no case. */
    case_id: 'text?',
    case_ref: 'text?',
    job: 'text?',
    mode: 'text',
    reason: 'text?',
    approved_by: 'text',
    /** What let them in: `switch`, `member`, `staff`, `policy`. */
    approved_by_kind: 'text',
    approver_name: 'text?',
    /** Of two approvals the first, the customer's; `null`: one was enough. */
    first_approver: 'text?',
    /** The member viewed as; `null`: as support. */
    viewed_as: 'text?',
    started_at: 'bigint',
    planned_end: 'bigint',
    /** The true end; `null` while the visit goes on. */
    ended_at: 'bigint?',
    end_cause: 'text?',
    /** Position of its start. */
    position: 'text',
  },
  key: 'session_id',
  indexes: [
    ['workspace_id', 'position'],
    ['staff_id', 'position'],
    // Of a workspace, those that ended last: the notes of them.
    ['workspace_id', 'ended_at', 'position'],
    // Of all workspaces and of everybody, for those who check visits: the newest, and those of a week. Read in their
    // order, those of other weeks are passed over without reading their rows.
    ['position', 'started_at'],
    ['started_at', 'position'],
  ],
});

/** One row per change of the settings: how much of a visit is a line from then on. Before the first: every page. */
export const recordings = defineTable({
  name: 'recordings',
  columns: { position: 'text', at: 'bigint', recording: 'text' },
  key: 'position',
  indexes: [],
});
