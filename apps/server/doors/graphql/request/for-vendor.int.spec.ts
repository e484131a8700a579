import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PRESETS } from '#domain/policy/presets';
import { LiveClient, until, type Follower } from '../live/testing/live-client.ts';
import { playDoor, type PersonName, type PlayedDoor } from '../testing/played-door.ts';
import { sent } from '../testing/sent.ts';

const PRODUCT = { actor: { kind: 'product' as const, id: 'fernway' } };
const LIST = `query ($onlyOpen: Boolean) {
  vendorRequests(onlyOpen: $onlyOpen) { nodes { id workspaceName } totalCount }
}`;
const SUBSCRIPTIONS = ['owner', 'stranger', 'sam', 'reviewer', 'newcomer'] as const;

interface Asked {
  readonly id: string;
  readonly digest: string;
}

/** Every write asks both sides; Lee is the only one with a role that decides for the vendor. */
describe('What waits for a second person of the vendor (S1-27, S1-28)', () => {
  let door: PlayedDoor;
  let clients: LiveClient[];
  beforeEach(async () => {
    door = await playDoor();
    clients = [];
    const { default: preset } = PRESETS;
    const approval = { ...preset.approval, asked: { ...preset.approval.asked, 'every write': 'both' as const } };
    await door.desk.handleInstallation({ type: 'ChangePolicy', policy: { ...preset, approval } }, PRODUCT);
    await send('owner', 'enableStaffAccess', {});
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    expect(door.faults).toEqual([]);
    await door.close();
  });

  const send = (who: PersonName, name: string, input: object, fields?: string) => sent(door, who, name, input, fields);
  const ask = async (who: 'sam' | 'lee', target: string): Promise<Asked> => {
    const action = { name: 'invoice.retrySync', target };
    const wish = { kind: 'WRITE', caseRef: 'CASE-123', reason: 'Failed invoice sync since Tuesday', action };
    return (await send(who, 'requestAccess', wish, 'accessRequest { id digest }')).accessRequest;
  };
  const approve = async (who: PersonName, { id, digest }: Asked): Promise<Asked> =>
    (await send(who, 'approveAccess', { requestId: id, digest }, 'accessRequest { id digest }')).accessRequest;
  const read = async (who: PersonName, onlyOpen: boolean) => {
    await door.caughtUp();
    return (await door.send(who, LIST, { onlyOpen })).body;
  };
  const ids = async (onlyOpen: boolean) => {
    const { nodes, totalCount } = (await read('lee', onlyOpen)).data.vendorRequests;
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ id }: Asked) => id);
  };
  const has = (follower: Follower, count: number) =>
    until(
      () => follower.events.length >= count || follower.errors !== undefined,
      () => follower,
    );
  const follow = async (who: PersonName) => {
    const client = new LiveClient(door.url, await door.token(who));
    clients.push(client);
    return client.follow('vendorRequestChanged', {});
  };

  it('is listed once the customer’s approval was given, and waits no more once it was decided', async () => {
    const asked = await ask('sam', 'INV-88');
    expect([await ids(true), await ids(false)]).toEqual([[], [asked.id]]);
    const first = await approve('owner', asked);
    expect((await read('lee', true)).data.vendorRequests.nodes).toEqual([
      { id: asked.id, workspaceName: expect.stringMatching(/^Acme/) },
    ]);
    await approve('lee', first);
    expect([await ids(true), await ids(false)]).toEqual([[], [asked.id]]);
  });

  it('is never the reader’s own, nor what the customer alone decides', async () => {
    await approve('owner', await ask('lee', 'INV-88'));
    await door.desk.handleInstallation({ type: 'ChangePolicy', policy: PRESETS.default }, PRODUCT);
    await ask('sam', 'INV-89');
    expect([await ids(true), await ids(false)]).toEqual([[], []]);
  });

  it('is followed live: first what waits, then each turn of it, and nothing of the reader’s own', async () => {
    const { id } = await approve('owner', await ask('sam', 'INV-88'));
    await door.caughtUp();
    const lee = await follow('lee');
    await has(lee, 1);
    await ask('lee', 'INV-90');
    const second = await ask('sam', 'INV-89');
    await has(lee, 2);
    await approve('owner', second);
    await has(lee, 3);
    await send('lee', 'declineAccess', { requestId: id });
    await has(lee, 4);
    expect(lee.events.map(({ request, openRequestIds }) => [request.id, request.phase, openRequestIds])).toEqual([
      [id, 'WAITING', [id]],
      [second.id, 'WAITING', [id]],
      [second.id, 'WAITING', [id, second.id]],
      [id, 'DECLINED', [second.id]],
    ]);
    expect(lee.events[2].request.firstApproval).toEqual({ name: 'Owner Example' });
  });

  it('is for whom the settings name to decide for the vendor, and for nobody else', async () => {
    await approve('owner', await ask('sam', 'INV-88'));
    for (const who of SUBSCRIPTIONS) {
      expect([who, (await read(who, true)).errors?.[0]?.extensions['code']]).toEqual([who, 'FORBIDDEN']);
      const follower = await follow(who);
      await has(follower, 1);
      expect([who, follower.events, follower.errors]).toMatchObject([who, [], [{ extensions: { code: 'FORBIDDEN' } }]]);
    }
    const MAY = '{ viewer { decidesForVendor } }';
    const may = async (who: PersonName) => (await door.send(who, MAY)).body.data.viewer.decidesForVendor;
    expect([await may('lee'), await may('sam'), await may('owner')]).toEqual([true, false, false]);
  });
});
