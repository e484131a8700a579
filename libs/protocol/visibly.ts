/** What nobody sees, or sees as something else: controls, marks that turn text around, spaces that aren't the usual one. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** Text with everything unseen written as JSON escapes it: `\u202e`. What is JSON stays the same JSON. */
export function visibly(text: string): string {
  return text.replaceAll(UNSEEN, (found) =>
    Array.from({ length: found.length }, (_, at) => escaped(found.charCodeAt(at))).join(''),
  );
}

const escaped = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`;
