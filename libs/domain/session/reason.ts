import { HIDES_TEXT, hidesText } from '@gatebook/protocol';
import type { Refusal } from '../rule.ts';

/**
 * Whether a reason says something. Length alone says nothing: "please check the customer issue" is long and could be
 * about anything (S1-15, S1-75, S4-18, S4-75).
 */

/** Words that could stand in any reason at all; what is left when they are taken out is its substance. */
const SAYS_NOTHING = new Set(
  (
    'a an the this that these those it its is are was were be been to for from of on in at with by and or not no as i we he she ' +
    'they you my our their your his her us them me who what when where why how can cant could should would will need needs ' +
    'needed want wants please just quick quickly asap urgent now today some something someone anything thing things stuff ' +
    'check checks checking checked look looks looking see view test tests testing debug debugging fix fixing investigate ' +
    'investigating investigation review reviewing verify verifying help helping helps support supporting access accessing ' +
    'issue issues problem problems bug bugs error errors trouble question request requests requested ticket tickets case cases ' +
    'customer customers client user users account accounts workspace work working per regarding about related etc do does did ' +
    'go going get getting have has had open enter login reason general misc various troubleshoot troubleshooting data page info'
  ).split(' '),
);

const SUBSTANCE_NEEDED = 2;
export const REASON_LENGTH_MAX = 500;

/** How a sign is drawn, as text or in colour: harmless in a reason, and nothing of a word. */
const PRESENTATION = /[\ufe00-\ufe0f]/gu;

export type ReasonReading =
  | { readonly kind: 'specific'; readonly reason: string }
  | ({ readonly kind: 'vague' | 'unusable' } & Pick<Refusal, 'because' | 'impersonal'> &
      Required<Pick<Refusal, 'hints'>>);

const words = new Intl.Segmenter('und', { granularity: 'word' });

/** Reads a reason as typed. What passes is its NFC form, trimmed, and otherwise word for word. */
export function readReason(typed: string): ReasonReading {
  const reason = typed.normalize('NFC').trim();
  if (reason.length > REASON_LENGTH_MAX) {
    return {
      kind: 'unusable',
      because: `A reason has at most ${REASON_LENGTH_MAX} characters; this one has ${reason.length}.`,
      hints: ['Say in one or two sentences what you will look at.'],
    };
  }
  if (hidesText(reason)) {
    return {
      kind: 'unusable',
      because: `The reason ${HIDES_TEXT}.`,
      hints: ['Type the reason in plain text, on one line.'],
    };
  }
  const substance = new Set<string>();
  for (const { segment, isWordLike } of words.segment(
    reason.normalize('NFKC').replaceAll(PRESENTATION, '').toLowerCase(),
  )) {
    const word = segment.replaceAll(/['’]/gu, '');
    if (isWordLike && /\p{L}/u.test(word) && !SAYS_NOTHING.has(word) && isLongEnough(word)) substance.add(word);
  }
  if (substance.size < SUBSTANCE_NEEDED) {
    return {
      kind: 'vague',
      because: reason === '' ? 'A visit needs a reason.' : `“${reason}” could be about anything.`,
      ...(reason !== '' && { impersonal: 'The reason could be about anything.' }),
      hints: [
        'Name what is wrong and where: “Failed invoice sync since Tuesday”.',
        'The owner reads your reason word for word.',
      ],
    };
  }
  return { kind: 'specific', reason };
}

/** One letter says little in an alphabet, a lot in a script of signs. */
function isLongEnough(word: string): boolean {
  return word.length >= 3 || /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u.test(word);
}
