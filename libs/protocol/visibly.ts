/**
 * Controls, zero-width and bidirectional marks, fillers, tags, halves of pairs: they hide or turn text around (threats
 * T25, T52). Most are what Unicode itself calls ignorable by default; a blank of Braille only looks so.
 */
const INVISIBLE = /[[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufff9-\ufffb]--[\ufe00-\ufe0f]]/v;

/** Whether a line that people read holds what they can’t see: one rule for all that is typed or told (T25, T52). */
export function hidesText(line: string): boolean {
  return INVISIBLE.test(line);
}

/** What is wrong with such a text, behind its name: “The reason” or “message”. */
export const HIDES_TEXT = 'holds characters that can’t be seen or that turn text around';

/** What nobody sees, or sees as something else: all of those, what is not assigned, spaces that aren't the usual one. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** Text with everything unseen written as JSON escapes it: `\u202e`. What is JSON stays the same JSON. */
export function visibly(text: string): string {
  return text.replaceAll(UNSEEN, (found) =>
    Array.from({ length: found.length }, (_, at) => escaped(found.charCodeAt(at))).join(''),
  );
}

const escaped = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`;
