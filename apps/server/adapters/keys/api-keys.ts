import { hash, timingSafeEqual } from 'node:crypto';

/** Whose key it is: the product asks and tells, the directory tells of staff, the operator runs the installation. */
export type KeyHolder = 'product' | 'directory' | 'operator';

/** Right keys are few; the same key under many spellings of the scheme fills no memory. */
const SEEN_MAX = 16;

/** The keys of machines, known by their SHA-256 only (hex, lower case). */
export class ApiKeys {
  /** Headers whose key was found right: its digest isn't taken anew for each of a product's requests. */
  readonly #seen = new Map<string, KeyHolder>();
  readonly #digests: readonly (readonly [KeyHolder, Buffer])[];

  constructor(sha256: Readonly<Partial<Record<KeyHolder, string>>>) {
    this.#digests = (Object.entries(sha256) as [KeyHolder, string][]).map(([holder, hex]) => [
      holder,
      Buffer.from(hex, 'hex'),
    ]);
  }

  /** Who shows this `Authorization` header's bearer key; `undefined`: nobody known. */
  holderOf(authorization: string | undefined): KeyHolder | undefined {
    if (authorization === undefined) return undefined;
    const seen = this.#seen.get(authorization);
    if (seen !== undefined) return seen;
    if (!/^bearer /i.test(authorization.slice(0, 7))) return undefined;
    const holder = this.holderOfKey(authorization.slice(7));
    if (holder !== undefined && this.#seen.size < SEEN_MAX) this.#seen.set(authorization, holder);
    return holder;
  }

  holderOfKey(key: string): KeyHolder | undefined {
    const digest = hash('sha256', key, 'buffer');
    let found: KeyHolder | undefined;
    // Every digest is compared, so that the time says nothing about which one is near.
    for (const [holder, known] of this.#digests) if (timingSafeEqual(digest, known)) found = holder;
    return found;
  }
}
