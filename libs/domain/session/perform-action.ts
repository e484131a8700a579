import type { ActionId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { labelFor } from '../catalogue/catalogue.ts';
import { takesSaid, unchosenArgument } from '../catalogue/choices.ts';
import { toInstant } from '../fact.ts';
import { grantOfSession, type Grant } from '../grant/grant.ts';
import { actionDigest } from '../request/request-access.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import { inVisit, VISIT_RULES, type VisitCommand, type VisitContext } from './rules.ts';

/** Something would change. In a read visit nothing does (S0-10, S0-28); on a write grant exactly what was approved. */
export interface PerformAction extends VisitCommand {
  readonly type: 'PerformAction';
  /** Made beforehand, so that the product can report by it. */
  readonly actionId: ActionId;
  readonly action: string;
  /** The product's id of the record that it is about. */
  readonly record: string | null;
  readonly arguments: Readonly<Record<string, unknown>> | null;
}

type Context = VisitContext<PerformAction> & { readonly grant: Grant | undefined };

const actionIsNever: Rule<Context> = rule('requestIsGrantable', ({ command, installation: { catalogue } }) => {
  const declared = Object.hasOwn(catalogue.actions, command.action) ? catalogue.actions[command.action] : undefined;
  if (!declared) return { because: 'This is not open to support.' };
  return declared.class === 'never' ? { because: 'This is never open to support, whoever approves it.' } : undefined;
});

/** The switch counts as it stands now, for what is done as for what is seen (S3-15). */
const areaIsNotLeftOut: Rule<Context> = rule(
  'areaIsNotLeftOut',
  ({ command, installation: { catalogue }, book: { staffAccess } }) => {
    const declared = Object.hasOwn(catalogue.actions, command.action) ? catalogue.actions[command.action] : undefined;
    const area = declared?.area;
    if (area === undefined || staffAccess.phase !== 'on' || !staffAccess.withoutAreas.includes(area)) return undefined;
    return { because: `The owner left ${catalogue.areas[area] ?? area} out.` };
  },
);

/** The attempt is stopped, and carries what could be asked for instead (S1-30). */
const nothingIsChanged: Rule<Context> = rule('nothingIsChanged', ({ command, grant, installation }) => {
  if (grant?.granted.action) return undefined;
  const { actions } = installation.catalogue;
  const declared = Object.hasOwn(actions, command.action) ? actions[command.action] : undefined;
  const isGrantable = installation.policy.write.allowed && declared !== undefined && declared.class !== 'never';
  return {
    because: 'This visit is read only: nothing can be changed.',
    ...(isGrantable && { instead: `Ask to ${labelFor(declared.label, command.record)}, once.` }),
  };
});

/** Compared by the canonical form of name, target and arguments: one byte more or less is another action (RFC 8785). */
const actionIsApproved: Rule<Context> = rule('actionIsApproved', ({ command, grant, digest }) =>
  digestOf(command, digest) === grant?.granted.action?.digest
    ? undefined
    : {
        because: 'This is not exactly what was approved.',
        instead: grant?.granted.action ? `Approved was to ${grant.granted.action.label}.` : 'Ask for it.',
        exactly: { tried: command.arguments, ...(grant?.shown && { approved: grant.shown.arguments }) },
      },
);

/** A value that the product took when it was approved, and takes no more, is not tried. */
const valuesAreTakenStill: Rule<Context> = rule('requestIsGrantable', ({ command, installation: { catalogue } }) => {
  const declared = Object.hasOwn(catalogue.actions, command.action) ? catalogue.actions[command.action] : undefined;
  const unchosen = declared && unchosenArgument(declared, command.record, command.arguments);
  return unchosen
    ? { because: `This ${takesSaid(unchosen)} by now: the catalogue was changed.`, instead: 'Ask for it anew.' }
    : undefined;
});

const grantIsUnspent: Rule<Context> = rule('grantIsUnspent', ({ grant }) =>
  grant?.phase === 'in use'
    ? undefined
    : { because: 'What was approved was done already: a grant allows it once.', instead: 'More is a new request.' },
);

const RULES: readonly Rule<Context>[] = [
  ...VISIT_RULES,
  nothingIsChanged,
  actionIsNever,
  areaIsNotLeftOut,
  actionIsApproved,
  valuesAreTakenStill,
  grantIsUnspent,
];

/** Authorises the one approved action, and spends the grant in the same append (S0-26, S0-29). */
export function performAction(command: PerformAction, context: BookContext): Decision<BookFact> {
  const grant = grantOfSession(context.book.grants, command.sessionId);
  const here: Context = { ...inVisit(context, command), grant };
  const refusal = firstRefusal(RULES, here);
  const action = grant?.granted.action;
  if (refusal || !grant || !action) return { facts: [], refusal };
  return {
    facts: [
      {
        type: 'ActionAuthorised',
        data: {
          actionId: command.actionId,
          sessionId: command.sessionId,
          grantId: grant.id,
          requestId: grant.requestId,
          action: action.name,
          label: action.label,
          target: action.target,
          caseRef: grant.caseRef,
          digest: action.digest,
          reportBy: toInstant(context.now + context.installation.policy.write.reportSeconds * 1000),
          personal: {
            subject: action.target ?? action.name,
            arguments: command.arguments ? { ...command.arguments } : null,
          },
        },
      },
    ],
  };
}

function digestOf({ action, record, arguments: given }: PerformAction, digest: BookContext['digest']): string {
  return actionDigest({ name: action, target: record, arguments: given }, digest);
}
