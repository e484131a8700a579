import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '#server/testing/until';
import { playDoor, type PersonName, type PlayedDoor } from '../testing/played-door.ts';
import { LiveClient, type Follower, type SubscriptionName } from './testing/live-client.ts';

const ENABLE = `mutation ($input: EnableStaffAccessInput!) { enableStaffAccess(input: $input) { position userErrors { message } } }`;
const DISABLE = `mutation ($input: DisableStaffAccessInput!) { disableStaffAccess(input: $input) { position userErrors { message } } }`;
const START = `mutation ($input: StartSessionInput!) { startSession(input: $input) { session { id } userErrors { message } } }`;
const EXIT = `mutation ($input: ExitSessionInput!) { exitSession(input: $input) { position userErrors { message } } }`;

describe('Following live', () => {
  let door: PlayedDoor;
  let clients: LiveClient[];
  beforeEach(async () => {
    door = await playDoor();
    clients = [];
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await door.close();
    expect(door.faults).toEqual([]);
  });

  const connect = async (who: PersonName) => {
    const client = new LiveClient(door.url, await door.token(who));
    clients.push(client);
    return client;
  };
  const follow = async (who: PersonName, name: SubscriptionName, variables: Record<string, unknown> = {}) =>
    (await connect(who)).follow(name, variables);
  const input = (more: object = {}, workspaceId: string = door.acme) => ({
    input: { commandId: door.commandId(), workspaceId, ...more },
  });
  const enable = (by: PersonName = 'owner', workspaceId: string = door.acme) =>
    door.send(by, ENABLE, input({}, workspaceId));
  const disable = () => door.send('owner', DISABLE, input());
  const start = async (who: PersonName = 'sam') => {
    const answer = await door.send(
      who,
      START,
      input({ caseRef: 'CASE-123', reason: 'Failed invoice sync since Tuesday' }),
    );
    return String(answer.body.data.startSession.session.id);
  };
  const has = (follower: Follower, count: number) =>
    until(
      () => follower.events.length >= count,
      () => follower,
    );

  it('the switch is told as it stands, and then whenever it is changed', async () => {
    const follower = await follow('viewer', 'staffAccessChanged', { id: door.acme });
    await has(follower, 1);
    await enable();
    await has(follower, 2);
    await disable();
    await has(follower, 3);
    expect(follower.events.map(({ __typename, staffAccess: { on, by } }) => ({ __typename, on, by }))).toEqual([
      { __typename: 'StaffAccessChanged', on: false, by: null },
      { __typename: 'StaffAccessChanged', on: true, by: { name: 'Owner Example' } },
      { __typename: 'StaffAccessChanged', on: false, by: null },
    ]);
  });

  it('a visit is told as it begins and ends, with what was asked for it', async () => {
    await enable();
    const follower = await follow('agent', 'sessionChanged', { id: door.acme });
    await has(follower, 1);
    const id = await start();
    await has(follower, 2);
    await disable();
    await has(follower, 3);
    const { session: begun, ...first } = follower.events[1];
    expect(first).toEqual({ __typename: 'SessionChanged', position: expect.any(String), activeSessionIds: [id] });
    expect(begun).toMatchObject({ id, staffName: 'Sam Example', caseRef: 'CASE-123', endCause: null });
    expect(begun.reason).toBe('Failed invoice sync since Tuesday');
    expect(follower.events[0]).toMatchObject({ session: null, activeSessionIds: [] });
    expect(follower.events[2]).toMatchObject({
      activeSessionIds: [],
      session: { id, staffName: 'Sam Example', reason: begun.reason, endCause: 'REVOKED', can: null },
    });
  });

  it('lines come as the query gives them, in order, each once, to the letter', async () => {
    const follower = await follow('owner', 'logEntryAppended', { id: door.acme, after: '0'.repeat(20) });
    await has(follower, 7);
    await enable();
    const id = await start();
    await door.send('sam', EXIT, input({ sessionId: id }));
    await door.send('viewer', '{ visitLog(workspaceId: "' + door.acme + '") { nodes { id } } }');
    await has(follower, 11);
    await door.caughtUp();
    const read = await door.send(
      'owner',
      `query ($id: ID!) { visitLog(workspaceId: $id, first: 100) { nodes { id number position occurredAt recordedAt summary detail mark kind
        workspaceId sessionId outcome technicalDetail parts { text strong }
        actor { __typename ... on StaffMember { id name } ... on WorkspaceMember { id name } } } } }`,
      { id: door.acme },
    );
    expect(follower.events.map(({ entry }) => entry)).toEqual(read.body.data.visitLog.nodes.toReversed());
    expect(follower.events.map(({ entry }) => entry.number)).toEqual(follower.events.map((_, at) => at + 1));
  });

  it('a staff member hears of the own visit, wherever it is, and of no other', async () => {
    const own = await follow('sam', 'mySessionChanged');
    await has(own, 1);
    await enable();
    await start('lee');
    const id = await start('sam');
    await has(own, 2);
    await door.send('sam', EXIT, input({ sessionId: id }));
    await has(own, 3);
    expect(own.events.map(({ session }) => session && [session.id, session.endCause])).toEqual([
      null,
      [id, null],
      [id, 'EXITED'],
    ]);
  });

  it('when access goes off, the visitor hears of it, then `complete`, then 4401; the owner’s connection stays', async () => {
    await enable();
    const id = await start();
    const visitor = await connect('sam');
    const owner = await connect('owner');
    const told = visitor.follow('accessRevoked', { id });
    const seen = owner.follow('accessRevoked', { id });
    const other = visitor.follow('mySessionChanged');
    await has(other, 1);
    await until(() => door.live.feeds.subscribers === 3);
    await disable();
    await until(
      () => visitor.closed !== undefined && seen.isComplete,
      () => [visitor.closed, visitor.frames, seen],
    );
    const event = {
      __typename: 'AccessRevoked',
      position: expect.any(String),
      sessionId: id,
      endCause: 'REVOKED',
      endedAt: new Date(door.now).toISOString(),
      sentence: 'Support access has been revoked',
    };
    expect([told.events, told.isComplete, visitor.closed]).toEqual([
      [event],
      true,
      { code: 4401, reason: 'Unauthorized' },
    ]);
    expect(other.events.at(-1)).toEqual({
      __typename: 'SubscriptionEnded',
      cause: 'ACCESS_ENDED',
      message: 'The visit has ended.',
    });
    expect([seen.events, seen.isComplete, owner.closed]).toEqual([[event], true, undefined]);
  });
});
