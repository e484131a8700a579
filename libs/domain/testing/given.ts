import { expect } from '@jest/globals';
import type { RuleCode } from '@gatebook/protocol';
import { emptyBook, evolveBook, type Book, type BookFact } from '../book/book.ts';
import { decideBook, type BookCommand } from '../book/decide.ts';
import type { Written } from '../fact.ts';
import type { Installation } from '../installation/installation.ts';
import type { Decision, Refusal } from '../rule.ts';
import { evolveStaff, unknownStaff, type StaffFact, type StaffMember } from '../staff/staff.ts';
import { decideStaff, type StaffCommand } from '../staff/seat.ts';
import { digest } from './digest.ts';
import { clock, installation as usual, samEnabled } from './story.ts';

/** Facts that stand in the stream, or a time of day from which the ones behind it were written. */
export type Past<Fact> = readonly (Fact | string)[];

interface Circumstances {
  /** Time of day of the decision; see `clock`. */
  readonly at?: string;
  readonly staff?: StaffMember;
  readonly staffRevision?: number;
  readonly installation?: Installation;
}

/** Where a history begins when it names no time. */
const DAY_BEGINS = '09:00';

/** Folds a past; the nth fact has the id `fact-n`, counted from 0, and the revision n. */
function fold<State, Fact extends object>(
  past: Past<Fact>,
  initial: State,
  evolve: (state: State, fact: Fact, written: Written) => State,
): State {
  let state = initial;
  let time = clock(DAY_BEGINS);
  let revision = 0;
  for (const entry of past) {
    if (typeof entry === 'string') time = clock(entry);
    else {
      state = evolve(state, entry, { id: `fact-${revision}`, revision, time, actor: { kind: 'system', id: 'spec' } });
      revision++;
    }
  }
  return state;
}

/** The book that a past folds to. */
export const bookOf = (past: Past<BookFact>): Book => fold(past, emptyBook, evolveBook);

/** The staff member that a past folds to. */
export const staffOf = (past: Past<StaffFact>): StaffMember => fold(past, unknownStaff, evolveStaff);

/** `given(past).when(command, { at }).then(facts)`: a book, a command, and exactly what comes of it. */
export function given(past: Past<BookFact> | Book) {
  const book = 'readable' in past ? past : bookOf(past);
  return {
    when(command: BookCommand, circumstances: Circumstances = {}) {
      const { at = '10:00', staff = samEnabled, staffRevision = 7, installation = usual } = circumstances;
      return outcome(decideBook(command, { book, staff, staffRevision, installation, now: clock(at), digest }));
    },
  };
}

/** The same for a staff member's own stream. */
export function givenStaff(past: Past<StaffFact>) {
  const staff = staffOf(past);
  return {
    when: (command: StaffCommand, { at = '10:00' }: { readonly at?: string } = {}) =>
      outcome(decideStaff(command, staff, clock(at))),
  };
}

function outcome<Fact>(decision: Decision<Fact>) {
  return {
    decision,
    /** Accepted, with exactly these facts, in this order. */
    then(facts: readonly Fact[]) {
      expect(decision.refusal).toBeUndefined();
      expect(decision.facts).toStrictEqual(facts);
    },
    /** Accepted without a fact, as a repeat or a part of this view. */
    thenSameView(view: string) {
      expect(decision).toStrictEqual({ facts: [], view });
    },
    /** Accepted as a repeat or a part of this view, with exactly these facts. */
    thenOfView(view: string, facts: readonly Fact[]) {
      expect(decision).toStrictEqual({ facts, view });
    },
    /** Refused by this rule; nothing is written but what `with` names. */
    refused(rule: RuleCode, because?: string, { with: facts = [] }: { readonly with?: readonly Fact[] } = {}): Refusal {
      expect(decision.refusal?.rule).toBe(rule);
      if (because !== undefined) expect(decision.refusal?.because).toBe(because);
      expect(decision.facts).toStrictEqual(facts);
      if (!decision.refusal) throw new Error('Not refused.');
      return decision.refusal;
    },
  };
}
