import type { CaseId, SessionId, StaffId, StaffRole } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { readScope } from '../catalogue/catalogue.ts';
import { toInstant } from '../fact.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import { bookIsReadable, workspaceIsOpen } from '../workspace/rules.ts';
import { readReason } from './reason.ts';
import { ANOTHER_CASE_ONLY, staffAccessIsOn, staffMemberIsEnabled } from './rules.ts';

export interface StartSession {
  readonly type: 'StartSession';
  /** Made beforehand, because the seat is taken for it first. */
  readonly sessionId: SessionId;
  readonly staffId: StaffId;
  readonly caseId: CaseId;
  /** The case as it was typed, for the denial. */
  readonly caseRef: string;
  readonly job: string | null;
  readonly reason: string;
  /** `null` for as long as policy allows. */
  readonly minutes: number | null;
  /** When the staff member last proved who they are, epoch milliseconds. */
  readonly identityConfirmedAt: number;
}

type Context = BookContext & { readonly command: StartSession };

const staffRoleMayVisit: Rule<Context> = rule('staffRoleMayVisit', ({ staff, installation }) => {
  const allowed: readonly StaffRole[] = installation.policy.session.mayVisit;
  if (staff.roles.some((role) => allowed.includes(role))) return undefined;
  return { because: `Visits are opened by ${allowed.join(', ')} only.` };
});

const visitFitsTheSwitch: Rule<Context> = rule('visitFitsTheSwitch', ({ book: { staffAccess }, command }) => {
  if (staffAccess.phase !== 'on' || staffAccess.onlyCase === null || staffAccess.onlyCase === command.caseId)
    return undefined;
  return { because: ANOTHER_CASE_ONLY };
});

const caseIsOpen: Rule<Context> = rule('caseIsOpen', ({ book, command }) =>
  book.workspace.cases.get(command.caseId)?.phase === 'open'
    ? undefined
    : {
        because: `${command.caseRef} is not an open case of this workspace.`,
        instead: 'Start from a case that is open.',
      },
);

const caseIsTheirs: Rule<Context> = rule('caseIsTheirs', ({ book, command }) => {
  const assignee = book.workspace.cases.get(command.caseId)?.assignee ?? null;
  if (assignee === null || assignee === 'nobody' || assignee === command.staffId) return undefined;
  return {
    because: `${command.caseRef} belongs to somebody else.`,
    instead: 'Have the case assigned to you in the help desk.',
  };
});

const reasonIsSpecific: Rule<Context> = rule('reasonIsSpecific', ({ command }) => {
  const reading = readReason(command.reason);
  if (reading.kind === 'specific') return undefined;
  const { kind: _, ...refused } = reading;
  return refused;
});

const jobIsDeclared: Rule<Context> = rule('jobIsDeclared', ({ command: { job }, installation }) =>
  job === null || Object.hasOwn(installation.catalogue.jobs, job)
    ? undefined
    : { because: `The catalogue has no job “${job}”.` },
);

const jobIsReadOnly: Rule<Context> = rule('jobIsReadOnly', ({ command: { job }, installation }) =>
  job === null || installation.catalogue.jobs[job]?.mode === 'read'
    ? undefined
    : {
        because: `The job “${installation.catalogue.jobs[job]?.label ?? job}” changes something, and a visit only reads.`,
      },
);

const minutesAreAllowed: Rule<Context> = rule('minutesAreAllowed', ({ command: { minutes }, installation }) => {
  const { capMinutes } = installation.policy.session;
  if (minutes === null || (Number.isInteger(minutes) && minutes >= 1 && minutes <= capMinutes)) return undefined;
  return { because: `A visit lasts 1 to ${capMinutes} minutes; ${minutes} were asked for.` };
});

const workspaceHasRoom: Rule<Context> = rule('workspaceHasRoom', ({ book, installation }) => {
  const { livePerWorkspace } = installation.policy.session;
  const live = book.sessions.filter((session) => session.phase === 'live').length;
  if (live < livePerWorkspace) return undefined;
  return { because: `${live} visits are in this workspace already, and no more are allowed at a time.` };
});

const staffMemberHasNoOtherVisit: Rule<Context> = rule('staffMemberHasNoOtherVisit', ({ book, command }) =>
  book.sessions.some((session) => session.phase === 'live' && session.staffId === command.staffId)
    ? { because: 'You are in a visit already.', instead: 'Exit it first.' }
    : undefined,
);

const RULES = [
  workspaceIsOpen,
  staffMemberIsEnabled,
  staffRoleMayVisit,
  bookIsReadable,
  staffAccessIsOn,
  caseIsOpen,
  caseIsTheirs,
  visitFitsTheSwitch,
  reasonIsSpecific,
  jobIsDeclared,
  jobIsReadOnly,
  minutesAreAllowed,
  staffMemberHasNoOtherVisit,
  workspaceHasRoom,
];

/** Starts a read session. The seat was taken before, and is given back where this refuses. */
export function startSession(command: StartSession, context: BookContext): Decision<BookFact> {
  const refusal = firstRefusal(RULES, { ...context, command });
  const { book, staff, staffRevision, installation, now } = context;
  const { staffAccess } = book;
  if (refusal || staffAccess.phase !== 'on') return { facts: [], refusal };

  const { policy, catalogue, policyRevision, catalogueRevision } = installation;
  const scope = readScope(catalogue, command.job, staffAccess.withoutAreas);
  const minutes = command.minutes ?? policy.session.capMinutes;
  const reading = readReason(command.reason);
  return {
    facts: [
      {
        type: 'SessionStarted',
        data: {
          sessionId: command.sessionId,
          staffId: command.staffId,
          caseId: command.caseId,
          caseRef: book.workspace.cases.get(command.caseId)?.ref ?? command.caseRef,
          job: command.job,
          mode: 'read',
          pages: [...scope.pages],
          can: [...scope.can],
          cannot: [...scope.cannot],
          plannedEnd: toInstant(Math.min(now + minutes * 60_000, staffAccess.until)),
          idleMinutes: policy.session.idleMinutes,
          pagesPerMinute: policy.session.pagesPerMinute,
          enterBy: toInstant(now + policy.session.entrySeconds * 1000),
          approvedBy: { kind: 'switch', memberId: staffAccess.by },
          identityConfirmedAt: toInstant(command.identityConfirmedAt),
          viewedAs: null,
          reliedOn: { policy: policyRevision, catalogue: catalogueRevision, staff: staffRevision },
          personal: {
            subject: command.staffId,
            staffName: staff.shown?.name ?? command.staffId,
            staffEmail: staff.shown?.email ?? '',
            reason: reading.kind === 'specific' ? reading.reason : command.reason,
            approverName: staffAccess.byName,
          },
        },
      },
    ],
  };
}
