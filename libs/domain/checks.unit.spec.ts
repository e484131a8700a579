import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { checkOf } from './checks.ts';
import { FACT_KINDS } from './facts.ts';
import { EXAMPLES } from './testing/examples.ts';

/** The value with one of its parts left out or replaced, at any depth. */
function* spoilt(value: unknown, by: unknown): Generator<unknown, void, undefined> {
  yield by;
  if (value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) for (const other of spoilt(item, by)) yield value.with(at, other);
    yield [...(value as unknown[]), by];
    return;
  }
  for (const [key, part] of Object.entries(value)) {
    for (const other of spoilt(part, by)) yield { ...value, [key]: other };
    const { [key]: _, ...rest } = value as Record<string, unknown>;
    yield rest;
  }
}

describe('A check', () => {
  it.each(FACT_KINDS)('says of $type what its schema says, whole or spoilt anywhere', ({ type, schema }) => {
    const check = checkOf(schema);
    const { data } = EXAMPLES[type as keyof typeof EXAMPLES];
    expect([check(data), v.is(schema, data)]).toEqual([true, true]);
    let refused = 0;
    for (const by of [undefined, null, '', 'ses_x', 7, NaN, true, [], {}, [null], { subject: 1 }]) {
      for (const other of spoilt(data, by)) {
        const is = v.is(schema, other);
        expect({ other, is: check(other) }).toEqual({ other, is });
        if (!is) refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
  });

  it('says what the schema says of anything', () => {
    const schemas = FACT_KINDS.map(({ schema }) => [schema, checkOf(schema)] as const);
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...schemas), (value, [schema, check]) => {
        expect(check(value)).toBe(v.is(schema, value));
      }),
    );
  });

  it.each([
    ['a default', v.object({ a: v.optional(v.string(), 'b') })],
    ['a fallback', v.object({ a: v.fallback(v.string(), 'b') })],
    ['nullish', v.object({ a: v.nullish(v.string()) })],
    ['a pipe', v.object({ a: v.pipe(v.string(), v.minLength(2)) })],
    ['a schema that it does not know', v.object({ a: v.union([v.string(), v.strictObject({ b: v.number() })]) })],
  ])('leaves %s to Valibot', (_, schema) => {
    for (const value of [{}, { a: 'x' }, { a: 'xx' }, { a: null }, { a: 1 }, { a: undefined }, { a: { b: 1 } }]) {
      expect([value, checkOf(schema)(value)]).toEqual([value, v.is(schema, value)]);
    }
  });
});
