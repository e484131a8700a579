import type { BookFact } from '../book/book.ts';
import type { BookContext, Person } from '../book/context.ts';
import { toInstant } from '../fact.ts';
import { isStanding } from '../grant/grant.ts';
import { isOpen } from '../request/request.ts';
import { firstRefusal, type Decision } from '../rule.ts';
import { asMember, memberBelongsHere, memberRoleMaySwitch } from '../workspace/rules.ts';

export interface DisableStaffAccess {
  readonly type: 'DisableStaffAccess';
  readonly by: Person;
}

/**
 * Turns staff access off. Off when it is off already is no mistake and no line, but for the first that forbids, and where
 * something still stands. Nothing but the person's right is asked: not whether the book can be read, not whether the
 * workspace is closed.
 */
export function disableStaffAccess(command: DisableStaffAccess, context: BookContext): Decision<BookFact> {
  const here = asMember(context, command.by);
  const refusal = firstRefusal([memberBelongsHere, memberRoleMaySwitch], here);
  if (refusal || !here.member) return { facts: [], refusal };
  const { staffAccess, sessions, requests, grants } = context.book;
  // Where no switch lets staff in, an owner's off forbids, also before there was any on (policy.md, "Presets").
  const forbids = context.installation.policy.consent.mode !== 'switch';
  // A visit goes by what let it in, so one that a request let in outlasts a change back to a switch that is off.
  const stands = sessions.live().length > 0 || requests.some(isOpen) || grants.some(isStanding);
  if (staffAccess.phase === 'off' && !stands && (staffAccess.blocked || !forbids)) return { facts: [] };

  const at = toInstant(context.now);
  const { id, shownName } = here.member;
  return {
    facts: [
      {
        type: 'StaffAccessDisabled',
        data: { cause: 'owner', at, memberId: id, personal: { subject: id, name: shownName ?? command.by.name ?? id } },
      },
      ...context.book.sessions
        .live()
        .map((session): BookFact => ({ type: 'SessionEnded', data: { sessionId: session.id, cause: 'revoked', at } })),
    ],
  };
}
