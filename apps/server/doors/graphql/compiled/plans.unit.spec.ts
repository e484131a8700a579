import { describe, expect, it } from '@jest/globals';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { Plans } from './compiled.ts';
import { FIELDS_MAX, planFor, switchesIn, type Plan } from './plan.ts';

const plan = (fields: number): Plan => ({ fields }) as Plan;
const document = parse('{ a }', { noLocation: true });

describe('Kept plans', () => {
  it('are made once, and those that were asked for longest ago go first', () => {
    const plans = new Plans(10);
    const made: string[] = [];
    const ask = (key: string, fields: number) =>
      plans.of(key, document, () => {
        made.push(key);
        return plan(fields);
      });
    ask('a', 4);
    ask('b', 4);
    ask('a', 4);
    expect(made).toEqual(['a', 'b']);
    ask('c', 4);
    expect(plans.weight).toBe(8);
    ask('a', 4);
    ask('b', 4);
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  it('weigh what their documents weigh, also where there is no plan', () => {
    const plans = new Plans(1000);
    const long = parse(`{ a ${'#'.repeat(500)}\n }`);
    expect(plans.of('none', long, () => undefined)).toBeUndefined();
    expect(plans.weight).toBe(52);
    plans.of('too much', long, () => plan(5000));
    expect(plans.weight).toBe(0);
  });
});

describe('A plan', () => {
  it('is not made of more fields than any page asks for', () => {
    const schema = buildSchema('type Query { a: Query }');
    let query = 'a { __typename }';
    for (let fields = 3; fields <= FIELDS_MAX; fields += 1) query += ` a${fields}: __typename`;
    const parsed = parse(`{ ${query} }`);
    expect(planFor(schema, parsed, getOperationAST(parsed)!, {})).toBeUndefined();
  });

  it('is another one for each setting of what switches fields on and off, wherever that stands', () => {
    const query = `query ($a: Boolean!, $b: Boolean!, $c: Boolean!, $d: Int) { x @skip(if: $c) { ...F @include(if: $b) } y(first: $d) }
      fragment F on X { ... @include(if: $a) { z @skip(if: true) } }`;
    expect(switchesIn(parse(query))).toEqual(['a', 'b', 'c']);
  });
});
