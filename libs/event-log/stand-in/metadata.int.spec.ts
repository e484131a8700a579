import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BACKWARDS, END, type EventStoreDBClient, NO_STREAM } from '@eventstore/db-client';
import type { StreamMetadata } from '@eventstore/db-client';

import { collected, numbered, numbers, open, rejection } from './testing/open.ts';
import type { Opened } from './testing/open.ts';

describe('Metadata of a stream', () => {
  let opened: Opened;
  let client: EventStoreDBClient;
  let now = 1_700_000_000_000;
  beforeAll(async () => {
    opened = await open({ now: () => now });
    client = opened.client;
  });
  afterAll(() => opened.close());

  it('comes back as it was set, own keys included, the newest alone', async () => {
    const metadata: StreamMetadata<{ turkey: string }> = {
      maxAge: 2,
      cacheControl: 15,
      truncateBefore: 1,
      maxCount: 12,
      acl: { readRoles: ['admin'], writeRoles: ['admin'], deleteRoles: ['admin'], metaReadRoles: ['admin'] },
      turkey: '🦃',
    };
    await client.setStreamMetadata('described', { maxCount: 1 });
    await client.setStreamMetadata('described', metadata);
    expect(await client.getStreamMetadata('described')).toMatchObject({ streamName: 'described', metadata });
    const events = await collected(client.readStream('$$described'));
    expect(events.map(({ event }) => [event?.revision, event?.type])).toEqual([[1n, '$metadata']]);
  });

  it('is absent where none was set', async () => {
    await client.appendToStream('bare', numbered(1));
    expect(await client.getStreamMetadata('bare')).toEqual({ streamName: 'bare' });
    expect(await client.getStreamMetadata('nothing at all')).toEqual({ streamName: 'nothing at all' });
  });

  it('answers the place in the log where a revision would be expected', async () => {
    await client.setStreamMetadata('placed', { maxCount: 1 });
    const { metastreamRevision } = await client.getStreamMetadata('placed');
    const [last] = await collected(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }));
    expect(metastreamRevision).toBe(last?.event?.position.commit);
  });

  it('is appended under an exact revision as any stream is', async () => {
    await client.setStreamMetadata('careful', { maxCount: 1 }, { expectedRevision: NO_STREAM });
    await client.setStreamMetadata('careful', { maxCount: 2 }, { expectedRevision: 0n });
    const error = await rejection(client.setStreamMetadata('careful', { maxCount: 3 }, { expectedRevision: 0n }));
    expect(error).toMatchObject({ type: 'wrong-expected-version', actualVersion: 1n });
  });

  it('does not make a stream: reading it is stream-not-found, the first event has revision 0', async () => {
    await client.setStreamMetadata('only described', { maxCount: 5 });
    await expect(collected(client.readStream('only described'))).rejects.toMatchObject({ type: 'stream-not-found' });
    await expect(
      client.appendToStream('only described', numbered(1), { expectedRevision: NO_STREAM }),
    ).resolves.toMatchObject({ nextExpectedRevision: 0n });
  });

  it('is nothing that has metadata itself', async () => {
    expect(await rejection(client.setStreamMetadata('$$described', {}))).toMatchObject({ type: 'unknown' });
  });

  it('hides all but the newest with maxCount, both ways, as events come', async () => {
    await client.appendToStream('three at most', numbered(5));
    await client.setStreamMetadata('three at most', { maxCount: 3 });
    expect(await numbers(client.readStream('three at most'))).toEqual([2, 3, 4]);
    await client.appendToStream('three at most', numbered(1, 5));
    expect(await numbers(client.readStream('three at most'))).toEqual([3, 4, 5]);
    const backwards = client.readStream('three at most', { direction: BACKWARDS, fromRevision: END });
    expect(await numbers(backwards)).toEqual([5, 4, 3]);
    const [oldest] = await collected(client.readStream('three at most', { fromRevision: 0n, maxCount: 1 }));
    expect(oldest?.event?.revision).toBe(3n);
  });

  it('hides what stands before truncateBefore; beyond the end that is everything, yet no error', async () => {
    await client.appendToStream('truncated', numbered(5));
    await client.setStreamMetadata('truncated', { truncateBefore: 3 });
    expect(await numbers(client.readStream('truncated'))).toEqual([3, 4]);
    await client.setStreamMetadata('truncated', { truncateBefore: 9 });
    expect(await numbers(client.readStream('truncated'))).toEqual([]);
    expect(await numbers(client.readStream('truncated', { direction: BACKWARDS, fromRevision: END }))).toEqual([]);
  });

  it('hides what is older than maxAge; when that is everything the read is empty, not an error', async () => {
    await client.appendToStream('aging', numbered(2));
    await client.setStreamMetadata('aging', { maxAge: 60 });
    now += 40_000;
    await client.appendToStream('aging', numbered(1, 2));
    expect(await numbers(client.readStream('aging'))).toEqual([0, 1, 2]);
    now += 30_000;
    expect(await numbers(client.readStream('aging'))).toEqual([2]);
    expect(await numbers(client.readStream('aging', { maxCount: 1 }))).toEqual([2]);
    expect(await numbers(client.readStream('aging', { direction: BACKWARDS, fromRevision: END }))).toEqual([2]);
    now += 60_000;
    expect(await numbers(client.readStream('aging'))).toEqual([]);
    await expect(client.appendToStream('aging', numbered(1, 3), { expectedRevision: 2n })).resolves.toBeDefined();
  });

  it('holds after a restart', async () => {
    await client.appendToStream('remembered', numbered(4));
    await client.setStreamMetadata('remembered', { maxCount: 1 });
    await opened.restart();
    client = opened.client;
    expect(await numbers(client.readStream('remembered'))).toEqual([3]);
  });
});

describe('System events', () => {
  it('stand at the beginning of an empty log when asked for, once', async () => {
    const opened = await open({ systemEvents: true });
    const types = async () => (await collected(opened.client.readAll())).map(({ event }) => event?.type);
    expect(await types()).toEqual(['$metadata', '$metadata', '$metadata']);
    await opened.restart();
    expect(await types()).toEqual(['$metadata', '$metadata', '$metadata']);
    await opened.close();
  });
});
