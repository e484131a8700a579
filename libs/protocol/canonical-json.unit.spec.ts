import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

describe('Canonical JSON (RFC 8785)', () => {
  it('is what the RFC’s own example says (section 3.2.4), but for its 1E30', () => {
    const value = {
      numbers: [333333333.33333329, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('refuses the one number of that example that nobody can count with, 1E30', () => {
    expect(() => canonicalJson([1e30])).toThrow("Canonical JSON can't carry the number 1e+30.");
  });

  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number of the bits %s as %s (appendix B)', (bits, text) => {
    expect(canonicalJson(numberOf(bits))).toBe(text);
  });

  it.each([
    ['7fefffffffffffff', 1.7976931348623157e308],
    ['ffefffffffffffff', -1.7976931348623157e308],
    ['4340000000000000', 9007199254740992],
    ['c340000000000000', -9007199254740992],
    ['4430000000000000', 295147905179352830000],
    ['44b52d02c7e14af6', 1e23],
    ['444b1ae4d6e2ef50', 1e21],
    ['7fffffffffffffff', Number.NaN],
    ['7ff0000000000000', Number.POSITIVE_INFINITY],
  ])('refuses the number of the bits %s, %d: whole numbers stay countable (RFC 7493, section 2.2)', (bits, number) => {
    expect(numberOf(bits)).toBe(number);
    expect(() => canonicalJson(number)).toThrow('Canonical JSON');
  });

  it('sorts keys by UTF-16 code units (section 3.2.3)', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 };
    const keys = Object.keys(JSON.parse(canonicalJson(value)) as object).filter((key) => key !== '1');
    expect(keys).toStrictEqual(['\r', '\u0080', 'ö', '\u20ac', '😀', '\ufb33']);
    expect(canonicalJson({ b: 1, a: 2, 10: 3, 9: 4 })).toBe('{"10":3,"9":4,"a":2,"b":1}');
  });

  it.each([
    [-0, '0'],
    [1e-7, '1e-7'],
    [0.000001, '0.000001'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [[], '[]'],
    [{}, '{}'],
    ['\ud83d\ude00', '"😀"'],
  ])('writes %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['an infinity', Number.NEGATIVE_INFINITY],
    ['an integer beyond 2^53 - 1', 2 ** 53],
    ['a lone surrogate', 'a\ud800b'],
    ['a lone surrogate in a key', { '\udc00': 1 }],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a bigint', 1n],
    ['undefined', undefined],
    ['undefined in an array', [1, undefined]],
    ['a hole in an array', [1, , 2]],
  ])('doesn’t carry %s, however deep', (_, value) => {
    expect(() => canonicalJson(value)).toThrow('Canonical JSON');
    expect(() => canonicalJson({ deep: [{ value: [value] }] })).toThrow('Canonical JSON');
  });

  it('keeps a key named __proto__ as any other', () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"x":2}}'))).toBe('{"__proto__":{"x":2},"b":1}');
  });

  it('is one text for one value: it reads back to the same, and no order of keys changes it', () => {
    const plain = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }).filter(isCarried);
    fc.assert(
      fc.property(plain, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(turned(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

/** The double that 16 hexadecimal digits stand for. */
function numberOf(bits: string): number {
  return Buffer.from(bits, 'hex').readDoubleBE();
}

/** The same value with its keys in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, property]) => [key, turned(property)] as const);
  return Object.fromEntries(entries.reverse());
}

/** Whether canonical JSON says that it carries the value. */
function isCarried(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (typeof value === 'string') return value.isWellFormed();
  if (value === null || typeof value !== 'object') return true;
  return Object.entries(value).every(([key, property]) => isCarried(key) && isCarried(property));
}
