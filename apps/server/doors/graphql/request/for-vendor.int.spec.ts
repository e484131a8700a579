import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PRESETS } from '#domain/policy/presets';
import { until } from '#server/testing/until';
import { LiveClient, type Follower } from '../live/testing/live-client.ts';
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

  describe('in many workspaces', () => {
    const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String) {
      vendorRequests(onlyOpen: true, first: $first, after: $after, last: $last, before: $before) {
        nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    const { default: preset } = PRESETS;
    const asking = (side: 'vendor' | 'both') => ({ ...preset.approval.asked, 'every write': side });
    const looked = (spy: { readonly mock: { readonly calls: readonly (readonly unknown[])[] } }) =>
      spy.mock.calls.map(([workspaceId]) => (workspaceId === door.acme ? 'acme' : 'birch')).sort();
    const page = async (variables: object) => {
      await door.caughtUp();
      const { nodes, pageInfo } = (await door.send('lee', PAGE, variables)).body.data.vendorRequests;
      return { ids: nodes.map(({ id }: Asked) => id), ...pageInfo };
    };
    let birch: Asked[];
    let acme: Asked[];
    /** The vendor alone decides, until Acme asks for both. The oldest and the newest are Birch’s. */
    beforeEach(async () => {
      const approval = { ...preset.approval, asked: asking('vendor') };
      await door.desk.handleInstallation({ type: 'ChangePolicy', policy: { ...preset, approval } }, PRODUCT);
      const workspaceId = door.birch;
      await send('neighbour', 'enableStaffAccess', { workspaceId });
      const there = async (target: string): Promise<Asked> => {
        const action = { name: 'invoice.retrySync', target };
        const wish = { kind: 'WRITE', caseRef: 'CASE-900', reason: 'Failed invoice sync since Tuesday', action };
        return (await send('sam', 'requestAccess', { workspaceId, ...wish }, 'accessRequest { id digest }'))
          .accessRequest;
      };
      const first = await there('INV-1');
      acme = [await ask('sam', 'INV-2'), await ask('sam', 'INV-3')];
      birch = [first, await there('INV-4')];
    });
    afterEach(() => void jest.restoreAllMocks());

    it('is paged without what the customer decides first, from both ends', async () => {
      await send('owner', 'tightenPolicy', {
        set: [{ name: 'approval.asked', value: JSON.stringify(asking('both')) }],
      });
      const [oldest, newest] = birch.map(({ id }) => [id]);
      const first = await page({ first: 1 });
      expect(first).toMatchObject({ ids: newest, hasNextPage: true, hasPreviousPage: false });
      const after = await page({ first: 1, after: first.endCursor });
      expect(after).toMatchObject({ ids: oldest, hasNextPage: false, hasPreviousPage: true });
      const last = await page({ last: 1 });
      expect(last).toMatchObject({ ids: oldest, hasNextPage: false, hasPreviousPage: true });
      const before = await page({ last: 1, before: last.startCursor });
      expect(before).toMatchObject({ ids: newest, hasNextPage: true, hasPreviousPage: false });
      expect(await ids(true)).toEqual([...newest!, ...oldest!]);
    });

    it('is nothing, and no book is looked up, where the settings of all ask the customer first by now', async () => {
      const approval = { ...preset.approval, asked: asking('both') };
      await door.desk.handleInstallation({ type: 'ChangePolicy', policy: { ...preset, approval } }, PRODUCT);
      await door.caughtUp();
      const settled = jest.spyOn(door.desk, 'settled');
      expect(await ids(true)).toEqual([]);
      expect(looked(settled)).toEqual([]);
      expect(await ids(false)).toHaveLength(4);
    });

    it('is looked up in as many books as the page has, each once, for its count as well', async () => {
      await door.caughtUp();
      const settled = jest.spyOn(door.desk, 'settled');
      expect((await page({ last: 1 })).ids).toEqual([birch[0]!.id]);
      expect(looked(settled)).toEqual(['acme', 'birch']);
      await send('lee', 'declineAccess', { workspaceId: door.birch, requestId: birch[1]!.id });
      await door.caughtUp();
      settled.mockClear();
      expect((await page({ first: 1 })).ids).toEqual([acme[1]!.id]);
      expect(looked(settled)).toEqual(['acme']);
      settled.mockClear();
      expect(await ids(true)).toHaveLength(3);
      expect(looked(settled)).toEqual(['acme', 'birch']);
    });
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
