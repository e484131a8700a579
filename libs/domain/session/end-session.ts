import type { SessionId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext, Person } from '../book/context.ts';
import { toInstant } from '../fact.ts';
import { isUnused } from '../grant/grant.ts';
import { openRequests } from '../request/request.ts';
import { firstRefusal, type Decision } from '../rule.ts';
import { asMember, memberBelongsHere, memberRoleMaySwitch } from '../workspace/rules.ts';
import type { Member } from '../workspace/workspace.ts';
import { inVisit, visitIsKnown, visitIsTheirs, type VisitCommand } from './rules.ts';

/** The staff member leaves: one press, always possible. */
export interface ExitSession extends VisitCommand {
  readonly type: 'ExitSession';
}

/** The customer ends one visit now; staff access stays as it is. */
export interface EndSession {
  readonly type: 'EndSession';
  readonly sessionId: SessionId;
  readonly by: Person;
}

/** Ending what has ended is no mistake and no line. */
export function exitSession(command: ExitSession, context: BookContext): Decision<BookFact> {
  const here = inVisit(context, command);
  const refusal = firstRefusal([visitIsKnown, visitIsTheirs], here);
  if (refusal || here.session?.phase !== 'live') return { facts: [], refusal };
  return ended(command.sessionId, 'exited', context.now);
}

/**
 * The customer's end takes along the time that was asked for or granted to go on from there: the restrictive act wins, and
 * more is a new request (policy.md, 6).
 */
export function endSession(command: EndSession, context: BookContext): Decision<BookFact> {
  const here = asMember(context, command.by);
  const session = context.book.sessions.get(command.sessionId);
  const refusal =
    firstRefusal([memberBelongsHere, memberRoleMaySwitch], here) ??
    (session ? undefined : { rule: 'visitIsKnown' as const, because: 'There is no such visit, or it has ended.' });
  if (refusal || session?.phase !== 'live' || !here.member) return { facts: [], refusal };
  const { facts } = ended(command.sessionId, 'ended by owner', context.now);
  return { facts: [...facts, ...goingOnFrom(command, here.member, context)] };
}

function goingOnFrom({ sessionId, by }: EndSession, { id, shownName }: Member, { book, now }: BookContext): BookFact[] {
  const personal = { subject: id, name: shownName ?? by.name ?? id, message: null };
  const asked = openRequests(book.requests).filter((request) => request.extends === sessionId);
  const granted = book.grants.filter(isUnused).filter((grant) => grant.extends === sessionId);
  return [
    ...asked.map(({ id: requestId }): BookFact => ({
      type: 'AccessDeclined',
      data: { requestId, by: { kind: 'member', memberId: id }, personal },
    })),
    ...granted.map(({ id: grantId, requestId }): BookFact => ({
      type: 'GrantLapsed',
      data: { grantId, requestId, cause: 'session ended', at: toInstant(now) },
    })),
  ];
}

function ended(sessionId: SessionId, cause: 'exited' | 'ended by owner', now: number): Decision<BookFact> {
  return { facts: [{ type: 'SessionEnded', data: { sessionId, cause, at: toInstant(now) } }] };
}
