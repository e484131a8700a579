// Writes docs/facts.md: every kind of fact with its data and an example.
// node --conditions=gatebook scripts/fact-catalogue.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GenericSchema } from 'valibot';
import { instant, type FactKind } from '#domain/fact';
import { FACT_KINDS, type DomainFact } from '#domain/facts';
import { EXAMPLES } from '#domain/testing/examples';

export const FACT_CATALOGUE_PATH = join(import.meta.dirname, '..', 'docs', 'facts.md');

/** The whole text of docs/facts.md. */
export function factCatalogue(): string {
  const parts = [
    '# Facts',
    '',
    `Every kind of fact that the log holds, at the schema version that is written today: what it says, the shape of its data, and an example as it is stored. \`personal\` is the part that the codec seals; nothing outside it names a person. Times are RFC 3339, UTC, with milliseconds.`,
    '',
    'This file is written by `node --conditions=gatebook scripts/fact-catalogue.ts` from `libs/domain`; a test holds the two together.',
    '',
    ...FACT_KINDS.map(({ type }) => `- [${type}](#${type.toLowerCase()})`),
  ];
  for (const kind of FACT_KINDS) parts.push('', ...chapter(kind));
  return `${parts.join('\n')}\n`;
}

function chapter({ type, says, schema }: FactKind): string[] {
  const { stream, data, metadata } = EXAMPLES[type as DomainFact['type']];
  const fields = fieldsOf(schema as Shape, '').map(({ path, is }) => `- \`${path}\`: ${is}`);
  return [
    `## ${type}`,
    '',
    says,
    '',
    ...fields,
    '',
    `In \`${stream}\`:`,
    '',
    '```json',
    json({ data, metadata }),
    '```',
  ];
}

/** What is read of a valibot schema here. */
interface Shape extends GenericSchema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Shape>>;
  readonly wrapped?: Shape;
  readonly item?: Shape;
  readonly value?: Shape;
  readonly options?: readonly (string | Shape)[];
  readonly literal?: unknown;
  readonly message?: unknown;
  readonly pipe?: readonly Shape[];
}

interface Field {
  readonly path: string;
  readonly is: string;
}

/** The fields of an object with those inside them, by their paths; `*` stands for each name of a record. */
function fieldsOf(given: Shape, path: string, or = ''): Field[] {
  // What is looked at before it is read as a group is that group.
  const shape = given.pipe?.find(({ type }) => type === 'record') ?? given;
  const under = (key: string) => (path === '' ? key : `${path}.${key}`);
  switch (shape.type) {
    case 'object':
    case 'strict_object': {
      const inside = Object.entries(shape.entries ?? {}).flatMap(([key, entry]) => fieldsOf(entry, under(key)));
      return or === '' ? inside : [{ path, is: `an object${or}` }, ...inside];
    }
    case 'record':
      return shape.value ? fieldsOf(shape.value, under('*'), or) : [];
    case 'optional':
      return shape.wrapped ? fieldsOf(shape.wrapped, path, `${or}; may be missing`) : [];
    case 'nullable':
      return shape.wrapped ? fieldsOf(shape.wrapped, path, `${or} or \`null\``) : [];
    case 'union':
    case 'variant':
      return merged((shape.options ?? []).flatMap((option) => fieldsOf(option as Shape, path, or)));
    case 'array':
      if (shape.item?.type === 'object') return [{ path, is: `list${or}` }, ...fieldsOf(shape.item, `${path}[]`)];
      return [{ path, is: `${nameOf(shape)}${or}` }];
    default:
      return [{ path, is: `${nameOf(shape)}${or}` }];
  }
}

/** Each path once: as its first shape says, or any of the words that it may be. */
function merged(fields: readonly Field[]): Field[] {
  const byPath = new Map<string, Field>();
  for (const { path, is } of fields) {
    const known = byPath.get(path)?.is;
    const words = known !== undefined && known !== is && known.startsWith('`') && is.startsWith('`');
    if (known === undefined || words) byPath.set(path, { path, is: words ? `${known} or ${is}` : is });
  }
  return [...byPath.values()];
}

function nameOf(shape: Shape): string {
  if (shape === (instant as unknown)) return 'time';
  switch (shape.type) {
    case 'string':
      return 'text';
    case 'number':
      return shape.pipe?.some(({ type }) => type === 'integer') ? 'whole number' : 'number';
    case 'boolean':
      return 'yes or no';
    case 'unknown':
      return 'anything';
    case 'literal':
      return `\`${String(shape.literal)}\``;
    case 'picklist':
      return `one of ${(shape.options ?? []).map((option) => `\`${option}\``).join(', ')}`;
    case 'array':
      return shape.item ? `list; each ${nameOf(shape.item)}` : 'list';
    case 'custom': {
      const prefix = /begins with (\w+_)$/.exec(String(shape.message))?.[1];
      return prefix ? `id, \`${prefix}…\`` : 'code of a rule';
    }
    default:
      throw new Error(`The fact catalogue has no word for a schema of type "${shape.type}".`);
  }
}

/** JSON as the formatter would leave it: lists of plain values on one line. */
function json(value: unknown, indent = ''): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => json(item)).join(', ')}]`;
  const inner = `${indent}  `;
  const entries = Object.entries(value).map(
    ([key, property]) => `${inner}${JSON.stringify(key)}: ${json(property, inner)}`,
  );
  return entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n${indent}}`;
}

if (import.meta.main) writeFileSync(FACT_CATALOGUE_PATH, factCatalogue());
