import { evolveBook, type Book, type BookFact } from './book/book.ts';
import { checkOf } from './checks.ts';
import { DENIAL_FACTS, type DenialFact } from './denial/denial.ts';
import type { FactKind, Written } from './fact.ts';
import {
  evolveInstallation,
  INSTALLATION_FACTS,
  type Installation,
  type InstallationFact,
} from './installation/installation.ts';
import { GRANT_FACTS } from './grant/grant.ts';
import { EXPORT_FACTS } from './log-export/log-export.ts';
import { TIGHTENING_FACTS } from './policy/tightening.ts';
import { REQUEST_FACTS } from './request/request.ts';
import { evolveReviews, REVIEW_FACTS, type ReviewFact, type Reviews } from './review/review.ts';
import { SESSION_FACTS } from './session/session.ts';
import { STAFF_ACCESS_FACTS } from './staff-access/staff-access.ts';
import { evolveStaff, STAFF_FACTS, type StaffFact, type StaffMember } from './staff/staff.ts';
import { WORKSPACE_FACTS } from './workspace/workspace.ts';

export type DomainFact = BookFact | StaffFact | InstallationFact | DenialFact | ReviewFact;

const BOOK_FACTS: readonly FactKind[] = [
  ...WORKSPACE_FACTS,
  ...STAFF_ACCESS_FACTS,
  ...TIGHTENING_FACTS,
  ...REQUEST_FACTS,
  ...GRANT_FACTS,
  ...SESSION_FACTS,
  ...EXPORT_FACTS,
];

/** Every kind of fact, in the order of the fact catalogue. */
export const FACT_KINDS: readonly FactKind[] = [
  ...BOOK_FACTS,
  ...STAFF_FACTS,
  ...INSTALLATION_FACTS,
  ...DENIAL_FACTS,
  ...REVIEW_FACTS,
];

const VERSIONS = new Map(FACT_KINDS.map(({ type, version }) => [type, version]));

/** The version that writers write of a kind; older versions are read through upcasting, one small function each. */
export function factVersion(type: string): number {
  return VERSIONS.get(type) ?? 1;
}

/** A fact as it was read: its type and data are anything until they are recognised. */
export interface ReadFact {
  readonly type: string;
  readonly data: unknown;
}

function recogniser<F extends DomainFact>(kinds: readonly FactKind[]): (fact: ReadFact) => F | undefined {
  const checks = new Map(kinds.map(({ type, schema }) => [type, checkOf(schema)]));
  return (fact) => {
    const check = checks.get(fact.type);
    return check?.(fact.data) ? (fact as F) : undefined;
  };
}

/** The fact where its kind is known and its data has the shape; else `undefined`: it is shown as unknown, never guessed. */
export const recognise: (fact: ReadFact) => DomainFact | undefined = recogniser<DomainFact>(FACT_KINDS);
const recogniseBookFact = recogniser<BookFact>(BOOK_FACTS);
const recogniseStaffFact = recogniser<StaffFact>(STAFF_FACTS);
const recogniseInstallationFact = recogniser<InstallationFact>(INSTALLATION_FACTS);
const recogniseReviewFact = recogniser<ReviewFact>(REVIEW_FACTS);

/** Folds what was read from a workspace's stream; a fact that can't be read closes the book to grants (threat T48). */
export function foldBook(book: Book, read: ReadFact, written: Written): Book {
  const fact = recogniseBookFact(read);
  return fact ? evolveBook(book, fact, written) : { ...book, readable: false };
}

export function foldStaff(staff: StaffMember, read: ReadFact, written: Written): StaffMember {
  const fact = recogniseStaffFact(read);
  return fact ? evolveStaff(staff, fact, written) : { ...staff, readable: false };
}

export function foldInstallation(installation: Installation, read: ReadFact, written: Written): Installation {
  const fact = recogniseInstallationFact(read);
  return fact ? evolveInstallation(installation, fact, written) : { ...installation, readable: false };
}

export function foldReviews(reviews: Reviews, read: ReadFact, written: Written): Reviews {
  const fact = recogniseReviewFact(read);
  return fact ? evolveReviews(reviews, fact, written) : { ...reviews, readable: false };
}
