import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import { costPlugin } from '../cost.ts';
import { playDoor } from '../testing/played-door.ts';
import { compiledQueries } from './compiled.ts';
import { Chance, operationOn, valueOf, type MadeUpOperation } from './testing/made-up.ts';

let schema: GraphQLSchema;

@Injectable()
class SchemaOfTheDoor {
  constructor(private readonly host: GraphQLSchemaHost) {}

  onApplicationBootstrap(): void {
    schema = this.host.schema;
  }
}

interface Executor {
  answer(operation: MadeUpOperation, seed: number): Promise<Answer>;
  stop(): Promise<void>;
}

interface Answer {
  /** Status, headers and body, letter by letter. */
  readonly text: string;
  /** What the resolvers of the roots were called with, in order. */
  readonly calls: readonly unknown[];
  /** Whether a plan answered. */
  readonly planned: boolean;
  readonly failed: boolean;
}

interface Context {
  readonly seed: number;
  readonly faults: number;
  readonly calls: unknown[];
}

/** Roots whose values are made up from the context's seed; everything below them is the door's own. */
function makeUpRoots(): void {
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      field.resolve = (source, args, context: Context, info) => {
        context.calls.push([source, args, infoOf(info)]);
        const key = String(info.path.key);
        const own = [...key].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), context.seed);
        const chance = new Chance(own % 2 ** 31);
        if (chance.happens(context.faults)) throw new Error(`${key} throws`);
        const value = valueOf({ schema, faults: context.faults }, field.type, chance);
        return chance.happens(0.5) ? value : Promise.resolve(value);
      };
    }
  }
}

const infoOf = ({
  fieldName,
  fieldNodes,
  returnType,
  parentType,
  path,
  fragments,
  operation,
  ...rest
}: GraphQLResolveInfo) => ({
  fieldName,
  nodes: fieldNodes.map(({ loc }) => [loc?.start, loc?.end]),
  types: [String(returnType), String(parentType)],
  path,
  fragments: Object.keys(fragments),
  operation: [operation.name?.value, operation.operation],
  rootValue: rest.rootValue,
  variables: rest.variableValues,
  others: Object.keys(rest).toSorted(),
  schema: rest.schema === schema,
});

async function executorWith(...plugins: ApolloServerPlugin[]): Promise<Executor> {
  let executed = 0;
  const watching: ApolloServerPlugin = {
    requestDidStart: async () => ({ executionDidStart: async () => void executed++ }),
  };
  const server = new ApolloServer({
    schema,
    plugins: [costPlugin(), ...plugins, watching, ApolloServerPluginCacheControlDisabled()],
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
  });
  await server.start();
  return {
    stop: () => server.stop(),
    async answer(operation, seed) {
      const before = executed;
      const contextValue: Context = { seed, faults: seed % 3 === 0 ? 0 : 0.04, calls: [] };
      const { http, body } = await server.executeOperation({ ...operation, operationName: 'Q' }, { contextValue });
      if (body.kind !== 'single') throw new Error('The answer came in pieces.');
      const text = JSON.stringify([http.status, [...http.headers], body.singleResult]);
      const failed = body.singleResult.errors !== undefined;
      return { text, calls: contextValue.calls, planned: executed === before && !failed, failed };
    },
  };
}

let plain: Executor;
let compiled: Executor;
let stop: () => Promise<void>;

beforeAll(async () => {
  const door = await playDoor({ also: [SchemaOfTheDoor] });
  await door.close();
  makeUpRoots();
  plain = await executorWith();
  compiled = await executorWith(compiledQueries());
  stop = async () => {
    await plain.stop();
    await compiled.stop();
  };
});
afterAll(() => stop());

const rootFields = (): (readonly [GraphQLObjectType, GraphQLField<unknown, unknown>])[] =>
  [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
    root ? Object.values(root.getFields()).map((field) => [root, field] as const) : [],
  );

/** `Type.field` of everything that can be reached over HTTP. */
function reachable(): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const look = (type: GraphQLNamedType): void => {
    if (seen.has(type.name)) return;
    seen.add(type.name);
    if (isAbstractType(type)) for (const each of schema.getPossibleTypes(type)) look(each);
    if (!isObjectType(type) && !isInterfaceType(type)) return;
    for (const { name, type: its } of Object.values(type.getFields())) {
      found.add(`${type.name}.${name}`);
      look(getNamedType(its));
    }
  };
  look(schema.getQueryType()!);
  look(schema.getMutationType()!);
  return found;
}

function fieldsIn({ query }: MadeUpOperation): string[] {
  const fields: string[] = [];
  const types = new TypeInfo(schema);
  visit(
    parse(query),
    visitWithTypeInfo(types, {
      Field: ({ name }) => {
        if (!name.value.startsWith('__')) fields.push(`${String(types.getParentType())}.${name.value}`);
      },
    }),
  );
  return fields;
}

/** Both executors on the same operation and seed; what was compared. */
async function compare(operation: MadeUpOperation, seed: number): Promise<Answer> {
  const expected = await plain.answer(operation, seed);
  const given = await compiled.answer(operation, seed);
  if (given.text !== expected.text)
    throw new Error(
      `${operation.query}\n${JSON.stringify(operation.variables)}\nseed ${seed}\n${given.text}\n${expected.text}`,
    );
  expect(given.calls).toEqual(expected.calls);
  return given;
}

describe('Compiled queries', () => {
  it('answer every field of the schema as graphql-js does, whole and with faults', async () => {
    const wanted = reachable();
    const whole = new Set<string>();
    const faulty = new Set<string>();
    const count = { planned: 0, failed: 0, refused: 0 };
    for (const [root, field] of rootFields()) {
      for (let seed = 0; seed < 60; seed++) {
        const chance = new Chance(seed + field.name.length * 1000);
        const operation = operationOn(schema, root, [field], chance, { liveliness: seed % 4 === 0 ? 0 : 1 });
        if (validate(schema, parse(operation.query)).length > 0) {
          count.refused++;
          continue;
        }
        const { planned, failed } = await compare(operation, seed);
        if (planned) count.planned++;
        if (failed) count.failed++;
        for (const each of planned || failed ? fieldsIn(operation) : []) (planned ? whole : faulty).add(each);
      }
    }
    expect([...wanted].filter((each) => !whole.has(each))).toEqual([]);
    expect([...wanted].filter((each) => !faulty.has(each))).toEqual([]);
  });
});
