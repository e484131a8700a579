import type { SessionId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext, Person } from '../book/context.ts';
import { toInstant } from '../fact.ts';
import { firstRefusal, type Decision } from '../rule.ts';
import { asMember, memberBelongsHere, memberRoleMaySwitch } from '../workspace/rules.ts';
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

export function endSession(command: EndSession, context: BookContext): Decision<BookFact> {
  const here = asMember(context, command.by);
  const session = context.book.sessions.get(command.sessionId);
  const refusal =
    firstRefusal([memberBelongsHere, memberRoleMaySwitch], here) ??
    (session ? undefined : { rule: 'visitIsKnown' as const, because: 'There is no such visit, or it has ended.' });
  if (refusal || session?.phase !== 'live') return { facts: [], refusal };
  return ended(command.sessionId, 'ended by owner', context.now);
}

function ended(sessionId: SessionId, cause: 'exited' | 'ended by owner', now: number): Decision<BookFact> {
  return { facts: [{ type: 'SessionEnded', data: { sessionId, cause, at: toInstant(now) } }] };
}
