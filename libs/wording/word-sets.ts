import { END_SENTENCES, type EndCause } from '@gatebook/protocol';
import type { ConsentMode } from '#domain/policy/knobs';
import type { Policy, PresetName } from '#domain/policy/policy';

/** The words of screens and banners that a preset brings with it; `{name}`, `{action}` and `{case}` are filled in. */
export interface WordSet {
  /** Where the owner finds it, in the product's settings. */
  readonly panel: string;
  /** Beside the switch, by what lets staff in: a switch that only keeps everybody out doesn't say that it lets in. */
  readonly switchLabel: Readonly<Record<ConsentMode, string>>;
  /** How a request to change something begins in the owner's panel. */
  readonly writeRequest: string;
  /** How any other request begins there. */
  readonly request: string;
  /** On every page of a visit, where a case is what it is for. */
  readonly banner: string;
  /** The same while a visit without a case looks. */
  readonly bannerWithoutCase: string;
  /** The same where a visit without a case may change one thing. */
  readonly bannerOfChange: string;
  /** Before the banner, while a visit only looks; left out: the banner stands alone. */
  readonly looking?: string;
  /** To a staff member who goes on after an off. */
  readonly revoked: string;
}

const DEFAULT: WordSet = {
  panel: 'Staff access', // S0-7
  switchLabel: {
    switch: 'Allow staff to open my workspace', // S0-8
    request: 'Let support ask for access',
    role: 'Let support visit my workspace',
  },
  writeRequest: 'Write request from {name} to {action}', // S0-22
  request: 'Request from {name} to {action}',
  banner: 'Looking at case {case} with you', // S0-45
  bannerWithoutCase: 'Viewing as staff', // S0-15
  bannerOfChange: 'Here as staff for one change',
  revoked: 'Support access has been revoked', // S3-21
};

/** A set that some texts of stand otherwise; a text that it lacks is the default's. */
interface OwnWords extends Partial<Omit<WordSet, 'switchLabel'>> {
  readonly switchLabel?: Partial<WordSet['switchLabel']>;
}

const OWN: { readonly [Name in PresetName]: OwnWords } = {
  default: {},
  'day-pass': { looking: 'Viewing as staff' }, // S0-15: the whole time, S0-45 beside it
  traceable: { panel: 'Support visits' },
  'by-request': { panel: 'Temporary Support Access (TSA)' }, // S2-1
  switch: { panel: 'Support Access', switchLabel: { switch: 'Allow support access' } }, // S3-3, S3-18
  'per-ticket': { panel: 'Support sessions' },
};

export const WORD_SETS = Object.fromEntries(
  Object.entries(OWN).map(([name, { switchLabel, ...own }]) => [
    name,
    { ...DEFAULT, ...own, switchLabel: { ...DEFAULT.switchLabel, ...switchLabel } },
  ]),
) as { readonly [Name in PresetName]: WordSet };

/** The words that people read under a policy. */
export function wordsOf({ wording }: Pick<Policy, 'wording'>): WordSet {
  return WORD_SETS[wording];
}

/** The strip's notice in a visit: of one that may change something none that says that it looks. */
export function noticeOf(
  words: WordSet,
  { caseRef, mode }: { caseRef: string | null; mode: 'read' | 'write' },
): string {
  if (caseRef === null) return mode === 'write' ? words.bannerOfChange : words.bannerWithoutCase;
  const notice = filled(words.banner, { case: caseRef });
  return words.looking === undefined || mode === 'write' ? notice : `${words.looking}. ${notice}`;
}

/** What a person who goes on after the end of a visit is told. */
export function endSentence(words: WordSet, cause: EndCause): string {
  return cause === 'revoked' ? words.revoked : END_SENTENCES[cause];
}

/** A text with its placeholders filled in; what nothing is known of stays as it is. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  // In one pass, and by a function: what is filled in is neither a placeholder nor a pattern.
  return text.replaceAll(/\{([a-z]+)\}/g, (all, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? all) : all,
  );
}
