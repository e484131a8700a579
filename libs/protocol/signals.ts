/**
 * What the product tells the service: `POST /v1/signals` with 1 to 500 signals. A signal's `id` is a UUIDv7; the same
 * signal sent again has one effect. Answers {@link SignalsAnswer}, in the order sent.
 */
export const MEMBER_ROLES = ['owner', 'admin', 'manager', 'agent', 'viewer'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

export const STAFF_ROLES = ['agent', 'lead', 'engineer', 'responder', 'reviewer'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** `workspace`, `member` and `case` are the product's own ids; a person is `issuer` and `subject`. */
export type Signal = { readonly id: string } & (
  | { readonly type: 'workspace.registered'; readonly workspace: string; readonly name: string }
  | { readonly type: 'workspace.closed'; readonly workspace: string }
  | {
      readonly type: 'member.role-changed';
      readonly workspace: string;
      readonly member: string;
      readonly issuer: string;
      readonly subject: string;
      readonly name: string;
      readonly email: string;
      /** `null`: no longer a member. */
      readonly role: MemberRole | null;
      /** The workspace’s contact for bills: entry as them asks more (S1-27). Left out: as it was. */
      readonly billingContact?: boolean;
    }
  | { readonly type: 'workspace.plan-changed'; readonly workspace: string; readonly plan: string }
  | { readonly type: 'case.opened'; readonly workspace: string; readonly case: string; readonly title: string }
  | { readonly type: 'case.closed'; readonly workspace: string; readonly case: string }
  | {
      /** Visits for it go on under the case that it went into, which must be open. */
      readonly type: 'case.merged';
      readonly workspace: string;
      readonly case: string;
      readonly into: string;
    }
  | {
      /** `null`: nobody’s. Visits for it by others end; a case that is opened again is nobody’s until it is told. */
      readonly type: 'case.reassigned';
      readonly workspace: string;
      readonly case: string;
      readonly assignee: { readonly issuer: string; readonly subject: string } | null;
    }
  | {
      /** From the vendor's staff directory: needs the directory's key, not a product's. */
      readonly type: 'staff.enabled';
      readonly issuer: string;
      readonly subject: string;
      readonly name: string;
      readonly email: string;
      readonly roles: readonly StaffRole[];
    }
  | { readonly type: 'staff.disabled'; readonly issuer: string; readonly subject: string }
);

export interface SignalsAnswer {
  readonly results: readonly {
    readonly id: string;
    readonly outcome: 'accepted' | 'repeated' | 'refused';
    /** Why it was refused, as a sentence. */
    readonly because?: string;
    /** Somebody was to be disabled of whom the directory never told: accepted, and there was nothing to end. */
    readonly unknown?: true;
    readonly position?: string;
  }[];
}
