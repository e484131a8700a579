import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  buildClientSchema,
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
  type GraphQLSchema,
} from 'graphql';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { playDoor, type PlayedDoor } from './testing/played-door.ts';

const FILE = join(import.meta.dirname, '../../../../schema.graphql');
const HEAD =
  '# What the GraphQL door serves. Written by GATEBOOK_WRITE_SCHEMA=1 npm test -- schema; a spec holds it to the code.\n\n';

describe('The published schema', () => {
  let door: PlayedDoor;
  let served: GraphQLSchema;
  beforeAll(async () => {
    door = await playDoor();
    const { body } = await door.send(
      'owner',
      getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }),
    );
    served = buildClientSchema(body.data);
  });
  afterAll(() => door.close());

  it('is schema.graphql, to the letter, as the door serves it', () => {
    const text = `${HEAD}${printSchema(lexicographicSortSchema(served))}\n`;
    if (process.env['GATEBOOK_WRITE_SCHEMA'] === '1') writeFileSync(FILE, text);
    expect(readFileSync(FILE, 'utf8')).toBe(text);
  });

  it('describes every type, field, argument and value', () => {
    expect(undescribed(served)).toEqual([]);
  });

  it('takes one input with a command id in each mutation, and answers with a position and user errors', () => {
    for (const mutation of Object.values(served.getMutationType()?.getFields() ?? {})) {
      const Name = mutation.name.charAt(0).toUpperCase() + mutation.name.slice(1);
      expect(mutation.args.map(({ name, type }) => `${name}: ${type}`)).toEqual([`input: ${Name}Input!`]);
      expect(String(mutation.type)).toBe(`${Name}Payload!`);
      const input = served.getType(`${Name}Input`);
      expect(isInputObjectType(input) && String(input.getFields()['commandId']?.type)).toBe('ID!');
      const payload = served.getType(`${Name}Payload`);
      expect(isObjectType(payload) && String(payload.getFields()['userErrors']?.type)).toBe('[UserError!]!');
      expect(isObjectType(payload) && String(payload.getFields()['position']?.type)).toBe('String');
    }
  });
});

function undescribed(schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__')) return [];
    const missing = type.description || roots.some((root) => root === type) ? [] : [type.name];
    if (isEnumType(type))
      missing.push(
        ...type.getValues().flatMap(({ name, description }) => (description ? [] : [`${type.name}.${name}`])),
      );
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        if (!field.description) missing.push(`${type.name}.${field.name}`);
        for (const arg of 'args' in field ? field.args : [])
          if (!arg.description) missing.push(`${type.name}.${field.name}(${arg.name})`);
      }
    }
    return missing;
  });
}
