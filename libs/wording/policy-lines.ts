import { KNOB_NAMES, type KnobName, type KnobValue } from '#domain/policy/knobs';
import type { Tightening } from '#domain/policy/tighten';
import type { TighteningFact } from '#domain/policy/tightening';
import { SIDES, TRIGGERS, type Side } from '#domain/policy/triggers';
import { counted, listed } from './sentence.ts';

type Sayings = { readonly [Name in KnobName]: (value: KnobValue<Name>) => string };

/** Each setting with a value, as a sentence. */
const SAID: Sayings = {
  'consent.mode': (mode) =>
    ({
      switch: 'Staff come in while staff access is on.',
      request: 'Each visit is asked for, and the customer approves it.',
      role: 'Staff come in by their role and a reason; who turns staff access off keeps everybody out.',
    })[mode],
  'consent.windowMinutes': (minutes) =>
    minutes === null
      ? 'Staff access stays on until it is turned off.'
      : `Staff access is on for ${span(minutes)}, unless another time is chosen.`,
  'consent.longestWindowMinutes': (minutes) =>
    minutes === null
      ? 'Staff access may stay on for any time.'
      : `Staff access is on for ${span(minutes)} at the longest.`,
  'consent.maySwitch': (roles) => `${people(roles)} may turn staff access on and off.`,
  'request.lapseMinutes': (minutes) => `A request that nobody decides lapses after ${span(minutes)}.`,
  'request.startByMinutes': (minutes) => `What was approved lapses if it is not begun within ${span(minutes)}.`,
  'session.capMinutes': (minutes) => `A visit lasts ${span(minutes)} at most.`,
  'session.idleMinutes': (minutes) => `A visit ends after ${span(minutes)} without anybody there.`,
  'session.entrySeconds': (seconds) => `The way into a visit stays open for ${inSeconds(seconds)}.`,
  'session.identityMaxAgeSeconds': (seconds) =>
    `Staff confirm who they are no longer than ${inSeconds(seconds)} before they come in.`,
  'session.caseGraceMinutes': (minutes) =>
    minutes === 0
      ? 'A visit ends when its case is closed.'
      : `A visit goes on for ${span(minutes)} at most once its case is closed.`,
  'session.livePerWorkspace': (visits) => `${counted(visits, 'visit')} may go on at the same time.`,
  'session.pagesPerMinute': (pages) => `A visit opens ${counted(pages, 'page')} a minute at most.`,
  'session.rowsInAll': (rows) => `A visit is shown ${number(rows)} ${rows === 1 ? 'row' : 'rows'} of data at most.`,
  'session.mayVisit': (roles) => `${people(roles)} may open visits.`,
  'write.allowed': (allowed) => (allowed ? 'Staff may ask to change something.' : 'Staff never change anything.'),
  'write.capMinutes': (minutes) => `A grant to change something lasts ${span(minutes)} at most.`,
  'write.reportSeconds': (seconds) =>
    `The product tells within ${inSeconds(seconds)} what came of a change; otherwise its outcome is unknown.`,
  'approval.customer': (roles) => `${people(roles)} may approve for the customer.`,
  'approval.vendor': (roles) => `${people(roles)} may approve for the vendor.`,
  'approval.mayWiden': (may) =>
    may
      ? 'Who approves may give more than was asked for, or another thing.'
      : 'Who approves may give less than was asked for, and never more or another thing.',
  'approval.asked': (asked) => {
    const said = SIDES.map((side) => ({
      side,
      triggers: TRIGGERS.filter((trigger) => asked[trigger] === side),
    }))
      .filter(({ triggers }) => triggers.length > 0)
      .map(({ side, triggers }) => `${APPROVES[side]}: ${listed(triggers)}.`);
    return said.length === 0 ? 'Nothing needs an approval.' : said.join(' ');
  },
  caseAnchor: (anchor) => (anchor === 'required' ? 'A visit needs a case.' : 'A visit may go without a case.'),
  // Help requests are to come; until then nobody may take this for something that is decided.
  'plan.helpRequests': (plans) =>
    `Decides nothing yet, as customers can’t ask for help here; once they can, it lets staff in on ${
      plans === null ? 'every plan' : plans.length === 0 ? 'no plan' : `these plans only: ${listed(plans)}`
    }. What staff ask for is the same on every plan.`,
  identityShown: (shown) =>
    ({
      'name and e-mail': 'The customer reads a staff member’s name and e-mail address.',
      name: 'The customer reads a staff member’s name.',
      'support identity': 'The customer reads “Support” and a number for each staff member.',
      'vendor log only': 'The customer reads that it was support; who it was stands in the vendor’s log.',
    })[shown],
  recording: (depth) =>
    ({
      'sensitive pages':
        'The log holds each sensitive page with the record that was shown, and of every other page that it was opened.',
      'every page': 'The log holds every page opened.',
      'every click': 'The log holds every page opened and every click that the product reports.',
    })[depth],
  leftOnReminderHours: (hours) =>
    hours === null
      ? 'Nobody is reminded that staff access is on.'
      : `Owners read on their page that it was left on once staff access has been on for ${counted(hours, 'hour')}; no mail is sent yet.`,
};

const APPROVES: Readonly<Record<Side, string>> = {
  customer: 'The customer approves',
  vendor: 'The vendor approves',
  both: 'The customer and then the vendor approve',
};

/** What a setting is about. */
export const SETTING_NAMES: { readonly [Name in KnobName]: string } = {
  'consent.mode': 'what lets staff in',
  'consent.windowMinutes': 'how long staff access is on',
  'consent.longestWindowMinutes': 'how long staff access may be on',
  'consent.maySwitch': 'who turns staff access on and off',
  'request.lapseMinutes': 'how long a request waits',
  'request.startByMinutes': 'when what was approved is begun',
  'session.capMinutes': 'how long a visit lasts',
  'session.idleMinutes': 'when a visit without anybody there ends',
  'session.entrySeconds': 'how long the way into a visit is open',
  'session.identityMaxAgeSeconds': 'how lately staff confirmed who they are',
  'session.caseGraceMinutes': 'how long a visit outlasts its case',
  'session.livePerWorkspace': 'how many visits go on at the same time',
  'session.pagesPerMinute': 'how many pages a visit opens in a minute',
  'session.rowsInAll': 'how much data a visit is shown',
  'session.mayVisit': 'who opens visits',
  'write.allowed': 'whether staff may change anything',
  'write.capMinutes': 'how long a grant to change something lasts',
  'write.reportSeconds': 'when the product tells what came of a change',
  'approval.customer': 'who approves for the customer',
  'approval.vendor': 'who approves for the vendor',
  'approval.mayWiden': 'whether an approval may give more or another thing than was asked for',
  'approval.asked': 'what needs an approval',
  caseAnchor: 'whether a visit needs a case',
  'plan.helpRequests': 'on which plans a request for help lets staff in',
  identityShown: 'what the customer reads of a staff member',
  recording: 'what the log holds of a visit',
  leftOnReminderHours: 'when owners are reminded that staff access is on',
};

/** A setting's value as a sentence: "A visit lasts 30 minutes at most." */
export function settingSaid<Name extends KnobName>(name: Name, value: KnobValue<Name>): string {
  const said: (of: KnobValue<Name>) => string = SAID[name];
  return said(value);
}

/** What a workspace set for itself, and what it took back, as whole sentences. */
export function tighteningDetail({ data: { set, cleared } }: TighteningFact): string {
  const said = KNOB_NAMES.flatMap((name) => setSaid(name, set));
  if (cleared.length > 0)
    said.push(`The vendor’s setting again: ${listed(cleared.map((name) => SETTING_NAMES[name]))}.`);
  return said.join(' ');
}

function setSaid<Name extends KnobName>(name: Name, set: Tightening): string[] {
  const value: Tightening[Name] = set[name];
  return value === undefined ? [] : [settingSaid(name, value)];
}

/** Minutes in the largest whole unit: "7 days", "24 hours", "90 minutes". */
export function span(minutes: number): string {
  if (minutes > 1_440 && minutes % 1_440 === 0) return counted(minutes / 1_440, 'day');
  if (minutes > 60 && minutes % 60 === 0) return counted(minutes / 60, 'hour');
  return counted(minutes, 'minute');
}

function inSeconds(seconds: number): string {
  return seconds > 60 && seconds % 60 === 0 ? span(seconds / 60) : counted(seconds, 'second');
}

/** "2,000". */
export function number(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** "Owners and admins". */
function people(roles: readonly string[]): string {
  if (roles.length === 0) return 'Nobody';
  const many = listed(roles.map((role) => `${role}s`));
  return many.charAt(0).toUpperCase() + many.slice(1);
}
