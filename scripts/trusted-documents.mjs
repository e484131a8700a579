// Makes the manifest of the pages' operations: SHA-256 of a document in its one form -> that form. The service with
// GATEBOOK_TRUSTED_DOCUMENTS=enforce serves browsers these and nothing else.
// Usage: node scripts/trusted-documents.mjs [OUTPUT] (default: dist/apps/web/trusted-documents.json)
import { buildSchema, parse, print, validate, visit } from 'graphql';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hashOf, oneForm } from '../apps/server/doors/graphql/trusted-documents.ts';
import { documentsIn, operationsIn } from './documents.mjs';

export const PAGES = ['apps/web'];

/** @throws {Error} naming every document that the schema doesn't take. */
export function manifestOf(folders, schemaText) {
  const schema = buildSchema(schemaText);
  const problems = [];
  const entries = operationsIn(documentsIn(folders), { parse, print, visit }).map(({ file, name, text }) => {
    const form = oneForm(text);
    for (const { message } of validate(schema, parse(form))) problems.push(`${file}, ${name}: ${message}`);
    return [hashOf(form), form];
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (import.meta.main) {
  const output = process.argv[2] ?? 'dist/apps/web/trusted-documents.json';
  const manifest = manifestOf(PAGES, readFileSync('schema.graphql', 'utf8'));
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, `${JSON.stringify(manifest, null, 2)}\n`);
  console.error(`${output}: ${Object.keys(manifest).length} operations of the pages`);
}
