import type { EndCause } from '@gatebook/protocol';
import { toInstant } from '../fact.ts';
import { isStanding, isUnused } from '../grant/grant.ts';
import { isOpen } from '../request/request.ts';
import type { LiveSession } from '../session/session.ts';
import { evolveBook, type Book, type BookFact } from './book.ts';

/**
 * When and why a live session ends if nothing else happens: the earliest of its clocks; where two agree, the first
 * named. Without the idle clock (`idleMs` infinite) it is the end that staying doesn't move.
 */
export function plannedEnding(
  { staffAccess, workspace }: Book,
  session: LiveSession,
  idleMs = session.idleMs,
): { at: number; cause: EndCause } {
  const { caseId } = session;
  const graceEnds = (caseId === null ? null : workspace.cases.get(caseId)?.graceEnds) ?? Infinity;
  const clocks: readonly { at: number; cause: EndCause }[] = [
    { at: staffAccess.phase === 'on' ? staffAccess.until : Infinity, cause: 'window ended' },
    { at: session.plannedEnd, cause: 'reached its cap' },
    { at: session.lastInputAt + idleMs, cause: 'idle' },
    { at: graceEnds, cause: 'case closed' },
  ];
  return clocks.reduce((earliest, clock) => (clock.at < earliest.at ? clock : earliest));
}

/** When the waiting requests, the unused grants and the unreported actions end if nobody does anything. */
function othersDue({ staffAccess, requests, grants, actions }: Book): {
  readonly at: number;
  readonly fact: BookFact;
}[] {
  // The end of the window takes all of them along, so what would end later has that end and no other.
  const windowEnds = staffAccess.phase === 'on' ? staffAccess.until : Infinity;
  const due: { at: number; fact: BookFact }[] = [];
  for (const request of requests) {
    const { id: requestId } = request;
    if (isOpen(request)) {
      const { lapsesAt: at } = request;
      if (at >= windowEnds) continue;
      due.push({ at, fact: { type: 'AccessLapsed', data: { requestId, cause: 'nobody decided', at: toInstant(at) } } });
    } else if (!request.recorded && request.lapse !== null) {
      const { at, lapse: cause } = request;
      due.push({ at, fact: { type: 'AccessLapsed', data: { requestId, cause, at: toInstant(at) } } });
    }
  }
  for (const grant of grants) {
    const { id: grantId, requestId } = grant;
    const end = isStanding(grant) ? { at: grant.startBy, cause: 'not started in time' as const } : grant;
    if (isStanding(grant) && (!isUnused(grant) || end.at >= windowEnds)) continue;
    const data = { grantId, requestId, cause: end.cause, at: toInstant(end.at) };
    due.push({ at: end.at, fact: { type: 'GrantLapsed', data } });
  }
  for (const { id: actionId, sessionId, label, caseRef, reportBy, isOverdue } of actions) {
    if (isOverdue) continue;
    const data = { actionId, sessionId, outcome: 'unknown' as const, label, caseRef, fields: [] };
    due.push({ at: reportBy, fact: { type: 'ActionReported', data } });
  }
  return due;
}

/** Nothing is due by the clock before this instant: told from what all sessions have in common, no one of them read. */
export function nothingDueBefore(book: Book): number {
  if (hasOthers(book)) return -Infinity;
  const { sessions, staffAccess, workspace } = book;
  let at = staffAccess.phase === 'on' ? Math.min(sessions.endsAt, staffAccess.until) : sessions.endsAt;
  for (const { graceEnds } of workspace.cases.all) if (graceEnds !== null && graceEnds < at) at = graceEnds;
  return at;
}

/** The next instant at which something of this book ends by the clock alone; `null`: nothing will. */
export function nextDue(book: Book): number | null {
  const ends = book.sessions.all.map((session) => {
    if (session.phase === 'live') return plannedEnding(book, session).at;
    return session.recorded ? Infinity : session.at;
  });
  if (book.staffAccess.phase === 'on') ends.push(book.staffAccess.until);
  if (hasOthers(book)) ends.push(...othersDue(book).map(({ at }) => at));
  const next = Math.min(...ends);
  return Number.isFinite(next) ? next : null;
}

/**
 * The facts that are due by `now`: what has ended by the clock and isn't written yet, in the order in which it ended.
 * Every decision begins with them, so that no end needs a timer to take effect (threat T15).
 */
export function settle(book: Book, now: number): readonly BookFact[] {
  if (now < nothingDueBefore(book)) return [];
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
  if (hasOthers(book)) due.push(...othersDue(book).filter(({ at }) => at <= now));
  const facts = due.sort((a, b) => a.at - b.at || order(a.fact) - order(b.fact)).map(({ fact }) => fact);
  // What ends takes others with it: their record follows in the same go.
  return hasOthers(book) ? [...facts, ...settle(withDue(book, facts, now), now)] : facts;
}

/** The book with its due ends in it, as they will stand once written. */
export function withDue(book: Book, due: readonly BookFact[], now: number): Book {
  return due.reduce(
    (state, fact) =>
      evolveBook(state, fact, { id: '', revision: -1, time: now, actor: { kind: 'system', id: 'clock' } }),
    book,
  );
}

/** The window closes before the sessions that it ends at the same instant, and they before their grants. */
function order({ type }: BookFact): number {
  return type === 'StaffAccessDisabled' ? 0 : type === 'SessionEnded' ? 1 : 2;
}

function hasOthers({ requests, grants, actions }: Book): boolean {
  return requests.length > 0 || grants.length > 0 || actions.length > 0;
}
