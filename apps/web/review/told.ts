import type { MaskKind } from '@gatebook/protocol';
import { timeSpent, type TimeOfVisit } from '#wording/time-spent';
import { span } from '../time/time.ts';
import type { ReviewedVisit } from './operations.ts';
import { caseInWords } from '../parts/case-in-words.ts';

/** A visit in sentences: pure, so that what a reviewer copies is what stands on the page. */

type Cause = NonNullable<ReviewedVisit['endCause']>;

const ENDED: Readonly<Record<Cause, string>> = {
  CASE_CLOSED: 'its case was closed',
  CASE_REASSIGNED: 'its case was given to somebody else',
  ENDED_BY_OWNER: 'the customer ended it',
  EXITED: 'left by itself',
  IDLE: 'nobody used it any more',
  REACHED_ITS_CAP: 'its time was up',
  REVOKED: 'the customer turned staff access off',
  SCOPE_CHANGED: 'they went on in another visit',
  STAFF_DISABLED: 'the staff member was disabled',
  TOO_FAST: 'more was opened than a visit’s budget allows',
  WINDOW_ENDED: 'the time of staff access was up',
  WORKSPACE_CLOSED: 'the workspace was closed',
};

export const who = ({ staffName }: Pick<ReviewedVisit, 'staffName'>): string => staffName ?? 'A staff member';

export const counted = (count: number, one: string, many = `${one}s`): string =>
  count === 1 ? `1 ${one}` : `${count} ${many}`;

/** How it ended, to follow a comma: "Sam Lee left", "ended: the customer turned staff access off". */
export function ending(visit: Pick<ReviewedVisit, 'staffName' | 'endCause' | 'endedAt'>): string {
  if (visit.endCause === 'EXITED') return `${who(visit)} left`;
  if (visit.endCause) return `it ended because ${ENDED[visit.endCause]}`;
  return visit.endedAt === null ? 'it still goes on' : 'its time is over';
}

/** The summary line on top of a visit. */
export function headline(visit: ReviewedVisit): string {
  const { workspaceName: where, caseRef, viewedCount, revealedCount, changedCount, endedAt } = visit;
  const name = who(visit);
  if (endedAt === null) {
    const far = viewedCount === 0 ? 'no page opened yet' : `${counted(viewedCount, 'page')} viewed so far`;
    const shown = revealedCount > 0 ? `${counted(revealedCount, 'masked value')} shown, ` : '';
    return `${name} is inside ${where} ${caseInWords(caseRef)}: ${far}, ${shown}${changedCount === 0 ? 'nothing changed' : counted(changedCount, 'change')}.`;
  }
  if (changedCount > 0)
    return `${name} changed ${changedCount === 1 ? 'one thing' : `${changedCount} things`} in ${where} ${caseInWords(caseRef)}.`;
  if (viewedCount === 0) return `${name} came to ${where} ${caseInWords(caseRef)}, and opened no page.`;
  const shown = revealedCount > 0 ? `, was shown ${counted(revealedCount, 'masked value')}` : '';
  return `${name} viewed ${counted(viewedCount, 'page')} of ${where} ${caseInWords(caseRef)}${shown}, and changed nothing.`;
}

/** The second line: who let them in, how much of the time was used, what was refused, how it ended. */
export function lede(visit: ReviewedVisit, time: TimeOfVisit): string {
  const { letIn, refusedCount } = visit;
  const refused = refusedCount === 0 ? 'nothing refused' : `${counted(refusedCount, 'attempt')} refused`;
  const spent = timeSpent(time);
  const rest = `${spent[0]?.toUpperCase()}${spent.slice(1)} used, ${refused}; ${ending(visit)}.`;
  return letIn === null ? rest : `${letIn} ${rest}`;
}

/** Why a visit is among the first to be looked at; `undefined`: nothing of it stands out. */
export function standsOut({
  changedCount,
  refusedCount,
  endCause,
  caseRef,
}: Pick<ReviewedVisit, 'changedCount' | 'refusedCount' | 'endCause' | 'caseRef'>): string | undefined {
  const reasons = [
    ...(changedCount > 0 ? [changedCount === 1 ? 'something was changed' : `${changedCount} things were changed`] : []),
    ...(refusedCount > 0
      ? [refusedCount === 1 ? 'an attempt was refused' : `${refusedCount} attempts were refused`]
      : []),
    ...(endCause !== null && endStandsOut({ endCause }) ? [ENDED[endCause]] : []),
    ...(caseRef === '' ? ['no case was named'] : []),
  ];
  return reasons.length === 0 ? undefined : `Here because ${listed(reasons)}.`;
}

const NOTABLE_ENDS: readonly Cause[] = ['ENDED_BY_OWNER', 'REVOKED', 'STAFF_DISABLED', 'TOO_FAST'];

export function endStandsOut({ endCause }: Pick<ReviewedVisit, 'endCause'>): boolean {
  return endCause !== null && NOTABLE_ENDS.includes(endCause);
}

export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

const SHOWN_PAGES = 5;

/** "Billing ×3, Invoices, Invoice INV-88 and 2 more". */
export function pagesListed(pages: readonly { readonly label: string; readonly times: number }[]): string {
  const words = pages.map(({ label, times }) => (times === 1 ? label : `${label} ×${times}`));
  if (words.length <= SHOWN_PAGES + 1) return words.join(', ');
  return `${words.slice(0, SHOWN_PAGES).join(', ')} and ${words.length - SHOWN_PAGES} more`;
}

/** Above a gap: how long nothing was opened, and what the limit was. */
export function gapSentence(ms: number, idleMs: number, open: boolean): string {
  const words = `${span(ms)}, nothing opened${open ? ' so far' : ''}`;
  return ms > idleMs
    ? `${words}: longer than the idle limit of ${span(idleMs)}.`
    : `${words}. The idle limit is ${span(idleMs)}.`;
}

export const MASKED: Readonly<Record<MaskKind, string>> = {
  email: 'e-mail addresses',
  phone: 'phone numbers',
  'personal-id': 'identity numbers',
  last4: 'card numbers',
  last2: 'tokens',
  secret: 'secrets',
  hidden: 'hidden fields',
};
