import type { Realm } from '../../adapters/oidc/people.ts';

const WAIT_MS = 2000;
/** How long an issuer that couldn't be asked isn't asked again: no page waits for it each time. */
const AGAIN_AFTER_MS = 10_000;
/** An issuer may move its endpoint, at most as often as this is noticed. */
const KNOWN_FOR_MS = 3_600_000;

interface Known {
  readonly origin: string | undefined;
  readonly until: number;
}

/**
 * Where the issuers take codes, by their discovery documents (OpenID Connect Discovery 1.0, section 4): it can be another
 * origin than the issuer's, and a page may only talk to origins that its policy names.
 */
export class TokenEndpoints {
  readonly #issuers: readonly string[];
  readonly #known = new Map<string, Promise<Known>>();
  readonly #onFault: (issuer: string, error: unknown) => void;
  readonly #waitMs: number;

  constructor(
    issuers: Readonly<Record<Realm, string>>,
    onFault: (issuer: string, error: unknown) => void,
    patience = 1,
  ) {
    this.#issuers = [...new Set(Object.values(issuers))];
    this.#onFault = onFault;
    this.#waitMs = WAIT_MS * patience;
  }

  /** Of all issuers that could be asked; one that can't be is told of, and left out until it can. */
  async origins(): Promise<readonly string[]> {
    const known = await Promise.all(this.#issuers.map((issuer) => this.#of(issuer)));
    return [...new Set(known.flatMap(({ origin }) => origin ?? []))];
  }

  async #of(issuer: string): Promise<Known> {
    const held = this.#known.get(issuer);
    if (held && performance.now() < (await held).until) return held;
    // Who comes while it is asked waits for the same answer.
    if (this.#known.get(issuer) === held) this.#known.set(issuer, this.#ask(issuer));
    return this.#known.get(issuer)!;
  }

  async #ask(issuer: string): Promise<Known> {
    try {
      const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
      const answer = await fetch(address, { signal: AbortSignal.timeout(this.#waitMs), redirect: 'error' });
      const { token_endpoint: endpoint } = (await answer.json()) as { readonly token_endpoint?: unknown };
      return { origin: originOf(endpoint, issuer), until: performance.now() + KNOWN_FOR_MS };
    } catch (error) {
      this.#onFault(issuer, error);
      return { origin: undefined, until: performance.now() + AGAIN_AFTER_MS };
    }
  }
}

/** @throws {TypeError} it is no address that a page may send a code to. */
function originOf(endpoint: unknown, issuer: string): string {
  const { origin, protocol } = new URL(String(endpoint));
  if (protocol !== 'https:' && !(protocol === 'http:' && issuer.startsWith('http:')))
    throw new TypeError('The token endpoint is not reached by https.');
  return origin;
}
