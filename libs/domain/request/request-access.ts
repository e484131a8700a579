import type { CaseId, MemberId, RequestId, SessionId, StaffId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { labelFor, pageOf } from '../catalogue/catalogue.ts';
import { toInstant } from '../fact.ts';
import { bothOf, neededApproval } from '../policy/triggers.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import { readReason } from '../session/reason.ts';
import { caseKnownAs, MAY_COME_TO_THE_GATE } from '../session/starting.ts';
import { grantIdOf, openRequests, type RequestKind, type Wanted } from './request.ts';
import { NO_MEMBER, triggersNow } from './rules.ts';
import { isGrantable, smallestPages, wantedOf } from './scope.ts';
import { startByFor } from './start-by.ts';

/** An action exactly as it would be performed. */
export interface WantedAction {
  readonly name: string;
  readonly target: string | null;
  readonly arguments: Readonly<Record<string, unknown>> | null;
}

export interface RequestAccess {
  readonly type: 'RequestAccess';
  readonly requestId: RequestId;
  readonly staffId: StaffId;
  /** The verified person who asks. */
  readonly person: { readonly issuer: string; readonly subject: string };
  readonly kind: RequestKind;
  /** `null`: for no case, where policy lets a request be without one. */
  readonly caseId: CaseId | null;
  /** The case as it was typed, for the denial. */
  readonly caseRef: string | null;
  readonly job: string | null;
  readonly reason: string;
  readonly viewAs: MemberId | null;
  /** Fewer pages than the job's; `null`: the smallest scope that serves. */
  readonly pages: readonly string[] | null;
  readonly action: WantedAction | null;
  readonly field: { readonly field: string; readonly record: string | null } | null;
  readonly extends: SessionId | null;
  /** Epoch milliseconds. */
  readonly plannedStart: number | null;
  /** `null` for as long as policy allows. */
  readonly minutes: number | null;
}

type Context = BookContext & { readonly command: RequestAccess };

/** More would bury the owner, and could be a way of probing. */
const WAITING_PER_PERSON = 5;
const WAITING_PER_WORKSPACE = 50;
/** A start that is planned lies within this time. */
const PLANNED_AHEAD_MS = 7 * 24 * 60 * 60 * 1000;

const jobIsDeclared: Rule<Context> = rule('jobIsDeclared', ({ command: { job }, installation }) =>
  job === null || Object.hasOwn(installation.catalogue.jobs, job)
    ? undefined
    : { because: `The catalogue has no job “${job}”.` },
);

const requestSaysWhat: Rule<Context> = rule('requestSaysWhat', ({ command }) => {
  const { kind, action, field } = command;
  const needsAction = kind === 'write' || kind === 'export';
  if (needsAction !== (action !== null))
    return {
      because: needsAction
        ? 'A change is asked for as one named action.'
        : `A request of the kind “${kind}” names no action.`,
    };
  if ((kind === 'reveal') !== (field !== null))
    return {
      because:
        kind === 'reveal'
          ? 'A reveal is asked for as one field of one record.'
          : `A request of the kind “${kind}” names no field.`,
    };
  if (kind === 'sensitive entry' && (command.pages === null || command.pages.length === 0) && command.viewAs === null)
    return { because: 'Entry to what is sensitive names the pages, or the member viewed as.' };
  if ((kind === 'extension') !== (command.extends !== null))
    return { because: 'An extension names the visit that it goes on from, and nothing else does.' };
  return undefined;
});

const writesAreAllowed: Rule<Context> = rule('writesAreAllowed', ({ command: { kind }, installation }) =>
  (kind === 'write' || kind === 'export') && !installation.policy.write.allowed
    ? { because: 'Under these settings nothing is changed by support.' }
    : undefined,
);

const requestIsGrantable: Rule<Context> = rule('requestIsGrantable', ({ command, installation: { catalogue } }) => {
  const { action, field, kind, pages, job } = command;
  if (action !== null) {
    const declared = Object.hasOwn(catalogue.actions, action.name) ? catalogue.actions[action.name] : undefined;
    if (!declared) return { because: `The catalogue has no action “${action.name}”.` };
    const label = labelFor(declared.label, action.target);
    if (declared.class === 'never')
      return { because: `To ${label} is open to nobody of support, whoever approves it.` };
    if (declared.target !== undefined && action.target === null)
      return { because: `To ${label} needs the ${declared.target} that it is about.` };
    if ((kind === 'export') !== (declared.effects ?? []).includes('export'))
      return {
        because:
          kind === 'export' ? `To ${label} is no export.` : `To ${label} moves data out: it is asked for as an export.`,
      };
    const ofJob = job === null ? undefined : catalogue.jobs[job]?.actions;
    if (ofJob && !ofJob.includes(action.name)) return { because: `The job doesn’t need to ${label}.` };
  }
  if (field !== null) {
    const mask = Object.hasOwn(catalogue.fields, field.field) ? catalogue.fields[field.field]?.mask : undefined;
    if (mask === undefined) return { because: `The catalogue has no field “${field.field}”.` };
    if (mask === 'none') return { because: 'The field isn’t masked.' };
    // Secrets are shown to nobody, ever (S1-37 to S1-41).
    if (mask === 'secret') return { because: 'Secrets are never shown, whoever approves it.' };
  }
  const closed = (pages ?? []).find((page) => !isGrantable(catalogue, page, kind));
  if (closed !== undefined) {
    const declared = pageOf(catalogue, closed);
    if (!declared) return { because: `The catalogue has no page “${closed}”.` };
    const label = labelFor(declared.label, null);
    return declared.class === 'never'
      ? { because: `${label} is open to nobody of support, whoever approves it.` }
      : { because: `${label} holds sensitive data.`, instead: 'Ask for it as a sensitive entry.' };
  }
  return undefined;
});

const areasAreNotLeftOut: Rule<Context> = rule(
  'areaIsNotLeftOut',
  ({ command, book: { staffAccess }, installation }) => {
    if (staffAccess.phase !== 'on') return undefined;
    const { catalogue } = installation;
    const ofAction = command.action === null ? undefined : catalogue.actions[command.action.name]?.area;
    const areas = [ofAction, ...(command.pages ?? []).map((page) => pageOf(catalogue, page)?.area)];
    const left = areas.find((area) => area !== undefined && staffAccess.withoutAreas.includes(area));
    return left === undefined ? undefined : { because: `The owner left ${catalogue.areas[left] ?? left} out.` };
  },
);

const viewedAsIsMember: Rule<Context> = rule('viewedAsIsMember', ({ command: { viewAs }, book }) =>
  viewAs === null || book.workspace.members.get(viewAs) ? undefined : NO_MEMBER,
);

const minutesAreAllowed: Rule<Context> = rule('minutesAreAllowed', ({ command: { minutes, kind }, installation }) => {
  const most = longestFor(kind, installation.policy);
  if (minutes === null || (Number.isInteger(minutes) && minutes >= 1 && minutes <= most)) return undefined;
  return { because: `Such a visit lasts 1 to ${most} minutes; ${minutes} were asked for.` };
});

const startIsAhead: Rule<Context> = rule('minutesAreAllowed', ({ command: { plannedStart }, now }) =>
  plannedStart === null || (plannedStart >= now - 60_000 && plannedStart <= now + PLANNED_AHEAD_MS)
    ? undefined
    : { because: 'A planned start lies ahead, within seven days.' },
);

const extendedIsTheirs: Rule<Context> = rule('visitIsTheirs', ({ command, book }) => {
  if (command.extends === null) return undefined;
  const visit = book.sessions.find(({ id }) => id === command.extends);
  return visit?.staffId === command.staffId
    ? undefined
    : { because: 'The visit to go on from is not one of yours, or ended long ago.' };
});

const requestsAreFew: Rule<Context> = rule('requestsAreFew', ({ book, command }) => {
  const open = openRequests(book.requests);
  const own = open.filter(({ staffId }) => staffId === command.staffId);
  if (
    own.some(
      (request) =>
        request.kind === command.kind && request.caseId === command.caseId && sameWish(request.asked, command),
    )
  )
    return { because: 'You asked for this already, and it waits.', instead: 'Withdraw it to ask for something else.' };
  if (own.length >= WAITING_PER_PERSON) return { because: `${own.length} requests of yours wait here already.` };
  if (open.length >= WAITING_PER_WORKSPACE) return { because: 'Too many requests wait in this workspace already.' };
  return undefined;
});

function sameWish(asked: Wanted, { action, field }: RequestAccess): boolean {
  return (
    (asked.action?.name ?? null) === (action?.name ?? null) &&
    (asked.action?.target ?? null) === (action?.target ?? null) &&
    (asked.field?.field ?? null) === (field?.field ?? null) &&
    (asked.field?.record ?? null) === (field?.record ?? null)
  );
}

const RULES: readonly Rule<Context>[] = [
  ...MAY_COME_TO_THE_GATE,
  jobIsDeclared,
  requestSaysWhat,
  writesAreAllowed,
  requestIsGrantable,
  areasAreNotLeftOut,
  viewedAsIsMember,
  minutesAreAllowed,
  startIsAhead,
  extendedIsTheirs,
  requestsAreFew,
];

/** Asks for access. Where the policy asks nobody, it is approved in the same append, by the policy and recorded so (S4-20). */
export function requestAccess(command: RequestAccess, context: BookContext): Decision<BookFact> {
  const refusal = firstRefusal(RULES, { ...context, command });
  if (refusal) return { facts: [], refusal };
  const { book, staff, staffRevision, installation, now, digest } = context;
  const { policy, policyRevision, catalogueRevision } = installation;
  const { requestId, staffId, kind, caseId } = command;
  const wanted = whatIsWanted(command, context);
  const triggers = triggersNow(context, command, wanted);
  // The owner can ask for each visit where the policy doesn’t.
  const each = book.staffAccess.phase === 'on' && book.staffAccess.askEach;
  const asks = bothOf(neededApproval(policy, triggers), each ? 'customer' : 'nobody');
  const reading = readReason(command.reason);
  const reason = reading.kind === 'specific' ? reading.reason : command.reason;
  const requested: BookFact = {
    type: 'AccessRequested',
    data: {
      requestId,
      staffId,
      person: { issuer: command.person.issuer, subject: command.person.subject },
      kind,
      caseId,
      caseRef: caseKnownAs(book, command),
      job: command.job,
      viewAs: command.viewAs,
      wanted,
      extends: command.extends,
      plannedStart: command.plannedStart === null ? null : toInstant(command.plannedStart),
      triggers,
      asks,
      lapsesAt: toInstant(now + policy.request.lapseMinutes * 60_000),
      digest: digest({ requestId, staffId, kind, caseId, job: command.job, viewAs: command.viewAs, wanted, reason }),
      reliedOn: { policy: policyRevision, catalogue: catalogueRevision, staff: staffRevision },
      personal: {
        subject: staffId,
        staffName: staff.shown?.name ?? staffId,
        staffEmail: staff.shown?.email ?? '',
        reason,
        arguments: command.action?.arguments ? { ...command.action.arguments } : null,
      },
    },
  };
  if (asks !== 'nobody') return { facts: [requested] };
  const approved: BookFact = {
    type: 'AccessApproved',
    data: {
      requestId,
      grantId: grantIdOf(requestId),
      by: { kind: 'policy' },
      granted: wanted,
      change: null,
      startBy: toInstant(startByFor(command.plannedStart, now, policy)),
    },
  };
  return { facts: [requested, approved] };
}

/** Exactly what the command asks for: the smallest scope, its phrases, and the action with its digest. */
function whatIsWanted(command: RequestAccess, { book, installation, digest }: BookContext): Wanted {
  const { catalogue, policy } = installation;
  const { action, field, kind, job } = command;
  const smallest = smallestPages(catalogue, {
    kind,
    job,
    action: action?.name ?? null,
    withoutAreas: book.staffAccess.phase === 'on' ? book.staffAccess.withoutAreas : [],
  });
  const pages = command.pages === null ? smallest : [...new Set(command.pages)];
  const longest = longestFor(kind, policy);
  return wantedOf(catalogue, {
    pages,
    action:
      action === null
        ? null
        : {
            name: action.name,
            label: labelFor(catalogue.actions[action.name]?.label ?? action.name, action.target),
            target: action.target,
            digest: actionDigest(action, digest),
          },
    field: field === null ? null : { field: field.field, record: field.record },
    minutes: command.minutes ?? longest,
  });
}

/** Of name, target and arguments in canonical form: no arguments and none named are the same. */
export function actionDigest(action: WantedAction, digest: BookContext['digest']): string {
  return digest({ action: action.name, target: action.target, arguments: action.arguments ?? {} });
}

/** The longest visit of a kind, in minutes. */
export function longestFor(kind: RequestKind, policy: BookContext['installation']['policy']): number {
  const { session, write } = policy;
  return kind === 'write' || kind === 'export' ? Math.min(write.capMinutes, session.capMinutes) : session.capMinutes;
}
