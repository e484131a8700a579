import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandIn } from '#event-log/stand-in/stand-in';
import { InProcess, runningTime } from '#server/testing/in-process';
import { until } from '#server/testing/until';
import { caseIdOf } from '../../../desk/identity.ts';
import { playDoor, type PlayedDoor } from '../testing/played-door.ts';
import { BACK_MAX } from './read-back.ts';
import { LiveClient, type Follower } from './testing/live-client.ts';

const PRODUCT = { actor: { kind: 'product' as const, id: 'fernway' } };
const FACTS = 10_000;

const openCases = async (door: PlayedDoor, workspaceId: PlayedDoor['acme'], count: number) => {
  for (let number = 0; number < count; number += 250) {
    const some = Array.from({ length: Math.min(250, count - number) }, (_, at) => {
      const caseRef = `CASE-${10_000 + number + at}`;
      const caseId = caseIdOf(workspaceId, caseRef);
      return door.desk.handle(workspaceId, { type: 'OpenCase', caseId, caseRef, title: 'Invoices' }, PRODUCT);
    });
    await Promise.all(some);
  }
};
const positions = (...followers: readonly Follower[]) =>
  followers.flatMap(({ events }) => events.map(({ position }) => String(position)));

describe('Ten thousand facts in one workspace', () => {
  it('are no frame to another’s subscribers, in six ways of asking; and all of them to its own (T36)', async () => {
    const door = await playDoor();
    const input = (more: object = {}) => ({ input: { commandId: door.commandId(), workspaceId: door.acme, ...more } });
    await door.send(
      'owner',
      'mutation ($input: EnableStaffAccessInput!) { enableStaffAccess(input: $input) { position } }',
      input(),
    );
    const started = await door.send(
      'sam',
      'mutation ($input: StartSessionInput!) { startSession(input: $input) { session { id } } }',
      input({ caseRef: 'CASE-123', reason: 'Failed invoice sync since Tuesday' }),
    );
    const sessionId = started.body.data.startSession.session.id;
    const ways = [
      ['owner', 'sessionChanged', { id: door.acme }, 1],
      ['viewer', 'staffAccessChanged', { id: door.acme }, 1],
      ['owner', 'logEntryAppended', { id: door.acme }, 0],
      ['reviewer', 'logEntryAppended', { id: door.acme, after: '0'.repeat(20) }, 9],
      ['owner', 'accessRevoked', { id: sessionId }, 0],
      ['sam', 'mySessionChanged', {}, 1],
    ] as const;
    const open: { client: LiveClient; follower: Follower }[] = [];
    for (const [who, name, variables, first] of ways) {
      const client = new LiveClient(door.url, await door.token(who));
      const follower = client.follow(name, variables);
      await until(
        () => follower.events.length === first && client.frames.length === first + 1,
        () => client.frames,
      );
      open.push({ client, follower });
    }
    const before = open.map(({ client: { frames } }) => frames.length);
    const neighbour = new LiveClient(door.url, await door.token('neighbour'));
    const own = neighbour.follow('logEntryAppended', { id: door.birch });
    await until(() => door.live.feeds.subscribers === ways.length + 1);
    await openCases(door, door.birch, FACTS);
    await until(
      () => own.events.length === FACTS,
      () => own.events.length,
    );
    expect(open.map(({ client: { frames } }) => frames.length)).toEqual(before);
    expect(own.events.every(({ entry }) => entry.workspaceId === door.birch)).toBe(true);
    for (const { client } of [...open, { client: neighbour }]) expect(client.closed).toBeUndefined();
    // The subscribers are alive: what concerns them is heard.
    await door.send(
      'owner',
      'mutation ($input: DisableStaffAccessInput!) { disableStaffAccess(input: $input) { position } }',
      input(),
    );
    await until(() => open.every(({ client: { frames } }, at) => frames.length > before[at]!));
    await Promise.all([...open.map(({ client }) => client.close()), neighbour.close()]);
    await door.close();
    expect(door.faults).toEqual([]);
  }, 90_000);

  it('are caught up on from the first; one more, and the visit log is to be read', async () => {
    const door = await playDoor();
    const client = new LiveClient(door.url, await door.token('neighbour'));
    // The workspace, its case and its owner stand in the book already.
    await openCases(door, door.birch, BACK_MAX - 3);
    const all = client.follow('logEntryAppended', { id: door.birch, after: '0'.repeat(20) });
    await until(
      () => all.events.length === BACK_MAX,
      () => [all.events.length, all.errors],
    );
    expect(all.events.map(({ entry }) => entry.number)).toEqual(Array.from({ length: BACK_MAX }, (_, at) => at + 1));
    const again = (after: string) => client.follow('logEntryAppended', { id: door.birch, after });
    await door.desk.handle(
      door.birch,
      { type: 'OpenCase', caseId: caseIdOf(door.birch, 'CASE-1'), caseRef: 'CASE-1', title: 'One more' },
      PRODUCT,
    );
    await until(() => all.events.length === BACK_MAX + 1);
    const tooFar = again('0'.repeat(20));
    await until(() => tooFar.errors !== undefined);
    expect(tooFar.errors).toMatchObject([{ extensions: { code: 'TOO_FAR_BACK' } }]);
    const near = again(positions(all)[0]!);
    await until(() => near.events.length === BACK_MAX);
    expect(positions(near)).toEqual(positions(all).slice(1));
    await client.close();
    await door.close();
    expect(door.faults).toEqual([]);
  }, 90_000);
});

describe('A page that resumes', () => {
  let close: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const each of close.splice(0).reverse()) await each();
    close = [];
  });
  const LINES = `query ($id: ID!) { visitLog(workspaceId: $id, first: 100) { nodes { position } } }`;

  const connect = async (service: InProcess, token: Promise<string>) => {
    const client = new LiveClient(`${service.url}/graphql`, await token);
    close.push(() => client.close());
    return client;
  };
  const happens = async (service: InProcess) => {
    await service.enable();
    const inside = await service.enter();
    await service.view(inside, 'billing', { record: 'INV-88' });
    await service.startVisit({ staff: 'lee', reason: 'x' });
    await service.disable();
  };
  const linesOf = async (service: InProcess, token: string, id: string, behind: string) => {
    const { body } = await service.graphql(token, LINES, { id });
    const all: string[] = body.data.visitLog.nodes.map(({ position }: { position: string }) => position);
    return all.toReversed().filter((position) => position > behind);
  };

  it('over restarts of the service hears every line once and in order', async () => {
    const service = await InProcess.start();
    close.push(() => service.close());
    const id = service.workspaceId('acme');
    const token = service.memberToken('maria', { lifeSec: 3600 });
    const followers: Follower[] = [];
    let after = await service.head();
    const begin = after;
    for (let round = 0; round < 3; round++) {
      // Something happens while nobody is connected, while the page is, and while it leaves.
      await happens(service);
      const follower = (await connect(service, token)).follow('logEntryAppended', { id, after });
      followers.push(follower);
      await until(() => follower.events.length > 3);
      const going = happens(service);
      await until(() => follower.events.length > 8 + round);
      if (round < 2) follower.leave();
      await going;
      after = positions(...followers).at(-1)!;
      if (round < 2) await service.restart();
    }
    const lines = await until(async () => {
      const read = await linesOf(service, await token, id, begin);
      return read.at(-1) === positions(...followers).at(-1) && read;
    });
    expect(positions(...followers)).toEqual(lines);
    expect(lines.length).toBeGreaterThan(25);
  }, 60_000);

  it('hears at one instance what another one writes, and goes on at that one', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gatebook-live-'));
    const standIn = await startStandIn({ directory, synchronous: 'off', now: runningTime });
    close.push(async () => {
      await standIn.stop();
      rmSync(directory, { recursive: true });
    });
    const first = await InProcess.start({ config: { logUrl: standIn.connectionString } });
    close.push(() => first.close());
    const trusted = (realm: 'members' | 'staff') => {
      const { issuer, jwksUri, audience } = first.issuers[realm];
      return { issuer, jwksUri, audience };
    };
    const signIn = { kind: 'oidc' as const, members: trusted('members'), staff: trusted('staff') };
    const second = await InProcess.start({ config: { logUrl: standIn.connectionString, signIn }, told: false });
    close.push(() => second.close());
    const id = first.workspaceId('acme');
    const token = first.memberToken('maria');
    const client = await connect(second, token);
    const lines = client.follow('logEntryAppended', { id, after: '0'.repeat(20) });
    const switched = client.follow('staffAccessChanged', { id });
    await until(() => lines.events.length > 2 && switched.events.length === 1);
    await happens(first);
    await until(
      () => switched.events.length === 3,
      () => switched.events,
    );
    const read = async (): Promise<string[]> => {
      const answer = await first.graphql(await token, LINES, { id });
      return answer.body.data.visitLog.nodes.map(({ position }: { position: string }) => position).toReversed();
    };
    await until(() => lines.events.at(-1).entry.kind === 'SessionEnded');
    await until(() => lines.events.length > 10);
    const expected = await until(async () => {
      const found = await read();
      return found.length >= lines.events.length && found;
    });
    expect(positions(lines)).toEqual(expected);
    // From a place in the middle, at the other instance.
    const half = positions(lines)[5]!;
    const moved = (await connect(first, token)).follow('logEntryAppended', { id, after: half });
    await until(
      () => moved.events.length === expected.length - 6,
      () => moved.events.length,
    );
    expect(positions(moved)).toEqual(expected.slice(6));
    expect(moved.events.map(({ entry }) => entry)).toEqual(lines.events.slice(6).map(({ entry }) => entry));
  }, 60_000);
});
