import type { EndCause } from '@gatebook/protocol';
import { toInstant } from '../fact.ts';
import type { LiveSession } from '../session/session.ts';
import type { Book, BookFact } from './book.ts';

/**
 * When and why a live session ends if nothing else happens: the earliest of its clocks; where two agree, the first
 * named. Without the idle clock (`idleMs` infinite) it is the end that staying doesn't move.
 */
export function plannedEnding(
  { staffAccess, workspace }: Book,
  session: LiveSession,
  idleMs = session.idleMs,
): { at: number; cause: EndCause } {
  const graceEnds = workspace.cases.get(session.caseId)?.graceEnds ?? Infinity;
  const clocks: readonly { at: number; cause: EndCause }[] = [
    { at: staffAccess.phase === 'on' ? staffAccess.until : Infinity, cause: 'window ended' },
    { at: session.plannedEnd, cause: 'reached its cap' },
    { at: session.lastInputAt + idleMs, cause: 'idle' },
    { at: graceEnds, cause: 'case closed' },
  ];
  return clocks.reduce((earliest, clock) => (clock.at < earliest.at ? clock : earliest));
}

/** The next instant at which something of this book ends by the clock alone; `null`: nothing will. */
export function nextDue(book: Book): number | null {
  const ends = book.sessions.map((session) => {
    if (session.phase === 'live') return plannedEnding(book, session).at;
    return session.recorded ? Infinity : session.at;
  });
  if (book.staffAccess.phase === 'on') ends.push(book.staffAccess.until);
  const next = Math.min(...ends);
  return Number.isFinite(next) ? next : null;
}

/**
 * The facts that are due by `now`: what has ended by the clock and isn't written yet, in the order in which it ended.
 * Every decision begins with them, so that no end needs a timer to take effect (threat T15).
 */
export function settle(book: Book, now: number): readonly BookFact[] {
  const next = nextDue(book);
  if (next === null || next > now) return [];

  const due: { at: number; fact: BookFact }[] = [];
  for (const session of book.sessions) {
    const end = session.phase === 'live' ? plannedEnding(book, session) : session.recorded ? null : session;
    if (end === null || end.at > now) continue;
    const data = { sessionId: session.id, cause: end.cause, at: toInstant(end.at) };
    due.push({ at: end.at, fact: { type: 'SessionEnded', data } });
  }
  if (book.staffAccess.phase === 'on' && book.staffAccess.until <= now) {
    const { until } = book.staffAccess;
    const data = { cause: 'window ended' as const, at: toInstant(until), memberId: null };
    due.push({ at: until, fact: { type: 'StaffAccessDisabled', data } });
  }
  // The window closes before the sessions that it ends at the same instant.
  const order = (fact: BookFact) => (fact.type === 'StaffAccessDisabled' ? 0 : 1);
  return due.sort((a, b) => a.at - b.at || order(a.fact) - order(b.fact)).map(({ fact }) => fact);
}
