import type { RequestId, StaffId } from '@gatebook/protocol';
import type { BookContext, Person } from '../book/context.ts';
import { bothOf, neededApproval, type NeededApproval, type Trigger } from '../policy/triggers.ts';
import { rule, type Rule } from '../rule.ts';
import { article, memberBelongsHere, sameAddress } from '../workspace/rules.ts';
import { memberWho, type Member } from '../workspace/workspace.ts';
import { isOpen, requestWith, type AccessRequest, type Decider, type OpenRequest, type Wanted } from './request.ts';
import { triggersOf } from './scope.ts';

/** Who decides: a verified person as a member of the customer, or a staff member as the vendor's second person. */
export type DecidingPerson =
  { readonly kind: 'member'; readonly person: Person } | { readonly kind: 'staff'; readonly staffId: StaffId };

export interface RequestCommand {
  readonly requestId: RequestId;
}

/** A decision is about what the decider was shown: the digest of that. */
export interface DecidingCommand extends RequestCommand {
  readonly by: DecidingPerson;
  readonly shown: string;
}

export type RequestContext<Command extends RequestCommand = RequestCommand> = BookContext & {
  readonly command: Command;
  readonly request: AccessRequest | undefined;
};

export type DecidingContext<Command extends DecidingCommand = DecidingCommand> = RequestContext<Command> & {
  readonly member: Member | undefined;
};

export function withRequest<Command extends RequestCommand>(
  context: BookContext,
  command: Command,
): RequestContext<Command> {
  return { ...context, command, request: requestWith(context.book.requests, command.requestId) };
}

export function withDecider<Command extends DecidingCommand>(
  context: BookContext,
  command: Command,
): DecidingContext<Command> {
  const { by } = command;
  const member =
    by.kind === 'member' ? memberWho(context.book.workspace, by.person.issuer, by.person.subject) : undefined;
  return { ...withRequest(context, command), member };
}

export function openOf({ request }: RequestContext): OpenRequest {
  if (!isOpen(request)) throw new Error('The rules let a request through that is not open.');
  return request;
}

/** Book and settings of a moment: those in force in the workspace. */
type Moment = Pick<BookContext, 'book' | 'installation'>;

/** A grant, as far as its approvals are concerned. */
interface Approved extends Pick<OpenRequest, 'kind' | 'viewAs'> {
  readonly by: readonly Decider[];
  readonly granted: Wanted;
}

/** What a request or a grant hits as things stand: the catalogue's word and the roles of this moment (T26). */
export function triggersNow(
  { book, installation }: Moment,
  { kind, viewAs }: Pick<OpenRequest, 'kind' | 'viewAs'>,
  { pages, action }: Pick<Wanted, 'pages' | 'action'>,
): Trigger[] {
  const as = viewAs === null ? undefined : book.workspace.members.get(viewAs);
  return triggersOf(installation.catalogue, {
    kind,
    pages,
    action,
    viewedAsRole: as?.role ?? null,
    viewedAsBillingContact: as?.billingContact ?? false,
  });
}

/** Who is asked for these triggers as things stand: whom the settings name, and the customer where an owner wants each visit asked for. */
export function askedHere(
  { book: { staffAccess }, installation }: Moment,
  triggers: readonly Trigger[],
): NeededApproval {
  const each = staffAccess.phase === 'on' && staffAccess.askEach;
  return bothOf(neededApproval(installation.policy, triggers), each ? 'customer' : 'nobody');
}

/** Whose approval a request needs as things stand: what it needed when it was asked, or more where more is asked now. */
export function sideNeeded(context: Moment, open: OpenRequest): NeededApproval {
  const triggers = [...open.triggers, ...triggersNow(context, open, open.wanted)];
  return bothOf(open.asks, askedHere(context, triggers));
}

/** Whose approval those who gave it still stand for: who may no longer decide for the customer counts no more. */
export function sideGiven({ book, installation }: Moment, by: readonly Decider[]): NeededApproval {
  const { customer } = installation.policy.approval;
  return by.reduce<NeededApproval>((sofar, one) => {
    if (one.kind === 'staff') return bothOf(sofar, 'vendor');
    const role = one.kind === 'member' ? book.workspace.members.get(one.memberId)?.role : undefined;
    return role !== undefined && customer.includes(role) ? bothOf(sofar, 'customer') : sofar;
  }, 'nobody');
}

/** What was approved is enough as things stand: by the roles, the catalogue, the switch and the settings of this moment (T26). */
export function approvalSuffices(context: Moment, { by, granted, ...grant }: Approved): boolean {
  const given = sideGiven(context, by);
  return bothOf(given, askedHere(context, triggersNow(context, grant, granted))) === given;
}

/** Whose turn it is: of two, the customer's comes first. */
export function sideWhoseTurnItIs(context: Moment, open: OpenRequest): 'customer' | 'vendor' {
  const side = sideNeeded(context, open);
  if (side === 'both') return firstApprovalStands(context, open) ? 'vendor' : 'customer';
  return side === 'vendor' ? 'vendor' : 'customer';
}

/** Whoever may no longer decide takes their unused approval with them (policy.md, 8): it is asked for anew. */
function firstApprovalStands(context: Moment, { firstApproval }: OpenRequest): boolean {
  return firstApproval !== null && sideGiven(context, [firstApproval]) === 'customer';
}

/** How a request that waits stands at a moment: by it decisions are made, and by it who may make them is told. */
export interface RequestStanding {
  /** Whose approval it needs. */
  readonly asks: NeededApproval;
  /** Whose turn it is. */
  readonly waitsFor: 'customer' | 'vendor';
  /** Why the approval that was given first counts no more; `null`: it counts, or none was given. */
  readonly firstCountsNoMore: 'no member' | 'may not decide' | null;
}

export function standingOf(context: Moment, open: OpenRequest): RequestStanding {
  const first = open.firstApproval;
  const counts = first === null || firstApprovalStands(context, open);
  const isMember = first?.kind === 'member' && context.book.workspace.members.get(first.memberId) !== undefined;
  return {
    asks: sideNeeded(context, open),
    waitsFor: sideWhoseTurnItIs(context, open),
    firstCountsNoMore: counts ? null : isMember ? 'may not decide' : 'no member',
  };
}

export const NO_MEMBER = { because: 'The person to view as is no member of the workspace.' };

export const viewedAsIsMemberStill: Rule<RequestContext> = rule('viewedAsIsMember', ({ request, book }) =>
  !isOpen(request) || request.viewAs === null || book.workspace.members.get(request.viewAs) ? undefined : NO_MEMBER,
);

export const requestIsKnown: Rule<RequestContext> = rule('requestIsKnown', ({ request }) =>
  request ? undefined : { because: 'There is no such request, or it ended long ago.' },
);

const ENDS: Readonly<Record<string, string>> = {
  approved: 'This request was approved already.',
  declined: 'This request was declined already.',
  withdrawn: 'This request was taken back.',
  lapsed: 'This request has lapsed.',
};

export const requestIsOpen: Rule<RequestContext> = rule('requestIsOpen', ({ request }) => {
  if (request === undefined || isOpen(request)) return undefined;
  return { because: ENDS[request.phase] ?? 'This request has ended.', instead: 'More access is a new request.' };
});

export const requestIsTheirs: Rule<RequestContext<RequestCommand & { readonly staffId: StaffId }>> = rule(
  'requestIsTheirs',
  ({ request, command }) =>
    request?.staffId === command.staffId ? undefined : { because: 'This request is somebody else’s.' },
);

/** A member must belong here before anything is said of the request; a staff member must be enabled (threat T35). */
export const deciderBelongsHere: Rule<DecidingContext> = rule('memberBelongsHere', (context) => {
  const { command, member } = context;
  if (command.by.kind === 'staff') return undefined;
  return memberBelongsHere.check({ ...context, by: command.by.person, member });
});

export const deciderIsEnabled: Rule<DecidingContext> = rule('staffMemberIsEnabled', ({ command, staff }) =>
  command.by.kind === 'member' || (staff.readable && staff.phase === 'enabled')
    ? undefined
    : { because: 'You are not enabled as a staff member.' },
);

/** The verified person counts, not the role in which they come: same sign-in, same staff member, same confirmed address. */
export const approverIsNotRequester: Rule<DecidingContext> = rule(
  'approverIsNotRequester',
  ({ command: { by }, request, member, staff }) => {
    if (!isOpen(request)) return undefined;
    const { person, shown, staffId } = request;
    const same =
      by.kind === 'staff'
        ? by.staffId === staffId || sameAddress(staff.shown?.email ?? null, shown?.staffEmail ?? null)
        : (by.person.issuer === person.issuer && by.person.subject === person.subject) ||
          sameAddress(member?.email ?? null, shown?.staffEmail ?? null);
    return same ? { because: 'You asked for this yourself; somebody else decides about it.' } : undefined;
  },
);

/** Of two approvals, the second is another person's. */
export const secondIsSomebodyElse: Rule<DecidingContext> = rule(
  'approverIsNotRequester',
  ({ command: { by }, request, member, staff }) => {
    if (!isOpen(request) || request.firstApproval === null) return undefined;
    const first = request.firstApproval;
    const same =
      (first.kind === 'staff' && by.kind === 'staff' && first.staffId === by.staffId) ||
      (first.kind === 'member' && first.memberId === member?.id) ||
      (first.kind === 'member' && by.kind === 'staff' && sameAddress(staff.shown?.email ?? null, request.firstEmail));
    return same ? { because: 'You gave the first approval; the second is somebody else’s.' } : undefined;
  },
);

export const approverIsNotInAVisit: Rule<DecidingContext> = rule(
  'approverIsNotInAVisit',
  ({ command: { by }, book, staff, now }) => {
    if (by.kind === 'member') return undefined;
    // The seat tells of visits elsewhere; it is freed behind the end of its visit, of which this book knows before.
    const { seat } = staff;
    const isOver = book.sessions.all.some(({ id, phase }) => id === seat?.sessionId && phase === 'ended');
    const inside =
      book.sessions.all.some((session) => session.phase === 'live' && session.staffId === by.staffId) ||
      (seat !== null && now < seat.until && !isOver);
    return inside
      ? { because: 'You are in a visit, and nothing is approved from inside one.', instead: 'Exit it first.' }
      : undefined;
  },
);

/** Roles are read when deciding (threat T26), and of two sides the one whose turn it is decides. */
export const deciderMayDecide: Rule<DecidingContext> = rule('deciderMayDecide', (context) => {
  const { command, request, member, staff, installation } = context;
  if (!isOpen(request)) return undefined;
  const { approval } = installation.policy;
  const turn = sideWhoseTurnItIs(context, request);
  if (command.by.kind === 'member') {
    if (!member || !approval.customer.includes(member.role))
      return { because: `Only ${either(approval.customer)} may decide; you are ${article(member?.role ?? 'viewer')}.` };
    return turn === 'customer' ? undefined : { because: 'It is for a second person of the vendor to decide now.' };
  }
  if (!staff.roles.some((role) => (approval.vendor as readonly string[]).includes(role)))
    return { because: `Only ${either(approval.vendor)} may decide for the vendor.` };
  return turn === 'vendor' ? undefined : { because: 'It is for the customer to decide now.' };
});

/** What takes away is anybody’s who could decide, whether it is their turn or not: the restrictive act wins. */
export const deciderMayDecline: Rule<DecidingContext> = rule(
  'deciderMayDecide',
  ({ command, request, member, staff, installation }) => {
    if (!isOpen(request)) return undefined;
    const { approval, consent } = installation.policy;
    if (command.by.kind === 'member') {
      const may = member && (approval.customer.includes(member.role) || consent.maySwitch.includes(member.role));
      return may
        ? undefined
        : { because: `Only ${either(consent.maySwitch)} may decide; you are ${article(member?.role ?? 'viewer')}.` };
    }
    return staff.roles.some((role) => (approval.vendor as readonly string[]).includes(role))
      ? undefined
      : { because: `Only ${either(approval.vendor)} may decide for the vendor.` };
  },
);

export const decisionIsOnWhatWasShown: Rule<DecidingContext> = rule(
  'decisionIsOnWhatWasShown',
  ({ command, request }) =>
    !isOpen(request) || request.digest === command.shown
      ? undefined
      : { because: 'The request has changed since you were shown it.', instead: 'Read it again, and decide then.' },
);

/** The person of a decision as it stands in a fact. */
export function deciderOf({ command: { by }, member }: DecidingContext): Decider {
  if (by.kind === 'staff') return { kind: 'staff', staffId: by.staffId };
  if (!member) throw new Error('The rules let a person decide who is no member.');
  return { kind: 'member', memberId: member.id };
}

/** Name and id of who decides, for the personal part of a fact. */
export function deciderShownOf({ command: { by }, member, staff }: DecidingContext): {
  readonly subject: string;
  readonly name: string;
} {
  if (by.kind === 'staff') return { subject: by.staffId, name: staff.shown?.name ?? by.staffId };
  return { subject: member?.id ?? '', name: member?.shownName ?? by.person.name ?? member?.id ?? '' };
}

function either(words: readonly string[]): string {
  return words.length === 0 ? 'nobody' : words.map(article).join(' or ');
}
