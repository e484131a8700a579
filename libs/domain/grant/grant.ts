import type { ActionId, CaseId, GrantId, MemberId, RequestId, SessionId, StaffId } from '@gatebook/protocol';
import * as v from 'valibot';
import { factKind, fromInstant, idWith, instant, type FactOf } from '../fact.ts';
import { withArguments, type Decider, type OpenRequest, type RequestKind, type Wanted } from '../request/request.ts';

export const ScopeConfirmed = factKind(
  'ScopeConfirmed',
  'The staff member confirmed a scope that was changed when it was approved (S4-26, S4-32).',
  { requestId: idWith('req'), grantId: idWith('gr'), staffId: idWith('stf') },
);

export const GRANT_END_CAUSES = [
  'not started in time',
  'access off',
  'approver left',
  'case closed',
  'case reassigned',
  'staff disabled',
  'withdrawn',
  'session ended',
  'workspace closed',
] as const;

export const GrantLapsed = factKind('GrantLapsed', 'A grant ended without being used, or before it was spent.', {
  grantId: idWith('gr'),
  requestId: idWith('req'),
  cause: v.picklist(GRANT_END_CAUSES),
  /** The true end, which can lie before the fact's own time. */
  at: instant,
});

export const ActionAuthorised = factKind(
  'ActionAuthorised',
  'The one approved action may be performed now: the line that stands before the product does it. It spends the grant.',
  {
    actionId: idWith('act'),
    sessionId: idWith('ses'),
    grantId: idWith('gr'),
    requestId: idWith('req'),
    action: v.string(),
    /** The phrase for people: "retry the failed invoice sync on INV-88". */
    label: v.string(),
    target: v.nullable(v.string()),
    /** The case that the visit is for; `null`: none. */
    caseRef: v.nullable(v.string()),
    /** Of name, target and arguments in canonical form (RFC 8785): equal to what was approved. */
    digest: v.string(),
    /** Without a report by this instant its outcome is unknown. */
    reportBy: instant,
    personal: v.optional(v.object({ subject: v.string(), arguments: v.nullable(v.record(v.string(), v.unknown())) })),
  },
  2,
);

export const ACTION_OUTCOMES = ['done', 'failed', 'unknown'] as const;

export const ActionReported = factKind(
  'ActionReported',
  'The product told what came of an action; without its word in time the outcome is unknown.',
  {
    actionId: idWith('act'),
    sessionId: idWith('ses'),
    outcome: v.picklist(ACTION_OUTCOMES),
    /** The phrase of the action, so that the line reads by itself. */
    label: v.string(),
    /** The case that the visit is for; `null`: none. */
    caseRef: v.nullable(v.string()),
    /** The fields that changed; old and new values only where the field's class allows (S4-48). */
    fields: v.array(v.string()),
    personal: v.optional(
      v.object({
        subject: v.string(),
        changes: v.array(v.object({ field: v.string(), old: v.nullable(v.string()), new: v.nullable(v.string()) })),
      }),
    ),
  },
  2,
);

export const FieldRevealed = factKind(
  'FieldRevealed',
  'A masked field of one record was shown, as it was approved: the line that stands before it is served (S1-44).',
  {
    sessionId: idWith('ses'),
    grantId: idWith('gr'),
    requestId: idWith('req'),
    field: v.string(),
    record: v.nullable(v.string()),
    /** The phrase for people, as it was approved; left out where the catalogue had none. */
    label: v.optional(v.string()),
  },
);

export const GRANT_FACTS = [ScopeConfirmed, GrantLapsed, ActionAuthorised, ActionReported, FieldRevealed] as const;
export type GrantFact = FactOf<(typeof GRANT_FACTS)[number]>;

/** What an approval allows: one visit, begun in time, and in it one action or one field, once (S0-21 to S0-29). */
export interface Grant {
  /**
   * `to confirm`: the scope was changed, and the staff member has yet to say yes. `ready`: a visit may begin. `in use`:
   * the visit runs. `spent`: its action or its field was used; it stands until the visit ends.
   */
  readonly phase: 'to confirm' | 'ready' | 'in use' | 'spent';
  readonly id: GrantId;
  readonly requestId: RequestId;
  readonly staffId: StaffId;
  readonly kind: RequestKind;
  /** `null`: none. */
  readonly caseId: CaseId | null;
  readonly caseRef: string | null;
  readonly job: string | null;
  readonly viewAs: MemberId | null;
  readonly granted: Wanted;
  readonly extends: SessionId | null;
  /** Who approved, the first of two first. */
  readonly by: readonly Decider[];
  readonly approverName: string | null;
  /** The visit begins before this instant or never. */
  readonly startBy: number;
  readonly plannedStart: number | null;
  readonly sessionId: SessionId | null;
  readonly shown: OpenRequest['shown'];
}

/** A grant that ended before it was spent, until its own `GrantLapsed` stands in the log. */
export interface EndedGrant {
  readonly phase: 'ended';
  readonly id: GrantId;
  readonly requestId: RequestId;
  readonly staffId: StaffId;
  readonly cause: (typeof GRANT_END_CAUSES)[number];
  readonly at: number;
}

/** Oldest first. A handful: ended and spent ones are forgotten. */
export type Grants = readonly (Grant | EndedGrant)[];
export const noGrants: Grants = [];

/** An authorised action whose outcome nobody has told yet. */
export interface PendingAction {
  readonly id: ActionId;
  readonly sessionId: SessionId;
  readonly label: string;
  readonly caseRef: string | null;
  readonly reportBy: number;
  /** No report came in time, and the log says so; a late one is still written. */
  readonly isOverdue: boolean;
}
export type PendingActions = readonly PendingAction[];
export const noActions: PendingActions = [];

export function isUnused(grant: Grant | EndedGrant): grant is Grant {
  return grant.phase === 'to confirm' || grant.phase === 'ready';
}

export function isStanding(grant: Grant | EndedGrant): grant is Grant {
  return grant.phase !== 'ended';
}

export function grantWith(grants: Grants, id: GrantId): Grant | EndedGrant | undefined {
  return grants.find((grant) => grant.id === id);
}

/** The grant that a visit runs on; `undefined`: it runs on the switch or on the role alone. */
export function grantOfSession(grants: Grants, sessionId: SessionId): Grant | undefined {
  for (const grant of grants) if (isStanding(grant) && grant.sessionId === sessionId) return grant;
  return undefined;
}

/** The grant that an approval gives rise to. */
export function granted(
  request: OpenRequest,
  id: GrantId,
  approval: {
    readonly by: Decider;
    readonly granted: Wanted;
    readonly isChanged: boolean;
    readonly startBy: number;
    readonly approverName: string | null;
    readonly arguments: Readonly<Record<string, unknown>> | undefined;
  },
): Grant {
  return {
    phase: approval.isChanged ? 'to confirm' : 'ready',
    id,
    requestId: request.id,
    staffId: request.staffId,
    kind: request.kind,
    caseId: request.caseId,
    caseRef: request.caseRef,
    job: request.job,
    viewAs: request.viewAs,
    granted: approval.granted,
    extends: request.extends,
    by: request.firstApproval ? [request.firstApproval, approval.by] : [approval.by],
    approverName: approval.approverName,
    startBy: approval.startBy,
    plannedStart: request.plannedStart,
    sessionId: null,
    shown: withArguments(request.shown, approval.arguments),
  };
}

/** Nothing is left of it to lapse: its one action or field was used, or it gave a visit and nothing else, and that began. */
export function isUsedUp({ phase, granted: { action, field } }: Grant): boolean {
  return phase === 'spent' || (phase === 'in use' && action === null && field === null);
}

/** Ends grants at once; their own facts follow as the record. What is used up doesn't lapse. */
export function endGrants(
  grants: Grants,
  cause: EndedGrant['cause'],
  at: number,
  which: (grant: Grant) => boolean = () => true,
): Grants {
  if (!grants.some((grant) => isStanding(grant) && which(grant))) return grants;
  return grants.flatMap((grant): Grants => {
    if (!isStanding(grant) || !which(grant)) return [grant];
    if (isUsedUp(grant)) return [];
    const { id, requestId, staffId } = grant;
    return [{ phase: 'ended', id, requestId, staffId, cause, at }];
  });
}

/** A visit began on a grant. */
export function inUse(grants: Grants, id: GrantId, sessionId: SessionId): Grants {
  return grants.map((grant) =>
    grant.id === id && isStanding(grant) ? { ...grant, phase: 'in use' as const, sessionId } : grant,
  );
}

export function evolveGrants(grants: Grants, fact: GrantFact): Grants {
  switch (fact.type) {
    case 'ScopeConfirmed':
      return grants.map((grant) =>
        grant.id === fact.data.grantId && grant.phase === 'to confirm' ? { ...grant, phase: 'ready' as const } : grant,
      );
    case 'GrantLapsed':
      return grants.filter(({ id }) => id !== fact.data.grantId);
    case 'ActionAuthorised':
    case 'FieldRevealed':
      return grants.map((grant) =>
        grant.id === fact.data.grantId && isStanding(grant) ? { ...grant, phase: 'spent' as const } : grant,
      );
    case 'ActionReported':
      return grants;
  }
}

/** So many actions without a report are remembered; the oldest go first. */
const ACTIONS_REMEMBERED = 50;

export function evolveActions(actions: PendingActions, fact: GrantFact): PendingActions {
  switch (fact.type) {
    case 'ActionAuthorised': {
      const { actionId, sessionId, label, caseRef, reportBy } = fact.data;
      const pending = { id: actionId, sessionId, label, caseRef, reportBy: fromInstant(reportBy), isOverdue: false };
      return actions.slice(-(ACTIONS_REMEMBERED - 1)).concat([pending]);
    }
    case 'ActionReported': {
      const { actionId, outcome } = fact.data;
      if (outcome !== 'unknown') return actions.filter(({ id }) => id !== actionId);
      return actions.map((action) => (action.id === actionId ? { ...action, isOverdue: true } : action));
    }
    default:
      return actions;
  }
}
