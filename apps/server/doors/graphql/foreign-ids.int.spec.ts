import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
} from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { playDoor, type PersonName, type PlayedDoor } from './testing/played-door.ts';

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../../../schema.graphql'), 'utf8'));

type Root = 'query' | 'mutation';
interface Operation {
  readonly root: Root;
  readonly field: GraphQLField<unknown, unknown>;
}
const OPERATIONS: readonly Operation[] = [
  ...Object.values(schema.getQueryType()?.getFields() ?? {}).map((field) => ({ root: 'query' as const, field })),
  ...Object.values(schema.getMutationType()?.getFields() ?? {}).map((field) => ({ root: 'mutation' as const, field })),
];

/** A place of an operation that takes an id: `id`, `input.sessionId`, `filter.actor.id.in`. */
const placesIn = (args: readonly GraphQLArgument[]): string[][] => {
  const below = (name: string, type: GraphQLInputType, path: readonly string[]): string[][] => {
    const named = getNamedType(type);
    const here = [...path, name];
    if (named.name === 'ID') return name === 'commandId' ? [] : [here];
    if (!isInputObjectType(named)) return [];
    return Object.values(named.getFields()).flatMap((field) => below(field.name, field.type, here));
  };
  return args.flatMap(({ name, type }) => below(name, type, []));
};

/** Everything that a type shows, as deep as the door lets one ask. */
function selectionOf(type: GraphQLNamedType, depth = 1): string {
  if (isUnionType(type) || isInterfaceType(type)) {
    const kinds = schema
      .getPossibleTypes(type)
      .map((kind, i) => `... on ${kind} { ${fieldsOf(kind, depth, `k${i}_`)} }`);
    return `{ __typename ${kinds.join(' ')} }`;
  }
  return `{ __typename ${fieldsOf(type, depth)} }`;
}

function fieldsOf(type: GraphQLNamedType, depth: number, _alias = ''): string {
  if (!isObjectType(type)) return '';
  return Object.values(type.getFields())
    .filter(({ args }) => args.every(({ type: argument }) => !isNonNullType(argument)))
    .flatMap((field) => {
      const inner = getNamedType(field.type);
      if (!isCompositeType(inner)) return [field.name];
      if (depth >= 5 || field.name === 'edges') return [];
      return [`${field.name} ${selectionOf(inner, depth + 1)}`];
    })
    .join(' ');
}

/** The document of an operation that shows all it can, its arguments as one variable each. */
function documentOf({ root, field }: Operation): string {
  const declared = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const type = getNamedType(field.type);
  const shown = isCompositeType(type) ? selectionOf(type) : '';
  return `${root} ${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`} ${shown} }`;
}

/** Names, reasons, mail addresses and ids that only Acme's own may read. */
const SECRETS = ['Acme Co', 'Sam Example', 'sam@fernway.test', 'Failed invoice sync since Tuesday', 'Owner Example'];

describe('Ids of another workspace, in every argument of every operation (T34, T35)', () => {
  let door: PlayedDoor;
  let foreign: Record<string, string>;
  beforeAll(async () => {
    door = await playDoor();
    const ok = async (who: PersonName, document: string, input: object) => {
      const { body } = await door.send(who, document, {
        input: { commandId: door.commandId(), workspaceId: door.acme, ...input },
      });
      const [answer] = Object.values(body.data) as { userErrors: unknown[]; session?: { id: string } }[];
      expect(answer?.userErrors).toEqual([]);
      return answer;
    };
    await ok(
      'owner',
      'mutation ($input: EnableStaffAccessInput!) { enableStaffAccess(input: $input) { userErrors { message } } }',
      {},
    );
    const started = await ok(
      'sam',
      'mutation ($input: StartSessionInput!) { startSession(input: $input) { session { id } userErrors { message } } }',
      { caseRef: 'CASE-123', reason: 'Failed invoice sync since Tuesday' },
    );
    // A refusal in Acme's book, so that there is one to find.
    await door.send(
      'manager',
      'mutation ($input: DisableStaffAccessInput!) { disableStaffAccess(input: $input) { position } }',
      {
        input: { commandId: door.commandId(), workspaceId: door.acme },
      },
    );
    await door.caughtUp();
    const read =
      'query ($id: ID!) { visitLog(workspaceId: $id, first: 1) { nodes { id } } denials(workspaceId: $id) { nodes { id } } }';
    const { visitLog, denials } = (await door.send('owner', read, { id: door.acme })).body.data;
    foreign = {
      workspace: door.acme,
      session: started!.session!.id,
      line: visitLog.nodes[0].id,
      denial: denials.nodes[0].id,
      staff: door.staffId('sam'),
    };
  });
  afterAll(async () => {
    expect(door.faults).toEqual([]);
    await door.close();
  });

  /** Of the same shape, and nobody's. */
  const missing = (id: string) => {
    const [prefix] = id.split('_');
    return id.includes('_') ? `${prefix}_${'0'.repeat(25)}1` : `00000000-0000-7000-8000-000000000001`;
  };

  /** Variables of an operation: whatever it needs, with an id at one place. */
  function variablesFor(operation: Operation, place: readonly string[], id: string, commandId: string): object {
    const own = (name: string): unknown => (name === 'workspaceId' ? door.birch : missing('ses_'));
    const valueOf = (name: string, type: GraphQLInputType, path: readonly string[]): unknown => {
      const here = [...path, name];
      const onTheWay = here.every((step, i) => place[i] === step);
      const isPlace = onTheWay && here.length === place.length;
      if (!onTheWay && !isNonNullType(type)) return undefined;
      const bare = getNullableType(type);
      if (isListType(bare)) return isPlace ? [id] : [];
      if (isInputObjectType(bare)) {
        const fields = Object.values(bare.getFields()).map((field) => [
          field.name,
          valueOf(field.name, field.type, here),
        ]);
        return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
      }
      if (isPlace) return id;
      if (name === 'commandId') return commandId;
      if (isEnumType(bare)) return bare.getValues()[0]?.name;
      switch (String(bare)) {
        case 'ID':
          return own(name);
        case 'Int':
          return 1;
        case 'Boolean':
          return true;
        default:
          return name === 'caseRef' ? 'CASE-123' : 'Failed invoice sync since Monday';
      }
    };
    const entries = operation.field.args.map(({ name, type }) => [name, valueOf(name, type, [])]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }

  /** Who has nothing to do with Acme, one for each kind of role that there is. */
  const STRANGERS: readonly PersonName[] = ['neighbour', 'stranger', 'newcomer'];

  const places = OPERATIONS.flatMap((operation) =>
    placesIn(operation.field.args).map(
      (place) => [operation.root, operation.field.name, place.join('.'), operation, place] as const,
    ),
  );

  it('are asked for everywhere that an id can stand', () => {
    expect(places.map(([, name, place]) => `${name} ${place}`)).toEqual(
      expect.arrayContaining([
        'node id',
        'workspace id',
        'visitLog workspaceId',
        'visitLog filter.actor.id.in',
        'visitLog filter.sessionId',
        'endSession input.sessionId',
        'endSession input.workspaceId',
      ]),
    );
    for (const operation of OPERATIONS) expect(() => documentOf(operation)).not.toThrow();
  });

  it.each(places)(
    '%s %s, at %s: the answer is that to a missing one, byte for byte, and nothing of Acme is in it',
    async (_, name, path, operation, place) => {
      const document = documentOf(operation);
      for (const who of STRANGERS) {
        for (const [kind, id] of Object.entries(foreign)) {
          const ask = async (asked: string) => {
            const { status, text } = await door.send(
              who,
              document,
              variablesFor(operation, place, asked, door.commandId()),
            );
            const bare = text
              .replace(/"(position|traceId)":"[^"]*"/g, '"$1":""')
              .replace(/"(occurredAt|recordedAt|since)":"[^"]*"/g, '"$1":""');
            return { status, text: bare };
          };
          const [theirs, nobodys] = [await ask(id), await ask(missing(id))];
          expect({ who, kind, name, path, ...theirs }).toEqual({ who, kind, name, path, ...nobodys });
          for (const secret of [...SECRETS, ...Object.values(foreign).filter((known) => known !== id)]) {
            // What they were told of themselves is theirs: the neighbour is no other "Owner Example".
            expect(theirs.text).not.toContain(secret);
          }
        }
      }
    },
  );

  it('leave the same line among what they were refused', async () => {
    const mine = `{ myDenials(first: 2) { nodes { workspaceId sessionId rule because detail instead summary caseRef reason times } } }`;
    const mutations = OPERATIONS.filter(({ root }) => root === 'mutation');
    for (const who of STRANGERS) {
      for (const operation of mutations) {
        for (const workspaceId of [foreign['workspace']!, missing('ws_')]) {
          const variables = variablesFor(operation, ['input', 'workspaceId'], workspaceId, door.commandId());
          await door.send(who, documentOf(operation), variables);
        }
        await door.caughtUp();
        const [newest, before] = (await door.send(who, mine)).body.data.myDenials.nodes as unknown[];
        expect({ who, operation: operation.field.name, line: newest }).toEqual({
          who,
          operation: operation.field.name,
          line: before,
        });
      }
    }
  });

  it('leave what they ask without ids as it is: lists of strangers hold nothing of Acme', async () => {
    for (const operation of OPERATIONS.filter(
      ({ root, field }) => root === 'query' && placesIn(field.args).length === 0,
    )) {
      for (const who of STRANGERS) {
        const { text } = await door.send(who, documentOf(operation));
        for (const secret of [...SECRETS, ...Object.values(foreign)]) expect(text).not.toContain(secret);
      }
    }
  });
});
