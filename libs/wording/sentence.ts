/** The drawn mark of a line (design-language.md, "Marks"). */
export type Mark = 'viewed' | 'changed' | 'refused' | 'emergency' | 'asked' | 'approved' | 'in' | 'out' | 'dot';

export interface Part {
  readonly text: string;
  /** Set in bold: the verb, or the word "Refused:". */
  readonly strong?: boolean;
}

/** One line of the book. `text` is its parts together. */
export interface Sentence {
  readonly text: string;
  readonly parts: readonly Part[];
  readonly mark: Mark;
  /** A second, smaller line: whole sentences. */
  readonly detail?: string;
}

/** How a time is written into a sentence. The argument is epoch milliseconds. */
export type FormatTime = (epochMs: number) => string;

/** "2026-11-25 13:50 UTC". */
export const utcTime: FormatTime = (epochMs) => `${new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export function strong(text: string): Part {
  return { text, strong: true };
}

/** What a line is made of. */
export type Piece = string | Part;

/** Makes a line of strings and parts; neighbouring plain strings become one part. */
export function sentence(mark: Mark, pieces: readonly Piece[], detail?: string): Sentence {
  const parts: Part[] = [];
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      parts.push({ text: shown(piece.text), strong: true });
      continue;
    }
    const last = parts.at(-1);
    if (last && !last.strong) parts[parts.length - 1] = { text: last.text + shown(piece) };
    else if (piece !== '') parts.push({ text: shown(piece) });
  }
  const text = parts.map((part) => part.text).join('');
  return { text, parts, mark, ...(detail !== undefined && { detail: shown(detail) }) };
}

/** Controls, zero-width and bidirectional marks: in a name or a title they could hide a line or turn it around (T25, T52). */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

function shown(text: string): string {
  return text.replaceAll(INVISIBLE, '\ufffd');
}

/** A line as a whole sentence: what ends in a quoted sentence of somebody's has its full stop already. */
export function stopped(text: string): string {
  return /[.!?…]”?$/.test(text) ? text : `${text}.`;
}

/** "a, b and c". */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** "a, b or c". */
export function either(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** "1 page", "8 pages". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
