import { describe, expect, it } from '@jest/globals';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { COST_MAX, costOf } from './cost.ts';
import { doublingFragments } from './testing/doubling.ts';

const schema = buildSchema(`
  type Query { things(first: Int, last: Int): ThingConnection!, thing: Thing, plain: [Thing!]!, names: [String!]! }
  type Mutation { doThing: Thing }
  type ThingConnection { nodes: [Thing!]!, edges: [Edge!]!, size: Int! }
  type Edge { node: Thing! }
  type Thing { name: String, parts: [Thing!]!, things(first: Int): ThingConnection! }
`);

const cost = (text: string, variables?: Record<string, unknown>) => {
  const document = parse(text);
  return costOf(schema, document, getOperationAST(document)!, variables);
};

describe('What an operation costs (T39)', () => {
  it('is one for each field, as often as its list can have it', () => {
    expect(cost('{ thing { name } }')).toBe(2);
    expect(cost('{ names }')).toBe(1);
    expect(cost('{ plain { name } }')).toBe(1 + 10);
    expect(cost('{ things { size nodes { name } } }')).toBe(1 + 1 + (1 + 20));
    expect(cost('{ things(first: 100) { edges { node { name } } } }')).toBe(1 + 1 + 100 * 2);
    expect(cost('{ things(last: 3) { nodes { parts { name } } } }')).toBe(1 + 1 + 3 * (1 + 10));
    expect(cost('mutation { doThing { name } }')).toBe(10 + 2);
  });

  it('follows the page size out of a variable, and no further than a page can go', () => {
    const document = 'query ($n: Int) { things(first: $n) { nodes { name } } }';
    expect(cost(document, { n: 50 })).toBe(2 + 50);
    expect(cost(document, { n: 1_000_000 })).toBe(2 + 100);
    expect(cost(document, { n: -1 })).toBe(2 + 1);
    expect(cost(document)).toBe(2 + 20);
  });

  it('multiplies pages of pages', () => {
    const document = '{ things(first: 100) { nodes { things(first: 100) { nodes { name } } } } }';
    expect(cost(document)).toBe(2 + 100 * (2 + 100));
    expect(cost(document)).toBeGreaterThan(COST_MAX);
  });

  it('counts through fragments with the page that they stand in, and what stands twice twice', () => {
    expect(
      cost(
        '{ a: things(first: 5) { ...f } b: things(first: 7) { ...f } } fragment f on ThingConnection { nodes { name } }',
      ),
    ).toBe(2 + 5 + (2 + 7));
    expect(cost('{ thing { ... on Thing { name } ... { name } ...g ...g } } fragment g on Thing { name }')).toBe(1 + 4);
  });

  it('of fragments that double each other sixty times is told after one look at each', () => {
    const { document, looks } = doublingFragments();
    expect(costOf(schema, document, getOperationAST(document)!)).toBe(2 ** 60);
    expect(looks).toEqual(looks.map(() => 1));
  });

  it('counts what the schema says of itself once', () => {
    expect(cost('{ __schema { types { fields { name } } } }')).toBe(1);
  });
});
