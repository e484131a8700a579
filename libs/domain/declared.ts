import * as v from 'valibot';

/** What is wrong in what somebody wrote, and where: the keys on the way to it, from the outside in. */
export interface Mistake {
  readonly path: readonly (string | number)[];
  /** The end of a sentence that begins with the path. */
  readonly message: string;
}

type Path = Mistake['path'];

/** What a schema says of its own parts, as far as it is looked into here. */
interface Part extends v.GenericSchema {
  readonly entries?: Readonly<Record<string, Part>>;
  readonly value?: Part;
  readonly wrapped?: Part;
  readonly options?: readonly Part[];
  readonly pipe?: readonly Part[];
}

/** Names that every object has something under: they would be lost without a word, or mean something else. */
const NO_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];

export type Declared<Output> =
  | { readonly kind: 'read'; readonly output: Output }
  | { readonly kind: 'mistaken'; readonly found: readonly Mistake[] };

/**
 * Reads what a vendor wrote by its schema and finds every mistake at once, each as the end of a plain sentence. `noun` is
 * what stands in it: "setting".
 */
export function readDeclared<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  noun: string,
): Declared<v.InferOutput<Schema>> {
  const found: Mistake[] = [];
  const known = whatIsKnown(schema as Part, input, [], noun, found);
  const parsed = v.safeParse(schema, known);
  const seen = new Set(found.map(({ path }) => JSON.stringify(path)));
  for (const issue of parsed.issues ?? []) {
    const path = (issue.path ?? []).map(({ key }) => key as string | number);
    // What is no group at all lacks every part of one: that is said once.
    if (path.some((_, at) => seen.has(JSON.stringify(path.slice(0, at + 1))))) continue;
    found.push({ path, message: sentenceOf(issue, noun) });
  }
  if (parsed.success && found.length === 0) return { kind: 'read', output: parsed.output };
  return { kind: 'mistaken', found };
}

/** The input without what the schema doesn't know, so that one mistake doesn't hide the others. */
function whatIsKnown(schema: Part, input: unknown, path: Path, noun: string, found: Mistake[]): unknown {
  const part = groupIn(schema.wrapped ?? schema, input);
  const isGroup = part.type === 'strict_object';
  if (!isGroup && part.type !== 'record') return input;
  if (input === null || typeof input !== 'object') return input;
  if (Array.isArray(input)) {
    if (path.length > 0) found.push({ path, message: `must be a group of ${many(noun)} with names, not a list` });
    return path.length > 0 ? {} : input;
  }
  const known: [string, unknown][] = [];
  for (const [key, value] of Object.entries(input)) {
    const here = [...path, key];
    const of = isGroup ? ownOf(part.entries, key) : part.value;
    if (NO_NAMES.includes(key)) found.push({ path: here, message: 'is a word that nothing can be named' });
    else if (of === undefined) found.push({ path: here, message: `there is no such ${noun}` });
    else known.push([key, whatIsKnown(of, value, here, noun, found)]);
  }
  return Object.fromEntries(known);
}

/** Of a choice between a list and a group, the group where one is written. */
function groupIn(part: Part, input: unknown): Part {
  if (part.type !== 'union' || Array.isArray(input)) return part;
  return part.options?.flatMap((option) => option.pipe ?? []).find(({ type }) => type === 'record') ?? part;
}

function ownOf(entries: Part['entries'], key: string): Part | undefined {
  return entries && Object.hasOwn(entries, key) ? entries[key] : undefined;
}

/** Sentences of the schema's own stay; of those that the library makes up, each is said in plain words. */
function sentenceOf(issue: v.BaseIssue<unknown>, noun: string): string {
  if (!issue.message.startsWith('Invalid ')) return issue.message;
  if (issue.received === 'undefined') return 'is missing';
  const must = mustBe(issue, noun);
  return must === undefined ? 'can’t be used' : `must be ${must}${notThis(issue.input)}`;
}

function mustBe({ type, expected, requirement }: v.BaseIssue<unknown>, noun: string): string | undefined {
  switch (type) {
    case 'string':
      return 'text';
    case 'number':
      return 'a number';
    case 'integer':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'strict_object':
    case 'record':
      return `a group of ${many(noun)}`;
    case 'min_value':
      return `at least ${String(requirement)}`;
    case 'max_value':
      return `at most ${String(requirement)}`;
    case 'picklist':
      return `one of ${(expected ?? '').replaceAll(/[("')]/g, '').replaceAll(' | ', ', ')}`;
    default:
      return undefined;
  }
}

function notThis(input: unknown): string {
  if (input === null) return '; there is nothing here';
  if (Array.isArray(input)) return ', not a list';
  if (typeof input === 'object') return ', not a group';
  return typeof input === 'string' && input.length > 40 ? '' : `, not ${JSON.stringify(input)}`;
}

function many(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}
