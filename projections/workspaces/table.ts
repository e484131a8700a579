import { defineTable } from '../runner/table.ts';

export const workspaces = defineTable({
  name: 'workspaces',
  columns: {
    id: 'text',
    product: 'text',
    /** The product's own id, unique per product. */
    external_id: 'text',
    name: 'text',
    /** `open` or `closed`. */
    phase: 'text',
    /** As the product calls it; `null`: never told. */
    plan: 'text?',
  },
  key: 'id',
  indexes: [['product', 'external_id']],
});

/** Who is a member today. */
export const members = defineTable({
  name: 'members',
  columns: {
    id: 'text',
    workspace_id: 'text',
    external_id: 'text',
    issuer: 'text',
    subject: 'text',
    role: 'text',
    /** 1: the contact for bills. */
    billing_contact: 'integer',
    name: 'text?',
    email: 'text?',
  },
  key: 'id',
  indexes: [['workspace_id'], ['issuer', 'subject']],
});

export const cases = defineTable({
  name: 'cases',
  columns: {
    id: 'text',
    workspace_id: 'text',
    /** As the help desk writes it. */
    case_ref: 'text',
    title: 'text?',
    /** `open` or `closed`. */
    phase: 'text',
    opened_at: 'bigint?',
    closed_at: 'bigint?',
    /** When visits for it end, once it is closed. */
    grace_ends: 'bigint?',
    /** The staff member whose it is; `null`: nobody’s, or nobody told. */
    assignee: 'text?',
    /** The case that it went into. */
    merged_into: 'text?',
  },
  key: 'id',
  indexes: [['workspace_id', 'case_ref']],
});
