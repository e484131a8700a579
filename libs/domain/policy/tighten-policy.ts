import { canonicalJson } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext, Person } from '../book/context.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import {
  article,
  asMember,
  bookIsReadable,
  memberBelongsHere,
  workspaceIsOpen,
  type MemberContext,
} from '../workspace/rules.ts';
import { isAtLeastAsTight, KNOB_NAMES, type KnobName } from './knobs.ts';
import { effectivePolicy, knobOf, type Tightening } from './tighten.ts';
import { evolveTightening } from './tightening.ts';

/** The workspace sets some knobs for itself, or goes back to the installation's. */
export interface TightenPolicy {
  readonly type: 'TightenPolicy';
  readonly by: Person;
  readonly set: Tightening;
  /** Knobs that are to be the installation's again. */
  readonly cleared: readonly KnobName[];
}

type Context = MemberContext & { readonly command: TightenPolicy };

/** Owners, and admins where the policy lets them switch: who may let staff in may set how. */
const memberRoleMayTighten: Rule<Context> = rule('roleMayAsk', ({ member, installation, book }) => {
  const role = member?.role ?? 'viewer';
  const may = effectivePolicy(installation.policy, book.tightening).consent.maySwitch;
  if (role === 'owner' || (role === 'admin' && may.includes(role))) return undefined;
  return { because: `An owner sets this; you are ${article(role)}.`, instead: 'Ask an owner of the workspace.' };
});

/** Its own settings may be loosened again as far as the installation's, never beyond. */
const changeIsTighter: Rule<Context> = rule('changeIsTighter', ({ command: { set }, installation: { policy } }) => {
  const looser = KNOB_NAMES.find((name) => isLooser(policy, name, set));
  if (looser === undefined) return undefined;
  return {
    because: `${looser} would be looser than the installation’s own setting, which is ${told(knobOf(policy, looser))}.`,
    instead: 'A workspace may only be stricter.',
  };
});

function isLooser<Name extends KnobName>(policy: BookContext['installation']['policy'], name: Name, set: Tightening) {
  const value: Tightening[Name] = set[name];
  return value !== undefined && !isAtLeastAsTight(name, value, knobOf(policy, name));
}

const changeIsDifferent: Rule<Context> = rule('changeIsDifferent', ({ command, book }) => {
  const { set, cleared } = command;
  const data = { memberId: 'mem_' as const, set, cleared: [...cleared], policyRevision: 0 };
  const next = evolveTightening(book.tightening, { type: 'WorkspacePolicyTightened', data });
  return canonicalJson(next) === canonicalJson(book.tightening)
    ? { because: 'The workspace’s settings are already what the change says.' }
    : undefined;
});

const RULES = [
  memberBelongsHere,
  bookIsReadable,
  workspaceIsOpen,
  memberRoleMayTighten,
  changeIsTighter,
  changeIsDifferent,
];

/** Of the context it reads the installation's own policy, not the workspace's. Visits that run keep what they began with. */
export function tightenPolicy(command: TightenPolicy, context: BookContext): Decision<BookFact> {
  const here = { ...asMember(context, command.by), command };
  const refusal = firstRefusal(RULES, here);
  if (refusal || !here.member) return { facts: [], refusal };
  const { id, shownName } = here.member;
  return {
    facts: [
      {
        type: 'WorkspacePolicyTightened',
        data: {
          memberId: id,
          set: command.set,
          cleared: [...command.cleared],
          policyRevision: context.installation.policyRevision,
          personal: { subject: id, name: shownName ?? command.by.name ?? id },
        },
      },
    ],
  };
}

/** A setting's value as it is told to people. */
function told(value: unknown): string {
  if (value === null) return 'no bound';
  if (Array.isArray(value)) return value.length === 0 ? 'nobody' : value.join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([of, side]) => `${of} (${String(side)})`)
      .join(', ');
  }
  return String(value);
}
