import type { CaseId, MemberId, RequestId, SessionId, StaffId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { labelFor, missingArgument, pageOf } from '../catalogue/catalogue.ts';
import { takesSaid, unchosenArgument } from '../catalogue/choices.ts';
import { toInstant } from '../fact.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import { readReason } from '../session/reason.ts';
import { grantOfSession, isUnused } from '../grant/grant.ts';
import type { LiveSession, Session } from '../session/session.ts';
import { caseKnownAs, MAY_COME_TO_THE_GATE, SAYS_WHAT_FOR } from '../session/starting.ts';
import { grantIdOf, openRequests, type RequestKind, type Wanted } from './request.ts';
import { approvalSuffices, askedHere, NO_MEMBER, triggersNow } from './rules.ts';
import { leftOutOf, opensStill, pagesWanted } from './pages-wanted.ts';
import { isGrantedAlready, isSameWish } from './same-wish.ts';
import { fieldNamed, isGrantable, wantedOf } from './scope.ts';
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
  /** The visit to go on from: what is asked for then is its case, job, pages and view, and only time is new. */
  readonly extends: SessionId | null;
  /** Epoch milliseconds. */
  readonly plannedStart: number | null;
  /** `null` for as long as policy allows. */
  readonly minutes: number | null;
}

type Context = BookContext & {
  /** With what an extension has of the visit that it goes on from. */
  readonly command: RequestAccess;
  /** As it came. */
  readonly given: RequestAccess;
};

/** More would bury the owner, and could be a way of probing; with what was granted and not begun, more would be a store. */
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
      field: ['action'],
    };
  if ((kind === 'reveal') !== (field !== null))
    return {
      because:
        kind === 'reveal'
          ? 'A reveal is asked for as one field of one record.'
          : `A request of the kind “${kind}” names no field.`,
      field: ['field'],
    };
  if (kind === 'sensitive entry' && (command.pages === null || command.pages.length === 0) && command.viewAs === null)
    return { because: 'Entry to what is sensitive names the pages, or the member viewed as.', field: ['pages'] };
  if ((kind === 'extension') !== (command.extends !== null))
    return { because: 'An extension names the visit that it goes on from, and nothing else does.', field: ['extends'] };
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
    if (!declared) return { because: `The catalogue has no action “${action.name}”.`, field: ['action', 'name'] };
    const label = labelFor(declared.label, action.target);
    if (declared.class === 'never')
      return { because: `To ${label} is open to nobody of support, whoever approves it.`, field: ['action', 'name'] };
    if (declared.target !== undefined && action.target === null)
      return { because: `To ${label} needs the ${declared.target} that it is about.`, field: ['action', 'target'] };
    const missing = missingArgument(declared, action.arguments);
    if (missing !== undefined)
      return { because: `To ${label} needs the argument “${missing}”.`, field: ['action', 'argumentsJson'] };
    const unchosen = unchosenArgument(declared, action.target, action.arguments);
    if (unchosen) return { because: `To ${label} ${takesSaid(unchosen)}.`, field: ['action', 'argumentsJson'] };
    if ((kind === 'export') !== (declared.effects ?? []).includes('export'))
      return {
        because:
          kind === 'export' ? `To ${label} is no export.` : `To ${label} moves data out: it is asked for as an export.`,
        field: ['kind'],
      };
    const ofJob = job === null ? undefined : catalogue.jobs[job]?.actions;
    if (ofJob && !ofJob.includes(action.name))
      return { because: `The job doesn’t need to ${label}.`, field: ['action', 'name'] };
  }
  if (field !== null) {
    const mask = Object.hasOwn(catalogue.fields, field.field) ? catalogue.fields[field.field]?.mask : undefined;
    if (mask === undefined)
      return { because: `The catalogue has no field “${field.field}”.`, field: ['field', 'field'] };
    if (mask === 'none') return { because: 'The field isn’t masked.', field: ['field', 'field'] };
    // Secrets are shown to nobody, ever (S1-37 to S1-41).
    if (mask === 'secret')
      return { because: 'Secrets are never shown, whoever approves it.', field: ['field', 'field'] };
  }
  const closed = (pages ?? []).find((page) => !isGrantable(catalogue, page, kind));
  if (closed !== undefined) {
    const declared = pageOf(catalogue, closed);
    if (!declared) return { because: `The catalogue has no page “${closed}”.`, field: ['pages'] };
    const label = labelFor(declared.label, null);
    return declared.class === 'never'
      ? { because: `${label} is open to nobody of support, whoever approves it.`, field: ['pages'] }
      : { because: `${label} holds sensitive data.`, instead: 'Ask for it as a sensitive entry.', field: ['pages'] };
  }
  return undefined;
});

const areasAreNotLeftOut: Rule<Context> = rule('areaIsNotLeftOut', ({ command, ...moment }) => {
  const left = leftOutOf(command, moment);
  const { areas } = moment.installation.catalogue;
  return left === undefined ? undefined : { because: `The owner left ${areas[left] ?? left} out.` };
});

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
    : { because: 'A planned start lies ahead, within seven days.', field: ['plannedStart'] },
);

const extendedIsTheirs: Rule<Context> = rule('visitIsTheirs', ({ command, book }) => {
  if (command.extends === null) return undefined;
  return book.sessions.get(command.extends)?.staffId === command.staffId
    ? undefined
    : { because: 'The visit to go on from is not one of yours, or ended long ago.' };
});

const extendedGoesOn: Rule<Context> = rule('visitHasNotEnded', ({ command, book }) =>
  extendedBy(command, book)?.phase === 'ended'
    ? { because: 'The visit to go on from has ended.', instead: 'Ask for a new visit.' }
    : undefined,
);

/** More time, and nothing else: what differs is another request, which is read for what it is. */
const extensionIsAsTheVisit: Rule<Context> = rule('extensionIsAsTheVisit', ({ given, command, book }) => {
  const visit = extendedBy(command, book);
  if (visit?.phase !== 'live') return undefined;
  const viewAs = viewedAsIn(book, visit);
  const { caseId, job, pages } = given;
  const otherPages = pages !== null && (pages.length === 0 || pages.some((page) => !visit.pages.has(page)));
  const other =
    caseId !== null && caseId !== visit.caseId
      ? 'case'
      : job !== null && job !== visit.job
        ? 'job'
        : given.viewAs !== null && given.viewAs !== viewAs
          ? 'view'
          : otherPages || (pages !== null && new Set(pages).size < visit.pages.size)
            ? 'pages'
            : undefined;
  return other === undefined
    ? undefined
    : {
        because: `An extension has the ${other} of the visit that it goes on from, and no other.`,
        instead: `Leave the ${other} out, or ask for another visit.`,
      };
});

/** Pages that are read off the visit or the catalogue can come to none, and none can be named: then nothing is asked for. */
const somethingOpens: Rule<Context> = rule('requestIsGrantable', (context) => {
  const { extends: extended, action, field, pages } = context.command;
  if (action !== null || pagesWanted(context.command, context).length > 0) return undefined;
  if (extended !== null)
    return { because: 'Nothing of that visit can be granted any more.', instead: 'Ask for what you need.' };
  const because =
    field !== null && pages === null
      ? `The catalogue tells no page to open “${field.field}” on.`
      : 'It would open no page.';
  return { because, instead: 'Name the pages, or the job.', field: ['pages'] };
});

const requestsAreFew: Rule<Context> = rule('requestsAreFew', (context) => {
  const { book, command } = context;
  const open = openRequests(book.requests);
  const own = open.filter(({ staffId }) => staffId === command.staffId);
  const pages = pagesWanted(command, context);
  if (own.some((request) => isSameWish(request, { ...command, pages })))
    return { because: 'You asked for this already, and it waits.', instead: 'Withdraw it to ask for something else.' };
  const unused = book.grants.filter(isUnused).filter(({ staffId }) => staffId === command.staffId);
  const inFull = { ...command, reason: reasonOf(command) };
  const wanted = whatIsWanted(command, context);
  const same = unused.find((grant) => isGrantedAlready(grant, inFull, wanted) && approvalSuffices(context, grant));
  if (same !== undefined)
    return {
      because: 'You were granted this already.',
      instead:
        same.phase === 'ready' ? 'Begin it, or withdraw it to ask anew.' : 'Confirm what was changed, and begin it.',
    };
  const few = own.length + unused.length;
  if (few >= WAITING_PER_PERSON)
    return unused.length === 0
      ? { because: `${few} requests of yours wait here already.`, instead: 'Withdraw one of them.' }
      : {
          because: `${few} requests of yours wait here or are granted and not begun.`,
          instead: 'Begin or withdraw one of them.',
        };
  if (open.length >= WAITING_PER_WORKSPACE) return { because: 'Too many requests wait in this workspace already.' };
  return undefined;
});

const RULES: readonly Rule<Context>[] = [
  ...MAY_COME_TO_THE_GATE,
  extendedIsTheirs,
  extendedGoesOn,
  extensionIsAsTheVisit,
  ...SAYS_WHAT_FOR,
  jobIsDeclared,
  requestSaysWhat,
  writesAreAllowed,
  requestIsGrantable,
  areasAreNotLeftOut,
  viewedAsIsMember,
  minutesAreAllowed,
  startIsAhead,
  somethingOpens,
  requestsAreFew,
];

/** Asks for access. Where the policy asks nobody, it is approved in the same append, by the policy and recorded so (S4-20). */
export function requestAccess(given: RequestAccess, context: BookContext): Decision<BookFact> {
  const command = asTheVisit(given, context);
  const refusal = firstRefusal(RULES, { ...context, command, given });
  if (refusal) return { facts: [], refusal };
  const { book, staff, staffRevision, installation, now, digest } = context;
  const { policy, policyRevision, catalogueRevision } = installation;
  const { requestId, staffId, kind, caseId } = command;
  const wanted = whatIsWanted(command, context);
  const triggers = triggersNow(context, command, wanted);
  const asks = askedHere(context, triggers);
  const reason = reasonOf(command);
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

function reasonOf({ reason }: RequestAccess): string {
  const reading = readReason(reason);
  return reading.kind === 'specific' ? reading.reason : reason;
}

function extendedBy({ extends: id, staffId }: RequestAccess, book: BookContext['book']): Session | undefined {
  const visit = id === null ? undefined : book.sessions.get(id);
  return visit?.staffId === staffId ? visit : undefined;
}

function viewedAsIn({ grants }: BookContext['book'], { id }: LiveSession): MemberId | null {
  return grantOfSession(grants, id)?.viewAs ?? null;
}

/** An extension with what it has of the visit that it goes on from, and of that never more than can be granted by now. */
function asTheVisit(given: RequestAccess, { book, installation: { catalogue } }: BookContext): RequestAccess {
  const visit = extendedBy(given, book);
  if (visit?.phase !== 'live') return given;
  const { caseId, caseRef } = given.caseId === null ? visit : given;
  const pages = [...visit.pages].filter((page) => opensStill(catalogue, book, page, given.kind));
  return { ...given, caseId, caseRef, job: visit.job, viewAs: viewedAsIn(book, visit), pages };
}

/** Exactly what the command asks for: the smallest scope, its phrases, and the action with its digest. */
function whatIsWanted(command: RequestAccess, context: BookContext): Wanted {
  const { digest } = context;
  const { catalogue, policy } = context.installation;
  const { action, field, kind } = command;
  const pages = pagesWanted(command, context);
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
    field: field === null ? null : fieldNamed(catalogue, field),
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
