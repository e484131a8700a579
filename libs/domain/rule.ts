import type { RuleCode } from '@gatebook/protocol';

/** `null`: none. */
type GivenArguments = Readonly<Record<string, unknown>> | null;

/** Why a command is refused. It becomes a fact as a success does; exceptions are for broken invariants. */
export interface Refusal {
  readonly rule: RuleCode;
  /** A sentence for the person who was refused. */
  readonly because: string;
  /** The same without what the person typed, where `because` repeats it: it is what the fact says (threat T50). */
  readonly impersonal?: string;
  /** What could be done instead, as a sentence. */
  readonly instead?: string;
  /** What a change was tried with and, unless it is erased, approved with; it stands in the personal part of the fact. */
  readonly exactly?: { readonly tried: GivenArguments; readonly approved?: GivenArguments };
  /** Hints that help to mend the input, each a sentence. */
  readonly hints?: readonly string[];
  /** Path of the command’s field that it is about, where the rule’s code alone doesn’t tell. */
  readonly field?: readonly string[];
}

/** A named rule: `undefined` where it holds, else why not. The name is the published code. */
export interface Rule<Context> {
  readonly code: RuleCode;
  readonly check: (context: Context) => Omit<Refusal, 'rule'> | undefined;
}

export function rule<Context>(code: RuleCode, check: Rule<Context>['check']): Rule<Context> {
  return { code, check };
}

/** The refusal of the first rule, in order, that doesn't hold. */
export function firstRefusal<Context>(rules: readonly Rule<Context>[], context: Context): Refusal | undefined {
  for (const { code, check } of rules) {
    const refused = check(context);
    if (refused) return { rule: code, ...refused };
  }
  return undefined;
}

/**
 * What came of a command: the facts to write and, where it was refused, why. A refused command can still have facts:
 * the ends that were due by the clock when it was decided.
 */
export interface Decision<Fact> {
  readonly facts: readonly Fact[];
  readonly refusal?: Refusal;
  /** The view that an accepted view repeats or belongs to; nothing is written for it. */
  readonly view?: string;
}
