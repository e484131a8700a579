import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ANY,
  END,
  type EventStoreDBClient,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';

import { collected, numbered, numbers, open, rejection } from './testing/open.ts';
import type { Opened } from './testing/open.ts';

let opened: Opened;
let client: EventStoreDBClient;
beforeAll(async () => {
  opened = await open();
  client = opened.client;
});
afterAll(() => opened.close());

const notFound = { type: 'stream-not-found' };

describe('A soft deletion', () => {
  it.each([
    ['NO_STREAM', NO_STREAM],
    ['the old exact revision', 2n],
    ['ANY', ANY],
  ] as const)('keeps the numbering: under %s the next event is 3 after 0 to 2', async (name, expectedRevision) => {
    const stream = `deleted ${name}`;
    await client.appendToStream(stream, numbered(3));
    const { position } = await client.deleteStream(stream);
    expect(position?.commit).toBeGreaterThan(0n);
    await expect(collected(client.readStream(stream))).rejects.toMatchObject(notFound);
    await expect(client.appendToStream(stream, numbered(2, 3), { expectedRevision })).resolves.toMatchObject({
      nextExpectedRevision: 4n,
    });
    const events = await collected(client.readStream(stream));
    expect(events.map(({ event }) => event?.revision)).toEqual([3n, 4n]);
    expect(await client.getStreamMetadata(stream)).toMatchObject({ metadata: { truncateBefore: 3 } });
  });

  it('leaves the old events in $all', async () => {
    await client.appendToStream('still there', numbered(3));
    await client.deleteStream('still there');
    const all = await collected(client.readAll());
    expect(all.filter(({ event }) => event?.streamId === 'still there')).toHaveLength(3);
  });

  it('stands across a restart, and so does what came after it', async () => {
    await client.appendToStream('gone', numbered(2));
    await client.deleteStream('gone');
    await client.appendToStream('again', numbered(2));
    await client.deleteStream('again');
    await client.appendToStream('again', numbered(1, 2));
    await opened.restart();
    client = opened.client;
    await expect(collected(client.readStream('gone'))).rejects.toMatchObject(notFound);
    expect(await numbers(client.readStream('again'))).toEqual([2]);
    await client.appendToStream('gone', numbered(1, 2), { expectedRevision: NO_STREAM });
    expect(await numbers(client.readStream('gone'))).toEqual([2]);
  });

  it('refuses other revisions, and STREAM_EXISTS, of what it deleted', async () => {
    await client.appendToStream('strict', numbered(3));
    await client.deleteStream('strict');
    const append = (expectedRevision: bigint | typeof STREAM_EXISTS) =>
      rejection(client.appendToStream('strict', numbered(1), { expectedRevision }));
    expect(await append(1n)).toMatchObject({ type: 'wrong-expected-version', actualVersion: 2n });
    expect(await append(STREAM_EXISTS)).toBeInstanceOf(StreamDeletedError);
  });

  it('wants the revision that it names', async () => {
    await client.appendToStream('named', numbered(4));
    const error = await rejection(client.deleteStream('named', { expectedRevision: 2n }));
    expect(error).toBeInstanceOf(WrongExpectedVersionError);
    expect(error).toMatchObject({ streamName: 'named', expectedVersion: 2n, actualVersion: 3n });
    await client.deleteStream('named', { expectedRevision: 3n });
    await expect(collected(client.readStream('named'))).rejects.toMatchObject(notFound);
  });

  it('of a missing stream is refused under ANY (-2 / -1) and NO_STREAM, but where there is metadata', async () => {
    const error = await rejection(client.deleteStream('missing'));
    expect(error).toBeInstanceOf(WrongExpectedVersionError);
    expect(error).toMatchObject({ expectedVersion: -2n, actualVersion: -1n });
    const noStream = rejection(client.deleteStream('missing', { expectedRevision: NO_STREAM }));
    expect(await noStream).toBeInstanceOf(WrongExpectedVersionError);
    await client.setStreamMetadata('implied', { cacheControl: 10 });
    await expect(client.deleteStream('implied', { expectedRevision: NO_STREAM })).resolves.toBeDefined();
  });

  it('takes its own metadata with it', async () => {
    await client.appendToStream('metadata too', numbered(1));
    await client.setStreamMetadata('metadata too', { maxCount: 5 });
    await client.deleteStream('metadata too');
    const { metadata } = await client.getStreamMetadata('metadata too');
    expect(Object.keys(metadata ?? {})).toEqual(['truncateBefore']);
  });
});

describe('A tombstone', () => {
  it('ends reading, appending, deleting and its metadata with stream-deleted, after a restart too', async () => {
    await client.appendToStream('ended', numbered(2));
    await client.tombstoneStream('ended');
    for (const restarted of [false, true]) {
      if (restarted) await opened.restart();
      client = opened.client;
      const deleted = { type: 'stream-deleted', streamName: 'ended' };
      expect(await rejection(collected(client.readStream('ended')))).toMatchObject(deleted);
      expect(await rejection(client.appendToStream('ended', numbered(1)))).toMatchObject(deleted);
      expect(await rejection(client.deleteStream('ended'))).toMatchObject(deleted);
      expect(await rejection(client.tombstoneStream('ended'))).toMatchObject(deleted);
      expect(await rejection(client.getStreamMetadata('ended'))).toMatchObject({ type: 'stream-deleted' });
      expect(await rejection(client.setStreamMetadata('ended', {}))).toMatchObject({ type: 'stream-deleted' });
    }
  });

  it('stands in $all as $streamDeleted with the highest revision there is', async () => {
    await client.tombstoneStream('never was', { expectedRevision: NO_STREAM });
    const [last] = await collected(client.readAll({ direction: 'backwards', fromPosition: END, maxCount: 1 }));
    expect(last?.event).toMatchObject({
      type: '$streamDeleted',
      streamId: 'never was',
      revision: 9_223_372_036_854_775_807n,
    });
  });

  it('wants the revision that it names', async () => {
    await client.appendToStream('particular', numbered(2));
    const wrong = rejection(client.tombstoneStream('particular', { expectedRevision: 0n }));
    expect(await wrong).toMatchObject({ expectedVersion: 0n, actualVersion: 1n });
    const noStream = rejection(client.tombstoneStream('particular', { expectedRevision: NO_STREAM }));
    expect(await noStream).toBeInstanceOf(WrongExpectedVersionError);
    await client.tombstoneStream('particular', { expectedRevision: 1n });
  });

  it('takes metadata once more where there was some, until it is restarted', async () => {
    for (const stream of ['once more', 'not after a restart']) {
      await client.appendToStream(stream, numbered(1));
      await client.setStreamMetadata(stream, { maxCount: 1 });
      await client.tombstoneStream(stream);
    }
    await client.setStreamMetadata('once more', { maxCount: 2 });
    expect(await rejection(client.setStreamMetadata('once more', { maxCount: 3 }))).toBeInstanceOf(StreamDeletedError);
    await opened.restart();
    client = opened.client;
    const restarted = client.setStreamMetadata('not after a restart', { maxCount: 2 });
    expect(await rejection(restarted)).toBeInstanceOf(StreamDeletedError);
  });
});
