import type { GrantId, StaffId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import { staffMemberIsEnabled } from '../session/rules.ts';
import { bookIsReadable, workspaceIsOpen } from '../workspace/rules.ts';
import { grantWith, isStanding, type Grant } from './grant.ts';

/** The staff member takes the scope as it was granted (S4-26, S4-32). */
export interface ConfirmScope {
  readonly type: 'ConfirmScope';
  readonly grantId: GrantId;
  readonly staffId: StaffId;
}

type Context = BookContext & { readonly command: ConfirmScope; readonly grant: Grant | undefined };

const grantIsKnown: Rule<Context> = rule('grantIsKnown', ({ grant, command }) =>
  grant?.staffId === command.staffId ? undefined : { because: 'There is no such grant of yours, or it has ended.' },
);

const grantIsUnused: Rule<Context> = rule('grantIsReady', ({ grant }) =>
  grant?.phase === 'in use' || grant?.phase === 'spent' ? { because: 'This grant was used already.' } : undefined,
);

export function confirmScope(command: ConfirmScope, context: BookContext): Decision<BookFact> {
  const found = grantWith(context.book.grants, command.grantId);
  const grant = found && isStanding(found) ? found : undefined;
  const rules = [workspaceIsOpen, staffMemberIsEnabled, bookIsReadable, grantIsKnown, grantIsUnused];
  const refusal = firstRefusal<Context>(rules, { ...context, command, grant });
  // Confirmed already, or nothing to confirm: no mistake and no line.
  if (refusal || grant?.phase !== 'to confirm') return { facts: [], refusal };
  const { id: grantId, requestId, staffId } = grant;
  return { facts: [{ type: 'ScopeConfirmed', data: { requestId, grantId, staffId } }] };
}
