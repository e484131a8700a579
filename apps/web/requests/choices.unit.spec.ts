import { describe, expect, it } from '@jest/globals';
import { isTaken, notTaken, valuesFor } from './choices.ts';

const choices = [
  { argument: 'value', target: 'tax', values: ['0 %', '10 %'] },
  { argument: 'value', target: 'language', values: ['English'] },
  { argument: 'unit', target: null, values: ['%'] },
];

describe('What an action may be done with', () => {
  it('is one of the values that the catalogue has for its target, or any where it has none', () => {
    expect(valuesFor(choices, 'value', 'tax')).toEqual(['0 %', '10 %']);
    expect(valuesFor(choices, 'unit', 'anything')).toEqual(['%']);
    for (const on of ['vat', ' tax', '', null]) expect(valuesFor(choices, 'value', on)).toBeUndefined();
    expect(isTaken(choices, 'value', 'vat', '11 %')).toBe(true);
    expect(isTaken(choices, 'value', 'tax', '10 %')).toBe(true);
    for (const value of ['11 %', '', 10, ['10 %'], undefined])
      expect(isTaken(choices, 'value', 'tax', value)).toBe(false);
  });

  it('is told where it is something else, one by one', () => {
    const told = (on: string | null, json: string | null) => [...notTaken(choices, on, json)];
    expect(told('tax', '{"unit":"%","value":"10 %"}')).toEqual([]);
    expect(told('tax', '{"unit":"days","value":10}')).toEqual([
      ['unit', '"days" is not among what the product takes. Choose another.'],
      ['value', '10 is not among what the product takes. Choose another.'],
    ]);
    expect(told('vat', '{"value":"11 %"}')).toEqual([]);
    expect(told('tax', null)).toEqual([]);
    // However long it is: what is refused is known by its beginning.
    expect(told('tax', `{"value":"${'x'.repeat(5000)}"}`)).toEqual([
      ['value', `"${'x'.repeat(99)} … is not among what the product takes. Choose another.`],
    ]);
    expect([...notTaken([], 'tax', '{"value":"11 %"}')]).toEqual([]);
  });
});
