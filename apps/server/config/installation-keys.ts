import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'jose';
import * as v from 'valibot';
import { newSigningKey } from '../adapters/keys/visit-tokens.ts';
import { ConfigInvalid, type Config } from './config.ts';

/** The secrets that a running service works with. */
export interface InstallationKeys {
  readonly sha256: { readonly product: string; readonly directory: string; readonly operator: string };
  readonly entryCodes: Uint8Array;
  readonly cursors: Uint8Array;
  readonly snapshots: Uint8Array;
  readonly signing: JWK;
}

/** Keys that an installation on one machine makes for itself; whoever runs the demo product or the command reads them here. */
export const KEYS_FILE = 'keys.json';

const made = v.object({
  product: v.string(),
  directory: v.string(),
  operator: v.string(),
  secret: v.string(),
  signing: v.looseObject({ kty: v.literal('RSA'), d: v.string() }),
});
export type MadeKeys = v.InferOutput<typeof made>;

/** What isn't configured is made at the first start and kept in the data directory (mode 0600); never in production. */
export async function installationKeys(config: Config): Promise<InstallationKeys> {
  const own = config.production ? undefined : await loadOrMakeKeys(config.dataDirectory);
  const digest = (holder: 'product' | 'directory' | 'operator'): string => {
    const configured = config.keySha256[holder];
    if (configured !== undefined) return configured;
    if (!own) throw new ConfigInvalid([`GATEBOOK_${holder.toUpperCase()}_KEY_SHA256 is missing.`]);
    return sha256(own[holder]);
  };
  const secret = config.secret ?? (own && Buffer.from(own.secret, 'base64'));
  if (!secret) throw new ConfigInvalid(['GATEBOOK_SECRET is missing.']);
  return {
    sha256: { product: digest('product'), directory: digest('directory'), operator: digest('operator') },
    entryCodes: derived(secret, 'entry codes'),
    cursors: derived(secret, 'cursors'),
    snapshots: derived(secret, 'snapshots'),
    signing: signingKey(config, own),
  };
}

/** The keys of a data directory, made where there are none yet. Two processes that start at once get the same. */
export async function loadOrMakeKeys(directory: string): Promise<MadeKeys> {
  const path = join(directory, KEYS_FILE);
  const kept = readKeys(path);
  if (kept) return kept;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const key = () => `gbk_${randomBytes(32).toString('base64url')}`;
  const keys = {
    product: key(),
    directory: key(),
    operator: key(),
    secret: randomBytes(32).toString('base64'),
    signing: await newSigningKey(),
  };
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    // A link, not a rename: it fails where another process was faster, and then that one's keys hold.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const written = readKeys(path);
  if (!written) throw new ConfigInvalid([`${path} vanished while it was made.`]);
  return written;
}

function readKeys(path: string): MadeKeys | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return v.parse(made, JSON.parse(text));
  } catch {
    throw new ConfigInvalid([`${path} is not a file of keys. Mend it, or move it away to have new keys made.`]);
  }
}

function signingKey({ signingKeyFile }: Config, own: MadeKeys | undefined): JWK {
  if (signingKeyFile === undefined) {
    if (!own) throw new ConfigInvalid(['GATEBOOK_SIGNING_KEY_FILE is missing.']);
    return own.signing;
  }
  try {
    const jwk = JSON.parse(readFileSync(signingKeyFile, 'utf8')) as JWK;
    if (jwk.kty === 'RSA' && typeof jwk.d === 'string') return jwk;
  } catch {
    // Said below, without what the file holds.
  }
  throw new ConfigInvalid([`GATEBOOK_SIGNING_KEY_FILE: ${signingKeyFile} is not a private RSA key as a JWK.`]);
}

/** A key of its own for one purpose, from the installation’s secret. */
export function derived(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `gatebook ${purpose}`, 32));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
