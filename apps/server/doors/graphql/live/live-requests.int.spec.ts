import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PRESETS } from '#domain/policy/presets';
import { until } from '#server/testing/until';
import { memberIdOf } from '../../../desk/identity.ts';
import { playDoor, type PersonName, type PlayedDoor } from '../testing/played-door.ts';
import { sent } from '../testing/sent.ts';
import { LiveClient, type Follower, type SubscriptionName } from './testing/live-client.ts';

const PRODUCT = { actor: { kind: 'product' as const, id: 'fernway' } };
const REASON = 'Failed invoice sync since Tuesday';
const RETRY = { name: 'invoice.retrySync', target: 'INV-88' };

describe('Requests for access, followed live', () => {
  let door: PlayedDoor;
  let clients: LiveClient[];
  beforeEach(async () => {
    door = await playDoor();
    clients = [];
    await sent(door, 'owner', 'enableStaffAccess', {});
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(clients.map((client) => client.close()));
    await door.close();
    expect(door.faults).toEqual([]);
  });

  const send = (who: PersonName, name: string, input: object, fields?: string) => sent(door, who, name, input, fields);
  const ask = async (who: PersonName = 'sam', target = 'INV-88') =>
    (
      await send(
        who,
        'requestAccess',
        { kind: 'WRITE', caseRef: 'CASE-123', reason: REASON, action: { ...RETRY, target } },
        'position accessRequest { id digest }',
      )
    ).accessRequest as { readonly id: string; readonly digest: string };
  const follow = async (who: PersonName, name: SubscriptionName, variables: Record<string, unknown> = {}) => {
    const client = new LiveClient(door.url, await door.token(who));
    clients.push(client);
    return client.follow(name, variables);
  };
  const has = (follower: Follower, count: number) =>
    until(
      () => follower.events.length >= count,
      () => follower,
    );
  const phases = ({ events }: Follower) =>
    events.map(({ request, openRequestIds }) => [request && request.phase, request?.grant?.phase, openRequestIds]);

  it('a workspace’s: those that wait, then each that is made, asked about, answered, approved, begun on and used', async () => {
    const first = await ask();
    const owner = await follow('manager', 'requestChanged', { id: door.acme });
    await has(owner, 1);
    await send('owner', 'askForInformation', { requestId: first.id, question: 'Which invoice is it?' });
    await has(owner, 2);
    await send('sam', 'giveInformation', { requestId: first.id, answer: 'The one of last Tuesday' });
    await has(owner, 3);
    const { digest } = owner.events[2].request;
    await send('owner', 'approveAccess', { requestId: first.id, digest });
    await has(owner, 4);
    const { grant } = owner.events[3].request;
    await send('sam', 'startSession', { caseRef: 'CASE-123', reason: REASON, grantId: grant.id });
    await has(owner, 5);
    expect(phases(owner)).toEqual([
      ['WAITING', undefined, [first.id]],
      ['INFORMATION_ASKED', undefined, [first.id]],
      ['WAITING', undefined, [first.id]],
      ['APPROVED', 'READY', []],
      ['APPROVED', 'IN_USE', []],
    ]);
    expect(owner.events[2].request).toMatchObject({
      staffName: 'Sam Example',
      reason: REASON,
      question: 'Which invoice is it?',
      answer: 'The one of last Tuesday',
    });
  });

  it('a visit on a write grant names its one action, and says at once when it was used (S0-24)', async () => {
    const { id: requestId, digest } = await ask();
    const { accessRequest } = await send(
      'owner',
      'approveAccess',
      { requestId, digest },
      'accessRequest { grant { id } }',
    );
    const begin = { caseRef: 'CASE-123', reason: REASON, grantId: accessRequest.grant.id };
    const { session } = await send('sam', 'startSession', begin, 'session { id action { kind name label isUsed } }');
    const label = 'retry the failed invoice sync on INV-88';
    const action = { kind: 'WRITE', name: 'invoice.retrySync', label, isUsed: false };
    expect(session.action).toEqual(action);
    const agent = await follow('agent', 'sessionChanged', { id: door.acme });
    await has(agent, 1);
    const staffId = door.staffId('sam');
    const visit = { sessionId: session.id, staffId };
    await door.desk.handle(
      door.acme,
      {
        type: 'PerformAction',
        ...visit,
        actionId: 'act_00000000000000000000000001',
        action: RETRY.name,
        record: RETRY.target,
        arguments: null,
      },
      { actor: { kind: 'staff', id: staffId } },
    );
    await has(agent, 2);
    expect(agent.events.map((event) => event.session.action)).toEqual([action, { ...action, isUsed: true }]);
    const INSIDE = 'query ($id: ID!) { activeSessions(workspaceId: $id) { action { kind name label isUsed } } }';
    await door.caughtUp();
    expect((await door.send('owner', INSIDE, { id: door.acme })).body.data.activeSessions).toEqual([
      { action: { ...action, isUsed: true } },
    ]);
    await send('sam', 'exitSession', { sessionId: session.id });
    await has(agent, 3);
    expect(agent.events[2].session).toMatchObject({ endCause: 'EXITED', action: null });
  });

  it('a visit on a reveal names its one masked value, and says at once when it was shown (S1-44)', async () => {
    const field = { field: 'customer.email', record: 'inq 1' };
    const wish = { kind: 'REVEAL', caseRef: 'CASE-123', reason: REASON, field, pages: ['billing'] };
    const of = 'accessRequest { id digest grant { id } }';
    let { accessRequest: request } = await send('sam', 'requestAccess', wish, of);
    // By the settings both sides decide about it.
    for (const who of ['owner', 'lee'] as const) {
      const approval = { requestId: request.id, digest: request.digest };
      ({ accessRequest: request } = await send(who, 'approveAccess', approval, of));
    }
    const begin = { grantId: request.grant.id };
    const REVEAL = 'reveal { field record label isShown }';
    const { session } = await send('sam', 'startSession', begin, `session { id action { name } ${REVEAL} }`);
    const reveal = { ...field, label: 'customer.email of “inq 1”', isShown: false };
    expect(session).toEqual({ id: session.id, action: null, reveal });
    const staffId = door.staffId('sam');
    const show = (one: typeof field) =>
      door.desk.handle(
        door.acme,
        { type: 'RevealField', sessionId: session.id, staffId, ...one },
        { actor: { kind: 'staff', id: staffId } },
      );
    const inside = async () => {
      await door.caughtUp();
      const query = `query ($id: ID!) { activeSessions(workspaceId: $id) { viewedCount revealedCount ${REVEAL} } }`;
      return (await door.send('owner', query, { id: door.acme })).body.data.activeSessions;
    };
    const other = { ...field, record: 'inq_2' };
    await show(other);
    expect(await inside()).toEqual([{ viewedCount: 0, revealedCount: 0, reveal }]);
    await show(field);
    expect(await inside()).toEqual([{ viewedCount: 0, revealedCount: 1, reveal: { ...reveal, isShown: true } }]);
    // What was refused says which field of which record it was about, among one's own refusals and in one's own visit.
    const own = '{ myDenials(first: 1) { nodes { summary action { name } page field { field record } } } }';
    const summary = 'Refused: Sam Example tried to see customer.email of inq_2';
    expect((await door.send('sam', own)).body.data.myDenials.nodes).toEqual([
      { summary, action: null, page: null, field: other },
    ]);
    const lines = 'query ($id: ID!) { myVisitLog(sessionId: $id) { nodes { summary field { field record } } } }';
    expect((await door.send('sam', lines, { id: session.id })).body.data.myVisitLog.nodes).toContainEqual({
      summary,
      field: other,
    });
    await send('sam', 'exitSession', { sessionId: session.id });
  });

  it('a workspace’s without any: one event that says so', async () => {
    const owner = await follow('owner', 'requestChanged', { id: door.acme });
    await has(owner, 1);
    expect(owner.events).toEqual([
      { __typename: 'RequestChanged', position: expect.any(String), request: null, openRequestIds: [] },
    ]);
  });

  it('what is decided meanwhile is told to who comes again behind a position', async () => {
    const { id } = await ask();
    const owner = await follow('owner', 'requestChanged', { id: door.acme });
    await has(owner, 1);
    const { position } = owner.events[0];
    await clients[0]!.close();
    await send('owner', 'declineAccess', { requestId: id, message: 'We do it ourselves.' });
    const again = await follow('owner', 'requestChanged', { id: door.acme, after: position });
    await has(again, 1);
    expect(again.events).toMatchObject([
      { openRequestIds: [], request: { id, phase: 'DECLINED', message: 'We do it ourselves.' } },
    ]);
  });

  it('a position that is none of this log begins nothing', async () => {
    const owner = await follow('owner', 'requestChanged', { id: door.acme, after: 'nonsense!' });
    await until(
      () => owner.errors !== undefined,
      () => owner,
    );
    expect(owner.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('who may no longer read them is told nothing more: the right is asked at each delivery', async () => {
    const manager = await follow('manager', 'requestChanged', { id: door.acme });
    await has(manager, 1);
    const subject = 'manager';
    const memberId = memberIdOf(door.acme, subject);
    const person = { issuer: door.issuers.members.issuer, subject, name: 'Manager Example', email: 'm@acme.test' };
    await door.desk.handle(
      door.acme,
      { type: 'ChangeMemberRole', memberId, externalId: subject, ...person, role: 'viewer' },
      { actor: { kind: 'product', id: 'fernway' } },
    );
    await ask();
    await until(
      () => manager.events.length >= 2,
      () => manager,
    );
    expect(manager.events.slice(1)).toEqual([
      { __typename: 'SubscriptionEnded', cause: 'RIGHT_ENDED', message: 'You may no longer see this.' },
    ]);
  });

  it('a staff member’s own, and nobody else’s', async () => {
    const sam = await follow('sam', 'myRequestChanged');
    await has(sam, 1);
    await ask('lee', 'INV-89');
    const { id } = await ask();
    await has(sam, 2);
    await send('owner', 'declineAccess', { requestId: id, message: 'Not this week.' });
    await has(sam, 3);
    expect(sam.events.map(({ request, openRequestIds }) => [request?.phase ?? null, openRequestIds])).toEqual([
      [null, []],
      ['WAITING', [id]],
      ['DECLINED', []],
    ]);
    expect(sam.events[2].request).toMatchObject({ id, message: 'Not this week.' });
  });

  it.each<[string, PersonName, 'myRequestChanged' | 'vendorRequestChanged']>([
    ['one’s own', 'sam', 'myRequestChanged'],
    ['what waits for the vendor', 'lee', 'vendorRequestChanged'],
  ])(
    '%s is not told as it stood before where the tables come too late: one is told to come again',
    async (_, who, name) => {
      const fellBehind = { code: 1013, reason: 'Fell behind' };
      const comeAgain = expect.objectContaining({ __typename: 'SubscriptionEnded', cause: 'TOO_SLOW' });
      const behind = jest.spyOn(door.runner, 'waitFor').mockResolvedValue(false);
      const follower = await follow(who, name);
      await until(() => clients[0]!.closed !== undefined);
      expect([clients[0]!.closed, follower.events]).toEqual([fellBehind, [comeAgain]]);

      behind.mockRestore();
      const again = await follow(who, name);
      await has(again, 1);
      jest.spyOn(door.runner, 'waitFor').mockResolvedValue(false);
      // Whoever decides may be somebody else from now on: what waits is looked through.
      await door.desk.handleInstallation({ type: 'ChangePolicy', policy: PRESETS['by-request'] }, PRODUCT);
      await until(() => clients[1]!.closed !== undefined);
      expect([clients[1]!.closed, again.events.slice(1)]).toEqual([fellBehind, [comeAgain]]);
    },
  );
});
