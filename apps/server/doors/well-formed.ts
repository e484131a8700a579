/**
 * Where a parsed JSON value holds text that no UTF-8 can carry: half of a surrogate pair, which only an escape like
 * `\ud800` brings in. Facts are kept as canonical JSON (RFC 8785), which has no room for it. `undefined`: nowhere.
 */
export function brokenTextIn(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : [];
  if (value === null || typeof value !== 'object') return undefined;
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) return [key.toWellFormed()];
    const path = brokenTextIn(item);
    if (path) return [key, ...path];
  }
  return undefined;
}

export const BROKEN_TEXT = 'This text has half of a surrogate pair in it';
