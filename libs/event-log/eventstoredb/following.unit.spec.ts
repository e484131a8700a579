import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { LogUnavailable } from '../port.ts';
import { follow } from './following.ts';
import { Tail } from './tail.ts';
import { caughtUpMessage, checkpointMessage, eventMessage, FakeServer } from './testing/fake-calls.ts';

const WANTED = 'workspace-a';
const OTHER = 'staff-a';
const SYSTEM = '$stats-127.0.0.1:2113';

let server: FakeServer;
let heard: string[];
let end: AbortController;
let closed: AbortController;
let over: Promise<unknown>;

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  server = new FakeServer();
  heard = [];
  end = new AbortController();
  closed = new AbortController();
});

afterEach(async () => {
  end.abort();
  await tick();
  await over;
  jest.restoreAllMocks();
  jest.useRealTimers();
});

/** Follows what `workspace-` streams hold; what is heard is told as `fact 3`, `checkpoint 3`, `caughtUp 3`. */
function listen(after?: number): void {
  const log = {
    calls: server.calls,
    readTimeoutMs: 1000,
    tail: new Tail(),
    closed: closed.signal,
    ensureOpen: () => {
      if (closed.signal.aborted) throw new LogUnavailable('The log is closed.');
    },
    heardLive: () => undefined,
  };
  const options = {
    streamPrefixes: ['workspace-'],
    signal: end.signal,
    after: after === undefined ? undefined : String(after).padStart(20, '0'),
  };
  over = (async () => {
    for await (const item of follow(log, options)) {
      heard.push(`${item.kind} ${Number(item.kind === 'fact' ? item.fact.position : item.position)}`);
    }
    return 'ended';
  })().catch((error: unknown) => error);
}

const tick = (ms = 0) => jest.advanceTimersByTimeAsync(ms);

/** What was heard since the last time. */
const news = () => heard.splice(0);

describe('A follower', () => {
  it('hears checkpoints from an idle log, at least every 500 ms', async () => {
    server.events.push({ place: 3, stream: WANTED });
    listen(3);
    await tick();
    expect(news()).toEqual(['caughtUp 3']);
    for (let i = 0; i < 4; i++) {
      await tick(500);
      expect(news()).toContain('checkpoint 3');
    }
    expect(server.subscriptions).toHaveLength(1);
  });

  it('hears how far it looked where nothing matches, though the subscription says nothing', async () => {
    listen();
    await tick();
    server.events.push({ place: 5, stream: OTHER }, { place: 9, stream: OTHER });
    await tick(500);
    expect(news()).toEqual(['caughtUp 0', 'checkpoint 9']);
    expect(server.subscriptions).toHaveLength(1);
  });

  it('hears no position behind the newest fact, whatever the server looked through there', async () => {
    server.events.push({ place: 3, stream: OTHER }, { place: 5, stream: SYSTEM }, { place: 8, stream: SYSTEM });
    listen();
    await tick();
    server.subscriptions[0]!.call.write(checkpointMessage(8));
    await tick(900);
    expect(news()).toEqual(['caughtUp 3', 'checkpoint 3', 'checkpoint 3']);
  });

  it('hears that it caught up once, behind what stood there, and not before', async () => {
    server.events.push({ place: 1, stream: WANTED }, { place: 2, stream: OTHER });
    listen();
    await tick();
    const { call } = server.subscriptions[0]!;
    call.write(eventMessage({ place: 1, stream: WANTED }));
    await tick();
    expect(news()).toEqual(['fact 1']);
    call.write(caughtUpMessage());
    await tick();
    expect(news()).toEqual(['caughtUp 2']);
    call.write(caughtUpMessage());
    await tick(300);
    expect(news()).toEqual([]);
  });

  it('hears that it caught up though the server never says so', async () => {
    server.events.push({ place: 2, stream: OTHER });
    listen();
    await tick();
    expect(news()).toEqual([]);
    await tick(500);
    expect(news()).toEqual(['caughtUp 2', 'checkpoint 2']);
  });

  it('hears silence, not calm, while a fact is owed, and then the fact, once', async () => {
    listen();
    await tick();
    news();
    server.events.push({ place: 4, stream: OTHER }, { place: 7, stream: WANTED });
    await tick(2600);
    expect(news()).toEqual([]);
    expect(server.subscriptions.map(({ from, call }) => [from, call.isCancelled])).toEqual([
      [0, true],
      [0, false],
    ]);
    const { call } = server.subscriptions[1]!;
    call.write(eventMessage({ place: 7, stream: WANTED }));
    await tick();
    expect(news()).toEqual(['fact 7']);
    await tick(300);
    expect(news()).toEqual(['checkpoint 7']);
  });

  it('waits for a fact that is only late', async () => {
    listen();
    await tick();
    news();
    server.events.push({ place: 7, stream: WANTED });
    await tick(1000);
    server.subscriptions[0]!.call.write(eventMessage({ place: 7, stream: WANTED }));
    await tick(3000);
    expect(news().filter((item) => item.startsWith('fact'))).toEqual(['fact 7']);
    expect(server.subscriptions).toHaveLength(1);
  });

  it('hears nothing twice when a subscription is begun again, from the last position', async () => {
    server.events.push({ place: 1, stream: WANTED }, { place: 2, stream: WANTED });
    listen();
    await tick();
    const first = server.subscriptions[0]!.call;
    first.write(eventMessage({ place: 1, stream: WANTED }));
    await tick();
    first.destroy(new Error('broken'));
    await tick(200);
    const { from, call } = server.subscriptions[1]!;
    expect(from).toBe(1);
    call.write(eventMessage({ place: 1, stream: WANTED }));
    call.write(eventMessage({ place: 2, stream: WANTED }));
    await tick();
    expect(news()).toEqual(['fact 1', 'fact 2', 'caughtUp 2']);
  });

  it('tries again with longer and longer pauses, up to a second', async () => {
    server.events.push({ place: 1, stream: WANTED });
    listen(1);
    await tick();
    const tries: number[] = [];
    for (let last = 0, i = 0; i < 7; i++) {
      server.subscriptions.at(-1)!.call.destroy(new Error('broken'));
      const count = server.subscriptions.length;
      for (; server.subscriptions.length === count; last += 10) await tick(10);
      tries.push(last - (tries.reduce((sum, pause) => sum + pause, 0) as number));
    }
    expect(tries.map((pause) => Math.round(pause / 10) * 10)).toEqual([50, 100, 200, 400, 800, 1000, 1000]);
  });

  it('ends with a range error when an older log was put in its place', async () => {
    server.events.push({ place: 1, stream: WANTED }, { place: 2, stream: WANTED });
    listen(2);
    await tick();
    server.events.pop();
    await tick(1000);
    expect(await over).toBeInstanceOf(RangeError);
    expect(await over).toMatchObject({
      message: `The log ends at ${'1'.padStart(20, '0')}, before position ${'2'.padStart(20, '0')}.`,
    });
  });

  it('hears nothing from a server that is silent, and ends at once when it is told to', async () => {
    listen();
    await tick();
    news();
    server.isSilent = true;
    await tick(5000);
    expect(news()).toEqual([]);
    end.abort();
    await tick();
    expect(await over).toBe('ended');
  });

  it('fails when the log is closed', async () => {
    listen();
    await tick();
    closed.abort();
    await tick();
    expect(await over).toBeInstanceOf(LogUnavailable);
  });
});
