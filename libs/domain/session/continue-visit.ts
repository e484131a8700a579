import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { firstRefusal, type Decision } from '../rule.ts';
import { inVisit, VISIT_RULES, type VisitCommand } from './rules.ts';

/** The product renews the visit's token: may the visit go on? Nothing happens in it, so nothing is written. */
export interface ContinueVisit extends VisitCommand {
  readonly type: 'ContinueVisit';
}

export function continueVisit(command: ContinueVisit, context: BookContext): Decision<BookFact> {
  return { facts: [], refusal: firstRefusal(VISIT_RULES, inVisit(context, command)) };
}
