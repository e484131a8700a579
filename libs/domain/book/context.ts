import type { Installation } from '../installation/installation.ts';
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
}

/** A verified person, as the sign-in's issuer knows them. */
export interface Person {
  readonly issuer: string;
  readonly subject: string;
  /** From the sign-in, for showing only. */
  readonly name: string | null;
}
