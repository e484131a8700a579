import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  getNamedType,
  getNullableType,
  getOperationAST,
  isAbstractType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  specifiedRules,
  validate,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { COST_MAX, costOf } from '../cost.ts';
import { LIMITS, limitsRule } from '../limits.ts';
import { PEOPLE, playDoor, type PersonName, type PlayedDoor } from '../testing/played-door.ts';

/** What a request says to have graphql-js execute it. */
const BY_GRAPHQL_JS = 'x-by-graphql-js';
/** Deeper than this there is nothing but what goes in circles. */
const DEPTHS = [7, 6, 5, 4, 3, 2];

let schema: GraphQLSchema;
let door: PlayedDoor;
let sessionId = '';
let planned = 0;

@Injectable()
class SchemaOfTheDoor {
  constructor(private readonly host: GraphQLSchemaHost) {}

  onApplicationBootstrap(): void {
    schema = this.host.schema;
  }
}

beforeAll(async () => {
  door = await playDoor({
    also: [SchemaOfTheDoor],
    isPlanned: ({ headers }) => {
      if (headers[BY_GRAPHQL_JS]) return false;
      planned++;
      return true;
    },
  });
  const reason = 'Failed invoice sync since Tuesday';
  const input = () => ({ commandId: door.commandId(), workspaceId: door.acme });
  await door.send(
    'owner',
    'mutation ($input: EnableStaffAccessInput!) { enableStaffAccess(input: $input) { position } }',
    {
      input: input(),
    },
  );
  const started = await door.send(
    'sam',
    'mutation ($input: StartSessionInput!) { startSession(input: $input) { session { id } userErrors { message } } }',
    { input: { ...input(), caseRef: 'CASE-123', reason } },
  );
  sessionId = String(started.body.data?.startSession?.session?.id);
  await door.caughtUp();
});
afterAll(() => door.close());

/** Every field below a type, with every type that it could be; of fields that can't stand side by side the first. */
function everything(type: GraphQLNamedType, most: number, depth = 1, beside = new Map<string, string>()): string {
  if (isAbstractType(type)) {
    const all = schema.getPossibleTypes(type);
    const each = all.map((one) => `... on ${one.name} ${everything(one, most, depth, beside)}`);
    return `{ __typename ${each.join(' ')} }`;
  }
  if (!isObjectType(type)) return '';
  const fields = Object.values(type.getFields()).map(({ name, type: its }) => {
    const known = beside.get(name) ?? String(its);
    beside.set(name, known);
    if (known !== String(its)) return '';
    const below = everything(getNamedType(its), most, depth + 1);
    return below === '' ? name : depth < most ? `${name} ${below}` : '';
  });
  return `{ __typename ${fields.join(' ')} }`;
}

interface Asked {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** What could be meant by an argument or input field of this name; by its type, where the name says nothing. */
function meant(name: string, type: GraphQLInputType, workspaceId: string, bare: boolean): unknown {
  const inner = getNullableType(type);
  if (isListType(inner)) return [meant(name, inner.ofType as GraphQLInputType, workspaceId, bare)];
  if (isInputObjectType(inner))
    return Object.fromEntries(
      Object.values(inner.getFields())
        .filter(({ type: its }) => isNonNullType(its) || !bare)
        .map(({ name: field, type: its }) => [field, meant(field, its, workspaceId, bare)]),
    );
  if ('getValues' in inner) return inner.getValues()[0]!.name;
  const known: Readonly<Record<string, unknown>> = {
    workspaceId,
    id: workspaceId,
    commandId: door.commandId(),
    sessionId,
    caseRef: 'CASE-123',
    onlyCase: 'CASE-123',
    reason: 'Failed invoice sync since Tuesday',
    minPosition: '00000000000000000001',
    search: 'invoice',
    first: 3,
  };
  if (name in known) return known[name];
  return { Int: 5, Boolean: true, DateTime: '2026-11-21T09:00:00.000Z' }[inner.name] ?? 'billing';
}

/** Pages go one way, and a moment is named once. */
const CONTRARY = new Set(['after', 'before', 'last', 'position']);

function asking(root: GraphQLObjectType, name: string, workspaceId: string, bare: boolean): Asked {
  const { args, type } = root.getFields()[name]!;
  const given = args.filter((each) => (isNonNullType(each.type) || !bare) && !CONTRARY.has(each.name));
  const variables = Object.fromEntries(
    given.map((each) => [each.name, meant(each.name, each.type, workspaceId, bare)]),
  );
  const head = given.map((each) => `$${each.name}: ${String(each.type)}`).join(', ');
  const passed = given.map((each) => `${each.name}: $${each.name}`).join(', ');
  const word = root === schema.getMutationType() ? 'mutation' : 'query';
  const queries = DEPTHS.map(
    (most) =>
      `${word}${head && `(${head})`} { ${name}${passed && `(${passed})`} ${everything(getNamedType(type), most)} }`,
  );
  return { query: queries.find((query) => isWithinLimits(query)) ?? `${word} { ${name} }`, variables };
}

function isWithinLimits(query: string): boolean {
  try {
    const document = parse(query, { maxTokens: LIMITS.tokens });
    return (
      validate(schema, document, [...specifiedRules, limitsRule]).length === 0 &&
      costOf(schema, document, getOperationAST(document)!) <= COST_MAX
    );
  } catch {
    return false;
  }
}

/** What is another each time it is asked: the trace of a fault, a one-time code. */
const without = (text: string): string =>
  text.replace(/"traceId":"[^"]+"/g, '"traceId":""').replace(/"(code|entryCode)":"[\w-]{22,}"/g, '"$1":""');

async function compared(who: PersonName | null, { query, variables }: Asked) {
  const theirs = await door.send(who, query, variables, { headers: { [BY_GRAPHQL_JS]: '1' } });
  const ours = await door.send(who, query, variables);
  const said = ({ status, headers, text }: typeof ours) => ({
    status,
    headers: [...headers].filter(([name]) => name !== 'date' && name !== 'content-length'),
    text: without(text),
  });
  expect({ query, variables, who, ...said(ours) }).toEqual({ query, variables, who, ...said(theirs) });
  return ours;
}

const operations = (): (readonly [GraphQLObjectType, string])[] =>
  [schema.getQueryType()!, schema.getMutationType()!].flatMap((root) =>
    Object.keys(root.getFields()).map((name) => [root, name] as const),
  );

describe('At the door, a plan and graphql-js', () => {
  it('give each person the same answer to every operation, about their own workspace, a foreign one and none', async () => {
    const answered = new Set<string>();
    const refused = new Set<string>();
    const before = planned;
    // Commands last: what they change, both are asked about alike.
    for (const [root, name] of operations()) {
      for (const who of PEOPLE) {
        for (const [workspaceId, bare] of [
          [door.acme, false],
          [door.acme, true],
          [door.birch, true],
          [door.nowhere, true],
        ] as const) {
          const { body } = await compared(who, asking(root, name, workspaceId, bare));
          (body.errors ? refused : answered).add(name);
        }
      }
    }
    const names = operations().map(([, name]) => name);
    expect(names.filter((name) => !answered.has(name))).toEqual([]);
    expect(sessionId).toMatch(/^ses_/);
    expect(refused.size).toBeGreaterThan(5);
    expect(planned - before).toBe(names.length * PEOPLE.length * 4);
  }, 180_000);
});
