import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PRESETS } from '#domain/policy/presets';
import { until } from '#server/testing/until';
import { LiveClient, type Follower } from '../live/testing/live-client.ts';
import { playDoor, type MemberName, type PersonName, type PlayedDoor } from '../testing/played-door.ts';
import { sent } from '../testing/sent.ts';

const REASON = 'Failed invoice sync since Tuesday';
const PRODUCT = { actor: { kind: 'product' as const, id: 'fernway' } };
const LIST = 'query ($id: ID!) { accessRequests(workspaceId: $id) { nodes { id reason digest phase } totalCount } }';
const NODE = 'query ($id: ID!) { node(id: $id) { id } }';
/** Nobody but those who answer for the workspace. */
const BEYOND = [
  'query ($id: ID!) { visitLog(workspaceId: $id) { nodes { id } } }',
  'query ($id: ID!) { visitLogFacets(workspaceId: $id) { cases } }',
  'query ($id: ID!) { denials(workspaceId: $id) { nodes { id } } }',
  'query ($id: ID!) { policy(workspaceId: $id) { preset } }',
  'query ($id: ID!) { workspaceAt(workspaceId: $id, time: "2026-11-21T08:00:00.000Z") { revision } }',
];

describe('Who may decide about requests', () => {
  let door: PlayedDoor;
  let clients: LiveClient[];
  beforeEach(async () => {
    door = await playDoor();
    clients = [];
    await door.desk.handleInstallation({ type: 'ChangePolicy', policy: PRESETS['by-request'] }, PRODUCT);
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    expect(door.faults).toEqual([]);
    await door.close();
  });

  const send = (who: PersonName, name: string, input: object, fields?: string) => sent(door, who, name, input, fields);
  const ask = async (target: string) => {
    const wish = {
      kind: 'WRITE',
      caseRef: 'CASE-123',
      reason: REASON,
      action: { name: 'invoice.retrySync', target },
    };
    const { accessRequest } = await send('sam', 'requestAccess', wish, 'accessRequest { id digest }');
    return accessRequest as { readonly id: string; readonly digest: string };
  };
  const approve = (who: MemberName, { id, digest }: { readonly id: string; readonly digest: string }) =>
    send(who, 'approveAccess', { requestId: id, digest }, 'accessRequest { phase }');
  const list = async (who: PersonName) => {
    await door.caughtUp();
    return (await door.send(who, LIST, { id: door.acme })).body;
  };
  const idsRead = async (who: PersonName) => {
    const { nodes, totalCount } = (await list(who)).data.accessRequests;
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ id }: { id: string }) => id);
  };
  const nodeRead = async (who: PersonName, id: string) =>
    (await door.send(who, NODE, { id })).body.data.node?.id ?? null;
  const follow = async (who: PersonName, variables: object = {}): Promise<Follower> => {
    const client = new LiveClient(door.url, await door.token(who));
    clients.push(client);
    const follower = client.follow('requestChanged', { id: door.acme, ...variables });
    await until(
      () => follower.events.length >= 1,
      () => follower,
    );
    return follower;
  };
  const told = ({ events }: Follower) =>
    events.map(({ request, openRequestIds }) => [request?.id ?? null, request?.phase ?? null, openRequestIds]);
  const has = (follower: Follower, count: number) =>
    until(
      () => follower.events.length >= count,
      () => follower,
    );

  it.each(['agent', 'viewer'] as const)(
    'a member with the role of %s whom the settings let decide reads what waits, follows it live, and decides (S2-5)',
    async (who) => {
      const asked = await ask('INV-88');
      expect((await list(who)).data.accessRequests.nodes).toEqual([{ ...asked, reason: REASON, phase: 'WAITING' }]);
      expect(await nodeRead(who, asked.id)).toBe(asked.id);
      const live = await follow(who);
      await approve(who, asked);
      await has(live, 2);
      expect(told(live)).toEqual([
        [asked.id, 'WAITING', [asked.id]],
        [asked.id, 'APPROVED', []],
      ]);
      expect(await idsRead(who)).toEqual([asked.id]);
    },
  );

  it.each(['agent', 'viewer'] as const)(
    'a member with the role of %s reads nothing beyond that: no line of the book, no settings, no request that somebody else decided',
    async (who) => {
      const [first, second] = [await ask('INV-88'), await ask('INV-89')];
      const live = await follow(who);
      await has(live, 2);
      await approve('owner', first);
      await has(live, 3);
      expect(told(live).slice(2)).toEqual([[null, null, [second.id]]]);
      expect(await idsRead(who)).toEqual([second.id]);
      expect(await idsRead('manager')).toEqual([second.id, first.id]);
      expect([await nodeRead(who, first.id), await nodeRead(who, second.id)]).toEqual([null, second.id]);
      expect(await nodeRead('manager', first.id)).toBe(first.id);
      // Neither is what was decided told to who comes again behind a position from before.
      const again = await follow(who, { after: live.events[0].position });
      expect(told(again)).not.toContainEqual([first.id, 'APPROVED', [second.id]]);
      for (const document of BEYOND)
        expect([document, (await door.send(who, document, { id: door.acme })).body.errors?.[0]?.extensions]).toEqual([
          document,
          expect.objectContaining({ code: 'FORBIDDEN' }),
        ]);
    },
  );

  it('is said by the settings in force: tightened, they end what was read and followed', async () => {
    await ask('INV-88');
    const live = await follow('agent');
    await send('owner', 'tightenPolicy', { set: [{ name: 'approval.customer', value: '["owner","admin"]' }] });
    await has(live, 2);
    expect(live.events[1]).toEqual({
      __typename: 'SubscriptionEnded',
      cause: 'RIGHT_ENDED',
      message: 'You may no longer see this.',
    });
    expect((await list('agent')).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect(await idsRead('admin')).toHaveLength(1);
  });

  it('is said by the vendor’s own settings as well: changed, they end what was followed', async () => {
    const asked = await ask('INV-88');
    const [agent, admin] = [await follow('agent'), await follow('admin')];
    await door.desk.handleInstallation({ type: 'ChangePolicy', policy: PRESETS.default }, PRODUCT);
    await has(agent, 2);
    expect(agent.events[1]).toMatchObject({ __typename: 'SubscriptionEnded', cause: 'RIGHT_ENDED' });
    // Who may still is told on, and nothing where nothing stands otherwise.
    await send('owner', 'declineAccess', { requestId: asked.id });
    await has(admin, 2);
    expect(told(admin).slice(1)).toEqual([[asked.id, 'DECLINED', []]]);
  });

  it('reads as before under settings that let owners and admins decide', async () => {
    await door.desk.handleInstallation({ type: 'ChangePolicy', policy: PRESETS.default }, PRODUCT);
    for (const who of ['agent', 'viewer'] as const)
      expect((await list(who)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    for (const who of ['owner', 'admin', 'manager'] as const) expect(await idsRead(who)).toEqual([]);
  });
});
