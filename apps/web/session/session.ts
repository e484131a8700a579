import { useSyncExternalStore } from 'react';
import { PageNeeded, signInSilently, type Tokens } from './openid.ts';
import type { Realm } from './page.ts';

/** Who is signed in in this window: one person, of one realm. Reloading the page asks the issuer again. */
let current: Tokens | undefined;
/** The sign-in can't be renewed without a page; what is on the screen stays until the person signs in again. */
let ranOut = false;
const listeners = new Set<() => void>();
let renewal: Promise<Tokens> | undefined;

/** Renewed when so much of its life is left: requests in flight still carry a good one. */
const RENEW_BEFORE_MS = 60_000;

function changed(): void {
  for (const listener of listeners) listener();
}

export function signedInAs(tokens: Tokens): void {
  current = tokens;
  ranOut = false;
  changed();
}

/** Forgets the tokens; gives those that were held, to be signed out at their issuer. */
export function forgetSignIn(): Tokens | undefined {
  const held = current;
  current = undefined;
  ranOut = false;
  changed();
  return held;
}

export function heldTokens(): Tokens | undefined {
  return current;
}

/** The tokens of this window, where they are of the realm. */
export function useTokens(realm: Realm): Tokens | undefined {
  const tokens = useSyncExternalStore(subscribe, heldTokens);
  return tokens?.realm === realm ? tokens : undefined;
}

export function useRanOut(): boolean {
  return useSyncExternalStore(subscribe, () => ranOut);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * An access token that is good for a while, renewed where it has to be.
 *
 * @throws {PageNeeded} the person has to sign in on a page again.
 */
export async function accessToken(mustBeOtherThan?: string): Promise<string> {
  if (!current) throw new PageNeeded();
  const late = current.expiresAt - Date.now() < RENEW_BEFORE_MS;
  if (!late && current.accessToken !== mustBeOtherThan) return current.accessToken;
  renewal ??= renewed(current).finally(() => (renewal = undefined));
  return (await renewal).accessToken;
}

async function renewed(held: Tokens): Promise<Tokens> {
  try {
    const tokens = await signInSilently(held.realm, held);
    // Somebody else sat down at this browser: their sign-in is not for the page that this person left open.
    if (tokens.subject !== held.subject) throw new PageNeeded();
    signedInAs(tokens);
    return tokens;
  } catch (error) {
    if (error instanceof PageNeeded) {
      ranOut = true;
      changed();
    }
    throw error;
  }
}
