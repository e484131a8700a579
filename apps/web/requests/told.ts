import { recordNamed } from '#domain/catalogue/catalogue';
import { fieldLabel } from '#domain/request/scope';
import { argumentItems } from '#wording/exactly';
import { sentenceCase } from '../parts/sentence-case.ts';
import { argumentFields, argumentsWished, type Edited } from './arguments.ts';
import type { Request, Scope } from './operations.ts';

/** A scope, with what its action is done with as canonical JSON; `null` or left out: with nothing. */
export type Terms = Scope & { readonly argumentsJson?: string | null };

export const askedOf = ({ asked, argumentsJson }: Request): Terms => ({ ...asked, argumentsJson });
/** What is allowed, or what the first of two allowed; as it was asked for until then. */
export const allowedOf = ({ scope, scopeArgumentsJson }: Request): Terms => ({
  ...scope,
  argumentsJson: scopeArgumentsJson,
});

/** What of a request is granted otherwise: which pages, how long, on what, with what. */
export interface Wish {
  readonly pages: readonly string[];
  readonly minutes: number;
  /** Of the action; `null` where it has none, or there is no action. */
  readonly target: string | null;
  /** What was edited of the action's arguments. */
  readonly args?: Edited;
}

export const first = (name: string | null) => name?.split(' ')[0] ?? 'They';
export const called = (name: string | null) => name ?? 'A staff member whose name is erased';

/** "retry the failed invoice sync on INV-88, once". */
export function whatIsAsked({
  viewAs,
  viewAsName,
  ...of
}: Pick<Request, 'kind' | 'scope' | 'viewAs' | 'viewAsName'>): string {
  return `${doneOnce(of)}${viewAs === null ? '' : `, viewing as ${viewAsName ?? 'a member whose name is erased'}`}`;
}

function doneOnce({ kind, scope: { action, field } }: Pick<Request, 'kind' | 'scope'>): string {
  if (action) return `${action.label}, once`;
  if (field) return `see ${fieldLabel(field)}, once`;
  if (kind === 'EXTENSION') return 'look for longer';
  return kind === 'SENSITIVE_ENTRY' ? 'look at what is sensitive' : 'look';
}

/** How the page is called in the can list: the phrases of pages stand last there, in the pages' order. */
export function pagePhrases({ pages, can }: Scope): ReadonlyMap<string, string> {
  const before = can.length - pages.length;
  return new Map(pages.map((page, at) => [page, before < 0 ? page : (can[before + at] ?? page)]));
}

/** What the wish would leave, as phrases: only ever less, but for another target and other arguments. */
export function wished(scope: Terms, wish: Wish): Terms {
  const phrases = pagePhrases(scope);
  const taken = scope.pages.filter((page) => !wish.pages.includes(page)).map((page) => phrases.get(page) ?? page);
  const { action } = scope;
  const now =
    action === null || action.target === null || wish.target === null || wish.target === action.target
      ? action
      : { ...action, target: wish.target, label: labelAbout(action.label, action.target, wish.target) };
  const relabelled = (phrase: string) =>
    action && now && phrase === `${action.label}, once` ? `${now.label}, once` : phrase;
  const args = argumentsWished(scope.argumentsJson, wish.args);
  return {
    ...scope,
    ...('json' in args && scope.argumentsJson !== undefined && { argumentsJson: args.json }),
    pages: wish.pages.filter((page) => scope.pages.includes(page)),
    minutes: wish.minutes,
    action: now,
    can: scope.can.filter((phrase) => !taken.includes(phrase)).map(relabelled),
    cannot: [...scope.cannot, ...taken],
  };
}

/** The same phrase about another record, as the request's own label would name it. */
function labelAbout(label: string, from: string, to: string): string {
  return label.replace(recordNamed(from), () => recordNamed(to));
}

/** What an action is done with, one by one, as JSON; the request brings it as JSON with everything unseen escaped. */
export function exactly(argumentsJson: string | null) {
  return argumentItems(
    argumentsJson === null ? null : (JSON.parse(argumentsJson) as Readonly<Record<string, unknown>>),
  );
}

/** The can list as it is read: what is done once first, then what opens. */
export function canItems({ can }: Scope, opened: (opens: readonly string[]) => readonly string[]): string[] {
  const opens = can.filter((phrase) => phrase.startsWith('open ') && !phrase.endsWith(', once'));
  return [...can.filter((phrase) => !opens.includes(phrase)), ...opened(opens)];
}

/** What would differ of what was asked for; `null`: nothing, it is approved as asked. */
export function changeOf(asked: Terms, granted: Terms) {
  const removed = asked.can.filter((phrase) => !granted.can.includes(phrase));
  const added = granted.can.filter((phrase) => !asked.can.includes(phrase));
  const minutes = asked.minutes === granted.minutes ? null : { from: asked.minutes, to: granted.minutes };
  const nothing = removed.length + added.length === 0 && minutes === null && !isDoneWithOther(asked, granted);
  if (nothing) return null;
  const [from, to] = [asked.action?.target ?? null, granted.action?.target ?? null];
  return { removed, added, minutes, ...(from !== to && { target: { from, to } }) };
}

export const isDoneWithOther = (asked: Terms, granted: Terms) =>
  (asked.argumentsJson ?? null) !== (granted.argumentsJson ?? null);

/** Whether it is another thing than was asked for, and not only less of it. */
export function isAnother(asked: Terms, granted: Terms): boolean {
  return isDoneWithOther(asked, granted) || (changeOf(asked, granted)?.added.length ?? 0) > 0;
}

const onceOf = ({ label }: { readonly label: string }) => `${sentenceCase(label)}, once`;

/** A row of asked beside granted. */
export interface Compared {
  /** "Change", "Pages", or one argument that differs: "With value". */
  readonly what: string;
  readonly asked: string;
  readonly granted: string;
  readonly same: boolean;
}

export function compared(asked: Terms, granted: Terms): Compared[] {
  const row = (what: string, before: string, after: string): Compared => ({
    what,
    asked: before,
    granted: after,
    same: before === after,
  });
  const pages = (scope: Scope) => {
    const named = [...pagePhrases(scope).values()].map((phrase) => phrase.replace(/^open /, ''));
    return named.length === 0 ? 'None' : named.join(', ');
  };
  const field = ({ field: of }: Scope) => (of ? `${fieldLabel(of)}, once` : 'Nothing');
  return [
    ...(asked.action ? [row('Change', onceOf(asked.action), granted.action ? onceOf(granted.action) : 'Nothing')] : []),
    ...withOther(asked, granted).map(({ name, before, after }) => row(`With ${name}`, before, after)),
    ...(asked.field ? [row('Shown', field(asked), field(granted))] : []),
    row('Pages', pages(asked), pages(granted)),
    row('Time', `${asked.minutes} min`, `${granted.minutes} min`),
  ];
}

/** The arguments that differ, as JSON. */
function withOther(asked: Terms, granted: Terms) {
  const [before, after] = [argumentFields(asked.argumentsJson), argumentFields(granted.argumentsJson)];
  const valueIn = (fields: typeof before, of: string) => fields.find(({ name }) => name === of)?.asked ?? 'Nothing';
  const names = new Map([...before, ...after].map(({ name, shown }) => [name, shown]));
  return [...names]
    .map(([of, name]) => ({ name, before: valueIn(before, of), after: valueIn(after, of) }))
    .filter((one) => one.before !== one.after);
}

/** What became another thing between two readings of one request, as sentences. */
export function changedBetween(before: Request, after: Request): string[] {
  const who = first(after.staffName);
  return [
    ...(after.question !== null && after.question !== before.question ? [`Somebody asked: “${after.question}”`] : []),
    ...(after.answer !== null && after.answer !== before.answer ? [`${who} answered: “${after.answer}”`] : []),
    ...(after.firstApproval && !before.firstApproval
      ? [`${after.firstApproval.name ?? 'Somebody'} approved it first, and a second person decides now.`]
      : []),
    ...(after.waitsAgain !== null && after.waitsAgain !== before.waitsAgain ? [after.waitsAgain] : []),
    ...compared(allowedOf(before), allowedOf(after))
      .filter(({ same }) => !same)
      .map(({ what, asked, granted }) => `${what}: ${granted}, and not ${asked}.`),
  ];
}

export const isOpen = ({ phase }: Pick<Request, 'phase'>) => phase === 'WAITING' || phase === 'INFORMATION_ASKED';

/** What became of a request that waits no more, to the customer’s people. */
export function endOf(request: Request): string {
  const { phase, decision, change, message, endCause } = request;
  const by = decision?.id === 'policy' ? 'The settings' : (decision?.name ?? 'Somebody whose name is erased');
  const said = message === null ? '' : ` “${message}”`;
  switch (phase) {
    case 'APPROVED':
      return `${by} approved it${change ? ' with changes' : ''}.${said}`;
    case 'DECLINED':
      return `${by} declined it.${said}`;
    case 'WITHDRAWN':
      return `It was taken back${endCause === 'by the staff member' || endCause === null ? '' : `: ${WITHDRAWN[endCause] ?? endCause}`}.`;
    case 'LAPSED':
      return `It lapsed: ${LAPSED[endCause ?? ''] ?? 'nobody decided in time'}.`;
    default:
      return 'It waits.';
  }
}

const WITHDRAWN: Readonly<Record<string, string>> = {
  'staff disabled': 'the staff member may no longer visit',
  'case reassigned': 'the case belongs to somebody else now',
};
const LAPSED: Readonly<Record<string, string>> = {
  'nobody decided': 'nobody decided in time',
  'access off': 'staff access was turned off',
  'case closed': 'its case was closed',
  'workspace closed': 'the workspace was closed',
};

/** What became of the grant. */
export function grantEnd({ kind, grant }: Pick<Request, 'kind' | 'grant'>): string {
  switch (grant?.phase) {
    case 'TO_CONFIRM':
      return 'The changed scope waits to be confirmed.';
    case 'READY':
      return 'The visit has not begun yet.';
    case 'IN_USE':
      return 'The visit goes on.';
    case 'SPENT':
      return kind === 'REVEAL' ? 'It was shown, once.' : OUTCOMES[grant.actionOutcome ?? 'NONE'];
    case 'LAPSED':
      return `It ended unused: ${GRANT_ENDED[grant.cause ?? ''] ?? 'it was not begun in time'}.`;
    default:
      return '';
  }
}

const OUTCOMES = {
  DONE: 'It was done, once.',
  FAILED: 'It was tried, and it failed.',
  UNKNOWN: 'It was let happen; what came of it is unknown.',
  NONE: 'It was used.',
} as const;
const GRANT_ENDED: Readonly<Record<string, string>> = {
  'not started in time': 'it was not begun in time',
  'access off': 'staff access was turned off',
  'approver left': 'who approved it may no longer approve',
  'case closed': 'its case was closed',
  'case reassigned': 'the case belongs to somebody else now',
  'staff disabled': 'the staff member may no longer visit',
  withdrawn: 'it was taken back',
  'session ended': 'the visit ended before it was used',
  'workspace closed': 'the workspace was closed',
};
