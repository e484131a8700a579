import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { envelopeWith } from '../envelope.ts';
import type { Envelope, StoredFact } from '../envelope.ts';
import type { RecordedFact } from '../port.ts';

/*
 * Golden files: every fact type, at every schema version it ever had, as it is stored, kept for ever. What was written
 * once has to be read by every later release (design.md, section 3).
 */

export interface GoldenOptions {
  /** Where the files are. Default: this folder. */
  readonly directory?: string;
  /** Default: the envelope with the plain codec. */
  readonly envelope?: Envelope;
  /** Writes a file that is missing. Default: whether GATEBOOK_WRITE_GOLDEN is 1. */
  readonly write?: boolean;
}

/** The name of the golden file of a fact type at one schema version. */
export const goldenName = (type: string, schemaVersion: number) => `${type}.v${schemaVersion}.json`;

/**
 * Checks both ways that the example is stored as its golden file says: encoding it gives exactly the file's text, and
 * decoding the file gives the example. A file that stands is never overwritten.
 * @throws {Error} a sentence about what differs, or that there is no file.
 */
export function checkGolden(example: StoredFact, options: GoldenOptions = {}): void {
  const {
    directory = import.meta.dirname,
    envelope = envelopeWith(),
    write = process.env['GATEBOOK_WRITE_GOLDEN'] === '1',
  } = options;
  const name = goldenName(example.type, example.metadata.schemaVersion);
  const path = join(directory, name);
  const text = goldenText(example, envelope);

  if (!existsSync(path)) {
    if (!write) throw new Error(`There is no golden file ${name}; GATEBOOK_WRITE_GOLDEN=1 writes it.`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(path, text);
  }
  const golden = readFileSync(path, 'utf8');
  if (golden !== text) {
    throw new Error(
      `${example.type} is no longer stored as ${name} says. A fact that a release wrote keeps its shape for ever: give ` +
        `the new shape a new schema version. The example is now stored as:\n${text}\nThe file says:\n${golden}`,
    );
  }
  if (!isDeepStrictEqual(envelope.decode(readGolden(name, directory)), example)) {
    throw new Error(`Reading ${name} doesn't give the example back: the example has something that JSON can't keep.`);
  }
}

/** A golden file as the log would give it; for testing that old shapes are still read. */
export function readGolden(name: string, directory: string = import.meta.dirname): RecordedFact {
  const { data, metadata, ...rest } = JSON.parse(readFileSync(join(directory, name), 'utf8'));
  return { ...rest, data: JSON.stringify(data), metadata: JSON.stringify(metadata) };
}

/** The names of all golden files, in order. */
export function goldenNames(directory: string = import.meta.dirname): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .toSorted();
}

/** One text per fact, whatever the order of its keys: sorted, indented by two, ended by a line break. */
function goldenText(example: StoredFact, envelope: Envelope): string {
  const { stream, revision, position, recordedAt } = example;
  const { id, type, data, metadata } = envelope.encode(example);
  const stored = {
    id,
    type,
    stream,
    revision,
    position,
    recordedAt,
    data: JSON.parse(data),
    metadata: JSON.parse(metadata),
  };
  return `${JSON.stringify(stored, sortKeys, 2)}\n`;
}

function sortKeys(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
