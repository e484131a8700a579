import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputType,
} from 'graphql';
import { documentOf, OPERATIONS, placesIn, type Operation } from './testing/every-operation.ts';
import { isOpenTo, KINDS, missing, playOutside, SECRETS, type Outside } from './testing/outsiders.ts';

/** Over HTTP; what can be followed is asked for by `live/live-foreign-ids.int.spec.ts`. */
const OVER_HTTP = OPERATIONS.filter(({ root }) => root !== 'subscription');

describe('Ids of another workspace, in every argument of every operation (T34, T35)', () => {
  let outside: Outside;
  beforeAll(async () => {
    outside = await playOutside();
  });
  afterAll(async () => {
    expect(outside.door.faults).toEqual([]);
    await outside.door.close();
  });

  /** Variables of an operation: whatever it needs, with an id at one place. */
  function variablesFor(operation: Operation, place: readonly string[], id: string, commandId: string): object {
    const own = (name: string): unknown => (name === 'workspaceId' ? outside.door.birch : missing('ses_'));
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

  const places = OVER_HTTP.flatMap((operation) =>
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
    for (const operation of OVER_HTTP) expect(() => documentOf(operation)).not.toThrow();
  });

  it('are asked for by everybody who is not of Acme: members of each role, staff of each role, and who has none', () => {
    expect(outside.outsiders.map(({ name }) => name)).toEqual([
      ...['owner', 'admin', 'manager', 'agent', 'viewer'].map((role) => `birch-${role}`),
      'former',
      'stranger',
      ...['agent', 'lead', 'engineer', 'responder', 'reviewer'].map((role) => `only-${role}`),
      'newcomer',
    ]);
  });

  it.each(places)(
    '%s %s, at %s: the answer is that to a missing one, byte for byte, and nothing of Acme is in it',
    async (_, name, path, operation, place) => {
      const document = documentOf(operation);
      const { door, foreign, outsiders } = outside;
      for (const who of outsiders) {
        for (const kind of KINDS) {
          if (isOpenTo(who, name, place, kind)) continue;
          const id = foreign[kind];
          const ask = async (asked: string) => {
            const { status, text } = await outside.send(
              who,
              document,
              variablesFor(operation, place, asked, door.commandId()),
            );
            const bare = text
              .replace(/"(position|upTo|traceId)":"[^"]*"/g, '"$1":""')
              .replace(/"(occurredAt|recordedAt|since)":"[^"]*"/g, '"$1":""');
            return { status, text: bare };
          };
          const [theirs, nobodys] = [await ask(id), await ask(missing(id))];
          const asked = { who: who.name, kind, name, path };
          expect({ ...asked, ...theirs }).toEqual({ ...asked, ...nobodys });
          for (const secret of [...SECRETS, ...Object.values(foreign).filter((known) => known !== id)])
            expect(theirs.text).not.toContain(secret);
        }
      }
    },
    60_000,
  );

  it('are open to staff where the table of permissions says so, and nowhere else', () => {
    const open = outside.outsiders.map(({ name, ...who }) => {
      const found = places.flatMap(([, operation, path, , place]) => {
        const kinds = KINDS.filter((kind) => isOpenTo({ name, ...who }, operation, place, kind));
        return kinds.length > 0 ? [`${operation} ${path}: ${kinds.join()}`] : [];
      });
      return [name, found] as const;
    });
    const visitors = [
      'node id: workspace',
      'policy workspaceId: workspace',
      'workspace id: workspace',
      'requestAccess input.workspaceId: workspace',
      'startSession input.workspaceId: workspace',
    ];
    // Of two sides that approve, theirs is one: they read what is asked for.
    const lead = ['accessRequests workspaceId: workspace', ...visitors];
    const EXPECTED: Readonly<Record<string, readonly string[]>> = {
      'only-agent': visitors,
      'only-lead': lead,
      'only-engineer': visitors,
      'only-responder': visitors,
      'only-reviewer': [
        'accessRequests workspaceId: workspace',
        'activeSessions workspaceId: workspace',
        'denials workspaceId: workspace',
        'endedSessions workspaceId: workspace',
        'node id: workspace,session,line,denial',
        'policy workspaceId: workspace',
        'staffAccess workspaceId: workspace',
        'visitLog workspaceId: workspace',
        'visitLogFacets workspaceId: workspace',
        'visits filter.staff.id.in: staff',
        'visits filter.workspace.id.in: workspace',
        'workspace id: workspace',
        'workspaceAt workspaceId: workspace',
        'requestAccess input.workspaceId: workspace',
        'startSession input.workspaceId: workspace',
      ],
    };
    for (const [name, found] of open) expect([name, found]).toEqual([name, EXPECTED[name] ?? []]);
  });

  it('leave the same line among what they were refused', async () => {
    const mine = `{ myDenials(first: 2) { nodes { workspaceId sessionId rule because detail instead summary caseRef reason times } } }`;
    const mutations = OVER_HTTP.filter(({ root }) => root === 'mutation');
    const { door, foreign } = outside;
    // Staff who are enabled know that there are workspaces; their attempts stand in the book that they were made at.
    for (const who of outside.outsiders.filter(({ staffRoles }) => staffRoles.length === 0)) {
      for (const operation of mutations) {
        for (const workspaceId of [foreign.workspace, missing('ws_')]) {
          const variables = variablesFor(operation, ['input', 'workspaceId'], workspaceId, door.commandId());
          await outside.send(who, documentOf(operation), variables);
        }
        await door.caughtUp();
        const [newest, before] = (await outside.send(who, mine)).body.data.myDenials.nodes as unknown[];
        const asked = { who: who.name, operation: operation.field.name };
        expect({ ...asked, line: newest }).toEqual({ ...asked, line: before });
      }
    }
  }, 60_000);

  it('leave what they ask without ids as it is: lists of theirs hold nothing of Acme', async () => {
    const lists = OVER_HTTP.filter(({ root, field }) => root === 'query' && placesIn(field.args).length === 0);
    for (const operation of lists) {
      for (const who of outside.outsiders) {
        const { text } = await outside.send(who, documentOf(operation));
        // Staff find the workspace that a case is of, and read in their refusals what they typed.
        const isStaff = who.staffRoles.length > 0;
        const secrets = isStaff ? SECRETS.slice(1) : [...SECRETS, ...Object.values(outside.foreign)];
        for (const secret of secrets) expect([who.name, text]).not.toEqual([who.name, expect.stringContaining(secret)]);
      }
    }
  });
});
