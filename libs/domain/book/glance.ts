import type { Session } from '../session/session.ts';
import type { Book } from './book.ts';
import type { BookCommand } from './decide.ts';

/**
 * Something of each part of these books that deciding the command beside each of them reads; what comes of it means
 * nothing. Among a million visits no cache holds a book. Each loop goes one step further into all of them than the one
 * before it, so that the processor waits for the memory of many books at once, and not for one after
 * the other. The loops are short on purpose: it looks only some hundred instructions ahead.
 */
export function glanceAtBooks(books: readonly Book[], commands: readonly (BookCommand | undefined)[]): number {
  let seen = 0;
  for (const { readable, actions } of books) seen += actions.length + (readable ? 1 : 0);
  for (const { sessions } of books) seen += sessions.all === NONE ? 1 : 0;
  for (const { staffAccess, workspace } of books)
    seen += (staffAccess.phase === 'on' ? 1 : 0) + (workspace.phase === 'open' ? 1 : 0);
  for (const { sessions } of books) seen += sessions.glance() + sessions.all.length;
  for (const { staffAccess, workspace } of books)
    seen += (staffAccess.phase === 'on' ? staffAccess.until : 0) + (workspace.cases.all === NONE ? 1 : 0);
  for (const { sessions, workspace } of books)
    seen += (sessions.all[0] === undefined ? 1 : 0) + workspace.cases.all.length;
  for (const { workspace } of books) seen += workspace.cases.all[0] === undefined ? 1 : 0;
  const visits = commands.map((command, i) => visitOf(books[i], command));
  for (const { workspace } of books) seen += workspace.cases.all[0]?.graceEnds ?? 0;
  for (const visit of visits) seen += visit?.phase === 'live' ? visit.packed.length : 0;
  for (const visit of visits) seen += visit?.phase === 'live' ? visit.glance() : 0;
  return seen;
}

const NONE: readonly never[] = [];

/** The visit that a command seems to be about. */
function visitOf(book: Book | undefined, command: BookCommand | undefined): Session | undefined {
  if (!command || !('sessionId' in command)) return undefined;
  return book?.sessions.likely(command.sessionId);
}
