import type { StaffId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { toInstant } from '../fact.ts';
import { grantWith, isUnused } from '../grant/grant.ts';
import { firstRefusal, type Decision, type Rule } from '../rule.ts';
import { grantIdOf, isOpen } from './request.ts';
import {
  deciderBelongsHere,
  deciderIsEnabled,
  deciderMayDecline,
  deciderOf,
  deciderShownOf,
  requestIsKnown,
  requestIsOpen,
  requestIsTheirs,
  withDecider,
  withRequest,
  type DecidingCommand,
  type DecidingContext,
  type RequestCommand,
} from './rules.ts';

export interface DeclineAccess extends Omit<DecidingCommand, 'shown'> {
  readonly type: 'DeclineAccess';
  readonly message: string | null;
}

const DECLINE_RULES: readonly Rule<DecidingContext>[] = [
  deciderBelongsHere,
  deciderIsEnabled,
  requestIsKnown,
  requestIsOpen,
  deciderMayDecline,
];

/** Declines a request. It only takes away, so it needs not be on what was shown, and an unreadable book is no hindrance. */
export function declineAccess(command: DeclineAccess, context: BookContext): Decision<BookFact> {
  const here = withDecider(context, { ...command, shown: '' });
  const refusal = firstRefusal(DECLINE_RULES, here);
  if (refusal) return { facts: [], refusal };
  return {
    facts: [
      {
        type: 'AccessDeclined',
        data: {
          requestId: command.requestId,
          by: deciderOf(here),
          personal: { ...deciderShownOf(here), message: command.message },
        },
      },
    ],
  };
}

/** The staff member takes their request back, or the grant that came of it while it is unused. */
export interface WithdrawAccess extends RequestCommand {
  readonly type: 'WithdrawAccess';
  readonly staffId: StaffId;
}

export function withdrawAccess(command: WithdrawAccess, context: BookContext): Decision<BookFact> {
  const here = withRequest(context, command);
  const unused = grantWith(context.book.grants, grantIdOf(command.requestId));
  if (unused && isUnused(unused) && unused.staffId === command.staffId) {
    const { id: grantId, requestId } = unused;
    return {
      facts: [{ type: 'GrantLapsed', data: { grantId, requestId, cause: 'withdrawn', at: toInstant(context.now) } }],
    };
  }
  const refusal = firstRefusal([requestIsKnown, requestIsTheirs, requestIsOpen], here);
  if (refusal || !isOpen(here.request)) return { facts: [], refusal };
  return { facts: [{ type: 'AccessWithdrawn', data: { requestId: command.requestId, cause: 'by the staff member' } }] };
}
