import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// Every resolver declares its permission when it is loaded.
import './graphql-door.module.ts';
import { ensurePermissions, PermissionMissing, PERMISSIONS } from './permissions.ts';
import { breachesIn } from './testing/schema-rules.ts';

const published = readFileSync(join(import.meta.dirname, '../../../../schema.graphql'), 'utf8');

describe('The schema and our rules for it (graphql.md)', () => {
  it('keeps every rule that a machine can check', () => {
    expect(breachesIn(buildSchema(published))).toEqual([]);
  });

  it('has a permission for each operation, and each permission an operation or a part of one', () => {
    const schema = buildSchema(published);
    expect(() => ensurePermissions(schema)).not.toThrow();
    const operations = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((root) =>
      Object.keys(root?.getFields() ?? {}),
    );
    expect(Object.keys(PERMISSIONS).filter((name) => !operations.includes(name))).toEqual([]);
    const more = buildSchema('type Query { viewer: Int, secrets: Int }');
    expect(() => ensurePermissions(more)).toThrow(new PermissionMissing(['secrets']));
  });
});

/** A schema that keeps the rules, with one thing changed. */
const GOOD = `
  type Query {
    "A." thing("Which." id: ID!): Thing
    "B." things("1." after: String, "2." before: String, "3." first: Int, "4." last: Int, "5." minPosition: String): ThingConnection!
    "C." activeSessions: [Thing!]!
  }
  type Mutation { "D." openThing("E." input: OpenThingInput!): OpenThingPayload! }
  type Subscription { "F." thingOpened: Thing! }
  "G." input OpenThingInput { "H." commandId: ID!  "v." expectedRevision: Int  "y1." workspaceId: ID! }
  "I." type OpenThingPayload { "J." position: String  "K." thing: Thing  "L." userErrors: [UserError!]! }
  "M." interface UserError { "N." code: UserErrorCode!  "O." message: String!  "P." field: [String!]! }
  "Q." enum UserErrorCode { "R." NOT_FOUND }
  "S." type NotFound implements UserError { "T." code: UserErrorCode!  "U." message: String!  "V." field: [String!]! }
  "W." interface Node { "X." id: ID! }
  "Y." type Thing implements Node { "Z." id: ID!  "a." openedAt: DateTime  "b." technicalDetail: JSONObject  "c." email: EmailAddress  "d." url: URL }
  "e." type ThingConnection { "f." edges: [ThingEdge!]!  "g." nodes: [Thing!]!  "h." pageInfo: PageInfo!  "i." totalCount: Int }
  "j." type ThingEdge { "k." cursor: String!  "l." node: Thing! }
  "m." type PageInfo { "n." hasNextPage: Boolean!  "o." hasPreviousPage: Boolean!  "p." startCursor: String  "q." endCursor: String }
  "r." scalar DateTime
  "s." scalar JSONObject
  "t." scalar EmailAddress
  "u." scalar URL
`;

describe('The rules', () => {
  it('find nothing in a schema that keeps them', () => {
    expect(breachesIn(buildSchema(GOOD))).toEqual([]);
  });

  it.each([
    ['openThing("E."', 'thing("E."', 'Mutation.thing is not named verbNoun'],
    [
      'input: OpenThingInput!',
      'input: OpenThingInput',
      'Mutation.openThing does not take exactly input: OpenThingInput!',
    ],
    ['): OpenThingPayload!', '): OpenThingPayload', 'Mutation.openThing does not answer OpenThingPayload!'],
    ['"H." commandId: ID!', '"H." commandId: ID', 'Mutation.openThing takes no commandId: ID!'],
    ['"v." expectedRevision: Int', '"v." expectedRevision: Int!', 'Mutation.openThing takes no expectedRevision: Int'],
    ['"J." position: String', '"J." place: String', 'Mutation.openThing answers no position: String'],
    ['"K." thing: Thing ', '"K." thing: Thing! ', 'Mutation.openThing answers thing, which can’t be null'],
    [
      '"L." userErrors: [UserError!]!',
      '"L." userErrors: [UserError!]',
      'Mutation.openThing answers no userErrors: [UserError!]!',
    ],
    ['"R." NOT_FOUND', '"R." NOT_FOUND "x." LATE', 'UserErrorCode.LATE has no type of its own'],
    ['"S." type NotFound', '"S." type Missing', 'MISSING is a user error without a code'],
    ['"g." nodes: [Thing!]!', '"g." nodes: [Thing!]', 'ThingConnection.nodes is not [Thing!]!'],
    ['"k." cursor: String!', '"k." cursor: String', 'ThingEdge.cursor is not String!'],
    ['"i." totalCount: Int', '"i." count: Int', 'ThingConnection.totalCount is not Int'],
    [
      '"n." hasNextPage: Boolean!',
      '"n." hasNextPage: Boolean',
      'PageInfo is not endCursor: String, hasNextPage: Boolean!, hasPreviousPage: Boolean!, startCursor: String',
    ],
    [', "5." minPosition: String', '', 'Query.things is paged and takes no minPosition: String'],
    ['"C." activeSessions', '"C." sessions', 'Query.sessions is a list without pages'],
    ['"Which." id: ID!', '"Which." id: String!', 'Query.thing(id) is no ID'],
    ['"F." thingOpened', '"F." openThings', 'Subscription.openThings is not named by a noun and what happened to it'],
    ['"A." thing', 'thing', 'Query.thing is not described'],
    ['"Which." ', '', 'Query.thing(id) is not described'],
    ['"R." NOT_FOUND', 'NOT_FOUND', 'UserErrorCode.NOT_FOUND is not described'],
    ['"r." scalar', 'scalar', 'DateTime is not described'],
    ['"a." openedAt: DateTime', '"a." openedAt: String', 'Thing.openedAt is an instant as text'],
    ['"b." technicalDetail', '"b." anything', 'Thing.anything is a JSONObject'],
    ['"c." email: EmailAddress', '"c." email: String', 'Thing.email is no EmailAddress'],
    ['"d." url: URL', '"d." url: String', 'Thing.url is no URL'],
    ['"u." scalar URL', '"u." scalar URL "v." scalar Money', 'Money is no scalar of ours'],
    [
      '"a." openedAt: DateTime',
      '"a." openedAt: DateTime @deprecated(reason: "Old.")',
      'Thing.openedAt is deprecated without a date',
    ],
  ])('tell of %s as %s', (good, bad, breach) => {
    expect(GOOD.split(good)).not.toHaveLength(1);
    expect(breachesIn(buildSchema(GOOD.replace(good, bad)))).toContain(breach);
  });

  it('take a deprecation with a date', () => {
    const dated = GOOD.replace(
      'openedAt: DateTime',
      'openedAt: DateTime @deprecated(reason: "Goes after 2027-03-01.")',
    );
    expect(breachesIn(buildSchema(dated))).toEqual([]);
  });
});
