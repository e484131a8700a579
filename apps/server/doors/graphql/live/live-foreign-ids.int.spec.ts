import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '#server/testing/until';
import { documentOf, OPERATIONS, placesIn } from '../testing/every-operation.ts';
import { isOpenTo, KINDS, missing, playOutside, SECRETS, type Outside, type Outsider } from '../testing/outsiders.ts';
import { LiveClient } from './testing/live-client.ts';

const SUBSCRIPTIONS = OPERATIONS.filter(({ root }) => root === 'subscription');
const places = SUBSCRIPTIONS.flatMap((operation) =>
  placesIn(operation.field.args).map((place) => [operation.field.name, place.join('.'), operation, place] as const),
);

describe('Ids of another workspace, in every argument of every subscription (T34, T35)', () => {
  let outside: Outside;
  beforeAll(async () => {
    outside = await playOutside();
  });
  afterAll(async () => {
    expect(outside.door.faults).toEqual([]);
    await outside.door.close();
  });

  const connect = ({ token }: Outsider) => new LiveClient(outside.door.url, token);

  /** What comes of one subscription: its messages, without the number that the client gave it. */
  const heard = async (client: LiveClient, query: string, variables: Record<string, unknown>) => {
    const before = client.frames.length;
    const follower = client.send(query, variables);
    await until(
      () => follower.isComplete,
      () => [query, variables, client.frames],
    );
    const acknowledged = '"type":"connection_ack"';
    const frames = client.frames.slice(before).filter((frame) => !frame.includes(acknowledged));
    return frames.map((frame) => frame.replace(/"id":"[^"]+",/, ''));
  };

  it('are asked for everywhere that an id can stand', () => {
    expect(places.map(([name, path]) => `${name} ${path}`)).toEqual([
      'accessRevoked sessionId',
      'logEntryAppended workspaceId',
      'requestChanged workspaceId',
      'sessionChanged workspaceId',
      'staffAccessChanged workspaceId',
    ]);
  });

  it.each(places)(
    '%s, at %s: the messages are those to a missing one, byte for byte',
    async (name, _, operation, place) => {
      const document = documentOf(operation);
      for (const who of outside.outsiders) {
        const client = connect(who);
        for (const kind of KINDS) {
          if (isOpenTo(who, name, place, kind)) continue;
          const id = outside.foreign[kind];
          const argument = place[0]!;
          const theirs = await heard(client, document, { [argument]: id });
          const nobodys = await heard(client, document, { [argument]: missing(id) });
          expect({ who: who.name, kind, theirs }).toEqual({ who: who.name, kind, theirs: nobodys });
          expect(theirs).toEqual([expect.stringContaining('FORBIDDEN'), '{"type":"complete"}']);
          for (const secret of [...SECRETS, ...Object.values(outside.foreign)])
            expect(theirs.join()).not.toContain(secret);
        }
        await client.close();
      }
    },
    60_000,
  );

  it('bring no message later either, whatever happens there: only staff to whom it is open hear of it', async () => {
    const { door, foreign, outsiders } = outside;
    const followed = outsiders.map((who) => {
      const client = connect(who);
      const followers = SUBSCRIPTIONS.flatMap((operation) => {
        const { name, args } = operation.field;
        const [place] = placesIn(args);
        const kind = name === 'accessRevoked' ? 'session' : 'workspace';
        if (place && isOpenTo(who, name, place, kind)) return [];
        return [client.send(documentOf(operation), place ? { [place[0]!]: foreign[kind] } : {})];
      });
      return { who, client, followers };
    });
    const hearing = new LiveClient(door.url, await door.token('owner'));
    const lines = hearing.follow('logEntryAppended', { id: door.acme, after: '0'.repeat(20) });
    await until(() => lines.events.length > 0);
    for (const { who, followers } of followed) {
      await until(
        () => followers.every(({ isComplete, events }) => isComplete || events.length > 0),
        () => [who.name, followers],
      );
    }
    const before = followed.map(({ client }) => client.frames.length);
    for (const name of ['enableStaffAccess', 'disableStaffAccess'] as const) {
      const Name = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const input = { commandId: door.commandId(), workspaceId: door.acme };
      await door.send('owner', `mutation ($input: ${Name}!) { ${name}(input: $input) { position } }`, { input });
    }
    await until(
      () => lines.events.some(({ entry }) => entry.kind === 'SessionEnded'),
      () => lines,
    );
    // What came before the answer to one more question is here with that answer.
    const revoked = documentOf(SUBSCRIPTIONS.find(({ field }) => field.name === 'accessRevoked')!);
    for (const { client } of followed) await heard(client, revoked, { sessionId: missing(foreign.session) });
    const ANSWER = 2;
    expect(followed.map(({ client }) => client.frames.length)).toEqual(before.map((frames) => frames + ANSWER));
    for (const { who, client } of followed) {
      const all = client.frames.join('\n');
      for (const secret of [...SECRETS, ...Object.values(foreign)])
        expect([who.name, all]).not.toEqual([who.name, expect.stringContaining(secret)]);
    }
    await Promise.all([hearing.close(), ...followed.map(({ client }) => client.close())]);
  }, 60_000);
});
