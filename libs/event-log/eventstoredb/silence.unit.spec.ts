import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { Silence } from './errors.ts';
import { itemsWithin } from './silence.ts';
import { FakeCall } from './testing/fake-calls.ts';

describe('A read that says nothing', () => {
  let read: FakeCall;
  beforeEach(() => {
    jest.useFakeTimers();
    read = new FakeCall();
  });
  afterEach(() => void jest.useRealTimers());

  const outcome = (isThere?: (ms: number) => Promise<unknown>) => {
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const item of itemsWithin(1000, Promise.resolve(read), isThere)) seen.push(item);
    })().then(
      () => 'ended',
      (error: unknown) => error,
    );
    return { seen, reading };
  };

  it('is given up and cancelled after the time that it has', async () => {
    const { reading, seen } = outcome();
    read.write({ n: 1 });
    await jest.advanceTimersByTimeAsync(900);
    read.write({ n: 2 });
    await jest.advanceTimersByTimeAsync(1000);
    expect(read.isCancelled).toBe(false);
    await jest.advanceTimersByTimeAsync(500);
    expect(await reading).toBeInstanceOf(Silence);
    expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
    expect(read.isCancelled).toBe(true);
  });

  it('is waited for while the server answers otherwise', async () => {
    const asked: number[] = [];
    let isThere = true;
    const { reading, seen } = outcome(async (ms) => {
      asked.push(ms);
      if (!isThere) throw new Silence(ms);
    });
    await jest.advanceTimersByTimeAsync(10_000);
    read.write({ n: 1 });
    await jest.advanceTimersByTimeAsync(100);
    expect(seen).toEqual([{ n: 1 }]);
    expect(new Set(asked)).toEqual(new Set([500]));
    isThere = false;
    await jest.advanceTimersByTimeAsync(1600);
    expect(await reading).toBeInstanceOf(Silence);
  });

  it('is cancelled when it is opened after it was given up', async () => {
    const opening = Promise.withResolvers<FakeCall>();
    const first = itemsWithin(1000, opening.promise).next();
    const refused = first.catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(1000);
    expect(await refused).toBeInstanceOf(Silence);
    opening.resolve(read);
    await jest.advanceTimersByTimeAsync(0);
    expect(read.isCancelled).toBe(true);
  });

  it('costs nothing while the reader takes its time', async () => {
    const items = itemsWithin(1000, Promise.resolve(read));
    read.write({ n: 1 });
    expect(await items.next()).toEqual({ done: false, value: { n: 1 } });
    await jest.advanceTimersByTimeAsync(60_000);
    read.end({ n: 2 });
    expect(await items.next()).toEqual({ done: false, value: { n: 2 } });
    expect(await items.next()).toEqual({ done: true, value: undefined });
  });
});
