import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { labelFor, missingArgument } from '../catalogue/catalogue.ts';
import { takesSaid, unchosenArgument } from '../catalogue/choices.ts';
import { toInstant } from '../fact.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import { bookIsReadable, workspaceIsOpen } from '../workspace/rules.ts';
import { askedOtherwise } from './asked-otherwise.ts';
import { grantIdOf, isOpen, type OpenRequest, type ScopeChange, type Wanted } from './request.ts';
import { actionDigest, longestFor, type WantedAction } from './request-access.ts';
import {
  approverIsNotInAVisit,
  approverIsNotRequester,
  deciderBelongsHere,
  deciderIsEnabled,
  deciderMayDecide,
  deciderOf,
  deciderShownOf,
  decisionIsOnWhatWasShown,
  openOf,
  requestIsKnown,
  requestIsOpen,
  secondIsSomebodyElse,
  sideNeeded,
  sideWhoseTurnItIs,
  viewedAsIsMemberStill,
  withDecider,
  type DecidingCommand,
  type DecidingContext,
} from './rules.ts';
import { isGrantable, wantedOf } from './scope.ts';
import { startByFor } from './start-by.ts';
import { gateLetsVisitsIn } from '../session/starting.ts';

/** What the approver grants otherwise than it was asked for; what is left out stays as asked. */
export interface GrantedOtherwise {
  readonly pages?: readonly string[];
  readonly minutes?: number;
  /** The same action, on another target or with other arguments; the half that is left out stays as it stands. */
  readonly action?: Partial<Pick<WantedAction, 'target' | 'arguments'>>;
}

export interface ApproveAccess extends DecidingCommand {
  readonly type: 'ApproveAccess';
  readonly granted: GrantedOtherwise | null;
  readonly message: string | null;
}

type Context = DecidingContext<ApproveAccess>;

/** Who can't change what is done, and on what, can still say what would be allowed. */
const ASK_ANEW = 'Decline it, and say what to ask for.';

const isSecond = ({ command, request }: Context) =>
  command.by.kind === 'staff' && isOpen(request) && request.firstApproval !== null;

/** Whether more may be allowed, or another thing: what the first of two allowed, the second can only make less (T21). */
const mayWiden = (context: Context) => context.installation.policy.approval.mayWiden && !isSecond(context);

/**
 * Narrowing is always possible. Widening is the policy's to allow, and never beyond what anybody could grant; another
 * target and other arguments narrow nothing.
 */
const approvalMayChange: Rule<Context> = rule('approvalMayChange', (context) => {
  const { command, request, installation } = context;
  if (!isOpen(request) || command.granted === null) return undefined;
  const { pages, minutes } = command.granted;
  const { catalogue, policy } = installation;
  const { wanted, kind } = request;
  const widen = mayWiden(context);
  const more = (pages ?? []).filter((page) => !wanted.pages.includes(page));
  if (more.length > 0 && kind === 'extension')
    return { because: 'An extension opens no more than the visit that it goes on from.', field: ['granted', 'pages'] };
  if (more.length > 0 && !widen)
    return { because: 'An approval can’t add pages that were not asked for.', field: ['granted', 'pages'] };
  const closed = more.find((page) => !isGrantable(catalogue, page, kind));
  if (closed !== undefined) return { because: `The page “${closed}” can’t be granted.`, field: ['granted', 'pages'] };
  const most = widen ? longestFor(kind, policy) : Math.min(wanted.minutes, longestFor(kind, policy));
  if (minutes !== undefined && !(Number.isInteger(minutes) && minutes >= 1 && minutes <= most))
    return { because: `It can be granted for 1 to ${most} minutes.`, field: ['granted', 'minutes'] };
  if (command.granted.action !== undefined && wanted.action === null)
    return { because: 'The request names no action.' };
  const action = actionOtherwise(request, command.granted, context.digest);
  if (action === 'erased')
    return {
      because: 'The arguments that it was asked with are erased.',
      instead: 'Name the arguments as well, or decline the request.',
      field: ['granted', 'argumentsJson'],
    };
  if (action !== undefined && !widen) return anotherAction(context, action.target !== wanted.action?.target);
  const declared = wanted.action === null ? undefined : catalogue.actions[wanted.action.name];
  if (action !== undefined && declared?.target !== undefined && action.target === null)
    return { because: `The action needs the ${declared.target} that it is about.`, field: ['granted', 'target'] };
  const missing = action === undefined || !declared ? undefined : missingArgument(declared, action.arguments);
  if (missing !== undefined)
    return { because: `The action needs the argument “${missing}”.`, field: ['granted', 'argumentsJson'] };
  const unchosen = action && declared ? unchosenArgument(declared, action.target, action.arguments) : undefined;
  if (unchosen) return { because: `The action ${takesSaid(unchosen)}.`, field: ['granted', 'argumentsJson'] };
  if (pages?.length === 0 && wanted.field !== null)
    return {
      because: 'A value is shown on a page, and none would be left to open.',
      instead: 'Leave a page that shows it, or decline the request.',
      field: ['granted', 'pages'],
    };
  if (pages?.length === 0 && wanted.action === null)
    return { because: 'Nothing would be left of the request.', instead: 'Decline it.', field: ['granted', 'pages'] };
  return undefined;
});

function anotherAction(context: Context, isTarget: boolean) {
  const because = isSecond(context)
    ? 'A second approval can’t change what the first one allowed.'
    : isTarget
      ? 'An approval can’t be for another target than was asked for.'
      : 'An approval can’t be with other arguments than were asked for.';
  return { because, instead: ASK_ANEW, field: ['granted', isTarget ? 'target' : 'argumentsJson'] };
}

/** What could be granted when it was asked for can have been taken out of the catalogue since. */
const requestIsStillGrantable: Rule<Context> = rule('requestIsGrantable', (context) => {
  const { command, request, digest, installation } = context;
  const { catalogue } = installation;
  if (!isOpen(request)) return undefined;
  const { action } = request.wanted;
  const pages = command.granted?.pages ?? request.wanted.pages;
  const declared = action && Object.hasOwn(catalogue.actions, action.name) ? catalogue.actions[action.name] : undefined;
  if (action && (declared === undefined || declared.class === 'never'))
    return { because: 'The action can’t be granted any more: the catalogue was changed.' };
  // Arguments that were erased are those that were shown: nothing can be said of them.
  const asShown =
    declared && request.shown && actionOtherwise(request, command.granted, digest) === undefined
      ? request.shown.arguments
      : undefined;
  const missing = declared && asShown !== undefined ? missingArgument(declared, asShown) : undefined;
  if (missing !== undefined)
    return {
      because: `The action needs the argument “${missing}” by now: the catalogue was changed.`,
      instead: mayWiden(context) ? 'Name it, or decline the request.' : ASK_ANEW,
      field: ['granted', 'argumentsJson'],
    };
  const unchosen =
    action && declared && asShown !== undefined ? unchosenArgument(declared, action.target, asShown) : undefined;
  if (unchosen)
    return {
      because: `The action ${takesSaid(unchosen)} by now: the catalogue was changed.`,
      instead: mayWiden(context) ? 'Name one of them, or decline the request.' : ASK_ANEW,
      field: ['granted', 'argumentsJson'],
    };
  const closed = pages.find((page) => !isGrantable(catalogue, page, request.kind));
  return closed === undefined
    ? undefined
    : {
        because: `The page “${closed}” can’t be granted any more: the catalogue was changed.`,
        instead: 'Leave it out.',
        field: ['granted', 'pages'],
      };
});

/** What was asked for before the settings forbade it is not given any more. */
const writesAreAllowedStill: Rule<Context> = rule('writesAreAllowed', ({ request, installation }) =>
  isOpen(request) && request.wanted.action !== null && !installation.policy.write.allowed
    ? { because: 'Under these settings nothing is changed by support.' }
    : undefined,
);

const RULES: readonly Rule<Context>[] = [
  deciderBelongsHere,
  bookIsReadable,
  workspaceIsOpen,
  deciderIsEnabled,
  requestIsKnown,
  requestIsOpen,
  approverIsNotRequester,
  secondIsSomebodyElse,
  approverIsNotInAVisit,
  deciderMayDecide,
  decisionIsOnWhatWasShown,
  gateLetsVisitsIn,
  viewedAsIsMemberStill,
  writesAreAllowedStill,
  approvalMayChange,
  requestIsStillGrantable,
];

/** Approves a request: the first of two hands it on, the only one or the second makes the grant. */
export function approveAccess(command: ApproveAccess, context: BookContext): Decision<BookFact> {
  const here = withDecider(context, command);
  const refusal = firstRefusal(RULES, here);
  if (refusal) return { facts: [], refusal };
  const { installation, now, digest } = context;
  const open = openOf(here);
  const granted = grantedOf(open, command.granted, context);
  const by = deciderOf(here);
  const approved = approvedArguments(open, command.granted, digest);
  const other = askedOtherwise(open.shown, approved);
  const shown = {
    ...deciderShownOf(here),
    ...(approved && { arguments: approved }),
    ...(other && { askedArguments: { ...other } }),
  };
  if (sideNeeded(context, open) === 'both' && sideWhoseTurnItIs(context, open) === 'customer') {
    return {
      facts: [
        {
          type: 'FirstApprovalGiven',
          data: {
            requestId: open.id,
            by,
            granted,
            change: changeBetween(open.asked, granted),
            digest: digest({ before: open.digest, by, granted }),
            personal: { ...shown, email: here.member?.email ?? null, message: command.message },
          },
        },
      ],
    };
  }
  return {
    facts: [
      {
        type: 'AccessApproved',
        data: {
          requestId: open.id,
          grantId: grantIdOf(open.id),
          by,
          granted,
          change: changeBetween(open.asked, granted),
          startBy: toInstant(startByFor(open.plannedStart, now, installation.policy)),
          personal: { ...shown, message: command.message },
        },
      },
    ],
  };
}

/** The arguments that are approved, word for word: `{}` where they were taken away; `undefined`: there were none. */
function approvedArguments(open: OpenRequest, otherwise: GrantedOtherwise | null, digest: BookContext['digest']) {
  const action = changedAction(open, otherwise, digest);
  if (action !== undefined) return { ...action.arguments };
  return open.shown?.arguments ? { ...open.shown.arguments } : undefined;
}

/**
 * The action as it would be granted, each half that is left out as it stands; `undefined`: nothing of it is changed.
 * `erased`: it would be done with what nobody can read any more.
 */
function actionOtherwise(
  { wanted, shown }: OpenRequest,
  otherwise: GrantedOtherwise | null,
  digest: BookContext['digest'],
): WantedAction | 'erased' | undefined {
  if (wanted.action === null || otherwise?.action === undefined) return undefined;
  const { name, target: before } = wanted.action;
  const { target = before, arguments: given = shown?.arguments } = otherwise.action;
  const isErased =
    given === undefined && actionDigest({ name, target: before, arguments: null }, digest) !== wanted.action.digest;
  if (isErased) return target === before ? undefined : 'erased';
  const action = { name, target, arguments: given ?? null };
  return actionDigest(action, digest) === wanted.action.digest ? undefined : action;
}

function changedAction(...of: Parameters<typeof actionOtherwise>): WantedAction | undefined {
  const action = actionOtherwise(...of);
  if (action === 'erased') throw new Error('The rules let an approval through of what nobody can read any more.');
  return action;
}

function grantedOf(open: OpenRequest, otherwise: GrantedOtherwise | null, context: BookContext): Wanted {
  if (otherwise === null) return open.wanted;
  const { catalogue } = context.installation;
  const { wanted } = open;
  const changed = changedAction(open, otherwise, context.digest);
  const action =
    changed === undefined
      ? wanted.action
      : {
          name: changed.name,
          label: labelFor(catalogue.actions[changed.name]?.label ?? changed.name, changed.target),
          target: changed.target,
          digest: actionDigest(changed, context.digest),
        };
  return wantedOf(catalogue, {
    pages: otherwise.pages === undefined ? wanted.pages : [...new Set(otherwise.pages)],
    action,
    field: wanted.field,
    minutes: otherwise.minutes ?? wanted.minutes,
  });
}

/** What differs of what was asked for, as phrases; `null`: nothing (S4-26, S4-47). */
export function changeBetween(asked: Wanted, granted: Wanted): ScopeChange | null {
  const removed = asked.can.filter((phrase) => !granted.can.includes(phrase));
  const added = granted.can.filter((phrase) => !asked.can.includes(phrase));
  const minutes = asked.minutes === granted.minutes ? null : { from: asked.minutes, to: granted.minutes };
  const otherArguments = asked.action?.digest !== granted.action?.digest;
  const samePages = asked.pages.length === granted.pages.length && asked.pages.every((p) => granted.pages.includes(p));
  if (removed.length === 0 && added.length === 0 && minutes === null && !otherArguments && samePages) return null;
  const [from, to] = [asked.action?.target ?? null, granted.action?.target ?? null];
  return { removed, added, minutes, ...(from !== to && { target: { from, to } }) };
}
