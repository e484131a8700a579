import { hash } from 'node:crypto';
import type { CryptoKey, JWTHeaderParameters, JWTPayload } from 'jose';
import type { TokenExpectation, TrustedIssuer } from './token-verifier.ts';

/** What was found of a token when its signature was checked. */
export interface CheckedToken {
  readonly trusted: TrustedIssuer;
  readonly header: JWTHeaderParameters;
  readonly claims: JWTPayload;
  /** By which the signature was right. */
  readonly key: CryptoKey | Uint8Array;
}

/** More people than call within a token's life; at some kilobytes each at most. */
export const TOKENS_KEPT = 5000;

/**
 * Tokens whose signatures were right, those asked for last, by their SHA-256 and by what was expected of them: the token
 * itself isn't kept. Nothing in here says that a token is good now: key and times are for whoever asks.
 */
export class RememberedTokens {
  readonly #most: number;
  readonly #kept = new Map<string, CheckedToken>();

  constructor(most: number = TOKENS_KEPT) {
    this.#most = most;
  }

  get size(): number {
    return this.#kept.size;
  }

  find(name: string): CheckedToken | undefined {
    const found = this.#kept.get(name);
    if (!found) return undefined;
    // The newest stand last.
    this.#kept.delete(name);
    this.#kept.set(name, found);
    return found;
  }

  keep(name: string, checked: CheckedToken): void {
    this.#kept.set(name, checked);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most) break;
      this.#kept.delete(oldest);
    }
  }

  forget(name: string): void {
    this.#kept.delete(name);
  }
}

/** One name for a token with everything that is expected of it: expected otherwise, it was never checked. */
export function nameOf(token: string, { realms, use, audience }: TokenExpectation): string {
  return JSON.stringify([hash('sha256', token, 'base64url'), use, audience, realms]);
}
