/** Of each object so many plans' answers are kept at most, and none with more letters. */
const ANSWERS_KEPT = 2;
const LETTERS_KEPT = 4096;

interface Made {
  /** The plan's own place. */
  readonly by: object;
  /** Once it was asked for again. */
  into?: object;
}

const unchanging = new WeakMap<object, Made[]>();
const texts = new WeakMap<object, string>();

/**
 * Says that whatever is read of the object, now or later, is the same for everybody whom it is given to: what an
 * answer writes of it may be kept as long as the object is.
 */
export function neverChanges<Thing extends object>(thing: Thing): Thing {
  if (!unchanging.has(thing)) unchanging.set(thing, []);
  return thing;
}

/** What was made of the object at this place before. */
export function madeBefore(source: object, by: object): object | undefined {
  return unchanging.get(source)?.find((made) => made.by === by)?.into;
}

/** Keeps what was made of the object at this place, the second time that it is made: most are asked for once. */
export function keepMade(source: object, by: object, into: object): void {
  const all = unchanging.get(source);
  if (!all) return;
  const known = all.find((made) => made.by === by);
  if (!known) {
    all.unshift({ by });
    all.length = Math.min(all.length, ANSWERS_KEPT);
    return;
  }
  const text = JSON.stringify(into);
  if (text.length > LETTERS_KEPT) return;
  known.into = into;
  texts.set(into, text);
}

/**
 * As JSON.stringify writes it, with what was written before put in; `undefined` for what is left out. `value`: as an
 * answer is made, of lists and plain objects.
 */
export function written(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const text = texts.get(value);
  if (text !== undefined) return text;
  if (Array.isArray(value)) return `[${value.map((item) => written(item) ?? 'null').join()}]`;
  // A scalar may be any object, and may say itself how it is written.
  if (Object.getPrototypeOf(value) !== Object.prototype || 'toJSON' in value) return JSON.stringify(value);
  let properties = '';
  for (const key of Object.keys(value)) {
    const its = written((value as Readonly<Record<string, unknown>>)[key]);
    if (its !== undefined) properties += `${properties === '' ? '' : ','}${JSON.stringify(key)}:${its}`;
  }
  return `{${properties}}`;
}
