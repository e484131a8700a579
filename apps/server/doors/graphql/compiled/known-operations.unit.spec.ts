import { describe, expect, it } from '@jest/globals';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { costOf } from '../cost.ts';
import { KnownOperations } from './known-operations.ts';
import { keepMade, madeBefore, neverChanges, written } from './unchanging.ts';

const schema = buildSchema(
  'type Query { things(first: Int, last: Int): Things } type Things { nodes: [Thing] } type Thing { id: ID }',
);
const query = 'query ($n: Int = 3) { things(first: $n) { nodes { id } } }';
const document = parse(query);
const operation = getOperationAST(document)!;
const told = { schema, document, operation, planOf: () => undefined };

describe('Known operations', () => {
  it('are those asked for last, as many letters as there is room for', () => {
    const known = new KnownOperations(12);
    for (const text of ['aaaa', 'bbbb']) known.learn({ query: text }, told);
    expect(known.letters).toBe(10);
    expect(known.find({ query: 'aaaa' })).toBeDefined();
    known.learn({ query: 'cccc' }, told);
    expect(['aaaa', 'bbbb', 'cccc'].map((text) => known.find({ query: text }) !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
    expect(known.letters).toBe(10);
  });

  it('are others under another name', () => {
    const known = new KnownOperations();
    known.learn({ query, operationName: 'A' }, told);
    expect(known.find({ query })).toBeUndefined();
    expect(known.find({ query, operationName: 'B' })).toBeUndefined();
    expect(known.find({ query, operationName: 'A' })).toBeDefined();
  });

  it('cost what they cost with each size of a page', () => {
    const known = new KnownOperations();
    known.learn({ query }, told);
    const { costOf: cost } = known.find({ query })!;
    for (const variables of [undefined, {}, { n: 10 }, { n: 3 }, { n: 1000 }, { n: null }]) {
      const given = { n: 3, ...variables };
      expect(cost(variables)).toBe(costOf(schema, document, operation, given));
    }
    expect(cost({ n: 10 })).toBe(12);
    expect(cost({})).toBe(5);
  });
});

describe('What never changes', () => {
  it('is written the second time that it is made, and found from then on', () => {
    const source = neverChanges({ a: 1 });
    const by = {};
    const into = { x: 1 };
    keepMade(source, by, into);
    expect(madeBefore(source, by)).toBeUndefined();
    keepMade(source, by, into);
    expect(madeBefore(source, by)).toBe(into);
    expect(madeBefore(source, {})).toBeUndefined();
  });

  it('is kept for two plans, and not where it is long', () => {
    const source = neverChanges({ a: 1 });
    const [first, second, third] = [{}, {}, {}];
    const make = (by: object, into: object = { x: 1 }) => {
      keepMade(source, by, into);
      keepMade(source, by, into);
    };
    for (const by of [first, second, third]) make(by);
    expect([first, second, third].map((by) => madeBefore(source, by) !== undefined)).toEqual([false, true, true]);
    const long = {};
    make(long, { x: 'x'.repeat(5000) });
    expect(madeBefore(source, long)).toBeUndefined();
  });

  it('is nothing that nobody said so of', () => {
    const [source, by] = [{}, {}];
    keepMade(source, by, {});
    keepMade(source, by, {});
    expect(madeBefore(source, by)).toBeUndefined();
  });

  it('stands in an answer as JSON.stringify would write it', () => {
    const by = {};
    const into = { 'a"b': '“ü”\n\u2028', of: [1, null] };
    const source = neverChanges({});
    keepMade(source, by, into);
    keepMade(source, by, into);
    const date = new Date(0);
    const tree = {
      ...{ into, list: [into, undefined, 'x', into], left: undefined, none: null, date, nan: Number.NaN },
      ...{
        own: { toJSON: () => 'said' },
        bare: Object.assign(Object.create(null), { z: 1 }),
        deep: { a: { b: [[]] } },
      },
    };
    expect(written(tree)).toBe(JSON.stringify(tree));
  });
});
