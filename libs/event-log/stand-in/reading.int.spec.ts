import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BACKWARDS,
  binaryEvent,
  END,
  type EventStoreDBClient,
  FORWARDS,
  START,
  StreamNotFoundError,
  UnknownError,
} from '@eventstore/db-client';

import { collected, numbered, numbers, open, rejection } from './testing/open.ts';
import type { Opened } from './testing/open.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('Reading a stream', () => {
  let opened: Opened;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    opened = await open();
    client = opened.client;
    await client.appendToStream('ten', numbered(10));
  });
  afterAll(() => opened.close());

  it.each([
    ['forwards from the start', {}, upTo(10)],
    ['forwards from a revision, inclusive', { fromRevision: 7n }, [7, 8, 9]],
    ['forwards at most so many', { fromRevision: 2n, maxCount: 3 }, [2, 3, 4]],
    ['forwards from the end: nothing', { fromRevision: END, direction: FORWARDS }, []],
    ['forwards from past the end: nothing, and no error', { fromRevision: 10n }, []],
    ['backwards from the end', { direction: BACKWARDS, fromRevision: END }, upTo(10).reverse()],
    ['backwards from a revision, inclusive', { direction: BACKWARDS, fromRevision: 2n }, [2, 1, 0]],
    ['backwards from past the end', { direction: BACKWARDS, fromRevision: 99n, maxCount: 2 }, [9, 8]],
    ['backwards from the start: the first event', { direction: BACKWARDS, fromRevision: START }, [0]],
    ['backwards at most so many', { direction: BACKWARDS, fromRevision: END, maxCount: 1 }, [9]],
  ] as const)('%s', async (_name, options, expected) => {
    expect(await numbers(client.readStream('ten', options))).toEqual(expected);
  });

  it('says that a stream is not found, and which one', async () => {
    const error = await rejection(collected(client.readStream('nowhere ☃')));
    expect(error).toBeInstanceOf(StreamNotFoundError);
    expect(error).toMatchObject({ type: 'stream-not-found', streamName: 'nowhere ☃' });
  });

  it('refuses to read no events at all', async () => {
    expect(await rejection(collected(client.readStream('ten', { maxCount: 0 })))).toBeInstanceOf(UnknownError);
    expect(await rejection(collected(client.readAll({ maxCount: 0 })))).toBeInstanceOf(UnknownError);
  });

  it('reads 20,000 events while the client takes its time', async () => {
    for (let i = 0; i < 4; i++) await client.appendToStream('long', numbered(5000, i * 5000));
    let next = 0;
    for await (const { event } of client.readStream('long', {}, { highWaterMark: 4 })) {
      if ((event?.data as { number: number }).number !== next++) throw new Error(`Event ${next - 1} is out of order.`);
      if (next % 5000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(next).toBe(20_000);
  }, 240_000);

  it('follows links when asked to, and gives the link itself otherwise', async () => {
    await client.appendToStream('linking', [
      binaryEvent({ type: '$>', data: Buffer.from('3@ten') }),
      binaryEvent({ type: '$>', data: Buffer.from('3@nowhere') }),
    ]);
    const [target] = await collected(client.readStream('ten', { fromRevision: 3n, maxCount: 1 }));
    const [resolved, dangling] = await collected(client.readStream('linking', { resolveLinkTos: true }));
    expect(resolved?.event).toEqual(target?.event);
    expect(resolved?.link).toMatchObject({ type: '$>', streamId: 'linking', revision: 0n });
    expect(dangling?.event).toBeUndefined();
    expect(dangling?.link).toMatchObject({ type: '$>', revision: 1n });
    const [link] = await collected(client.readStream('linking', { maxCount: 1 }));
    expect(link).toMatchObject({ event: { type: '$>' } });
    expect(link?.link).toBeUndefined();
  });
});

describe('Reading the whole log', () => {
  let opened: Opened;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    opened = await open();
    client = opened.client;
    for (let i = 0; i < 600; i += 2) await client.appendToStream(`stream ${i % 3}`, numbered(2, i));
  });
  afterAll(() => opened.close());

  it('gives every event in the order of the log, both ways', async () => {
    expect(await numbers(client.readAll())).toEqual(upTo(600));
    expect(await numbers(client.readAll({ direction: BACKWARDS, fromPosition: END }))).toEqual(upTo(600).reverse());
  });

  it('begins at a position: forwards with its event, backwards before it', async () => {
    const [tenth] = (await collected(client.readAll({ maxCount: 11 }))).slice(-1);
    const position = tenth!.event!.position;
    const forwards = await collected(client.readAll({ fromPosition: position, maxCount: 1 }));
    expect(forwards).toEqual([tenth]);
    const backwards = client.readAll({ fromPosition: position, direction: BACKWARDS, maxCount: 3 });
    expect(await numbers(backwards)).toEqual([9, 8, 7]);
  });

  it('finds nothing forwards from the end, nor backwards from the start', async () => {
    expect(await numbers(client.readAll({ fromPosition: END }))).toEqual([]);
    expect(await numbers(client.readAll({ fromPosition: START, direction: BACKWARDS }))).toEqual([]);
  });

  it('can be found through the gossip of a cluster of one', async () => {
    const discovering = opened.another(opened.standIn.connectionString.replace('esdb:', 'esdb+discover:'));
    expect(await numbers(discovering.readAll({ maxCount: 2 }))).toEqual([0, 1]);
  });
});
