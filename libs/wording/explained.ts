import { labelFor, masksOf, type Catalogue } from '#domain/catalogue/catalogue';
import type { Policy } from '#domain/policy/policy';
import { bothOf, neededApproval, SIDES, TRIGGERS, type NeededApproval, type Trigger } from '#domain/policy/triggers';
import { article } from '#domain/workspace/rules';
import { number, settingSaid, span } from './policy-lines.ts';
import { either, listed } from './sentence.ts';
import { MASKED } from './session-lines.ts';

/** What an owner's switch opens, or would open: beside the policy, all that the explanation speaks of. */
export interface Opening {
  readonly catalogue: Catalogue;
  /** Areas of the catalogue that stay closed. */
  readonly withoutAreas: readonly string[];
  /** As the help desk writes it; `null` for any. */
  readonly onlyCase: string | null;
  readonly askEach: boolean;
}

/** What staff access means under the settings in force, to the customer's people. Made from the policy, and from nothing else. */
export interface Explained {
  /** While it is on: whole sentences. */
  readonly whileOn: string;
  /** Where what is asked for stands, and who decides about it. */
  readonly whoDecides: string;
  /** Who turns it on and off, as a sentence. */
  readonly whoSwitches: string;
  /** What staff can do, each to follow "Staff can". */
  readonly can: readonly string[];
  readonly cannot: readonly string[];
}

export function explained(policy: Policy, opening: Opening): Explained {
  return {
    whileOn: `${whileOn(policy, opening)} ${ofChanges(policy, opening)}`,
    whoDecides: whoDecides(policy, opening),
    whoSwitches: settingSaid('consent.maySwitch', policy.consent.maySwitch),
    can: canOf(policy, opening),
    cannot: cannotOf(policy, opening),
  };
}

/**
 * Whose yes something needs: every request is a visit's, so that what a visit needs is needed for all that is asked for;
 * and the owner's own wish to be asked counts as the customer's.
 */
function yesTo(triggers: readonly Trigger[], policy: Policy, { askEach }: Opening): NeededApproval {
  return bothOf(neededApproval(policy, ['every session', ...triggers]), askEach ? 'customer' : 'nobody');
}

function whileOn(policy: Policy, opening: Opening): string {
  const yes = called(yesTo([], policy, opening), policy);
  return yes === null
    ? 'Staff may come in and look.'
    : `Staff may ask to come in and look, and ${yes} approves each visit.`;
}

function ofChanges(policy: Policy, opening: Opening): string {
  if (!policy.write.allowed) return 'They may not change anything.';
  const yes = called(yesTo(['every write'], policy, opening), policy);
  return `A change is one named action, done once${yes === null ? ', in a visit of its own' : ` after ${yes} approved it`}.`;
}

/** Of all that staff may ask for: whether any of it waits for the customer, or for the vendor alone. */
function whoDecides(policy: Policy, opening: Opening): string {
  const customer = either(policy.approval.customer.map((role) => `${role}s`));
  const sides = TRIGGERS.filter((trigger) => policy.write.allowed || LOOKING.includes(trigger)).map((trigger) =>
    yesTo([trigger], policy, opening),
  );
  if (sides.some((side) => side === 'customer' || side === 'both'))
    return `What needs your yes is asked for here first, with a reason: one of your ${customer} approves it, approves less, asks back or declines.`;
  if (sides.includes('vendor'))
    return `What is asked for stands here, with its reason: ${called('vendor', policy)} decides about it, and your ${customer} can decline it.`;
  return 'The settings ask nobody: what is asked for stands here, with its reason, and may begin at once.';
}

function canOf(policy: Policy, opening: Opening): string[] {
  const { session, write } = policy;
  const { catalogue, withoutAreas, onlyCase } = opening;
  const open = Object.entries(catalogue.areas).filter(([id]) => !withoutAreas.includes(id));
  const anyCase = policy.caseAnchor === 'required' ? 'for an open support case' : 'for a support case, or without one';
  const forCase = onlyCase === null ? anyCase : `for ${onlyCase} only`;
  const yes = called(yesTo([], policy, opening), policy);
  const once = yes === null ? '' : `, once ${yes} approved the visit`;
  const idle = session.idleMinutes < session.capMinutes;
  const change = called(yesTo(['every write'], policy, opening), policy);
  return [
    ...(open.length === 0 ? [] : [`Look at pages of ${listed(open.map(([, label]) => label))}`]),
    `Come in ${forCase}, with a reason that you read word for word${once}`,
    `Stay for ${span(session.capMinutes)} at most${idle ? `, and for ${span(session.idleMinutes)} with nobody there` : ''}`,
    `See ${number(session.rowsInAll)} ${session.rowsInAll === 1 ? 'row' : 'rows'} of data at most in a visit`,
    ...(write.allowed
      ? [
          `Change one thing by name, once, in a visit of ${span(Math.min(write.capMinutes, session.capMinutes))} at most${change === null ? '' : `, after ${change} approved it`}`,
        ]
      : []),
  ];
}

function cannotOf(policy: Policy, opening: Opening): string[] {
  const { catalogue, withoutAreas } = opening;
  const left = withoutAreas.map((area) => catalogue.areas[area] ?? area);
  const kinds = [...new Set(Object.values(masksOf(catalogue)))];
  const masked = kinds.filter((kind) => kind !== 'secret');
  const reveal = called(yesTo(['reveal'], policy, opening), policy);
  const never = neverLabels(catalogue);
  return [
    ...(left.length === 0 ? [] : [`Open ${listed(left)}: left out`]),
    'Open a page before its line is in your book',
    policy.write.allowed
      ? 'Change anything that they didn’t ask for by name, or change it twice'
      : 'Change, send, retry, delete or export anything',
    ...firstApproved(policy, opening),
    ...(masked.length === 0
      ? []
      : [
          `Read ${listed(masked.map((kind) => MASKED[kind]))} in full, but for one value ${reveal === null ? 'that they ask for by name' : `after ${reveal} approved it`}`,
        ]),
    ...(kinds.includes('secret') ? [`Read ${MASKED.secret} at all, whoever approves it`] : []),
    ...(never.length === 0 ? [] : [`Do any of these, whoever approves it: ${listed(never)}`]),
    'Come in while staff access is off, or stay when you turn it off',
    'Edit or remove a line',
  ];
}

/** What is said elsewhere: of each visit and each change, and of what is masked. */
const SAID_ELSEWHERE: readonly Trigger[] = ['every session', 'every write', 'reveal'];
/** What can be asked for although nothing is changed. */
const LOOKING: readonly Trigger[] = ['every session', 'reveal', 'sensitive page', 'sensitive account'];

/** The triggers as the customer's people call what they stand for. */
export const DEEDS: Readonly<Record<Trigger, string>> = {
  'every session': 'visits',
  'every write': 'changes',
  export: 'exports',
  reveal: 'masked values in full',
  'sensitive page': 'sensitive pages',
  'sensitive account': 'visits as an owner, an admin or a contact for bills',
  billing: 'changes of billing',
  refund: 'refunds',
  credit: 'credits',
  delete: 'deletes',
  restore: 'restores',
  'bulk edit': 'bulk edits',
  ownership: 'changes of ownership',
  'password reset': 'password resets',
  'e-mail reset': 'e-mail resets',
  'MFA reset': 'MFA resets',
  'role change': 'role changes',
  'security setting': 'changes of security settings',
  'unrelated setting': 'changes of settings beside the case',
  'customer would notice': 'changes that you would notice',
};

/** The kinds of deeds that need more than a visit or a change does: only those that staff may ask for at all. */
function firstApproved(policy: Policy, opening: Opening): string[] {
  const more = TRIGGERS.flatMap((trigger) => {
    const looks = LOOKING.includes(trigger);
    if (SAID_ELSEWHERE.includes(trigger) || !(policy.write.allowed || looks)) return [];
    // An export is asked for as one, and not as a change.
    const as: readonly Trigger[] = looks || trigger === 'export' ? [] : ['every write'];
    const side = yesTo([...as, trigger], policy, opening);
    return side === yesTo(as, policy, opening) ? [] : [{ side, deed: DEEDS[trigger] }];
  });
  return SIDES.flatMap((side) => {
    const deeds = more.filter((one) => one.side === side).map(({ deed }) => deed);
    if (deeds.length === 0) return [];
    return [`Do or see any of these before ${called(side, policy)} approved it: ${listed(deeds)}`];
  });
}

function neverLabels({ pages, actions }: Catalogue): string[] {
  return [
    ...Object.values(pages).flatMap((page) => (page.class === 'never' ? [`open ${labelFor(page.label, null)}`] : [])),
    ...Object.values(actions).flatMap((action) => (action.class === 'never' ? [labelFor(action.label, null)] : [])),
  ];
}

/** Who says yes, as the customer's people read it; `null`: nobody is asked. */
function called(side: NeededApproval, { approval }: Policy): string | null {
  const customer = `one of your ${either(approval.customer.map((role) => `${role}s`))}`;
  const vendor = `${either(approval.vendor.map(article))} of support`;
  switch (side) {
    case 'nobody':
      return null;
    case 'customer':
      return customer;
    case 'vendor':
      return vendor;
    case 'both':
      return `${customer}, and then ${vendor},`;
  }
}
