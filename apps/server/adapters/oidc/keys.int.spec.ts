import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KeysUnreadable, loadOrCreateKeys } from './keys.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gatebook-keys-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('The keys of the embedded issuers', () => {
  it('are made once, in a file that only its owner reads, and are the same after a restart', async () => {
    const inside = join(directory, 'data');
    const made = await loadOrCreateKeys(inside);
    expect(await loadOrCreateKeys(inside)).toEqual(made);
    expect(readdirSync(inside)).toEqual(['sign-in-keys.json']);
    expect(statSync(join(inside, 'sign-in-keys.json')).mode & 0o777).toBe(0o600);
    expect(statSync(inside).mode & 0o777).toBe(0o700);
  });

  it('differ between the realms (T4)', async () => {
    const { members, staff } = await loadOrCreateKeys(directory);
    expect(members.jwks.keys[0]!.n).not.toBe(staff.jwks.keys[0]!.n);
    expect(members.jwks.keys[0]!.kid).not.toBe(staff.jwks.keys[0]!.kid);
    expect(members.cookieKeys).not.toEqual(staff.cookieKeys);
  });

  it('are the same for two who start at once', async () => {
    const [one, other] = await Promise.all([loadOrCreateKeys(directory), loadOrCreateKeys(directory)]);
    expect(other).toEqual(one);
    expect(readdirSync(directory)).toEqual(['sign-in-keys.json']);
  });

  it('are closed to others again where somebody opened the file', async () => {
    const made = await loadOrCreateKeys(directory);
    const path = join(directory, 'sign-in-keys.json');
    chmodSync(path, 0o644);
    expect(await loadOrCreateKeys(directory)).toEqual(made);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{', '{}', '{"members":{"jwks":{"keys":[]},"cookieKeys":[]}}'])(
    'are never replaced in silence: a file with %j is refused and left as it is',
    async (content) => {
      const path = join(directory, 'sign-in-keys.json');
      writeFileSync(path, content);
      await expect(loadOrCreateKeys(directory)).rejects.toThrow(KeysUnreadable);
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );
});
