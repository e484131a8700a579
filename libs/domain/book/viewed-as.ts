import type { MemberId } from '@gatebook/protocol';
import { grantOfSession } from '../grant/grant.ts';
import type { Book, BookFact } from './book.ts';
import type { BookCommand } from './decide.ts';

/** The member as whom the visit of a fact looks, before the fact is in the book; `null`: as support, or it is of no visit (S1-4, S3-13). */
export function viewedAsIn({ grants }: Pick<Book, 'grants'>, fact: BookFact): MemberId | null {
  if (fact.type === 'SessionStarted') return fact.data.viewedAs as MemberId | null;
  if (grants.length === 0 || !('sessionId' in fact.data)) return null;
  return grantOfSession(grants, fact.data.sessionId)?.viewAs ?? null;
}

/** The member as whom whoever gives a command looks, where it is given from inside a visit of their own; else `null`. */
export function viewedAsBy({ grants }: Pick<Book, 'grants'>, command: BookCommand): MemberId | null {
  if (grants.length === 0 || !('sessionId' in command && 'staffId' in command)) return null;
  const grant = grantOfSession(grants, command.sessionId);
  return grant?.staffId === command.staffId ? grant.viewAs : null;
}
