import { MEMBER_ROLES, STAFF_ROLES } from '@gatebook/protocol';
import * as v from 'valibot';
import { bothOf, SIDES, TRIGGERS, type Asked } from './triggers.ts';

const count = (least: number, most: number) =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );
const yesOrNo = v.boolean('must be true or false');

function oneOf<const Words extends readonly string[]>(words: Words) {
  return v.picklist(words, ({ received }) => `must be one of ${words.join(', ')}, not ${received}`);
}

const memberRoles = v.pipe(
  v.array(oneOf(MEMBER_ROLES), 'must be a list of roles'),
  // Off, end and decline work for an owner whatever is set (policy.md).
  v.includes('owner', 'must name the owner'),
);
const staffRoles = v.array(oneOf(STAFF_ROLES), 'must be a list of roles');

/** How the values of a knob compare: which of two is the tighter, and what is as tight as both. */
interface Order<Value> {
  readonly atLeastAsTight: (a: Value, b: Value) => boolean;
  /** The loosest value that is at least as tight as either. */
  readonly tighterOf: (a: Value, b: Value) => Value;
}

/** A smaller number is tighter; `null` is no bound at all. */
const less: Order<number | null> = {
  atLeastAsTight: (a, b) => (a ?? Infinity) <= (b ?? Infinity),
  tighterOf: (a, b) => (a === null ? b : b === null ? a : Math.min(a, b)),
};
const lessNumber: Order<number> = { atLeastAsTight: (a, b) => a <= b, tighterOf: (a, b) => Math.min(a, b) };

const neverOverMay: Order<boolean> = { atLeastAsTight: (a, b) => !a || b, tighterOf: (a, b) => a && b };

/** Fewer of these are tighter. */
function fewer<Word extends string>(words: readonly Word[]): Order<Word[]> {
  return {
    atLeastAsTight: (a, b) => a.every((word) => b.includes(word)),
    tighterOf: (a, b) => words.filter((word) => a.includes(word) && b.includes(word)),
  };
}

/** Fewer plans are tighter; `null` stands for every plan. */
const fewerPlans: Order<string[] | null> = {
  atLeastAsTight: (a, b) => b === null || (a !== null && a.every((plan) => b.includes(plan))),
  tighterOf: (a, b) => (a === null || b === null ? sorted(a ?? b) : sorted(a.filter((plan) => b.includes(plan)))),
};

function sorted(plans: string[] | null): string[] | null {
  return plans && [...new Set(plans)].sort();
}

/** The words from the loosest to the tightest. */
function ranked<const Word extends string>(words: readonly Word[]): Order<Word> {
  return {
    atLeastAsTight: (a, b) => words.indexOf(a) >= words.indexOf(b),
    tighterOf: (a, b) => (words.indexOf(a) >= words.indexOf(b) ? a : b),
  };
}

/** Who is asked more, trigger by trigger, is tighter; the customer alone and the vendor alone don't compare. */
const askedOfMore: Order<Asked> = {
  atLeastAsTight: (a, b) =>
    TRIGGERS.every((trigger) => bothOf(a[trigger] ?? 'nobody', b[trigger] ?? 'nobody') === (a[trigger] ?? 'nobody')),
  tighterOf: (a, b) =>
    Object.fromEntries(
      TRIGGERS.map((trigger) => [trigger, bothOf(a[trigger] ?? 'nobody', b[trigger] ?? 'nobody')] as const).filter(
        ([, side]) => side !== 'nobody',
      ),
    ),
};

export type ConsentMode = (typeof CONSENT_MODES)[number];

/** One setting that a workspace may tighten: which values there are, and how they compare. */
export interface Knob<Schema extends v.GenericSchema = v.GenericSchema> {
  readonly schema: Schema;
  readonly order: Order<v.InferOutput<Schema>>;
}

function knob<Schema extends v.GenericSchema>(schema: Schema, order: Order<v.InferOutput<Schema>>): Knob<Schema> {
  return { schema, order };
}

/** From the one that asks least of the customer to the one that asks most. */
export const CONSENT_MODES = ['role', 'switch', 'request'] as const;
const CASE_ANCHORS = ['optional', 'required'] as const;
const IDENTITIES = ['vendor log only', 'support identity', 'name', 'name and e-mail'] as const;
const RECORDINGS = ['sensitive pages', 'every page', 'every click'] as const;

/**
 * Every knob of the policy with its own order (policy.md, "A workspace may only tighten"). Where staff must say more,
 * where more is written down and where more people are asked, it is tighter.
 */
export const KNOBS = {
  /**
   * What lets staff in: their role and a reason (`role`), the owner's switch (`switch`), or an approval of each visit
   * (`request`). Each asks more of the customer than the one before.
   */
  'consent.mode': knob(oneOf(CONSENT_MODES), ranked(CONSENT_MODES)),
  /** How long the switch stays on if no time is given; `null`: until it is turned off. */
  'consent.windowMinutes': knob(v.nullable(count(1, 10_080)), less),
  'consent.longestWindowMinutes': knob(v.nullable(count(1, 10_080)), less),
  /** Members' roles that may turn staff access on and off, and end a visit. */
  'consent.maySwitch': knob(memberRoles, fewer(MEMBER_ROLES)),
  'request.lapseMinutes': knob(count(1, 43_200), lessNumber),
  /** How long after its approval a grant may be begun. */
  'request.startByMinutes': knob(count(1, 10_080), lessNumber),
  'session.capMinutes': knob(count(1, 1_440), lessNumber),
  'session.idleMinutes': knob(count(1, 60), lessNumber),
  /** How long the one-time code of a started session is good for. */
  'session.entrySeconds': knob(count(5, 300), lessNumber),
  /** How long ago a staff member may have confirmed who they are (RFC 9470). */
  'session.identityMaxAgeSeconds': knob(count(30, 3_600), lessNumber),
  /** How long a visit goes on after its case was closed. */
  'session.caseGraceMinutes': knob(count(0, 60), lessNumber),
  'session.livePerWorkspace': knob(count(1, 20), lessNumber),
  'session.pagesPerMinute': knob(count(1, 100_000), lessNumber),
  /** Rows of customers' data that one visit may be shown. */
  'session.rowsInAll': knob(count(1, 10_000_000), lessNumber),
  /** Staff roles that may open visits (S1-25). */
  'session.mayVisit': knob(staffRoles, fewer(STAFF_ROLES)),
  'write.allowed': knob(yesOrNo, neverOverMay),
  'write.capMinutes': knob(count(1, 1_440), lessNumber),
  /** How long the product may take to report what it did. */
  'write.reportSeconds': knob(count(10, 3_600), lessNumber),
  'approval.customer': knob(memberRoles, fewer(MEMBER_ROLES)),
  'approval.vendor': knob(staffRoles, fewer(STAFF_ROLES)),
  /** Whether who approves may give more than was asked for, another target or other arguments (S4-26). */
  'approval.mayWiden': knob(yesOrNo, neverOverMay),
  'approval.asked': knob(v.record(oneOf(TRIGGERS), oneOf(SIDES)), askedOfMore),
  caseAnchor: knob(oneOf(CASE_ANCHORS), ranked(CASE_ANCHORS)),
  /** Plans on which a customer's own request lets staff in (S2-29); `null`: every plan. */
  'plan.helpRequests': knob(
    v.nullable(v.array(v.pipe(v.string('must be a plan’s name'), v.trim(), v.minLength(1, 'must not be empty')))),
    fewerPlans,
  ),
  /** How much of a staff member's identity the customer reads. The vendor's log has all of it. */
  identityShown: knob(oneOf(IDENTITIES), ranked(IDENTITIES)),
  recording: knob(oneOf(RECORDINGS), ranked(RECORDINGS)),
  /** After how long the owners are reminded that staff access is still on; `null`: never. */
  leftOnReminderHours: knob(v.nullable(count(1, 720)), less),
} as const;

export type KnobName = keyof typeof KNOBS;
export type KnobValue<Name extends KnobName> = v.InferOutput<(typeof KNOBS)[Name]['schema']>;
export const KNOB_NAMES = Object.keys(KNOBS) as readonly KnobName[];

/** Whether the first value is tighter than the second: as tight, and another. */
export function isTighter<Name extends KnobName>(name: Name, a: KnobValue<Name>, b: KnobValue<Name>): boolean {
  return isAtLeastAsTight(name, a, b) && !isAtLeastAsTight(name, b, a);
}

export function isAtLeastAsTight<Name extends KnobName>(name: Name, a: KnobValue<Name>, b: KnobValue<Name>): boolean {
  return orderOf(name).atLeastAsTight(a, b);
}

/** The loosest value that is at least as tight as either. */
export function tighterOf<Name extends KnobName>(name: Name, a: KnobValue<Name>, b: KnobValue<Name>): KnobValue<Name> {
  return orderOf(name).tighterOf(a, b);
}

function orderOf<Name extends KnobName>(name: Name): Order<KnobValue<Name>> {
  return KNOBS[name].order as unknown as Order<KnobValue<Name>>;
}
