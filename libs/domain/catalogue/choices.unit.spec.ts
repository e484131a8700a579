import { describe, expect, it } from '@jest/globals';
import { emptyCatalogue, readCatalogue } from './catalogue.ts';
import { choiceLoosened, takesSaid, unchosenArgument, valuesOf, type WithChoices } from './choices.ts';

const action = { label: 'change {target}', class: 'change' as const, target: 'setting', takes: ['value', 'unit'] };
const reading = (choices: unknown, more: object = action) =>
  readCatalogue({ ...emptyCatalogue, actions: { 'setting.change': { ...more, choices } } });
const mistakesIn = (choices: unknown, more?: object) => {
  const read = reading(choices, more);
  return read.kind === 'mistakes' ? read.mistakes : [];
};
const AT = 'actions.setting.change.choices';

describe('The values that an argument may have', () => {
  it('are read as they were written, for every target or by target', () => {
    const choices = { unit: ['%', 'days'], value: { tax: ['0 %', '10 %'], '7': ['a'] } };
    const read = reading(choices);
    expect(read.kind === 'catalogue' && read.catalogue.actions['setting.change']?.choices).toStrictEqual(choices);
  });

  it.each<[string, unknown, string]>([
    ['what isn’t an argument', { colour: ['red'] }, 'colour: "colour" is not among the arguments in "takes"'],
    ['no value', { value: [] }, 'value: must name a value, or be left out'],
    ['no value for a target', { value: { tax: [] } }, 'value.tax: must name a value, or be left out'],
    ['a value twice', { value: ['a', 'b', 'a'] }, 'value: must name each value once'],
    ['a value twice for a target', { value: { tax: ['a', 'a'] } }, 'value.tax: must name each value once'],
    ['an empty value', { value: ['a', ''] }, 'value.1: must not be empty'],
    ['a long value', { value: ['a'.repeat(201)] }, 'value.0: must have at most 200 characters'],
    [
      'too many values',
      { value: Array.from({ length: 501 }, (_, at) => `${at}`) },
      'value: must have at most 500 values',
    ],
    [
      'what can’t be seen (T25)',
      { value: ['a\u202eb'] },
      'value.0: holds characters that can’t be seen or that turn text around',
    ],
    [
      'a target that nothing can be called',
      JSON.parse('{"value":{"__proto__":["a"]}}'),
      'value.__proto__: is a word that nothing can be named',
    ],
    ...[[10, 20], [['a']], 'a', { tax: 'a' }, { tax: [1] }].map((value): [string, unknown, string] => [
      `${JSON.stringify(value)}, which is no text in a list`,
      { value },
      'value: must be a list of texts, or a group of such lists by target; a number stands in quotes',
    ]),
  ])('are not %s', (_, choices, mistake) => {
    expect(mistakesIn(choices)).toStrictEqual([`${AT}.${mistake}`]);
  });

  it('differ by target only where there is one', () => {
    const { target: _, ...without } = action;
    expect(mistakesIn({ value: { tax: ['a'] } }, without)).toStrictEqual([
      `${AT}.value: must be a list: the action says nothing of a target in "target"`,
    ]);
    expect(mistakesIn({ value: ['a'] }, without)).toStrictEqual([]);
  });

  const declared: WithChoices = { choices: { unit: ['%'], value: { tax: ['0 %', '10 %'] } } };

  it('are any on a target that isn’t named, and of an argument that isn’t', () => {
    expect(valuesOf(declared, 'value', 'tax')).toEqual(['0 %', '10 %']);
    expect(valuesOf(declared, 'unit', 'anything')).toEqual(['%']);
    for (const [argument, target] of [
      ['value', 'vat'],
      ['value', 'toString'],
      ['value', null],
      ['toString', 'tax'],
    ] as const)
      expect(valuesOf(declared, argument, target)).toBeUndefined();
    expect(valuesOf({}, 'value', 'tax')).toBeUndefined();
  });

  it('are compared as texts, letter by letter (S0-26)', () => {
    const unchosen = (given: Record<string, unknown> | null, on: string | null = 'tax') =>
      unchosenArgument(declared, on, given)?.argument;
    expect(unchosen({ unit: '%', value: '10 %' })).toBeUndefined();
    expect(unchosen({ unit: '%', value: 'free' }, 'signature')).toBeUndefined();
    for (const value of ['10%', '10 % ', '10\u00a0%', 10, ['10 %'], null, undefined])
      expect(unchosen({ unit: '%', value })).toBe('value');
    expect(unchosen({ unit: 'x', value: '10 %' })).toBe('unit');
    expect(unchosen(null)).toBe('unit');
    expect(unchosen(Object.assign(Object.create({ unit: '%' }) as object, { value: '10 %' }))).toBe('unit');
  });

  it.each([
    [['a'], '“a”'],
    [['a', 'b'], '“a” or “b”'],
    [[...'abcdefgh'], '“a”, “b”, “c”, “d”, “e”, “f”, “g” or “h”'],
    [[...'abcdefghijk'], '“a”, “b”, “c”, “d”, “e”, “f”, “g”, “h” and 3 more'],
  ])('are told, at most eight of them: %j', (values, said) => {
    expect(takesSaid({ argument: 'value', values })).toBe(`takes ${said} as the argument “value”`);
  });
});

describe('A change of them by a command, which only closes', () => {
  it.each<[string, WithChoices['choices'], WithChoices['choices'], string | undefined]>([
    ['none to some', undefined, { value: ['a'] }, undefined],
    ['some to less', { value: ['a', 'b'] }, { value: ['b'] }, undefined],
    ['some to other ones', { value: ['a', 'b'] }, { value: ['c'] }, 'value'],
    ['some to any', { value: ['a'] }, undefined, 'value'],
    ['all targets to some', { value: ['a'] }, { value: { tax: ['a'] } }, 'value'],
    ['some targets to all', { value: { tax: ['a', 'b'] } }, { value: ['a'] }, undefined],
    ['some targets to all, with one more', { value: { tax: ['a'] } }, { value: ['a', 'b'] }, 'value'],
    ['a target more', { value: { tax: ['a'] } }, { value: { tax: ['a'], vat: ['b'] } }, undefined],
    ['a target less', { value: { tax: ['a'], vat: ['b'] } }, { value: { tax: ['a'] } }, 'value'],
  ])('from %s', (_, was, is, loosened) => {
    expect(choiceLoosened({ choices: was }, { choices: is })).toBe(loosened);
  });
});
