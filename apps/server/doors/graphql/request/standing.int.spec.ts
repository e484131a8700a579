import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PRESETS } from '#domain/policy/presets';
import { until } from '#server/testing/until';
import { LiveClient, type Follower } from '../live/testing/live-client.ts';
import { playDoor, type PersonName, type PlayedDoor } from '../testing/played-door.ts';
import { hasRole, PRODUCT } from '../testing/roles.ts';
import { sent } from '../testing/sent.ts';

const SHOWN = 'id asks waitsFor waitsAgain';
const LIST = `query ($id: ID!) { accessRequests(workspaceId: $id) { nodes { ${SHOWN} } } }`;
const WAITS = `{ vendorRequests(onlyOpen: true) { nodes { ${SHOWN} } totalCount } }`;
const WHY =
  'Owner Example approved it first and may no longer decide: that approval counts no more, and the customer’s is asked for again.';
const { default: preset } = PRESETS;
const asking = (side: 'vendor' | 'both') => ({ ...preset.approval.asked, 'every write': side });

/** Every write asks the vendor alone; Lee is the only one with a role that decides for it. */
describe('Who decides about a request now', () => {
  let door: PlayedDoor;
  let clients: LiveClient[];
  let asked: { readonly id: string; readonly digest: string };
  beforeEach(async () => {
    door = await playDoor();
    clients = [];
    const approval = { ...preset.approval, asked: asking('vendor') };
    await door.desk.handleInstallation({ type: 'ChangePolicy', policy: { ...preset, approval } }, PRODUCT);
    await send('owner', 'enableStaffAccess', {});
    const action = { name: 'invoice.retrySync', target: 'INV-88' };
    const wish = { kind: 'WRITE', caseRef: 'CASE-123', reason: 'Failed invoice sync since Tuesday', action };
    asked = (await send('sam', 'requestAccess', wish, 'accessRequest { id digest }')).accessRequest;
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    expect(door.faults).toEqual([]);
    await door.close();
  });

  const send = (who: PersonName, name: string, input: object, fields?: string) => sent(door, who, name, input, fields);
  const tighten = () =>
    send('owner', 'tightenPolicy', { set: [{ name: 'approval.asked', value: JSON.stringify(asking('both')) }] });
  const changePolicy = (side: 'vendor' | 'both', more: Partial<typeof preset.approval> = {}) => {
    const approval = { ...preset.approval, asked: asking(side), ...more };
    return door.desk.handleInstallation({ type: 'ChangePolicy', policy: { ...preset, approval } }, PRODUCT);
  };
  const approve = (who: PersonName) =>
    send(who, 'approveAccess', { requestId: asked.id, digest: asked.digest }, `accessRequest { ${SHOWN} digest }`);
  const shownTo = async (who: PersonName) => {
    await door.caughtUp();
    return (await door.send(who, LIST, { id: door.acme })).body.data.accessRequests.nodes;
  };
  const waiting = async () => {
    await door.caughtUp();
    const { nodes, totalCount } = (await door.send('lee', WAITS)).body.data.vendorRequests;
    expect(totalCount).toBe(nodes.length);
    return nodes;
  };
  const follow = async (who: PersonName, what: 'requestChanged' | 'vendorRequestChanged' | 'myRequestChanged') => {
    const client = new LiveClient(door.url, await door.token(who));
    clients.push(client);
    const follower = client.follow(what, what === 'requestChanged' ? { id: door.acme } : {});
    await has(follower, 1);
    return follower;
  };
  const has = (follower: Follower, count: number) =>
    until(
      () => follower.events.length >= count,
      () => follower,
    );
  const request = (asks: string, waitsFor: string | null, waitsAgain: string | null = null) => ({
    id: asked.id,
    asks,
    waitsFor,
    waitsAgain,
  });

  it('is whom it asks, and nobody once it has ended', async () => {
    expect(await waiting()).toEqual([request('VENDOR', 'VENDOR')]);
    expect(await shownTo('owner')).toEqual([request('VENDOR', 'VENDOR')]);
    await send('lee', 'declineAccess', { requestId: asked.id });
    expect([await waiting(), await shownTo('owner')]).toEqual([[], [request('VENDOR', null)]]);
  });

  it('is the customer first where settings that were tightened since ask both: no lead is shown it before (T26)', async () => {
    const [lee, owner] = [await follow('lee', 'vendorRequestChanged'), await follow('owner', 'requestChanged')];
    await tighten();
    await has(lee, 2);
    await has(owner, 2);
    const told = ({ events }: Follower) =>
      events.map(({ request: { asks, waitsFor }, openRequestIds }) => [asks, waitsFor, openRequestIds]);
    expect(told(lee)).toEqual([
      ['VENDOR', 'VENDOR', [asked.id]],
      ['BOTH', 'CUSTOMER', []],
    ]);
    expect(told(owner)).toEqual([
      ['VENDOR', 'VENDOR', [asked.id]],
      ['BOTH', 'CUSTOMER', [asked.id]],
    ]);
    expect(await waiting()).toEqual([]);
    expect(await shownTo('lee')).toEqual([request('BOTH', 'CUSTOMER')]);
    const again = await follow('lee', 'vendorRequestChanged');
    expect(again.events).toMatchObject([{ request: null, openRequestIds: [] }]);

    const { accessRequest } = await approve('owner');
    expect(accessRequest).toMatchObject(request('BOTH', 'VENDOR'));
    await has(lee, 3);
    expect(told(lee).slice(2)).toEqual([['BOTH', 'VENDOR', [asked.id]]]);
    expect(await waiting()).toEqual([request('BOTH', 'VENDOR')]);
  });

  it('is the customer first where the vendor’s own settings were tightened since, too', async () => {
    await changePolicy('both');
    expect([await waiting(), await shownTo('owner')]).toEqual([[], [request('BOTH', 'CUSTOMER')]]);
  });

  it('is the customer again where the first approval counts no more, and everybody reads why (policy.md, 8)', async () => {
    await tighten();
    await approve('owner');
    await hasRole(door, 'admin', 'owner');
    const lee = await follow('lee', 'vendorRequestChanged');
    await hasRole(door, 'owner', 'viewer');
    expect(await shownTo('admin')).toEqual([request('BOTH', 'CUSTOMER', WHY)]);
    expect([await waiting(), await shownTo('lee')]).toEqual([[], [request('BOTH', 'CUSTOMER', WHY)]]);
    await has(lee, 2);
    expect(lee.events[1]).toMatchObject({ request: { waitsFor: 'CUSTOMER', waitsAgain: WHY }, openRequestIds: [] });
  });

  const standings = ({ events }: Follower) =>
    events.map(({ request, openRequestIds }) => [
      request?.asks,
      request?.waitsFor,
      request?.waitsAgain,
      openRequestIds,
    ]);

  it('is told live to the asker, whether or not the request still waits (T26; policy.md, 8)', async () => {
    const sam = await follow('sam', 'myRequestChanged');
    await tighten();
    await has(sam, 2);
    await approve('owner');
    await has(sam, 3);
    // A role that says nothing of it is told to nobody.
    await hasRole(door, 'admin', 'owner');
    await hasRole(door, 'owner', 'viewer');
    await has(sam, 4);
    expect(standings(sam)).toEqual([
      ['VENDOR', 'VENDOR', null, [asked.id]],
      ['BOTH', 'CUSTOMER', null, [asked.id]],
      ['BOTH', 'VENDOR', null, [asked.id]],
      ['BOTH', 'CUSTOMER', WHY, [asked.id]],
    ]);
  });

  it('is told live to all sides where the vendor changed its own settings, once for each that says something of it', async () => {
    const [sam, lee, owner] = [
      await follow('sam', 'myRequestChanged'),
      await follow('lee', 'vendorRequestChanged'),
      await follow('owner', 'requestChanged'),
    ];
    await changePolicy('both');
    for (const each of [sam, lee, owner]) await has(each, 2);
    await changePolicy('both', { mayWiden: !preset.approval.mayWiden });
    await changePolicy('vendor');
    for (const each of [sam, lee, owner]) await has(each, 3);
    const [vendor, both] = [
      ['VENDOR', 'VENDOR', null],
      ['BOTH', 'CUSTOMER', null],
    ];
    for (const each of [sam, owner])
      expect(standings(each)).toEqual([vendor, both, vendor].map((standing) => [...standing, [asked.id]]));
    expect(standings(lee)).toEqual([
      [...vendor, [asked.id]],
      [...both, []],
      [...vendor, [asked.id]],
    ]);
    // What comes next goes on from there.
    await send('lee', 'declineAccess', { requestId: asked.id });
    for (const each of [sam, lee, owner]) await has(each, 4);
    expect([sam, lee, owner].map(({ events }) => events.length)).toEqual([4, 4, 4]);
  });

  it('is told live where the vendor’s catalogue says more of what was asked for', async () => {
    const [lee, owner] = [await follow('lee', 'vendorRequestChanged'), await follow('owner', 'requestChanged')];
    const { catalogue } = door.desk.outside.installation;
    const [name] = Object.keys(catalogue.actions) as [string];
    const actions = { ...catalogue.actions, [name]: { ...catalogue.actions[name]!, effects: ['refund' as const] } };
    await door.desk.handleInstallation({ type: 'ChangeCatalogue', catalogue: { ...catalogue, actions } }, PRODUCT);
    for (const each of [lee, owner]) await has(each, 2);
    expect([lee, owner].map((each) => standings(each).at(-1))).toEqual([
      ['BOTH', 'CUSTOMER', null, []],
      ['BOTH', 'CUSTOMER', null, [asked.id]],
    ]);
  });
});
