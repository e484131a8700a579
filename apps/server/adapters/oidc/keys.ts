import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import * as v from 'valibot';
import { REALMS, type Realm } from './people.ts';

/** One realm's secrets: the private signing keys (RS256) and the keys that sign its cookies, newest first. */
export interface RealmKeys {
  readonly jwks: { readonly keys: readonly JWK[] };
  readonly cookieKeys: readonly string[];
}
/** Each realm has its own keys, so that a token of one can't verify under the other (threats T4). */
export type EmbeddedKeys = Readonly<Record<Realm, RealmKeys>>;

/** The file of sign-in keys is there but can't be used; it is never replaced silently. */
export class KeysUnreadable extends Error {
  override readonly name = 'KeysUnreadable';
}

const FILE = 'sign-in-keys.json';

const realmSchema = v.object({
  jwks: v.object({
    keys: v.pipe(
      v.array(
        v.looseObject({
          kty: v.literal('RSA'),
          kid: v.string(),
          alg: v.literal('RS256'),
          n: v.string(),
          d: v.string(),
        }),
      ),
      v.minLength(1),
    ),
  }),
  cookieKeys: v.pipe(v.array(v.pipe(v.string(), v.minLength(32))), v.minLength(1)),
});
const fileSchema = v.object({ members: realmSchema, staff: realmSchema });

/** Fresh keys for both realms. */
export async function createKeys(): Promise<EmbeddedKeys> {
  const realmKeys = async (): Promise<RealmKeys> => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = {
      ...(await exportJWK(privateKey)),
      kid: randomBytes(12).toString('base64url'),
      alg: 'RS256',
      use: 'sig',
    };
    return { jwks: { keys: [jwk] }, cookieKeys: [randomBytes(32).toString('base64url')] };
  };
  const [members, staff] = await Promise.all(REALMS.map(() => realmKeys()));
  return { members: members!, staff: staff! };
}

/**
 * The keys kept in `directory` (file `sign-in-keys.json`, mode 0600), made at the first call. Two processes that start
 * at once end up with the same keys.
 *
 * @throws {KeysUnreadable} the file is no file of keys.
 */
export async function loadOrCreateKeys(directory: string): Promise<EmbeddedKeys> {
  const path = join(directory, FILE);
  const kept = read(path);
  if (kept) return kept;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, `${JSON.stringify(await createKeys(), null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    // A link, not a rename: it fails where another process was faster, and then that one's keys hold.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return read(path)!;
}

function read(path: string): EmbeddedKeys | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  chmodSync(path, 0o600);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    content = undefined;
  }
  const parsed = v.safeParse(fileSchema, content);
  if (!parsed.success) {
    throw new KeysUnreadable(`${path} does not hold sign-in keys. Move it away, and new ones are made.`);
  }
  return parsed.output;
}
