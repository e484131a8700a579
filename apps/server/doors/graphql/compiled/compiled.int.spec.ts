import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  getNamedType,
  getOperationAST,
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
import { planFor, readsProperty } from './plan.ts';
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

/** `Type.field` of what has a resolver of its own below the roots: no plan is made of it. */
const ownResolvers = new Set<string>();

/** Roots whose values are made up from the context's seed; what reads properties below them is the door's own. */
function makeUpRoots(): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__') || isRoot(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (readsProperty(field)) continue;
      ownResolvers.add(`${type.name}.${field.name}`);
      field.resolve = (source: Record<string, unknown>, args, context, info) =>
        args && info ? source[field.name] : context;
    }
  }
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
      const contextValue: Context = { seed, faults: [0, 0.04, 0.004][seed % 3]!, calls: [] };
      const request = { ...operation, operationName: /^query Q|^mutation Q/.test(operation.query) ? 'Q' : undefined };
      const { http, body } = await server.executeOperation(request, { contextValue });
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
  compiled = await executorWith(compiledQueries() as ApolloServerPlugin);
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

/** `Type.field` of everything that can be reached over HTTP, or from one type on. */
function reachable(...from: readonly GraphQLNamedType[]): Set<string> {
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
  for (const type of from.length > 0 ? from : [schema.getQueryType()!, schema.getMutationType()!]) look(type);
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
    const isCovered = (each: string) => (whole.has(each) || ownResolvers.has(each)) && faulty.has(each);
    for (const [root, field] of rootFields()) {
      const below = [...reachable(getNamedType(field.type))];
      // Chance asks for some fields seldom, where there are many: then it has more turns.
      for (let seed = 0; seed < 60 || (seed < 1000 && !below.every(isCovered)); seed++) {
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
    expect([...wanted].filter((each) => !whole.has(each) && !ownResolvers.has(each))).toEqual([]);
    expect([...wanted].filter((each) => !faulty.has(each))).toEqual([]);
  }, 180_000);

  it('answer operations of several fields as graphql-js does, commands one after another', async () => {
    const failed: boolean[] = [];
    for (const root of [schema.getQueryType()!, schema.getMutationType()!]) {
      const all = Object.values(root.getFields());
      for (let seed = 0; seed < 150; seed++) {
        const chance = new Chance(seed + 77);
        const fields = Array.from({ length: 2 + (seed % 2) }, () => chance.of(all));
        const operation = operationOn(schema, root, [...new Set(fields)], chance, { liveliness: 1 });
        if (validate(schema, parse(operation.query)).length > 0) continue;
        failed.push((await compare(operation, seed)).failed);
      }
    }
    expect(failed.filter((each) => each).length).toBeGreaterThan(50);
    expect(failed.filter((each) => !each).length).toBeGreaterThan(50);
  });

  it('are made of every operation without a field that has a resolver of its own', () => {
    const isPlanned = { with: new Set<boolean>(), without: new Set<boolean>() };
    for (const [root, field] of rootFields()) {
      for (let seed = 0; seed < 20; seed++) {
        const operation = operationOn(schema, root, [field], new Chance(seed), { liveliness: 0 });
        const document = parse(operation.query);
        const plan = planFor(schema, document, getOperationAST(document)!, {});
        const hasOwn = fieldsIn(operation).some((each) => ownResolvers.has(each));
        isPlanned[hasOwn ? 'with' : 'without'].add(plan !== undefined);
      }
    }
    expect([...isPlanned.without]).toEqual([true]);
    expect([...isPlanned.with]).toEqual(ownResolvers.size > 0 ? [false] : []);
  });

  it.each([
    '{ __schema { queryType { name } types { name kind } } }',
    '{ __typename: viewer { name } }',
    '{ __proto__: viewer { __proto__: name } }',
    '{ catalogue { __typename __proto__: areas { id } } }',
    'query Q { a: __typename viewer { __typename b: __typename } __type(name: "Node") { name } }',
    'query Q($s: Boolean = true) { viewer @skip(if: $s) { name } catalogue @include(if: $s) { __typename } }',
    'mutation Q { __typename }',
  ])('answer %s as graphql-js does', async (query) => {
    for (let seed = 0; seed < 12; seed++) {
      for (const variables of [{}, { s: null }, { s: false }, { s: 'no' }])
        await compare({ query: query.replace(/^\{/, 'query Q {'), variables }, seed);
    }
  });

  it('read the properties that Nest reads, and take no other resolver for that', () => {
    const types = Object.values(schema.getTypeMap()).filter(
      (type) => isObjectType(type) && !type.name.startsWith('__') && !isRoot(type),
    ) as GraphQLObjectType[];
    const sources = types.flatMap((type) =>
      Object.values(type.getFields()).flatMap((field) => (readsProperty(field) ? [field.resolve!.toString()] : [])),
    );
    expect([...new Set(sources)]).toEqual([
      expect.stringMatching(/^\(root\) => \{\s+const value = root\[field\.name\];\s+return [^;]+;\s+\}$/),
    ]);
    expect(readsProperty({ ...aField(), resolve: (root: unknown) => root })).toBe(false);
    expect(readsProperty({ ...aField(), resolve: undefined })).toBe(false);
  });

  it('would be told apart from graphql-js by one property that is read another way', async () => {
    const field = (schema.getType('PageInfo') as GraphQLObjectType).getFields()['hasNextPage']!;
    const right = field.resolve!;
    const impostor = {
      // As long as Nest’s and called as it is, and looks at more.
      rootFieldResolver(root: unknown) {
        const { hasNextPage } = root as { readonly hasNextPage: unknown };
        return arguments.length > 1 || typeof hasNextPage !== 'boolean' ? hasNextPage : !hasNextPage;
      },
    };
    field.resolve = impostor.rootFieldResolver;
    const [, lines] = rootFields().find(([, { name }]) => name === 'visitLog')!;
    const operation = operationOn(schema, schema.getQueryType()!, [lines], new Chance(4), { liveliness: 0 });
    // Another text than before: no plan is kept of it.
    const anew = { ...operation, query: `${operation.query} ` };
    try {
      const told = await Promise.allSettled([0, 3, 6, 9, 12, 15, 18].map((seed) => compare(anew, seed)));
      expect(told.map(({ status }) => status)).toContain('rejected');
    } finally {
      field.resolve = right;
    }
  });
});

const isRoot = (type: unknown): boolean =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].some((root) => root === type);

const aField = () => (schema.getType('PageInfo') as GraphQLObjectType).getFields()['endCursor']!;
