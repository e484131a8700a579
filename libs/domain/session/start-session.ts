import type { CaseId, GrantId, SessionId, StaffId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { pageOf, readScope } from '../catalogue/catalogue.ts';
import { toInstant } from '../fact.ts';
import { grantWith, isStanding, type Grant } from '../grant/grant.ts';
import { longestFor } from '../request/request-access.ts';
import { approvalSuffices, askedHere, NO_MEMBER } from '../request/rules.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import { readReason } from './reason.ts';
import { caseKnownAs, MAY_COME_TO_THE_GATE, SAYS_WHAT_FOR } from './starting.ts';

export interface StartSession {
  readonly type: 'StartSession';
  /** Made beforehand, because the seat is taken for it first. */
  readonly sessionId: SessionId;
  readonly staffId: StaffId;
  /** `null`: as it was approved; without a grant for no case, where policy lets a visit be without one. */
  readonly caseId: CaseId | null;
  /** The case as it was typed, for the denial. */
  readonly caseRef: string | null;
  /** `null`: as it was approved; without a grant, none. */
  readonly job: string | null;
  /** `null`: as it was approved. */
  readonly reason: string | null;
  /** `null` for as long as policy allows. */
  readonly minutes: number | null;
  /** When the staff member last proved who they are, epoch milliseconds. */
  readonly identityConfirmedAt: number;
  /** The grant that it begins on; `null`: the switch, or the role where policy asks for no more. */
  readonly grantId: GrantId | null;
}

/** The command with what it leaves to the grant. */
type Meant = StartSession & { readonly reason: string };

type Context = BookContext & {
  readonly command: Meant;
  /** As it came. */
  readonly given: StartSession;
  /** One’s own. */
  readonly grant: Grant | undefined;
};

/** What isn’t said is read off the grant: so there must be one. */
const grantSaysTheRest: Rule<Context> = rule('grantIsKnown', ({ given: { grantId, caseId, reason }, grant }) =>
  grantId === null || grant !== undefined || (caseId !== null && reason !== null) ? undefined : NO_SUCH_GRANT,
);

const jobIsDeclared: Rule<Context> = rule('jobIsDeclared', ({ command: { job }, grant, installation }) =>
  grant !== undefined || job === null || Object.hasOwn(installation.catalogue.jobs, job)
    ? undefined
    : { because: `The catalogue has no job “${job}”.` },
);

const jobIsReadOnly: Rule<Context> = rule('jobIsReadOnly', ({ command: { job }, grant, installation }) =>
  grant !== undefined || job === null || installation.catalogue.jobs[job]?.mode === 'read'
    ? undefined
    : {
        because: `The job “${installation.catalogue.jobs[job]?.label ?? job}” changes something, and a visit only reads.`,
        instead: 'Ask for the one action that it needs.',
      },
);

/** A visit on the switch of which every page is left out would open nothing; what was approved is read for what it is. */
const somethingIsLeftIn: Rule<Context> = rule(
  'areaIsNotLeftOut',
  ({ command, grant, book: { staffAccess }, ...of }) => {
    if (grant !== undefined || staffAccess.phase !== 'on') return undefined;
    const { catalogue } = of.installation;
    const [first] = readScope(catalogue, command.job, []).pages;
    if (first === undefined || readScope(catalogue, command.job, staffAccess.withoutAreas).pages.length > 0)
      return undefined;
    const area = pageOf(catalogue, first)?.area ?? '';
    return { because: `The owner left ${catalogue.areas[area] ?? area} out.` };
  },
);

/** What was approved before the settings forbade it is not begun any more. */
const writesAreAllowedStill: Rule<Context> = rule('writesAreAllowed', ({ grant, installation }) =>
  grant && grant.granted.action !== null && !installation.policy.write.allowed
    ? { because: 'Under these settings nothing is changed by support.' }
    : undefined,
);

/** The longest visit: as it was granted, and no longer than the settings let such a visit be now. */
function mostMinutes(grant: Grant | undefined, { policy }: BookContext['installation']): number {
  return grant ? Math.min(grant.granted.minutes, longestFor(grant.kind, policy)) : policy.session.capMinutes;
}

const minutesAreAllowed: Rule<Context> = rule('minutesAreAllowed', ({ command: { minutes }, grant, installation }) => {
  const most = mostMinutes(grant, installation);
  if (minutes === null || (Number.isInteger(minutes) && minutes >= 1 && minutes <= most)) return undefined;
  return { because: `A visit lasts 1 to ${most} minutes; ${minutes} were asked for.` };
});

const NO_SUCH_GRANT = {
  because: 'There is no such grant of yours for this case, or it has ended.',
  instead: 'Ask anew.',
};

const grantIsKnown: Rule<Context> = rule('grantIsKnown', ({ command, grant }) =>
  command.grantId === null || (grant !== undefined && grant.caseId === command.caseId) ? undefined : NO_SUCH_GRANT,
);

/** Who approved read a reason and a scope: a changed problem is another request (T21). */
const startIsAsApproved: Rule<Context> = rule('startIsAsApproved', ({ given, command, grant }) => {
  if (grant === undefined) return undefined;
  const { shown } = grant;
  if (shown === null) return { because: 'The reason that was approved is erased.', instead: 'Ask anew.' };
  if (given.job !== null && given.job !== grant.job)
    return { because: 'This was approved for another job.', instead: 'Leave the job out, or ask anew.' };
  const reading = readReason(command.reason);
  return reading.kind === 'specific' && reading.reason === shown.reason
    ? undefined
    : {
        because: 'This was approved for another reason.',
        instead: 'Leave the reason out; a changed problem is a new request.',
      };
});

const grantIsReady: Rule<Context> = rule('grantIsReady', ({ grant, now }) => {
  if (grant === undefined) return undefined;
  if (grant.phase === 'to confirm')
    return {
      because: 'What was approved differs from what you asked for.',
      instead: 'Confirm the changed scope first.',
    };
  if (grant.phase !== 'ready') return { because: 'This grant was used already.', instead: 'More is a new request.' };
  if (grant.plannedStart !== null && now < grant.plannedStart)
    return { because: 'The start that was approved lies ahead.', instead: 'Start at the planned time.' };
  return now < grant.startBy ? undefined : { because: 'This grant was not begun in time.', instead: 'Ask anew.' };
});

/** Without a grant, only what asks nobody: each session asked for, by the policy or by the owner’s own choice, needs one. */
const visitIsApproved: Rule<Context> = rule('visitIsApproved', ({ grant, ...context }) => {
  if (grant !== undefined || askedHere(context, ['every session']) === 'nobody') return undefined;
  return { because: 'Each visit here is approved first.', instead: 'Ask for access.' };
});

/** Roles, catalogue and settings can have changed since (T26). */
const approvalSufficesStill: Rule<Context> = rule('visitIsApproved', ({ grant, ...context }) =>
  grant === undefined || approvalSuffices(context, grant)
    ? undefined
    : { because: 'What was approved needs more approval by now.', instead: 'Ask anew.' },
);

const viewedAsIsMember: Rule<Context> = rule('viewedAsIsMember', ({ grant, book }) =>
  grant === undefined || grant.viewAs === null || book.workspace.members.get(grant.viewAs) ? undefined : NO_MEMBER,
);

/** Going on from a visit on a new grant ends it; otherwise a staff member has one visit at a time. */
const staffMemberHasNoOtherVisit: Rule<Context> = rule('staffMemberHasNoOtherVisit', ({ book, command, grant }) =>
  grant === undefined && book.sessions.live().some(({ staffId }) => staffId === command.staffId)
    ? { because: 'You are in a visit already.', instead: 'Exit it first.' }
    : undefined,
);

const workspaceHasRoom: Rule<Context> = rule('workspaceHasRoom', ({ book, command, installation }) => {
  const { livePerWorkspace } = installation.policy.session;
  // One’s own gives way to the new one.
  const live = book.sessions.live().filter(({ staffId }) => staffId !== command.staffId).length;
  if (live < livePerWorkspace) return undefined;
  return { because: `${live} visits are in this workspace already, and no more are allowed at a time.` };
});

const RULES: readonly Rule<Context>[] = [
  ...MAY_COME_TO_THE_GATE,
  grantSaysTheRest,
  ...SAYS_WHAT_FOR,
  jobIsDeclared,
  jobIsReadOnly,
  somethingIsLeftIn,
  grantIsKnown,
  startIsAsApproved,
  grantIsReady,
  visitIsApproved,
  viewedAsIsMember,
  approvalSufficesStill,
  writesAreAllowedStill,
  minutesAreAllowed,
  staffMemberHasNoOtherVisit,
  workspaceHasRoom,
];

/** What a visit begins on, as it stands in its first line. */
type Terms = Pick<
  Extract<BookFact, { type: 'SessionStarted' }>['data'],
  'job' | 'mode' | 'pages' | 'can' | 'cannot' | 'approvedBy' | 'firstApprovedBy' | 'viewedAs'
> & { readonly minutes: number; readonly approverName: string | null };

/**
 * Starts a session, on the switch or on a grant. The seat was taken before, and is given back where this refuses. A visit
 * that the same person has here ends: a write grant doesn't upgrade a session that runs (S0-24, S4-37).
 */
export function startSession(given: StartSession, context: BookContext): Decision<BookFact> {
  const { book, staff, staffRevision, installation, now } = context;
  const found = given.grantId === null ? undefined : grantWith(book.grants, given.grantId);
  const grant = found && isStanding(found) && found.staffId === given.staffId ? found : undefined;
  const command = asApproved(given, grant);
  const refusal = firstRefusal(RULES, { ...context, command, given, grant });
  const { staffAccess } = book;
  const terms = grant ? onGrant(grant, command, installation) : onSwitch(command, context);
  if (refusal || terms === undefined) return { facts: [], refusal };

  const { policy, policyRevision, catalogueRevision } = installation;
  const { minutes, approverName, ...shown } = terms;
  const reading = readReason(command.reason);
  const until = staffAccess.phase === 'on' ? staffAccess.until : null;
  const own = book.sessions.live().filter(({ staffId }) => staffId === command.staffId);
  return {
    facts: [
      ...own.map(({ id }): BookFact => ({
        type: 'SessionEnded',
        data: { sessionId: id, cause: 'scope changed', at: toInstant(now) },
      })),
      {
        type: 'SessionStarted',
        data: {
          sessionId: command.sessionId,
          staffId: command.staffId,
          caseId: command.caseId,
          caseRef: caseKnownAs(book, command),
          ...shown,
          plannedEnd: toInstant(Math.min(now + minutes * 60_000, until ?? Infinity)),
          idleMinutes: policy.session.idleMinutes,
          pagesPerMinute: policy.session.pagesPerMinute,
          rowsInAll: policy.session.rowsInAll,
          enterBy: toInstant(now + policy.session.entrySeconds * 1000),
          identityConfirmedAt: toInstant(command.identityConfirmedAt),
          ...(policy.consent.mode !== 'switch' && { consent: policy.consent.mode }),
          reliedOn: { policy: policyRevision, catalogue: catalogueRevision, staff: staffRevision },
          ...(grant && {
            grantId: grant.id,
            requestId: grant.requestId,
            action: grant.granted.action && { name: grant.granted.action.name, label: grant.granted.action.label },
          }),
          personal: {
            subject: command.staffId,
            staffName: staff.shown?.name ?? command.staffId,
            staffEmail: staff.shown?.email ?? '',
            reason: reading.kind === 'specific' ? reading.reason : command.reason,
            approverName,
          },
        },
      },
    ],
  };
}

/** What is left to the grant, as it was approved. */
function asApproved(given: StartSession, grant: Grant | undefined): Meant {
  const named = given.caseId === null && grant ? grant : given;
  const { caseId, caseRef } = named;
  return { ...given, caseId, caseRef, reason: given.reason ?? grant?.shown?.reason ?? '' };
}

function onGrant(grant: Grant, command: StartSession, installation: BookContext['installation']): Terms {
  const { granted, by, approverName } = grant;
  const last = by.at(-1) ?? { kind: 'policy' as const };
  const first = by.length > 1 ? by[0] : undefined;
  return {
    job: grant.job,
    mode: granted.action === null ? 'read' : 'write',
    pages: [...granted.pages],
    can: [...granted.can],
    cannot: [...granted.cannot],
    approvedBy: last,
    ...(first?.kind === 'member' && { firstApprovedBy: { memberId: first.memberId } }),
    viewedAs: grant.viewAs,
    minutes: command.minutes ?? mostMinutes(grant, installation),
    approverName,
  };
}

function onSwitch(command: StartSession, { book: { staffAccess }, installation }: BookContext): Terms | undefined {
  const { catalogue, policy } = installation;
  const scope = readScope(catalogue, command.job, staffAccess.phase === 'on' ? staffAccess.withoutAreas : []);
  const common = {
    job: command.job,
    mode: 'read' as const,
    pages: [...scope.pages],
    can: [...scope.can],
    cannot: [...scope.cannot],
    viewedAs: null,
    minutes: command.minutes ?? policy.session.capMinutes,
  };
  if (staffAccess.phase === 'on')
    return { ...common, approvedBy: { kind: 'switch', memberId: staffAccess.by }, approverName: staffAccess.byName };
  return policy.consent.mode === 'switch'
    ? undefined
    : { ...common, approvedBy: { kind: 'policy' }, approverName: null };
}
