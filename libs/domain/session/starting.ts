import type { CaseId, StaffId, StaffRole } from '@gatebook/protocol';
import type { BookContext } from '../book/context.ts';
import { rule, type Rule } from '../rule.ts';
import { bookIsReadable, sameAddress, workspaceIsOpen } from '../workspace/rules.ts';
import { readReason } from './reason.ts';
import { ANOTHER_CASE_ONLY, staffAccessIsOn, staffMemberIsEnabled } from './rules.ts';

/** What a staff member says to begin a visit, or to ask for one. */
interface Beginning {
  readonly staffId: StaffId;
  readonly caseId: CaseId | null;
  readonly caseRef: string | null;
  readonly reason: string;
}
type Context = BookContext & { readonly command: Beginning };

export const staffMayOpenVisits: Rule<BookContext> = rule('staffRoleMayVisit', ({ staff, installation }) => {
  const allowed: readonly StaffRole[] = installation.policy.session.mayVisit;
  if (staff.roles.some((role) => allowed.includes(role))) return undefined;
  return { because: `Visits are opened by ${allowed.join(', ')} only.` };
});

export const visitFitsTheSwitch: Rule<Context> = rule('visitFitsTheSwitch', ({ book: { staffAccess }, command }) => {
  if (staffAccess.phase !== 'on' || staffAccess.onlyCase === null || staffAccess.onlyCase === command.caseId)
    return undefined;
  return { because: ANOTHER_CASE_ONLY, field: ['caseRef'] };
});

/** The case as the help desk writes it, where it is known here; else as it was typed. */
export function caseKnownAs(
  { workspace }: Pick<BookContext['book'], 'workspace'>,
  { caseId, caseRef }: Pick<Beginning, 'caseId' | 'caseRef'>,
): string | null {
  return (caseId === null ? undefined : workspace.cases.get(caseId)?.ref) ?? caseRef;
}

/** Without a case a reason is all that a visit is measured by: so it is only where policy says that this is enough. */
export const caseIsNamed: Rule<Context> = rule('caseIsNamed', ({ command, installation: { policy } }) =>
  command.caseId !== null || policy.caseAnchor === 'optional'
    ? undefined
    : { because: 'Under these settings support comes for a case.', instead: 'Name the case.' },
);

export const caseIsOpen: Rule<Context> = rule('caseIsOpen', ({ book, command }) =>
  command.caseId === null || book.workspace.cases.get(command.caseId)?.phase === 'open'
    ? undefined
    : {
        because: `${command.caseRef} is not an open case of this workspace.`,
        instead: 'Start from a case that is open.',
      },
);

export const caseIsTheirs: Rule<Context> = rule('caseIsTheirs', ({ book, command }) => {
  if (command.caseId === null) return undefined;
  const assignee = book.workspace.cases.get(command.caseId)?.assignee ?? null;
  if (assignee === null || assignee === 'nobody' || assignee === command.staffId) return undefined;
  return {
    because: `${command.caseRef} belongs to somebody else.`,
    instead: 'Have the case assigned to you in the help desk.',
  };
});

export const reasonIsSpecific: Rule<Context> = rule('reasonIsSpecific', ({ command }) => {
  const reading = readReason(command.reason);
  if (reading.kind === 'specific') return undefined;
  const { kind: _, ...refused } = reading;
  return refused;
});

/** The switch lets visits in, or isn’t needed to: without it nothing is asked for, granted or begun (S3-14). */
export const gateLetsVisitsIn: Rule<BookContext> = staffAccessIsOn;

/** Nobody lets themselves in: the verified person counts, not the role in which the switch was turned on (policy.md, 11). */
const switchIsSomebodyElses: Rule<BookContext> = rule('approverIsNotRequester', ({ book, staff, installation }) => {
  const { staffAccess, workspace } = book;
  if (staffAccess.phase !== 'on' || installation.policy.consent.mode !== 'switch') return undefined;
  const by = workspace.members.get(staffAccess.by);
  if (!by) return undefined;
  const { person, shown } = staff;
  const isSame = person !== null && by.issuer === person.issuer && by.subject === person.subject;
  return isSame || sameAddress(by.email, shown?.email ?? null)
    ? {
        because: 'You turned staff access on yourself, and nobody lets themselves in.',
        instead: 'Ask another owner of the workspace to turn it on.',
      }
    : undefined;
});

/** What comes before all else, for a visit and for asking for one: what exists, who asks, and whether the gate is open. */
export const MAY_COME_TO_THE_GATE: readonly Rule<BookContext>[] = [
  workspaceIsOpen,
  staffMemberIsEnabled,
  staffMayOpenVisits,
  bookIsReadable,
  gateLetsVisitsIn,
  switchIsSomebodyElses,
];

/** What comes next: for which case, and why. */
export const SAYS_WHAT_FOR: readonly Rule<Context>[] = [
  caseIsNamed,
  caseIsOpen,
  caseIsTheirs,
  visitFitsTheSwitch,
  reasonIsSpecific,
];
