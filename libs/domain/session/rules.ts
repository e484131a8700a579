import { END_SENTENCES, type SessionId, type StaffId } from '@gatebook/protocol';
import type { BookContext } from '../book/context.ts';
import type { ConsentMode } from '../policy/knobs.ts';
import { rule, type Refusal, type Rule } from '../rule.ts';
import { bookIsReadable } from '../workspace/rules.ts';
import { letsInUntil } from '../staff-access/left-on.ts';
import type { LiveSession, Session } from './session.ts';

/** Who asks, and for which visit: compared whole, each time (threats T1, T2). */
export interface VisitCommand {
  readonly sessionId: SessionId;
  readonly staffId: StaffId;
}

export type VisitContext<Command extends VisitCommand = VisitCommand> = BookContext & {
  readonly command: Command;
  readonly session: Session | undefined;
};

export function inVisit<Command extends VisitCommand>(context: BookContext, command: Command): VisitContext<Command> {
  return { ...context, command, session: context.book.sessions.get(command.sessionId) };
}

export function liveOf({ session }: VisitContext): LiveSession {
  if (session?.phase !== 'live') throw new Error('The rules let a visit through that is not live.');
  return session;
}

export const staffMemberIsEnabled: Rule<BookContext> = rule('staffMemberIsEnabled', ({ staff }) =>
  staff.readable && staff.phase === 'enabled' ? undefined : { because: 'You are not enabled as a staff member.' },
);

export const visitIsKnown: Rule<VisitContext> = rule('visitIsKnown', ({ session }) =>
  session ? undefined : { because: 'This visit has ended.' },
);

export const visitIsTheirs: Rule<VisitContext> = rule('visitIsTheirs', ({ session, command }) =>
  session?.staffId === command.staffId ? undefined : { because: 'This visit is somebody else’s.' },
);

const visitHasNotEnded: Rule<VisitContext> = rule('visitHasNotEnded', ({ session }) => {
  if (session?.phase !== 'ended') return undefined;
  return {
    because: END_SENTENCES[session.cause],
    instead: 'A new problem or more time is a new visit, with a new reason.',
  };
});

/** Where the switch lets staff in, it must be on; elsewhere it forbids, but only where somebody turned it off. */
function gateIsOpen(mode: ConsentMode, { book: { staffAccess }, now }: BookContext): Omit<Refusal, 'rule'> | undefined {
  if (staffAccess.phase === 'on' ? now < staffAccess.until : mode !== 'switch' && !staffAccess.blocked)
    return undefined;
  return {
    because: 'Staff access to this workspace is off.',
    instead: 'Ask an owner of the workspace to turn it on.',
  };
}

export const staffAccessIsOn: Rule<BookContext> = rule('staffAccessIsOn', (context) => {
  const { staffAccess, workspace } = context.book;
  const { policy } = context.installation;
  const closed = gateIsOpen(policy.consent.mode, context);
  if (closed) return closed;
  if (staffAccess.phase === 'on')
    return context.now < letsInUntil(staffAccess, policy)
      ? undefined
      : {
          because: 'Staff access to this workspace was turned on under other settings, too long ago for those of now.',
          instead: 'Ask an owner of the workspace to turn it on anew.',
        };
  // Where nobody had to turn it on, there must be somebody who could turn it off (policy.md, 8: no owner left).
  return workspace.members.all.some(({ role }) => role === 'owner')
    ? undefined
    : { because: 'This workspace has no owner who could turn staff access off.' };
});

/** A visit goes by what let it in when it began: no change of the policy makes it last longer. */
const staffAccessIsOnStill: Rule<VisitContext> = rule('staffAccessIsOn', (context) =>
  gateIsOpen(context.session?.phase === 'live' ? context.session.consent : 'switch', context),
);

export const ANOTHER_CASE_ONLY = 'Staff access is on for another case only.';

/** The switch counts as it stands now: what the owner narrows is narrow for visits that run, too (S3-15). */
const switchCoversTheVisit: Rule<VisitContext> = rule('visitFitsTheSwitch', ({ book: { staffAccess }, session }) => {
  const onlyCase = staffAccess.phase === 'on' ? staffAccess.onlyCase : null;
  if (onlyCase === null || session?.phase !== 'live' || session.caseId === onlyCase) return undefined;
  return { because: ANOTHER_CASE_ONLY, instead: 'Exit this visit.' };
});

/** What must hold for anything that is done inside a visit. */
export const VISIT_RULES: readonly Rule<VisitContext>[] = [
  bookIsReadable,
  staffMemberIsEnabled,
  visitIsKnown,
  visitIsTheirs,
  visitHasNotEnded,
  staffAccessIsOnStill,
  switchCoversTheVisit,
];
