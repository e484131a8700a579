/** Why a text isn't taken as JSON that means one thing: where, as a path of keys and places, and what. */
export interface NotExact {
  readonly path: readonly (string | number)[];
  /** The rest of a sentence: "has the key “value” twice". */
  readonly says: string;
}

export type ExactJson = { readonly value: unknown } | { readonly mistake: NotExact };

const DEEPEST = 32;
const KEY_SHOWN = 40;
/** Names that objects have by themselves: what is kept or compared could lose them on its way. */
const NO_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype'];
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;
const WORD = /true|false|null/y;

/**
 * Reads JSON that means the same to everybody who reads it (I-JSON, RFC 7493, as RFC 8785 needs it): no key twice in an
 * object, no number that isn't kept as it is written, no half of a surrogate pair. What somebody approves is compared by
 * the canonical form, so nothing may be lost on the way there.
 */
export function exactJson(text: string): ExactJson {
  let at = 0;
  const path: (string | number)[] = [];
  const wrong = (says: string) => new Mistaken({ path: [...path], says });
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const next = (sign: string): boolean => {
    take(SPACE);
    if (text[at] !== sign) return false;
    at++;
    take(SPACE);
    return true;
  };
  const string = (): string | undefined => {
    const literal = take(STRING);
    if (literal === undefined) return undefined;
    const read = JSON.parse(literal) as string;
    if (!read.isWellFormed()) throw wrong('has half of a surrogate pair in its text');
    return read;
  };
  const value = (): unknown => {
    if (path.length > DEEPEST) throw wrong(`is nested deeper than ${DEEPEST}`);
    take(SPACE);
    if (next('{')) return object();
    if (next('[')) return list();
    const literal = string() ?? take(WORD);
    if (literal !== undefined && text[at - 1] === '"') return literal;
    if (literal !== undefined) return JSON.parse(literal) as unknown;
    const number = take(NUMBER);
    if (number === undefined) throw wrong(NO_JSON);
    if (!isKept(number)) throw wrong(`has the number ${short(number)}, which can’t be kept as it is written`);
    return Number(number);
  };
  const object = (): unknown => {
    const read: Record<string, unknown> = {};
    if (next('}')) return read;
    do {
      const key = string();
      if (key === undefined || !next(':')) throw wrong(NO_JSON);
      if (NO_KEYS.includes(key)) throw wrong(`has the key “${key}”, which can’t be used`);
      if (Object.hasOwn(read, key)) throw wrong(`has the key “${short(key)}” twice`);
      path.push(key);
      read[key] = value();
      path.pop();
    } while (next(','));
    if (!next('}')) throw wrong(NO_JSON);
    return read;
  };
  const list = (): unknown => {
    const read: unknown[] = [];
    if (next(']')) return read;
    do {
      path.push(read.length);
      read.push(value());
      path.pop();
    } while (next(','));
    if (!next(']')) throw wrong(NO_JSON);
    return read;
  };
  try {
    const read = value();
    take(SPACE);
    if (at < text.length) throw wrong(NO_JSON);
    return { value: read };
  } catch (error) {
    if (error instanceof Mistaken) return { mistake: error.mistake };
    throw error;
  }
}

/** The same for what is always an object: an action's arguments. */
export function exactObject(
  text: string,
): { readonly value: Readonly<Record<string, unknown>> } | { readonly mistake: NotExact } {
  const read = exactJson(text);
  if ('mistake' in read) return read;
  const { value } = read;
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return { mistake: { path: [], says: 'must be a JSON object' } };
  return { value: value as Readonly<Record<string, unknown>> };
}

/** "“lines”, 2, “amount”" as a path that is read: `lines.2.amount`. */
export const pathInWords = (path: readonly (string | number)[]) => path.map((part) => short(String(part))).join('.');

const NO_JSON = 'must be JSON';

class Mistaken extends Error {
  readonly mistake: NotExact;
  constructor(mistake: NotExact) {
    super(mistake.says);
    this.mistake = mistake;
  }
}

/** Whether a double holds exactly the digits that are written, and canonical JSON writes them again. */
function isKept(literal: string): boolean {
  const number = Number(literal);
  if (!Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number))) return false;
  return digitsOf(literal) === digitsOf(String(number));
}

/** A decimal number's digits without zeros around them, and the power of ten of the last. */
function digitsOf(literal: string): string {
  const [mantissa = '', exponent = '0'] = literal.toLowerCase().replace(/^-/, '').split('e');
  const [whole = '', behind = ''] = mantissa.split('.');
  const digits = (whole + behind).replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  if (trimmed === '') return '0';
  return `${trimmed}e${Number(exponent) - behind.length + (digits.length - trimmed.length)}`;
}

const short = (text: string) => (text.length <= KEY_SHOWN ? text : `${text.slice(0, KEY_SHOWN - 1)}…`).toWellFormed();
