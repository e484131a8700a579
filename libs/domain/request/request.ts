import type { CaseId, GrantId, MemberId, RequestId, SessionId, StaffId } from '@gatebook/protocol';
import * as v from 'valibot';
import { factKind, fromInstant, idWith, instant, type FactOf, type Written } from '../fact.ts';
import { SIDES, TRIGGERS, type NeededApproval, type Trigger } from '../policy/triggers.ts';
import { withAsked } from './asked-otherwise.ts';

/** What a staff member can ask for (design.md, section 2). */
export const REQUEST_KINDS = ['read', 'write', 'reveal', 'export', 'sensitive entry', 'extension'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** The one action of a write grant or an export. Its arguments stand in the personal part; the digest covers all of it. */
const plannedAction = v.object({
  name: v.string(),
  /** The phrase for people, with the target filled in: "retry the failed invoice sync on INV-88". */
  label: v.string(),
  target: v.nullable(v.string()),
  /** Of name, target and arguments in canonical form (RFC 8785). */
  digest: v.string(),
});
export type PlannedAction = v.InferOutput<typeof plannedAction>;

/** The one field of one record that a reveal is about. */
const plannedField = v.object({
  field: v.string(),
  record: v.nullable(v.string()),
  /** The phrase for people, with the record filled in; left out where the catalogue has none. */
  label: v.optional(v.string()),
});
export type PlannedField = v.InferOutput<typeof plannedField>;

/** Exactly what is asked for or granted: pages by their ids, one action or none, one field or none, and how long. */
export const wanted = v.object({
  pages: v.array(v.string()),
  action: v.nullable(plannedAction),
  field: v.nullable(plannedField),
  minutes: v.number(),
  can: v.array(v.string()),
  cannot: v.array(v.string()),
});
export type Wanted = v.InferOutput<typeof wanted>;

/** Who decided: a member of the customer, a second person of the vendor, or the policy where it asks nobody. */
export const decider = v.variant('kind', [
  v.object({ kind: v.literal('member'), memberId: idWith('mem') }),
  v.object({ kind: v.literal('staff'), staffId: idWith('stf') }),
  v.object({ kind: v.literal('policy') }),
]);
export type Decider = v.InferOutput<typeof decider>;

/** The action's arguments as they are approved, as asked for or others: `{}` where all were taken away, left out where there were none. */
const approvedArguments = v.optional(v.record(v.string(), v.unknown()));
/** As they were asked for, where others are approved: the line of the approval tells both (S4-47). */
const askedArguments = approvedArguments;

const deciderShown = v.optional(v.object({ subject: v.string(), name: v.string(), message: v.nullable(v.string()) }));
const approverShown = v.optional(
  v.object({
    subject: v.string(),
    name: v.string(),
    message: v.nullable(v.string()),
    arguments: approvedArguments,
    askedArguments,
  }),
);

export const AccessRequested = factKind(
  'AccessRequested',
  'A staff member asked for access: what, why, for how long.',
  {
    requestId: idWith('req'),
    staffId: idWith('stf'),
    /** The verified person who asks: nobody approves themselves, whatever role they come in. */
    person: v.object({ issuer: v.string(), subject: v.string() }),
    kind: v.picklist(REQUEST_KINDS),
    /** The case that it is for; `null`: none, where policy lets it be so. */
    caseId: v.nullable(idWith('case')),
    caseRef: v.nullable(v.string()),
    job: v.nullable(v.string()),
    /** The member viewed as; `null`: as support. */
    viewAs: v.nullable(idWith('mem')),
    wanted,
    /** The visit that it would go on from, for an extension. */
    extends: v.nullable(idWith('ses')),
    plannedStart: v.nullable(instant),
    /** Which triggers of the policy it hits, and so whose approval it needs. */
    triggers: v.array(v.picklist(TRIGGERS)),
    asks: v.picklist(['nobody', ...SIDES]),
    lapsesAt: instant,
    /** Of everything that a decider is shown; each later line about the request carries the next one. */
    digest: v.string(),
    reliedOn: v.object({ policy: v.number(), catalogue: v.number(), staff: v.number() }),
    personal: v.optional(
      v.object({
        subject: idWith('stf'),
        staffName: v.string(),
        staffEmail: v.string(),
        reason: v.string(),
        /** The action's arguments, as they were asked for. */
        arguments: v.nullable(v.record(v.string(), v.unknown())),
      }),
    ),
  },
  2,
);

export const InformationAsked = factKind(
  'InformationAsked',
  'Who decides about a request asked the staff member something.',
  {
    requestId: idWith('req'),
    by: decider,
    digest: v.string(),
    personal: v.optional(v.object({ subject: v.string(), name: v.string(), question: v.string() })),
  },
);

export const InformationGiven = factKind(
  'InformationGiven',
  'The staff member answered a question about their request.',
  {
    requestId: idWith('req'),
    digest: v.string(),
    personal: v.optional(v.object({ subject: idWith('stf'), name: v.string(), answer: v.string() })),
  },
);

/** What an approval changed of what was asked for; both versions are kept (S4-26, S4-47). */
const change = v.object({
  /** Phrases of the can list that were asked for and not granted, and granted and not asked for. */
  removed: v.array(v.string()),
  added: v.array(v.string()),
  minutes: v.nullable(v.object({ from: v.number(), to: v.number() })),
  /** Left out: the same record as asked for. */
  target: v.optional(v.object({ from: v.nullable(v.string()), to: v.nullable(v.string()) })),
});
export type ScopeChange = v.InferOutput<typeof change>;

export const FirstApprovalGiven = factKind(
  'FirstApprovalGiven',
  'The first of two approved a request; it waits for the second (S1-27, S1-28).',
  {
    requestId: idWith('req'),
    by: decider,
    granted: wanted,
    change: v.nullable(change),
    digest: v.string(),
    personal: v.optional(
      v.object({
        subject: v.string(),
        name: v.string(),
        /** So that the second is somebody else, whatever sign-in they come with. */
        email: v.nullable(v.string()),
        message: v.nullable(v.string()),
        arguments: approvedArguments,
        askedArguments,
      }),
    ),
  },
);

export const AccessApproved = factKind(
  'AccessApproved',
  'A request was approved, as it was asked for or changed; a grant stands.',
  {
    requestId: idWith('req'),
    grantId: idWith('gr'),
    by: decider,
    granted: wanted,
    /** Against what was asked for; `null`: approved as asked. A changed scope is confirmed before it is used (S4-32). */
    change: v.nullable(change),
    /** The grant is used before this instant or not at all. */
    startBy: instant,
    personal: approverShown,
  },
);

export const AccessDeclined = factKind('AccessDeclined', 'A request was declined.', {
  requestId: idWith('req'),
  by: decider,
  personal: deciderShown,
});

export const WITHDRAWAL_CAUSES = ['by the staff member', 'staff disabled', 'case reassigned'] as const;
export const AccessWithdrawn = factKind('AccessWithdrawn', 'A request was taken back.', {
  requestId: idWith('req'),
  cause: v.picklist(WITHDRAWAL_CAUSES),
});

export const LAPSE_CAUSES = ['nobody decided', 'access off', 'case closed', 'workspace closed'] as const;
export const AccessLapsed = factKind('AccessLapsed', 'A request ended without anybody’s decision about it.', {
  requestId: idWith('req'),
  cause: v.picklist(LAPSE_CAUSES),
  /** The true end, which can lie before the fact's own time. */
  at: instant,
});

export const REQUEST_FACTS = [
  AccessRequested,
  InformationAsked,
  InformationGiven,
  FirstApprovalGiven,
  AccessApproved,
  AccessDeclined,
  AccessWithdrawn,
  AccessLapsed,
] as const;
export type RequestFact = FactOf<(typeof REQUEST_FACTS)[number]>;
type Requested = FactOf<typeof AccessRequested>['data'];

type Arguments = Readonly<Record<string, unknown>>;

/** A request that nobody has ended: exactly one end follows, whatever races. */
export interface OpenRequest {
  readonly phase: 'waiting' | 'information asked';
  readonly id: RequestId;
  readonly staffId: StaffId;
  readonly person: { readonly issuer: string; readonly subject: string };
  readonly kind: RequestKind;
  /** `null`: none. */
  readonly caseId: CaseId | null;
  readonly caseRef: string | null;
  readonly job: string | null;
  readonly viewAs: MemberId | null;
  /** As asked for. */
  readonly asked: Wanted;
  /** As it stands: changed by the first of two approvals. */
  readonly wanted: Wanted;
  readonly extends: SessionId | null;
  readonly plannedStart: number | null;
  readonly triggers: readonly Trigger[];
  readonly asks: NeededApproval;
  /** The first of two approvals. */
  readonly firstApproval: Decider | null;
  readonly firstEmail: string | null;
  /** It waits before this instant, not at it. */
  readonly lapsesAt: number;
  readonly digest: string;
  /** `askedArguments`: where the first of two approved others. */
  readonly shown: (NonNullable<Requested['personal']> & { readonly askedArguments?: Arguments | undefined }) | null;
  readonly askedAt: number;
}

export const REQUEST_ENDS = ['approved', 'declined', 'withdrawn', 'lapsed'] as const;
export type RequestEnd = (typeof REQUEST_ENDS)[number];

/** A request with its one end; remembered for a while, so that who comes late hears what was decided. */
export interface EndedRequest {
  readonly phase: RequestEnd;
  readonly id: RequestId;
  readonly staffId: StaffId;
  readonly at: number;
  readonly by: Decider | null;
  /** Whether its end stands in the log yet: what goes with "off" is ended at once and recorded behind it. */
  readonly recorded: boolean;
  readonly lapse: (typeof LAPSE_CAUSES)[number] | null;
}

export type AccessRequest = OpenRequest | EndedRequest;
/** Oldest first. A handful: ended ones are forgotten. */
export type Requests = readonly AccessRequest[];

export const noRequests: Requests = [];

const ENDED_REMEMBERED_MS = 24 * 60 * 60 * 1000;
const ENDED_REMEMBERED = 50;

export function evolveRequests(requests: Requests, fact: RequestFact, { time }: Written): Requests {
  switch (fact.type) {
    case 'AccessRequested':
      return withNewest(requests, requested(fact.data, time), time);
    case 'InformationAsked':
      return changed(requests, fact.data.requestId, (open) => ({
        ...open,
        phase: 'information asked',
        digest: fact.data.digest,
      }));
    case 'InformationGiven':
      return changed(requests, fact.data.requestId, (open) => ({
        ...open,
        phase: 'waiting',
        digest: fact.data.digest,
      }));
    case 'FirstApprovalGiven': {
      const { by, granted, digest, personal } = fact.data;
      return changed(requests, fact.data.requestId, (open) => ({
        ...open,
        phase: 'waiting',
        firstApproval: by,
        firstEmail: personal?.email ?? null,
        wanted: granted,
        digest,
        shown: withAsked(withArguments(open.shown, personal?.arguments), personal?.askedArguments),
      }));
    }
    case 'AccessApproved':
      return end(requests, fact.data.requestId, { phase: 'approved', at: time, by: fact.data.by });
    case 'AccessDeclined':
      return end(requests, fact.data.requestId, { phase: 'declined', at: time, by: fact.data.by });
    case 'AccessWithdrawn':
      return end(requests, fact.data.requestId, { phase: 'withdrawn', at: time, by: null });
    case 'AccessLapsed': {
      const { requestId, cause, at } = fact.data;
      return end(requests, requestId, { phase: 'lapsed', at: fromInstant(at), by: null, lapse: cause });
    }
  }
}

function requested(data: Requested, time: number): OpenRequest {
  return {
    phase: 'waiting',
    id: data.requestId,
    staffId: data.staffId,
    person: data.person,
    kind: data.kind,
    caseId: data.caseId,
    caseRef: data.caseRef,
    job: data.job,
    viewAs: data.viewAs,
    asked: data.wanted,
    wanted: data.wanted,
    extends: data.extends,
    plannedStart: data.plannedStart === null ? null : fromInstant(data.plannedStart),
    triggers: data.triggers,
    asks: data.asks,
    firstApproval: null,
    firstEmail: null,
    lapsesAt: fromInstant(data.lapsesAt),
    digest: data.digest,
    shown: data.personal ?? null,
    askedAt: time,
  };
}

/** What stands of a request once its arguments are approved; what was said before holds where an approval says nothing. */
export function withArguments(shown: OpenRequest['shown'], approved: Arguments | undefined): OpenRequest['shown'] {
  return shown && approved ? { ...shown, arguments: { ...approved } } : shown;
}

/** Ends every open request at once; their own facts follow as the record. */
export function lapseAll(
  requests: Requests,
  lapse: NonNullable<EndedRequest['lapse']>,
  at: number,
  which: (open: OpenRequest) => boolean = () => true,
): Requests {
  if (!requests.some((request) => isOpen(request) && which(request))) return requests;
  return requests.map((request) =>
    isOpen(request) && which(request)
      ? { phase: 'lapsed', id: request.id, staffId: request.staffId, at, by: null, recorded: false, lapse }
      : request,
  );
}

export function isOpen(request: AccessRequest | undefined): request is OpenRequest {
  return request?.phase === 'waiting' || request?.phase === 'information asked';
}

export function openRequests(requests: Requests): OpenRequest[] {
  return requests.filter(isOpen);
}

export function requestWith(requests: Requests, id: RequestId): AccessRequest | undefined {
  return requests.find((request) => request.id === id);
}

/** The grant of a request has the request's own suffix: a request is granted once at most. */
export function grantIdOf(id: RequestId): GrantId {
  return `gr_${id.slice('req_'.length)}`;
}

function withNewest(requests: Requests, open: OpenRequest, time: number): Requests {
  const ended = requests.filter((request) => !isOpen(request)).filter(({ recorded }) => recorded);
  const tooMany = ended.slice(0, Math.max(0, ended.length - ENDED_REMEMBERED));
  const forgotten = new Set<AccessRequest>([...tooMany, ...ended.filter(({ at }) => time - at > ENDED_REMEMBERED_MS)]);
  return requests.filter((request) => !forgotten.has(request)).concat([open]);
}

function changed(requests: Requests, id: RequestId, to: (open: OpenRequest) => OpenRequest): Requests {
  // What has ended stays ended, whatever stands behind its end.
  return requests.map((request) => (request.id === id && isOpen(request) ? to(request) : request));
}

function end(
  requests: Requests,
  id: RequestId,
  as: Pick<EndedRequest, 'phase' | 'at' | 'by'> & { readonly lapse?: EndedRequest['lapse'] },
): Requests {
  return requests.map((request) => {
    if (request.id !== id) return request;
    if (!isOpen(request)) return { ...request, recorded: true };
    return { id, staffId: request.staffId, recorded: true, lapse: null, ...as };
  });
}
