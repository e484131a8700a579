import type { CaseId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext, Person } from '../book/context.ts';
import { toInstant } from '../fact.ts';
import type { Policy } from '../policy/policy.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import {
  asMember,
  bookIsReadable,
  memberBelongsHere,
  memberRoleMaySwitch,
  workspaceIsOpen,
  type MemberContext,
} from '../workspace/rules.ts';

export interface EnableStaffAccess {
  readonly type: 'EnableStaffAccess';
  readonly by: Person;
  /** How long the window stays open; `null` for policy's own. */
  readonly minutes: number | null;
  readonly withoutAreas: readonly string[];
  readonly onlyCase: CaseId | null;
  /** Each visit is asked for all the same (S2-8); left out: no. */
  readonly askEach?: boolean;
}

type Context = MemberContext & { readonly command: EnableStaffAccess };

const YEAR_MINUTES = 525_600;

/** The longest window that can be chosen, in minutes; `null`: none can, what is on stays on until it is turned off. */
export function longestWindow({ consent: { mode, longestWindowMinutes } }: Policy): number | null {
  return mode === 'switch' ? (longestWindowMinutes ?? YEAR_MINUTES) : null;
}

const windowIsAllowed: Rule<Context> = rule('windowIsAllowed', ({ command: { minutes }, installation }) => {
  if (minutes === null) return undefined;
  const longest = longestWindow(installation.policy);
  if (longest === null) {
    return { because: 'Staff access has no window here: what is on stays on until it is turned off.' };
  }
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= longest) return undefined;
  return { because: `Staff access can be on for 1 to ${longest} minutes; ${minutes} were asked for.` };
});

const areasAndCaseAreKnown: Rule<Context> = rule('visitFitsTheSwitch', ({ command, book, installation }) => {
  const unknown = command.withoutAreas.find((area) => !Object.hasOwn(installation.catalogue.areas, area));
  if (unknown !== undefined) return { because: `The catalogue has no area “${unknown}”.` };
  if (command.onlyCase !== null && book.workspace.cases.get(command.onlyCase)?.phase !== 'open') {
    return { because: 'The case is not an open case of this workspace.' };
  }
  return undefined;
});

/** Whether the person belongs here comes first: a stranger learns nothing of the workspace (threat T35). */
const RULES = [
  memberBelongsHere,
  bookIsReadable,
  workspaceIsOpen,
  memberRoleMaySwitch,
  windowIsAllowed,
  areasAndCaseAreKnown,
];

/** Turns staff access on, or sets the window anew while it is on. Visits that run keep the end they were given. */
export function enableStaffAccess(command: EnableStaffAccess, context: BookContext): Decision<BookFact> {
  const here = { ...asMember(context, command.by), command };
  const refusal = firstRefusal(RULES, here);
  if (refusal || !here.member) return { facts: [], refusal };

  const { policy, policyRevision } = context.installation;
  // A switch that doesn't let anybody in, but may keep everybody out, has no window.
  const minutes = policy.consent.mode === 'switch' ? (command.minutes ?? policy.consent.windowMinutes) : null;
  const { id, shownName } = here.member;
  return {
    facts: [
      {
        type: 'StaffAccessEnabled',
        data: {
          until: minutes === null ? null : toInstant(context.now + minutes * 60_000),
          memberId: id,
          withoutAreas: [...command.withoutAreas],
          onlyCase: command.onlyCase,
          ...(command.askEach === true && { askEach: true }),
          policyRevision,
          personal: { subject: id, name: shownName ?? command.by.name ?? id },
        },
      },
    ],
  };
}
