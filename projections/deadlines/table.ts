import { defineTable } from '../runner/table.ts';

/**
 * The clocks that run: each falls due at `at + plus_ms`. Two columns, because a fact that moves a visit's last input
 * doesn't know how long the visit may be idle.
 */
export const deadlines = defineTable({
  name: 'deadlines',
  columns: {
    /** `<id of workspace, session, request, grant or action>/<clock>`. */
    id: 'text',
    workspace_id: 'text',
    session_id: 'text?',
    case_id: 'text?',
    /**
     * `window`, `planned end`, `idle`, `case`, `lapse` of a request, `start by` of a grant, `report` of an action, or
     * `over`: an end that took effect and has no line of its own yet.
     */
    clock: 'text',
    /** Epoch milliseconds; `null`: the clock doesn't run. */
    at: 'bigint?',
    plus_ms: 'bigint',
  },
  key: 'id',
  indexes: [['session_id'], ['workspace_id']],
});

/** Staff members' seats: each frees itself at `until_at`. */
export const seats = defineTable({
  name: 'seats',
  columns: { staff_id: 'text', session_id: 'text', workspace_id: 'text', until_at: 'bigint' },
  key: 'staff_id',
  indexes: [['session_id']],
});
