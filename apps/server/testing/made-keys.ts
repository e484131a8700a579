import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOrCreateKeys } from '#server/adapters/oidc/keys';
import { loadOrMakeKeys } from '#server/config/installation-keys';

/** Files with keys, by name. */
type Files = ReadonlyMap<string, string>;

let made: Promise<Files> | undefined;

/**
 * Puts the keys of an installation and of its built-in issuers into its data directory: the same for all services of a
 * spec, for each three keys that sign take a tenth of a second to make.
 */
export async function putKeys(directory: string): Promise<void> {
  for (const [name, text] of await (made ??= makeKeys())) writeFileSync(join(directory, name), text, { mode: 0o600 });
}

async function makeKeys(): Promise<Files> {
  const directory = mkdtempSync(join(tmpdir(), 'gatebook-keys-'));
  try {
    await Promise.all([loadOrMakeKeys(directory), loadOrCreateKeys(directory)]);
    return new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
