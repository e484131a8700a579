import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { neverCutLate } from '#server/testing/never-cut-late';
import { until } from '#server/testing/until';
import { caseIdOf, memberIdOf } from '../../../desk/identity.ts';
import { called, playDoor, type MEMBERS, type PersonName, type PlayedDoor } from '../testing/played-door.ts';
import { LiveClient, type Follower, type SubscriptionName } from './testing/live-client.ts';

const PRODUCT = { actor: { kind: 'product' as const, id: 'fernway' } };
const ENDED = (cause: string, message: string) => ({ __typename: 'SubscriptionEnded', cause, message });
const RIGHT_ENDED = ENDED('RIGHT_ENDED', 'You may no longer see this.');
const UNAUTHORIZED = { code: 4401, reason: 'Unauthorized' };

let door: PlayedDoor;
const clients: LiveClient[] = [];
const connect = async (who: PersonName) => {
  const client = new LiveClient(door.url, await door.token(who));
  clients.push(client);
  return client;
};
const leave = () => Promise.all(clients.splice(0).map((client) => client.close()));
const changeRole = (who: keyof typeof MEMBERS, role: 'owner' | 'viewer' | null) =>
  door.desk.handle(
    door.acme,
    {
      type: 'ChangeMemberRole',
      memberId: memberIdOf(door.acme, who),
      externalId: who,
      issuer: door.issuers.members.issuer,
      subject: who,
      name: called(who),
      email: `${who}@example.test`,
      role,
    },
    PRODUCT,
  );

describe('A right that ends', () => {
  afterEach(async () => {
    jest.restoreAllMocks();
    await leave();
    await door.close();
    expect(door.faults).toEqual([]);
  });

  const cut = async (client: LiveClient, follower: Follower, last: object) => {
    await until(() => client.closed !== undefined && follower.isComplete);
    expect([follower.events.at(-1), client.closed]).toEqual([last, UNAUTHORIZED]);
  };
  const began = async (who: PersonName, name: SubscriptionName, after?: string) => {
    const client = await connect(who);
    const follower = client.follow(name, { id: door.acme, after });
    await until(
      () => follower.events.length > 0,
      () => follower,
    );
    return { client, follower };
  };

  it('with a member’s role cuts at once: a last event, `complete`, 4401, and nothing of what comes then', async () => {
    door = await playDoor();
    const { client, follower } = await began('manager', 'logEntryAppended', '0'.repeat(20));
    const kept = await began('manager', 'staffAccessChanged');
    await until(() => follower.events.length === 7);
    await changeRole('manager', 'viewer');
    await cut(client, follower, RIGHT_ENDED);
    expect(follower.events).toHaveLength(8);
    expect([kept.client.closed, kept.follower.events.length]).toEqual([undefined, 1]);
  });

  it('with the membership cuts every subscription to the workspace', async () => {
    door = await playDoor();
    const { client, follower } = await began('viewer', 'staffAccessChanged');
    await changeRole('viewer', null);
    await cut(client, follower, RIGHT_ENDED);
  });

  it('with a staff member’s role, or with the staff member, cuts too', async () => {
    door = await playDoor();
    const reviewer = await began('reviewer', 'staffAccessChanged');
    const sam = await began('sam', 'mySessionChanged');
    const staffId = door.staffId('reviewer');
    const { issuer } = door.issuers.staff;
    await door.desk.handleStaff(
      {
        type: 'EnableStaff',
        staffId,
        issuer,
        subject: 'reviewer',
        name: 'R',
        email: 'r@fernway.test',
        roles: ['agent'],
      },
      PRODUCT,
    );
    await cut(reviewer.client, reviewer.follower, RIGHT_ENDED);
    expect(sam.client.closed).toBeUndefined();
    await door.desk.handleStaff({ type: 'DisableStaff', staffId: door.staffId('sam') }, PRODUCT);
    await cut(sam.client, sam.follower, RIGHT_ENDED);
  });

  it('with the token cuts when the token’s time is up, told or not', async () => {
    door = await playDoor();
    const quiet = await began('viewer', 'staffAccessChanged');
    door.now += 24 * 60 * 60 * 1000;
    await cut(quiet.client, quiet.follower, ENDED('TOKEN_ENDED', 'Your sign-in is over. Sign in again.'));
  });

  it('with the service says 1001 to everybody, and waits for nobody', async () => {
    door = await playDoor();
    const { client } = await began('viewer', 'staffAccessChanged');
    const cutLate = neverCutLate();
    const closing = door.close();
    await until(() => client.closed !== undefined);
    expect(client.closed).toEqual({ code: 1001, reason: 'Going away' });
    await closing;
    expect(cutLate).toHaveBeenCalled();
    door = await playDoor();
  });
});

describe('A reader that is too slow', () => {
  it('is let go with a typed last event, resumes without a gap, and keeps nobody else waiting', async () => {
    door = await playDoor();
    const openCase = (number: number) => {
      const caseRef = `CASE-${10_000 + number}`;
      const caseId = caseIdOf(door.acme, caseRef);
      return door.desk.handle(door.acme, { type: 'OpenCase', caseId, caseRef, title: 'x'.repeat(3000) }, PRODUCT);
    };
    const slow = await connect('owner');
    const quick = await connect('admin');
    const late = slow.follow('logEntryAppended', { id: door.acme });
    const first = quick.follow('logEntryAppended', { id: door.acme });
    await until(() => door.live.feeds.subscribers === 2);
    slow.socket!.pause();
    const COUNT = 3000;
    for (let number = 0; number < COUNT; number += 100)
      await Promise.all(Array.from({ length: 100 }, (_, at) => openCase(number + at)));
    await until(
      () => first.events.length === COUNT,
      () => first.events.length,
    );
    slow.socket!.resume();
    await until(() => slow.closed !== undefined);
    // Either the last words came through in time, or the socket was ended for good.
    expect([1013, 1006]).toContain(slow.closed?.code);
    if (slow.closed?.code === 1013)
      expect(late.events.at(-1)).toEqual(
        ENDED('TOO_SLOW', 'More came than was read. Connect again to go on where you were.'),
      );
    const read = late.events.filter(({ __typename }) => __typename === 'LogEntryAppended');
    expect(read.length).toBeLessThan(COUNT);
    const again = (await connect('owner')).follow('logEntryAppended', { id: door.acme, after: read.at(-1).position });
    await until(
      () => read.length + again.events.length === COUNT,
      () => again.events.length,
    );
    expect([...read, ...again.events].map(({ position }) => position)).toEqual(
      first.events.map(({ position }) => position),
    );
    await leave();
    await door.close();
    expect(door.faults).toEqual([]);
  });
});
