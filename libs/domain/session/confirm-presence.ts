import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { firstRefusal, type Decision } from '../rule.ts';
import { inVisit, VISIT_RULES, type VisitCommand } from './rules.ts';

/** A person pressed Stay: the idle clock begins anew, the visit's own end does not move. */
export interface ConfirmPresence extends VisitCommand {
  readonly type: 'ConfirmPresence';
}

export function confirmPresence(command: ConfirmPresence, context: BookContext): Decision<BookFact> {
  const refusal = firstRefusal(VISIT_RULES, inVisit(context, command));
  if (refusal) return { facts: [], refusal };
  return { facts: [{ type: 'PresenceConfirmed', data: { sessionId: command.sessionId } }] };
}
