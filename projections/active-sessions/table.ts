import { defineTable } from '../runner/table.ts';

/** One row per visit without an end in the log. By the clock it may be over already: compare `planned_end` and idle. */
export const activeSessions = defineTable({
  name: 'active_sessions',
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
    started_at: 'bigint',
    /** When the staff member was inside; `null`: not yet. */
    entered_at: 'bigint?',
    planned_end: 'bigint',
    idle_minutes: 'integer',
    last_input_at: 'bigint',
    approved_by: 'text',
    approver_name: 'text?',
    viewed_as: 'text?',
    /** The one action of a visit on a write grant: the catalogue's name, in words, and when it was used. */
    action: 'text?',
    action_label: 'text?',
    action_used_at: 'bigint?',
    /** The page opened last: the catalogue's name, its name for people, and since when. */
    page: 'text?',
    page_label: 'text?',
    page_since: 'bigint?',
    area: 'text?',
    /** JSON arrays of phrases. */
    can: 'text',
    cannot: 'text',
    position: 'text',
  },
  key: 'session_id',
  indexes: [['workspace_id'], ['staff_id']],
});
