/**
 * The canonical JSON text of a value (RFC 8785): keys sorted by UTF-16 code units, ECMAScript numbers, no white space.
 *
 * @throws {TypeError} the value holds what canonical JSON can't carry: NaN, an infinity, an integer beyond 2^53 - 1, a
 * lone surrogate, a function, a symbol, `undefined` inside an array. A property that is `undefined` is left out, as
 * `JSON.stringify` does.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new TypeError('Canonical JSON has no lone surrogates.');
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
        throw new TypeError(`Canonical JSON can't carry the number ${value}.`);
      }
      return JSON.stringify(value);
    case 'object': {
      if (value === null) return 'null';
      // `Array.from` gives a hole as `undefined`, where `map` would pass over it.
      if (Array.isArray(value)) return `[${Array.from(value, (item) => canonicalJson(item)).join(',')}]`;
      const entries = Object.entries(value).filter(([, property]) => property !== undefined);
      entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      return `{${entries.map(([key, property]) => `${canonicalJson(key)}:${canonicalJson(property)}`).join(',')}}`;
    }
    default:
      throw new TypeError(`Canonical JSON can't carry a ${typeof value}.`);
  }
}
