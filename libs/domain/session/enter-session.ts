import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import { inVisit, VISIT_RULES, type VisitCommand, type VisitContext } from './rules.ts';

/** The product redeems the one-time code of a started session. */
export interface EnterSession extends VisitCommand {
  readonly type: 'EnterSession';
}

const entryIsFirst: Rule<VisitContext> = rule('entryIsFirst', ({ session, now }) => {
  if (session?.phase !== 'live') return undefined;
  if (session.entered) return { because: 'This code was used already.' };
  return now < session.enterBy ? undefined : { because: 'This code is too old.', instead: 'Start a new visit.' };
});

const RULES = [...VISIT_RULES, entryIsFirst];

/** Single use is settled by the stream's revision: of two that redeem at once, one finds the session entered. */
export function enterSession(command: EnterSession, context: BookContext): Decision<BookFact> {
  const refusal = firstRefusal(RULES, inVisit(context, command));
  if (refusal) return { facts: [], refusal };
  return { facts: [{ type: 'SessionEntered', data: { sessionId: command.sessionId } }] };
}
