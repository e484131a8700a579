import { defineTable } from '../runner/table.ts';

/** Names by id: members, staff members, and strangers who were refused. People who left keep their row. */
export const people = defineTable({
  name: 'people',
  columns: {
    id: 'text',
    kind: 'text',
    /** `null`: erased. */
    name: 'text?',
    email: 'text?',
    issuer: 'text?',
    subject: 'text?',
    /** Staff members: 1 while enabled. */
    enabled: 'integer?',
    /** Staff members: JSON array of roles. */
    roles: 'text?',
  },
  key: 'id',
  indexes: [['issuer', 'subject']],
});
