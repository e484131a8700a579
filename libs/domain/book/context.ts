import type { Installation } from '../installation/installation.ts';
import { effectivePolicy } from '../policy/tighten.ts';
import type { StaffMember } from '../staff/staff.ts';
import type { Book } from './book.ts';

/** What a decision about a workspace may read. Nothing else: no clock, no table, no network. */
export interface BookContext {
  /** Ends that are due by `now` are in it already (`settle`). */
  readonly book: Book;
  /** The staff member whom the command is about; `unknownStaff` where it is about none. */
  readonly staff: StaffMember;
  /** Revision of the staff member's stream that `staff` was folded to; -1 before any fact. */
  readonly staffRevision: number;
  readonly installation: Installation;
  /** Epoch milliseconds: the later of the clock and the stream's newest fact. */
  readonly now: number;
  /** SHA-256 of a value's canonical form (RFC 8785), as `sha256:...`: the same for the same value, for ever. */
  readonly digest: (value: unknown) => string;
}

/** The context with the policy that is in force in the workspace. */
export function underItsPolicy<Context extends Pick<BookContext, 'book' | 'installation'>>(context: Context): Context {
  const { book, installation } = context;
  const policy = effectivePolicy(installation.policy, book.tightening);
  return policy === installation.policy ? context : { ...context, installation: { ...installation, policy } };
}

/** A verified person, as the sign-in's issuer knows them. */
export interface Person {
  readonly issuer: string;
  readonly subject: string;
  /** From the sign-in, for showing only. */
  readonly name: string | null;
}
