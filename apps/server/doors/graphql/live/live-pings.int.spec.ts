import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { WebSocket } from 'ws';
import { until } from '#server/testing/until';
import { ORIGIN, playDoor, type PlayedDoor } from '../testing/played-door.ts';
import { DOCUMENTS, LiveClient } from './testing/live-client.ts';

/** Longer than the spec takes: it says itself when. */
const PING_MS = 3_600_000;

let door: PlayedDoor;
const open: (() => unknown)[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(open.splice(0).map((close) => close()));
  await door.close();
  expect(door.faults).toEqual([]);
});

/** A page whose machine has gone: its socket stands open, and nothing comes over it any more, not even a pong. */
const goneAfterSubscribing = async () => {
  // Before the socket: it may be open by the time that something else was waited for.
  const authorization = `Bearer ${await door.token('owner')}`;
  const socket = new WebSocket(door.url.replace(/^http/, 'ws'), 'graphql-transport-ws', {
    origin: ORIGIN,
    autoPong: false,
  });
  open.push(() => socket.terminate());
  const messages: string[] = [];
  let pings = 0;
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })));
  socket.on('message', (data: Buffer) => {
    const message = data.toString();
    messages.push(message);
    if (!message.includes('connection_ack')) return;
    const payload = { query: DOCUMENTS.staffAccessChanged, variables: { id: door.acme } };
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  });
  socket.on('ping', () => pings++);
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await until(() => messages.length > 1);
  return { closed, pings: () => pings };
};

/** A door that pings when it is told that the time for it has come. */
const playPingingDoor = async () => {
  const intervals = jest.spyOn(globalThis, 'setInterval');
  door = await playDoor({ pingMs: PING_MS });
  const [ping] = intervals.mock.calls.find(([, ms]) => ms === PING_MS)!;
  return () => ping();
};

describe('A WebSocket whose other end is gone', () => {
  it('is noticed by a ping without an answer, and nothing of it is kept; who answers stays', async () => {
    const ping = await playPingingDoor();
    const { live } = door;
    const there = new LiveClient(door.url, await door.token('neighbour'), ORIGIN);
    open.push(() => there.close());
    const follows = async () => {
      const follower = there.follow('staffAccessChanged', { id: door.birch });
      await until(() => follower.events.length === 1);
      return follower;
    };
    await follows();
    let answered = 0;
    there.socket!.on('ping', () => answered++);
    /** Once the door has heard what `there` said behind its answer, it has heard the answer. */
    const answers = async (count: number) => {
      await until(() => answered === count);
      (await follows()).leave();
      await until(() => live.subscriptions === live.sockets);
    };
    const gone = await goneAfterSubscribing();
    expect({ sockets: live.sockets, subscriptions: live.subscriptions, feeds: live.feeds.size }).toEqual({
      sockets: 2,
      subscriptions: 2,
      feeds: 2,
    });

    ping();
    await answers(1);
    await until(() => gone.pings() === 1);
    expect(live.sockets).toBe(2);
    ping();
    // 1006: the connection ended without a word of the protocol.
    expect(await gone.closed).toBe(1006);
    expect(gone.pings()).toBe(1);
    await until(() => live.feeds.size === 1);
    expect({ sockets: live.sockets, subscriptions: live.subscriptions, cut: live.counts.silentCut }).toEqual({
      sockets: 1,
      subscriptions: 1,
      cut: 1,
    });

    await answers(2);
    ping();
    await answers(3);
    expect([there.closed, live.counts.silentCut]).toEqual([undefined, 1]);
  });
});
