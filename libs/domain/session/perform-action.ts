import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import { inVisit, VISIT_RULES, type VisitCommand } from './rules.ts';

/** Something would change. In a read visit nothing does (S0-10, S0-28). */
export interface PerformAction extends VisitCommand {
  readonly type: 'PerformAction';
  readonly action: string;
  readonly record: string | null;
}

const nothingIsChanged: Rule<BookContext> = rule('nothingIsChanged', () => ({
  because: 'This visit is read only: nothing can be changed.',
}));

const RULES = [...VISIT_RULES, nothingIsChanged];

export function performAction(command: PerformAction, context: BookContext): Decision<BookFact> {
  return { facts: [], refusal: firstRefusal(RULES, inVisit(context, command)) };
}
