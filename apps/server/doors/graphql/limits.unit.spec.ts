import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, specifiedRules, validate } from 'graphql';
import { ensureFewValues, ensureShort, LIMITS, limitsRule } from './limits.ts';
import { doublingFragments } from './testing/doubling.ts';

const schema = buildSchema('type Query { thing: Thing, name: String } type Thing { thing: Thing, name: String }');

const faultsOf = (document: string) => validate(schema, parse(document), [limitsRule]).map(({ message }) => message);
/** Fields one inside the other, `levels` of them. */
const nested = (levels: number) => `${'thing { '.repeat(levels - 1)}name${' }'.repeat(levels - 1)}`;
const times = (count: number, piece: (number: number) => string) =>
  Array.from({ length: count }, (_, i) => piece(i)).join(' ');

describe('The limits of a document (T39)', () => {
  it('let a document of exactly their size pass', () => {
    expect(faultsOf(`{ ${nested(LIMITS.depth)} }`)).toEqual([]);
    expect(faultsOf(`{ thing { ${times(LIMITS.aliases, (i) => `a${i}: name`)} } }`)).toEqual([]);
    expect(faultsOf(`{ thing { name ${times(LIMITS.directives, () => '@skip(if: false)')} } }`)).toEqual([]);
    expect(faultsOf(`{ ${times(LIMITS.rootFields, () => 'name')} }`)).toEqual([]);
  });

  it('refuse one level, alias, directive or root field more, each with its own sentence', () => {
    expect(faultsOf(`{ ${nested(LIMITS.depth + 1)} }`)).toEqual(['The document has more than 8 levels.']);
    expect(faultsOf(`{ thing { ${times(LIMITS.aliases + 1, (i) => `a${i}: name`)} } }`)).toEqual([
      'The document has more than 15 aliases.',
    ]);
    expect(faultsOf(`{ thing { name ${times(LIMITS.directives + 1, () => '@skip(if: false)')} } }`)).toEqual([
      'The document has more than 10 directives.',
    ]);
    expect(faultsOf(`{ ${times(LIMITS.rootFields + 1, () => 'name')} }`)).toEqual([
      'The document has more than 10 fields at its root.',
    ]);
  });

  it('count levels and root fields through fragments, named and inline', () => {
    expect(faultsOf(`{ thing { ...on Thing { ${nested(LIMITS.depth)} } } }`)).toEqual([
      'The document has more than 8 levels.',
    ]);
    expect(faultsOf(`{ thing { ...f } } fragment f on Thing { ${nested(LIMITS.depth)} }`)).toEqual([
      'The document has more than 8 levels.',
    ]);
    expect(
      faultsOf(`{ ...f ...g } fragment f on Query { ${times(6, () => 'name')} } fragment g on Query { ...f }`),
    ).toEqual(['The document has more than 10 fields at its root.']);
  });

  it('measure fragments that double each other sixty times once each, and end at fragments that go in circles', () => {
    const { document, looks } = doublingFragments();
    expect(validate(schema, document, [limitsRule])).toEqual([]);
    // Once by whatever walks through the document, and once to measure it.
    expect(looks).toEqual(looks.map(() => 2));
    const circle = '{ thing { ...a } } fragment a on Thing { thing { ...b } } fragment b on Thing { thing { ...a } }';
    expect(faultsOf(circle)).toEqual([]);
    expect(validate(schema, parse(circle), [...specifiedRules, limitsRule]).length).toBeGreaterThan(0);
  });

  it('leave what the schema says of itself to the standard rules', () => {
    expect(
      faultsOf(`{ __schema { types { fields { type { ${'ofType { '.repeat(9)}name${' }'.repeat(9)} } } } } }`),
    ).toEqual([]);
  });
});

describe('The values of variables (T39)', () => {
  const ofSize = (size: number) => ({ query: '', variables: { in: Array.from({ length: size }, String) } });

  it('are counted wherever they stand, and too many are refused', () => {
    // Beside the list: the query, the variables, the list itself.
    expect(() => ensureFewValues(ofSize(LIMITS.values - 3))).not.toThrow();
    expect(() => ensureFewValues(ofSize(LIMITS.values - 2))).toThrow('The variables hold more than 2000 values.');
    const deep = Array.from({ length: LIMITS.values + 1 }).reduce<unknown>((inner) => [null, inner], 1);
    expect(() => ensureFewValues({ variables: deep })).toThrow('more than 2000 values');
  });

  it('that are none are not looked at', () => {
    for (const body of [undefined, null, 7, 'x', [], {}]) expect(() => ensureFewValues(body)).not.toThrow();
  });
});

describe('The length of a document (T39)', () => {
  it('is looked at before it is parsed, in the body and in the address', () => {
    const [longest, longer] = [LIMITS.letters, LIMITS.letters + 1].map((length) => ({ query: '#'.repeat(length) }));
    expect(() => ensureShort(longest, longest)).not.toThrow();
    expect(() => ensureShort(longer, undefined)).toThrow('The document holds more than 30000 letters.');
    expect(() => ensureShort(undefined, longer)).toThrow('The document holds more than 30000 letters.');
    for (const other of [undefined, null, 'x'.repeat(50_000), [longer], { query: 7 }]) {
      expect(() => ensureShort(other, other)).not.toThrow();
    }
  });
});
