import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import { readCatalogue, type Catalogue } from '#domain/catalogue/catalogue';
import { readPolicy, type Policy } from '#domain/policy/policy';
import { ConfigInvalid } from './config.ts';

/** The vendor's catalogue from its YAML file. @throws {ConfigInvalid} with every mistake and where it stands. */
export function catalogueFrom(file: string): Catalogue {
  const reading = readCatalogue(yamlFrom(file));
  if (reading.kind === 'catalogue') return reading.catalogue;
  throw new ConfigInvalid(reading.mistakes.map((mistake) => `${file}: ${mistake}.`));
}

/**
 * The installation's policy from its YAML file: a preset's name, and what differs from it.
 * @throws {ConfigInvalid} with every mistake and where it stands.
 */
export function policyFrom(file: string): Policy {
  const reading = readPolicy(yamlFrom(file));
  if (reading.kind === 'policy') return reading.policy;
  throw new ConfigInvalid(reading.mistakes.map((mistake) => `${file}: ${mistake}.`));
}

function yamlFrom(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigInvalid([`${file} can’t be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}.`]);
  }
  try {
    return parse(text);
  } catch (error) {
    throw new ConfigInvalid([`${file}: ${error instanceof YAMLParseError ? error.message : 'not YAML'}`]);
  }
}
