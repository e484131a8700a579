import { defineTable } from '../runner/table.ts';

/** One row per workspace: whether its switch is on. Past `until` it is off, whether or not that is written yet. */
export const staffAccess = defineTable({
  name: 'staff_access',
  columns: {
    workspace_id: 'text',
    is_on: 'integer',
    /** While on: the window's end, epoch milliseconds; `null`: it is on until it is turned off. */
    until_at: 'bigint?',
    /** When it went on (or was set anew), or off. `null`: never on. */
    since_at: 'bigint?',
    /** Who turned it on or off; `null` where no member did. */
    member_id: 'text?',
    member_name: 'text?',
    /** Why it is off; `null` while on, and before it was ever on. */
    off_cause: 'text?',
    /** JSON array of the catalogue's areas that stay closed. */
    without_areas: 'text',
    only_case: 'text?',
    position: 'text',
  },
  key: 'workspace_id',
  indexes: [],
});
