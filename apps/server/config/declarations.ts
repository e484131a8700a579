import { readFileSync } from 'node:fs';
import { readCatalogue, type Catalogue } from '#domain/catalogue/catalogue';
import { readPolicy, type Policy } from '#domain/policy/policy';
import { ConfigInvalid } from './config.ts';
import { DeclaredText, linesOf, mistakesOf } from './declared-text.ts';

/** The vendor's catalogue from its YAML file. @throws {ConfigInvalid} with every mistake and where it stands. */
export function catalogueFrom(file: string): Catalogue {
  const text = textOf(file);
  const reading = readCatalogue(text.content);
  if (text.syntax.length === 0 && reading.kind === 'catalogue') return reading.catalogue;
  throw new ConfigInvalid(
    linesOf(
      file,
      mistakesOf(text, () => reading),
    ),
  );
}

/**
 * The installation's policy from its YAML file: a preset's name, and what differs from it.
 * @throws {ConfigInvalid} with every mistake and where it stands.
 */
export function policyFrom(file: string): Policy {
  const text = textOf(file);
  const reading = readPolicy(text.content);
  if (text.syntax.length === 0 && reading.kind === 'policy') return reading.policy;
  throw new ConfigInvalid(
    linesOf(
      file,
      mistakesOf(text, () => reading),
    ),
  );
}

function textOf(file: string): DeclaredText {
  try {
    return new DeclaredText(file, readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigInvalid([`${file} can’t be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}.`]);
  }
}
