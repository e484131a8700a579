import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from '#server/testing/until';
import { LIMITS } from '../limits.ts';
import { ORIGIN, PEOPLE, playDoor, type PersonName, type PlayedDoor } from '../testing/played-door.ts';
import { SOCKETS_PER_PERSON, SUBSCRIPTIONS_PER_SOCKET } from './live-door.ts';
import { DOCUMENTS, LiveClient, type Follower, type SubscriptionName } from './testing/live-client.ts';

const ENABLE = `mutation ($input: EnableStaffAccessInput!) { enableStaffAccess(input: $input) { position } }`;
const START = `mutation ($input: StartSessionInput!) { startSession(input: $input) { session { id } userErrors { message } } }`;
const UNAUTHORIZED = { code: 4401, reason: 'Unauthorized' };

let door: PlayedDoor;
const clients: LiveClient[] = [];
const connect = async (who: PersonName | null, origin?: string) => {
  const client = new LiveClient(door.url, who && (await door.token(who)), origin);
  clients.push(client);
  return client;
};
const leave = () => Promise.all(clients.splice(0).map((client) => client.close()));
const input = (more: object = {}) => ({ input: { commandId: door.commandId(), workspaceId: door.acme, ...more } });
const startVisit = async (who: PersonName) => {
  await door.send('owner', ENABLE, input());
  const answer = await door.send(
    who,
    START,
    input({ caseRef: 'CASE-123', reason: 'Failed invoice sync since Tuesday' }),
  );
  return String(answer.body.data.startSession.session.id);
};
/** In one word what became of a subscription: an event, or an error's code. */
const said = async (follower: Follower): Promise<string> => {
  await until(
    () => follower.events.length > 0 || follower.errors !== undefined,
    () => follower,
  );
  if (follower.events.length > 0) return 'yes';
  return String((follower.errors as { extensions: { code: string } }[])[0]?.extensions.code).toLowerCase();
};
const raw = (headers: Record<string, string> = {}, address = door.url) =>
  new WebSocket(address.replace(/^http/, 'ws'), 'graphql-transport-ws', { headers });
const closeOf = async (socket: WebSocket) => {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return { code, reason: String(reason) };
};

describe('Who comes to the WebSocket door', () => {
  beforeAll(async () => {
    door = await playDoor();
  });
  afterEach(leave);
  afterAll(async () => {
    await door.close();
    expect(door.faults).toEqual([]);
  });

  it.each([
    ['no token', () => Promise.resolve(undefined)],
    ['a wrong one', () => Promise.resolve('Bearer x.y.z')],
    [
      'one that has ended',
      () => door.token('owner', { issuedAt: door.now - 1_000_000 }).then((token) => `Bearer ${token}`),
    ],
  ])('with %s is closed with 4401, without an answer', async (_, authorization) => {
    const socket = raw();
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    await once(socket, 'open');
    const text = await authorization();
    socket.send(
      JSON.stringify({ type: 'connection_init', payload: text === undefined ? {} : { authorization: text } }),
    );
    expect([await closeOf(socket), heard]).toEqual([UNAUTHORIZED, []]);
  });

  it('learns nothing before the sign-in, whatever is asked', async () => {
    const socket = raw();
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    await once(socket, 'open');
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ __schema { types { name } } }' } }));
    expect([(await closeOf(socket)).code, heard]).toEqual([4401, []]);
  });

  it('from a page of another origin is not let in, nor with a token in the address (T43)', async () => {
    const token = await door.token('owner');
    const refusals = [
      [{ origin: 'http://evil.test' }, door.url, 403],
      [{ origin: 'null' }, door.url, 403],
      [{}, `${door.url}?token=${token}`, 400],
      [{}, door.url.replace(/graphql$/, 'other'), 404],
    ] as const;
    for (const [headers, address, status] of refusals) {
      const socket = raw(headers, address);
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
      expect(response.statusCode).toBe(status);
      socket.on('error', () => undefined).terminate();
    }
    const own = await connect('owner', ORIGIN);
    expect(await said(own.follow('staffAccessChanged', { id: door.acme }))).toBe('yes');
  });

  it('opens so many sockets and subscriptions, and no more', async () => {
    const last = await connect('manager');
    const first = Array.from({ length: SUBSCRIPTIONS_PER_SOCKET }, () =>
      last.follow('staffAccessChanged', { id: door.acme }),
    );
    for (const follower of first) expect(await said(follower)).toBe('yes');
    expect(await said(last.follow('staffAccessChanged', { id: door.acme }))).toBe('too_many_subscriptions');
    for (let socket = 1; socket < SOCKETS_PER_PERSON; socket++) {
      const another = await connect('manager');
      expect(await said(another.follow('staffAccessChanged', { id: door.acme }))).toBe('yes');
    }
    const beyond = await connect('manager');
    await until(() => beyond.closed !== undefined);
    expect(beyond.closed).toEqual({ code: 4429, reason: 'Too many connections' });
    const somebodyElse = await connect('admin');
    expect(await said(somebodyElse.follow('staffAccessChanged', { id: door.acme }))).toBe('yes');
  });
});

const times = (count: number, piece: (number: number) => string) =>
  Array.from({ length: count }, (_, i) => piece(i)).join(' ');

describe('Documents at the WebSocket door', () => {
  beforeAll(async () => {
    door = await playDoor();
  });
  afterEach(leave);
  afterAll(() => door.close());

  it.each([
    ['a query', '{ viewer { name } }', 'bad_request'],
    [
      'a mutation',
      'mutation { disableStaffAccess(input: { commandId: "x", workspaceId: "y" }) { position } }',
      'bad_request',
    ],
    ['introspection', '{ __schema { types { name } } }', 'bad_request'],
    [
      'a mutation beside a subscription',
      'subscription a { mySessionChanged { __typename } } mutation b { x }',
      'bad_request',
    ],
    [
      'two at once',
      'subscription { a: mySessionChanged { __typename } b: mySessionChanged { __typename } }',
      'graphql_validation_failed',
    ],
    ['what there is not', 'subscription { mySesionChanged { __typename } }', 'graphql_validation_failed'],
    [
      'what is too deep',
      `subscription { mySessionChanged { ${'... on SessionChanged { session { '.repeat(1)}${'parts { '.repeat(8)}text${' }'.repeat(8)} } } } }`,
      'graphql_validation_failed',
    ],
    [
      'too many aliases',
      `subscription { mySessionChanged { ... on SessionChanged { ${times(LIMITS.aliases + 1, (i) => `a${i}: position`)} } } }`,
      'graphql_validation_failed',
    ],
    [
      'too many directives',
      `subscription { mySessionChanged { __typename ${times(LIMITS.directives + 1, () => '@skip(if: false)')} } }`,
      'graphql_validation_failed',
    ],
    [
      'too many words',
      `subscription { mySessionChanged { ${times(LIMITS.tokens, () => '__typename')} } }`,
      'graphql_parse_failed',
    ],
    ['no document', 'subscription {', 'graphql_parse_failed'],
    [
      'circles',
      'subscription { mySessionChanged { ...a } } fragment a on SessionEvent { ...b } fragment b on SessionEvent { ...a }',
      'graphql_validation_failed',
    ],
    [
      'an argument of another type',
      'subscription { sessionChanged(workspaceId: {}) { __typename } }',
      'graphql_validation_failed',
    ],
    [
      'a place that is none',
      `subscription { logEntryAppended(workspaceId: "W", afterPosition: "x; drop") { __typename } }`,
      'bad_user_input',
    ],
    [
      'a place that is not reached',
      `subscription { logEntryAppended(workspaceId: "W", afterPosition: "99999999999999999999") { __typename } }`,
      'bad_user_input',
    ],
  ])('that ask for %s are refused, without stack and guess, and the socket stays', async (_, document, code) => {
    const client = await connect('owner');
    expect(await said(client.send(document.replace('"W"', `"${door.acme}"`)))).toBe(code);
    expect(client.frames.join()).not.toMatch(/did you mean|stack|node_modules|\.ts:/i);
    expect(await said(client.follow('staffAccessChanged', { id: door.acme }))).toBe('yes');
    expect(door.faults).toEqual([]);
  });

  it('of subscriptions are refused over HTTP', async () => {
    const answer = await door.send('sam', DOCUMENTS.mySessionChanged);
    expect([answer.status, answer.body.data, answer.body.errors?.[0]?.message]).toEqual([
      400,
      undefined,
      'Send subscriptions over a WebSocket.',
    ]);
  });

  it('that are no message of the protocol close the socket', async () => {
    const socket = raw();
    await once(socket, 'open');
    socket.send('{"type":"nonsense"}');
    expect((await closeOf(socket)).code).toBe(4400);
    const large = raw();
    await once(large, 'open');
    large.on('error', () => undefined).send('x'.repeat(100_000));
    expect((await closeOf(large)).code).toBe(1009);
  });
});

describe('The WebSocket door in production', () => {
  afterEach(leave);

  it('tells nothing of its schema', async () => {
    door = await playDoor({ production: true });
    const client = await connect('sam');
    const asked = client.send(
      'subscription { mySessionChanged { __typename ... on SessionChanged { __schema { types { name } } } } }',
    );
    expect(await said(asked)).toBe('graphql_validation_failed');
    await leave();
    await door.close();
  });
});

describe('Who may follow what', () => {
  afterEach(async () => {
    await leave();
    await door.close();
    expect(door.faults).toEqual([]);
  });

  const all = (names: readonly PersonName[], word: string) => Object.fromEntries(names.map((name) => [name, word]));
  const forbidden = all(PEOPLE, 'forbidden');
  const team = all(['owner', 'admin', 'manager', 'agent', 'viewer'], 'yes');
  /** Those about requests say nothing where nothing was asked for: their spec has its own table. */
  const EXPECTED: Record<Exclude<SubscriptionName, `${string}equestChanged`>, Record<string, string>> = {
    sessionChanged: { ...forbidden, ...team, reviewer: 'yes' },
    staffAccessChanged: { ...forbidden, ...team, reviewer: 'yes' },
    accessRevoked: { ...forbidden, ...team, sam: 'yes', reviewer: 'yes' },
    mySessionChanged: { ...forbidden, ...all(['sam', 'lee', 'reviewer'], 'yes') },
    logEntryAppended: { ...forbidden, ...all(['owner', 'admin', 'manager', 'reviewer'], 'yes') },
  };

  it('every person gets what the table says; a refusal is a line in the right book', async () => {
    door = await playDoor();
    const sessionId = await startVisit('sam');
    const got = Object.fromEntries(Object.keys(EXPECTED).map((name) => [name, {} as Record<string, string>]));
    const opened: [SubscriptionName, PersonName, Follower][] = [];
    for (const who of PEOPLE) {
      for (const name of Object.keys(EXPECTED) as (keyof typeof EXPECTED)[]) {
        const client = await connect(who);
        const id = name === 'accessRevoked' ? sessionId : door.acme;
        opened.push([name, who, client.follow(name, { id, after: '0'.repeat(20) })]);
      }
    }
    // The end of the visit is the one event of whoever may hear of it.
    await until(() =>
      opened.every(
        ([name, , { events, errors }]) => name === 'accessRevoked' || events.length > 0 || errors !== undefined,
      ),
    );
    // Whoever is not refused is told from here on; but for those who have no visit, and are told of one once they do.
    const isTold = ([, , { errors, events }]: (typeof opened)[number]) =>
      errors === undefined && events[0]?.session !== null;
    await until(() => door.live.feeds.subscribers === opened.filter(isTold).length);
    await door.send(
      'owner',
      'mutation ($input: DisableStaffAccessInput!) { disableStaffAccess(input: $input) { position } }',
      input(),
    );
    for (const [name, who, follower] of opened) got[name]![who] = await said(follower);
    expect(got).toEqual(EXPECTED);
    // The viewer and the agent, each for the log; nobody else is a member of Acme and was refused.
    expect(await door.types(`denials-${door.acme}`)).toEqual(['AttemptDenied', 'AttemptDenied']);
    expect(await door.types(`denials-${door.staffId('newcomer')}`)).toHaveLength(5);
  });

  it('a foreign id, a missing one and nonsense get the same bytes (T35, T36)', async () => {
    door = await playDoor();
    const sessionId = await startVisit('sam');
    const nobodys = 'ses_00000000000000000000000001';
    const bytes = async (who: PersonName, name: SubscriptionName, id: string) => {
      const client = await connect(who);
      await said(client.follow(name, { id, after: '0'.repeat(20) }));
      await until(() => client.frames.length >= 3);
      return client.frames.map((frame) => frame.replaceAll(/"id":"[^"]+",/g, ''));
    };
    for (const who of ['neighbour', 'stranger', 'newcomer', 'lee'] as const) {
      for (const name of ['sessionChanged', 'staffAccessChanged', 'logEntryAppended'] as const) {
        const foreign = await bytes(who, name, door.acme);
        expect(await bytes(who, name, door.nowhere)).toEqual(foreign);
        expect(await bytes(who, name, 'ws_nonsense')).toEqual(foreign);
      }
      const foreign = await bytes(who, 'accessRevoked', sessionId);
      expect(await bytes(who, 'accessRevoked', nobodys)).toEqual(foreign);
      await leave();
    }
  });
});
