/**
 * Numbers and texts side by side in one string of one byte a character. A state that a service keeps a million of costs
 * a third of what the same costs in objects; and a string can't be changed, so whoever holds one holds it for good.
 */

const number = new Float64Array(1);
const bytes = new Uint8Array(number.buffer);

/** Characters that a packed number takes. */
export const NUMBER_WIDTH = 8;

export function packedNumber(value: number): string {
  number[0] = value;
  return String.fromCharCode(
    bytes[0] ?? 0,
    bytes[1] ?? 0,
    bytes[2] ?? 0,
    bytes[3] ?? 0,
    bytes[4] ?? 0,
    bytes[5] ?? 0,
    bytes[6] ?? 0,
    bytes[7] ?? 0,
  );
}

export function numberAt(packed: string, at: number): number {
  for (let i = 0; i < NUMBER_WIDTH; i++) bytes[i] = packed.charCodeAt(at + i);
  return number[0] ?? NaN;
}

/** A whole number from 0 in as many characters as it takes; any other number in nine. */
export function packedWhole(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) return NO_WHOLE + packedNumber(value);
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) digits += String.fromCharCode(rest % 256);
  return String.fromCharCode(digits.length) + digits;
}

export function wholeAt(packed: string, at: number): number {
  if (packed[at] === NO_WHOLE) return numberAt(packed, at + 1);
  let value = 0;
  for (let i = at + packed.charCodeAt(at); i > at; i--) value = value * 256 + packed.charCodeAt(i);
  return value;
}

/** Where the whole number that begins at `at` is over. */
export function behindWhole(packed: string, at: number): number {
  return at + 1 + (packed[at] === NO_WHOLE ? NUMBER_WIDTH : packed.charCodeAt(at));
}

const NO_WHOLE = '\xff';

// The first character says what follows: so many characters, or one of these forms.
const LONGEST = 0xf7;
/** An id of ours (`@gatebook/protocol`, "ids"): prefix by prefix. */
const IDS: readonly (readonly [string, string])[] = [
  ['ses_', '\xf8'],
  ['stf_', '\xf9'],
];
const PLACE = '\xfb';
const NULL = '\xfc';
const SHA256 = '\xfd';
const UUID = '\xfe';
const LONG = '\xff';

const UUID_FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SHA256_PREFIX = 'sha256:';
const SHA256_FORM = /^sha256:[0-9a-f]{64}$/;
const ID_LENGTH = 30;
const ID_FORM = /^(?:ses|stf)_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
/** A number of 20 digits with zeros in front, as a position in a log is written. */
const PLACE_LENGTH = 20;
const PLACE_FORM = /^0{4}[0-9]{16}$/;
const UUID_BYTES = 16;
const SHA256_BYTES = 32;

/** Any text, or `null`; ids, digests and positions in half the room. */
export function packedText(text: string | null): string {
  if (text === null) return NULL;
  const { length } = text;
  if (length === ID_LENGTH && ID_FORM.test(text)) {
    for (const [prefix, form] of IDS) if (text.startsWith(prefix)) return form + fromBase32(text.slice(prefix.length));
  }
  if (length === PLACE_LENGTH && PLACE_FORM.test(text) && Number.isSafeInteger(Number(text)))
    return PLACE + packedWhole(Number(text));
  if (length === 36 && UUID_FORM.test(text)) return UUID + fromHex(text.replaceAll('-', ''));
  if (length === 71 && SHA256_FORM.test(text)) return SHA256 + fromHex(text.slice(SHA256_PREFIX.length));
  return length <= LONGEST ? String.fromCharCode(length) + text : LONG + packedNumber(length) + text;
}

export function textAt(packed: string, at: number): string | null {
  const from = at + 1;
  for (const [prefix, form] of IDS) if (packed[at] === form) return prefix + toBase32(packed, from);
  switch (packed[at]) {
    case NULL:
      return null;
    case PLACE:
      return String(wholeAt(packed, from)).padStart(PLACE_LENGTH, '0');
    case UUID: {
      const hex = toHex(packed, from, UUID_BYTES);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    }
    case SHA256:
      return SHA256_PREFIX + toHex(packed, from, SHA256_BYTES);
    case LONG:
      return packed.slice(from + NUMBER_WIDTH, behindText(packed, at));
    default:
      return packed.slice(from, behindText(packed, at));
  }
}

/** Where the text that begins at `at` is over. */
export function behindText(packed: string, at: number): number {
  const first = packed[at];
  if (first === NULL) return at + 1;
  if (first === PLACE) return behindWhole(packed, at + 1);
  if (first === UUID || IDS.some(([, form]) => form === first)) return at + 1 + UUID_BYTES;
  if (first === SHA256) return at + 1 + SHA256_BYTES;
  if (first === LONG) return at + 1 + NUMBER_WIDTH + numberAt(packed, at + 1);
  return at + 1 + packed.charCodeAt(at);
}

function fromHex(hex: string): string {
  const values = [];
  for (let i = 0; i < hex.length; i += 2) values.push((digitAt(hex, i) << 4) | digitAt(hex, i + 1));
  return String.fromCharCode(...values);
}

function digitAt(hex: string, at: number): number {
  const code = hex.charCodeAt(at);
  return code < 0x3a ? code - 0x30 : code - 0x57;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function toHex(packed: string, from: number, count: number): string {
  let hex = '';
  for (let i = from; i < from + count; i++) hex += HEX[packed.charCodeAt(i)] ?? '';
  return hex;
}

const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';
const DIGIT_OF = new Map([...BASE32].map((digit, value) => [digit, value]));

/** 26 digits of five bits, the first of three: 16 bytes. */
function fromBase32(digits: string): string {
  const values = [];
  let bits = 0;
  let held = 0;
  for (let i = 0; i < digits.length; i++) {
    bits = ((bits << 5) | (DIGIT_OF.get(digits.charAt(i)) ?? 0)) & 0xfff;
    held += i === 0 ? 3 : 5;
    if (held >= 8) values.push((bits >> (held -= 8)) & 0xff);
  }
  return String.fromCharCode(...values);
}

function toBase32(packed: string, from: number): string {
  let digits = '';
  let bits = 0;
  let held = 2; // 130 bits of digits, 128 of bytes
  for (let i = from; i < from + UUID_BYTES; i++) {
    bits = ((bits << 8) | packed.charCodeAt(i)) & 0xfff;
    held += 8;
    while (held >= 5) digits += BASE32.charAt((bits >> (held -= 5)) & 31);
  }
  return digits;
}
