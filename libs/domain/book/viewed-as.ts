import type { MemberId } from '@gatebook/protocol';
import { grantOfSession } from '../grant/grant.ts';
import type { Book, BookFact } from './book.ts';

/** The member as whom the visit of a fact looks, before the fact is in the book; `null`: as support, or it is of no visit (S1-4, S3-13). */
export function viewedAsIn({ grants }: Pick<Book, 'grants'>, fact: BookFact): MemberId | null {
  if (fact.type === 'SessionStarted') return fact.data.viewedAs as MemberId | null;
  if (grants.length === 0 || !('sessionId' in fact.data)) return null;
  return grantOfSession(grants, fact.data.sessionId)?.viewAs ?? null;
}
