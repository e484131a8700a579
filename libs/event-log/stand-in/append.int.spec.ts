import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ANY,
  binaryEvent,
  type EventStoreDBClient,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { v4 as uuid } from 'uuid';

import { openSqliteLogReader } from '../sqlite/reader.ts';
import { collected, numbered, numbers, open, rejection } from './testing/open.ts';
import type { Opened } from './testing/open.ts';

// A call that names its credentials goes as a plain append, any other one through the batch stream.
const plainly = { credentials: { username: 'nobody', password: 'nothing' } };

describe('Appending', () => {
  let opened: Opened;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    opened = await open();
    client = opened.client;
  });
  afterAll(() => opened.close());

  describe.each([
    ['through the batch stream', {}],
    ['as a plain append', plainly],
  ])('%s', (way, options) => {
    const stream = (name: string) => `${way} ${name}`;

    it('answers the revision and the position of the last event', async () => {
      const appended = await client.appendToStream(stream('three'), numbered(3), { ...options });
      expect(appended).toMatchObject({ success: true, nextExpectedRevision: 2n });
      const events = await collected(client.readStream(stream('three')));
      expect(events.map(({ event }) => event?.revision)).toEqual([0n, 1n, 2n]);
      expect(events.at(-1)?.event?.position).toEqual(appended.position);
    });

    it('takes NO_STREAM only where there is no stream, and says where it stands', async () => {
      await client.appendToStream(stream('once'), numbered(2), { ...options, expectedRevision: NO_STREAM });
      const error = await rejection(
        client.appendToStream(stream('once'), numbered(1), { ...options, expectedRevision: NO_STREAM }),
      );
      expect(error).toBeInstanceOf(WrongExpectedVersionError);
      expect(error).toMatchObject({ streamName: stream('once'), expectedVersion: NO_STREAM, actualVersion: 1n });
      expect(error).toMatchObject({ message: '', code: undefined });
    });

    it('takes STREAM_EXISTS only where there is one', async () => {
      const error = await rejection(
        client.appendToStream(stream('absent'), numbered(1), { ...options, expectedRevision: STREAM_EXISTS }),
      );
      expect(error).toBeInstanceOf(WrongExpectedVersionError);
      expect(error).toMatchObject({ expectedVersion: STREAM_EXISTS, actualVersion: NO_STREAM });
      await client.appendToStream(stream('present'), numbered(1), { ...options });
      await expect(
        client.appendToStream(stream('present'), numbered(1), { ...options, expectedRevision: STREAM_EXISTS }),
      ).resolves.toMatchObject({ nextExpectedRevision: 1n });
    });

    it('takes an exact revision only when the stream stands there', async () => {
      const exactly = (revision: bigint) =>
        client.appendToStream(stream('exact'), numbered(1), { ...options, expectedRevision: revision });
      expect(await rejection(exactly(3n))).toMatchObject({ expectedVersion: 3n, actualVersion: NO_STREAM });
      await client.appendToStream(stream('exact'), numbered(2), { ...options });
      await expect(exactly(1n)).resolves.toMatchObject({ nextExpectedRevision: 2n });
      expect(await rejection(exactly(1n))).toMatchObject({ expectedVersion: 1n, actualVersion: 2n });
      expect(await rejection(exactly(7n))).toMatchObject({ expectedVersion: 7n, actualVersion: 2n });
    });

    it('refuses more than 1 MiB in one append, and stores none of it', async () => {
      const big = Array.from({ length: 3 }, () => jsonEvent({ type: 'Big', data: { filling: 'x'.repeat(400_000) } }));
      const error = await rejection(client.appendToStream(stream('big'), big, { ...options }));
      expect(error).toBeInstanceOf(MaxAppendSizeExceededError);
      expect(error).toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: 1_048_576 });
      await expect(collected(client.readStream(stream('big')))).rejects.toMatchObject({ type: 'stream-not-found' });
    });

    it('takes one event of nearly 1 MiB', async () => {
      const filling = 'y'.repeat(1_000_000);
      await client.appendToStream(stream('large'), jsonEvent({ type: 'Large', data: { filling } }), { ...options });
      const [read] = await collected(client.readStream(stream('large')));
      expect(read?.event?.data).toEqual({ filling });
    });

    it('refuses an empty type and an empty stream name', async () => {
      const noType = rejection(client.appendToStream(stream('typeless'), numbered(1, 0, ''), { ...options }));
      expect(await noType).toBeInstanceOf(UnknownError);
      const noName = rejection(client.appendToStream('', numbered(1), { ...options }));
      expect(await noName).toBeInstanceOf(UnknownError);
    });

    it('answers an empty append with success, and makes no stream', async () => {
      const empty = client.appendToStream(stream('empty'), [], { ...options, expectedRevision: NO_STREAM });
      await expect(empty).resolves.toMatchObject({ success: true, nextExpectedRevision: 0n });
      await expect(collected(client.readStream(stream('empty')))).rejects.toMatchObject({ type: 'stream-not-found' });
      await expect(
        client.appendToStream(stream('empty'), numbered(1), { ...options, expectedRevision: NO_STREAM }),
      ).resolves.toMatchObject({ nextExpectedRevision: 0n });
    });

    it('takes $all and system names as names of streams', async () => {
      for (const name of ['$all', `$own ${way}`]) {
        await expect(client.appendToStream(name, numbered(1), { ...options })).resolves.toMatchObject({
          success: true,
        });
        expect((await collected(client.readStream(name))).at(-1)?.event?.streamId).toBe(name);
      }
    });
  });

  it('says BadRequest about an empty type on the batch stream', async () => {
    const error = await rejection(client.appendToStream('typeless', numbered(1, 0, '')));
    expect(error['message']).toBe('Could not recognize BadRequest');
  });

  it('takes 5,000 events in one append, all or none', async () => {
    await client.appendToStream('five thousand', numbered(5000));
    expect(await numbers(client.readStream('five thousand'))).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  });

  it('puts together an append that comes in many parts', async () => {
    await client.appendToStream('in parts', numbered(500), { batchAppendSize: 1024 });
    expect(await numbers(client.readStream('in parts'))).toEqual(Array.from({ length: 500 }, (_, i) => i));
  });

  it('keeps a deadline while parts are awaited, and gives it no effect on an append that came whole', async () => {
    await expect(client.appendToStream('whole', numbered(1), { deadline: 1 })).resolves.toMatchObject({
      success: true,
    });
    const parts = numbered(4000).map((event) => ({ ...event, metadata: { filling: 'x'.repeat(100) } }));
    const error = await rejection(client.appendToStream('late', parts, { deadline: 1, batchAppendSize: 10_000 }));
    expect(error).toMatchObject({ type: 'deadline-exceeded' });
    await expect(collected(client.readStream('late'))).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it('answers a wrong revision with success false where the connection string says so', async () => {
    const quiet = opened.another(`${opened.standIn.connectionString}&throwOnAppendFailure=false`);
    await quiet.appendToStream('quiet', numbered(1));
    await expect(quiet.appendToStream('quiet', numbered(1), { expectedRevision: NO_STREAM })).resolves.toMatchObject({
      success: false,
    });
  });

  it('answers many appends at once, each to the one who asked', async () => {
    const all = Array.from({ length: 200 }, (_, i) => client.appendToStream(`at once ${i % 20}`, numbered(1, i)));
    const revisions = (await Promise.all(all)).map(({ nextExpectedRevision }) => Number(nextExpectedRevision));
    expect(revisions).toEqual(Array.from({ length: 200 }, (_, i) => Math.floor(i / 20)));
  });
});

describe('What comes back', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open({ now: () => 1_700_000_000_123 });
  });
  afterAll(() => opened.close());

  it('is byte for byte what was sent: JSON, binary, text that is no JSON, with and without metadata', async () => {
    const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);
    const sent = [
      jsonEvent({ type: 'PlainFact', data: { a: 1 }, metadata: { b: 2 } }),
      jsonEvent({ type: 'no plain-type ☃', data: 'a text', metadata: { ключ: '値' } }),
      jsonEvent({ type: 'ForeignEvent', data: { looks: 'wrapped' }, metadata: { storedBy: 'event-log/stand-in' } }),
      jsonEvent({ type: 'Braces', data: { number: 1.5, zero: '\0' } }),
      binaryEvent({ type: 'Binary', data: everyByte, metadata: everyByte }),
      binaryEvent({ type: 'Zero', data: Uint8Array.of(0x7b, 0, 0x7d) }),
      binaryEvent({ type: 'Empty', data: new Uint8Array() }),
    ];
    await opened.client.appendToStream('things sent', sent);
    const read = await collected(opened.client.readStream('things sent'));
    for (const [i, { event }] of read.entries()) {
      const { id, type, data, metadata } = sent[i]!;
      expect({ id: event?.id, type: event?.type, isJson: event?.isJson }).toEqual({ id, type, isJson: i < 4 });
      expect(plain(event?.data)).toEqual(plain(data));
      expect(plain(event?.metadata)).toEqual(plain(metadata));
    }
    expect(read).toHaveLength(sent.length);
  });

  it('carries the time of recording, the id in lower case, and a position of the whole log', async () => {
    const id = uuid();
    const event = { ...jsonEvent({ type: 'Timed', data: { a: 1 }, metadata: { b: 2 } }), id: id.toUpperCase() };
    const { position } = await opened.client.appendToStream('timed', event);
    const [read] = await collected(opened.client.readStream('timed'));
    expect(read?.event).toMatchObject({ id, created: new Date(1_700_000_000_123), position, streamId: 'timed' });
    expect(read?.commitPosition).toBe(position?.commit);
  });

  it('stands plainly in the embedded log when it is what Gatebook itself would store', async () => {
    const id = uuid();
    await opened.client.appendToStream(
      'workspace-ws_1',
      jsonEvent({ id, type: 'PageViewed', data: { page: '/a' }, metadata: { schemaVersion: 1 } }),
    );
    const reader = openSqliteLogReader({ directory: opened.directory });
    const facts = await collected(reader.readStream('workspace-ws_1'));
    await reader.close();
    expect(facts).toMatchObject([
      { id, type: 'PageViewed', data: '{"page":"/a"}', metadata: '{"schemaVersion":1}', revision: 0 },
    ]);
  });
});

describe('Idempotency', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  it('answers an identical batch at the same exact revision with its old revision and position', async () => {
    const { client } = opened;
    const first = numbered(2);
    const second = numbered(2, 2);
    const landedFirst = await client.appendToStream('exact', first, { expectedRevision: NO_STREAM });
    const landedSecond = await client.appendToStream('exact', second, { expectedRevision: 1n });
    await client.appendToStream('exact', numbered(3, 4));
    expect(await client.appendToStream('exact', first, { expectedRevision: NO_STREAM })).toEqual(landedFirst);
    expect(await client.appendToStream('exact', second, { expectedRevision: 1n })).toEqual(landedSecond);
    await opened.restart();
    expect(await opened.client.appendToStream('exact', second, { expectedRevision: 1n })).toEqual(landedSecond);
    expect(await numbers(opened.client.readStream('exact'))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('compares ids only: other data under a known id is dropped silently', async () => {
    const { client } = opened;
    const [sent] = numbered(1);
    await client.appendToStream('ids only', sent!, { expectedRevision: NO_STREAM });
    const other = { ...sent!, data: { number: 99 } };
    await expect(client.appendToStream('ids only', other, { expectedRevision: NO_STREAM })).resolves.toMatchObject({
      nextExpectedRevision: 0n,
    });
    expect(await numbers(client.readStream('ids only'))).toEqual([0]);
  });

  it('refuses a batch that had not landed when other events stand there', async () => {
    const { client } = opened;
    await client.appendToStream('not landed', numbered(1), { expectedRevision: NO_STREAM });
    const error = await rejection(client.appendToStream('not landed', numbered(1), { expectedRevision: NO_STREAM }));
    expect(error).toBeInstanceOf(WrongExpectedVersionError);
  });

  it.each([ANY, STREAM_EXISTS] as const)('under %s knows a repeat until it is restarted', async (expectedRevision) => {
    const stream = `remembered ${expectedRevision}`;
    await opened.client.appendToStream(stream, numbered(1));
    const batch = numbered(2, 1);
    const landed = await opened.client.appendToStream(stream, batch, { expectedRevision });
    await opened.client.appendToStream(stream, numbered(1, 3));
    expect(await opened.client.appendToStream(stream, batch, { expectedRevision })).toEqual(landed);
    expect(await numbers(opened.client.readStream(stream))).toEqual([0, 1, 2, 3]);
    await opened.restart();
    await opened.client.appendToStream(stream, batch, { expectedRevision });
    expect(await numbers(opened.client.readStream(stream))).toEqual([0, 1, 2, 3, 1, 2]);
  });

  it('refuses a batch that is known only in part, under ANY and under an exact revision', async () => {
    const { client } = opened;
    const [known] = numbered(1);
    await client.appendToStream('half known', known!, { expectedRevision: NO_STREAM });
    for (const expectedRevision of [ANY, NO_STREAM] as const) {
      const halfKnown = client.appendToStream('half known', [known!, ...numbered(1, 1)], { expectedRevision });
      expect(await rejection(halfKnown)).toBeInstanceOf(WrongExpectedVersionError);
    }
    expect(await numbers(client.readStream('half known'))).toEqual([0]);
  });

  it('appends a known id at the current revision, and one id twice in a batch', async () => {
    const { client } = opened;
    const [known] = numbered(1);
    await client.appendToStream('reused', known!, { expectedRevision: NO_STREAM });
    await client.appendToStream('reused', known!, { expectedRevision: 0n });
    const [twice] = numbered(1, 1);
    await client.appendToStream('reused', [twice!, twice!], { expectedRevision: 1n });
    expect(await numbers(client.readStream('reused'))).toEqual([0, 0, 1, 1]);
  });

  it('counts ids per stream', async () => {
    const { client } = opened;
    const [event] = numbered(1);
    await client.appendToStream('here', event!);
    await client.appendToStream('there', event!);
    expect(await numbers(client.readStream('there'))).toEqual([0]);
  });
});

/** Bytes as an array of numbers, whatever realm or class they come from. */
function plain(value: unknown): unknown {
  return ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value;
}
