import type { ActionId, SessionId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import type { PendingAction } from './grant.ts';

/** A field that the product changed, with its values as the product tells them. */
export interface ReportedChange {
  readonly field: string;
  readonly old: string | null;
  readonly new: string | null;
}

/** The product tells what came of an authorised action. It comes after the deed, so no switch and no end forbids it. */
export interface ReportAction {
  readonly type: 'ReportAction';
  readonly actionId: ActionId;
  readonly sessionId: SessionId;
  readonly outcome: 'done' | 'failed';
  readonly changes: readonly ReportedChange[];
}

type Context = BookContext & { readonly pending: PendingAction | undefined };

const actionIsKnown: Rule<Context> = rule('actionIsKnown', ({ pending }) =>
  pending ? undefined : { because: 'No such action was authorised, or its outcome was told already.' },
);

export function reportAction(command: ReportAction, context: BookContext): Decision<BookFact> {
  const pending = context.book.actions.find(
    ({ id, sessionId }) => id === command.actionId && sessionId === command.sessionId,
  );
  const refusal = firstRefusal([actionIsKnown], { ...context, pending });
  if (refusal || !pending) return { facts: [], refusal };
  return {
    facts: [
      {
        type: 'ActionReported',
        data: {
          actionId: pending.id,
          sessionId: pending.sessionId,
          outcome: command.outcome,
          label: pending.label,
          caseRef: pending.caseRef,
          fields: command.changes.map(({ field }) => field),
          ...(command.changes.length > 0 && {
            personal: {
              subject: pending.id,
              changes: command.changes.map((change) => stored(change, context)),
            },
          }),
        },
      },
    ],
  };
}

/** Values stand in the log only where the field is declared and not masked: what isn't classified counts as secret. */
function stored(
  { field, old, new: now }: ReportedChange,
  { installation: { catalogue } }: BookContext,
): ReportedChange {
  const isOpen = Object.hasOwn(catalogue.fields, field) && catalogue.fields[field]?.mask === 'none';
  return isOpen ? { field, old, new: now } : { field, old: null, new: null };
}
