import { caseInWords, type EndCause, type MaskKind } from '@gatebook/protocol';
import { fromInstant } from '#domain/fact';
import type { SessionFact } from '#domain/session/session';
import { letInBy } from './let-in.ts';
import { actingOf, line, memberCalled, staffCalled, viewingAs, visitorOf, type Around } from './line.ts';
import type { Names } from './names.ts';
import { counted, listed, strong, type Sentence } from './sentence.ts';
import { timeSpent } from './time-spent.ts';

export function sessionLine(fact: SessionFact, { names, at }: Around): Sentence {
  const { sessionId } = fact.data;
  const session = names.sessions.get(sessionId);
  const who = actingOf(sessionId, names);
  switch (fact.type) {
    case 'SessionStarted': {
      const { staffId, caseRef, plannedEnd, approvedBy, firstApprovedBy, action, viewedAs, personal } = fact.data;
      const minutes = counted(minutesBetween(at, fromInstant(plannedEnd)), 'minute');
      const task = `to ${action ? action.label : 'look'}${viewingAs(viewedAs, names)}`;
      return line(
        fact,
        [
          personal?.staffName ?? staffCalled(staffId, names),
          ' ',
          strong('came in'),
          ` ${caseInWords(caseRef)} ${task}, for up to ${minutes}`,
          personal ? `: “${personal.reason}”` : '',
        ],
        letInAs(approvedBy, personal?.approverName ?? null, firstApprovedBy?.memberId, names),
      );
    }
    case 'SessionEntered':
      return line(fact, [who, ' ', strong('arrived'), ' in the workspace']);
    case 'AreaEntered':
      return line(fact, [who, ' ', strong('moved'), ` to ${fact.data.label}`]);
    case 'PageViewed': {
      const { label, masked, personal } = fact.data;
      return line(fact, [who, ' ', strong('viewed'), ` ${personal?.title ?? label}`], maskedDetail(masked));
    }
    case 'RowsShown': {
      const { rows, label } = fact.data;
      return line(fact, [who, ' ', strong('was shown'), ` ${counted(rows, 'row')} of ${label}`]);
    }
    case 'PartClicked': {
      const { part, label } = fact.data;
      return line(fact, [who, ' ', strong('clicked'), ` “${part}” on ${label}`]);
    }
    case 'PresenceConfirmed':
      return line(fact, [who, ' ', strong('pressed Stay')]);
    case 'SessionEnded': {
      const { cause, at: endedAt } = fact.data;
      const spent = session && `after ${timeOf(session, fromInstant(endedAt))}`;
      if (cause === 'exited') return line(fact, [who, ' ', strong('left'), spent ? `, ${spent}` : '']);
      return line(
        fact,
        [`${visitorOf(sessionId, names)}’s visit `, strong('ended'), `: ${ENDED_BECAUSE[cause]}`],
        spent && `It ended ${spent}.`,
      );
    }
  }
}

/** Who let a staff member in; whose name is erased, by their id. */
function letInAs(
  by: Extract<SessionFact, { type: 'SessionStarted' }>['data']['approvedBy'],
  name: string | null,
  first: string | undefined,
  names: Names,
): string {
  const called =
    name ??
    (by.kind === 'policy'
      ? null
      : by.kind === 'staff'
        ? staffCalled(by.staffId, names)
        : memberCalled(by.memberId, names));
  return letInBy(by.kind, called, first === undefined ? undefined : memberCalled(first, names));
}

/** Why a visit ended, behind "because": for the customer's people and the vendor's alike. */
export const ENDED_BECAUSE: Readonly<Record<Exclude<EndCause, 'exited'>, string>> = {
  idle: 'nobody had used it for a while',
  'reached its cap': 'its time was up',
  'window ended': 'the time of staff access was up',
  revoked: 'staff access was turned off',
  'ended by owner': 'the customer ended it',
  'scope changed': 'they went on in another visit',
  'case closed': 'its case was closed',
  'case reassigned': 'its case belongs to somebody else now',
  'staff disabled': 'the staff member may no longer visit',
  'workspace closed': 'the workspace was closed',
  'too fast': 'more was opened than a visit’s budget allows',
};

/** What is masked, in words. */
export const MASKED: Readonly<Record<MaskKind, string>> = {
  email: 'e-mail addresses',
  last2: 'tokens',
  last4: 'card numbers',
  secret: 'secrets',
  'personal-id': 'identity numbers',
  phone: 'phone numbers',
  hidden: 'hidden fields',
};

function maskedDetail(masked: readonly MaskKind[]): string | undefined {
  if (masked.length === 0) return undefined;
  const kinds = listed(masked.map((kind) => MASKED[kind]));
  return `Masked: ${kinds}.`;
}

function minutesBetween(from: number, to: number): number {
  return Math.max(Math.round((to - from) / 60_000), 0);
}

function timeOf({ startedAt, plannedEnd }: { startedAt: number; plannedEnd: number }, end: number): string {
  return timeSpent({ spentMs: end - startedAt, givenMs: plannedEnd - startedAt });
}
