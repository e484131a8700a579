import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  END,
  type EventStoreDBClient,
  eventTypeFilter,
  excludeSystemEvents,
  jsonEvent,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import type { Position } from '@eventstore/db-client';

import { listen } from './testing/heard.ts';
import { numbered, open } from './testing/open.ts';
import type { Opened } from './testing/open.ts';

let opened: Opened;
let client: EventStoreDBClient;
beforeAll(async () => {
  opened = await open();
  client = opened.client;
});
afterAll(() => opened.close());

describe('A subscription to a stream', () => {
  it('is confirmed, gives what stands, says that it caught up, and goes on with what comes', async () => {
    await client.appendToStream('live', numbered(3));
    const subscription = client.subscribeToStream('live');
    const heard = listen(subscription);
    await heard.until(5);
    await client.appendToStream('another stream', numbered(1, 100));
    await client.appendToStream('live', numbered(2, 3));
    expect(await heard.until(7)).toEqual(['confirmed', 0, 1, 2, 'caught up', 3, 4]);
    expect(subscription.id).toMatch(/^[0-9a-f-]{36}$/);
    await subscription.unsubscribe();
  });

  it('begins behind a revision, exclusive', async () => {
    await client.appendToStream('behind', numbered(4));
    const subscription = client.subscribeToStream('behind', { fromRevision: 1n });
    expect(await listen(subscription).until(4)).toEqual(['confirmed', 2, 3, 'caught up']);
    await subscription.unsubscribe();
  });

  it('begins at the end with what comes after', async () => {
    await client.appendToStream('from the end', numbered(4));
    const subscription = client.subscribeToStream('from the end', { fromRevision: END });
    const heard = listen(subscription);
    await heard.until(2);
    await client.appendToStream('from the end', numbered(1, 4));
    expect(await heard.until(3)).toEqual(['confirmed', 'caught up', 4]);
    await subscription.unsubscribe();
  });

  it('waits for what stands behind the revision when that is still to come', async () => {
    await client.appendToStream('still to come', numbered(2));
    const subscription = client.subscribeToStream('still to come', { fromRevision: 3n });
    const heard = listen(subscription);
    await heard.until(2);
    await client.appendToStream('still to come', numbered(4, 2));
    expect(await heard.until(4)).toEqual(['confirmed', 'caught up', 4, 5]);
    await subscription.unsubscribe();
  });

  it('on a missing stream says that it caught up only after the first event', async () => {
    const subscription = client.subscribeToStream('not yet');
    const heard = listen(subscription);
    expect(await heard.until(1)).toEqual(['confirmed']);
    await client.appendToStream('not yet', numbered(2));
    expect(await heard.until(4)).toEqual(['confirmed', 0, 'caught up', 1]);
    await subscription.unsubscribe();
  });

  it('hears nothing of a soft deletion, and goes on when the stream does', async () => {
    await client.appendToStream('deleted meanwhile', numbered(1));
    const subscription = client.subscribeToStream('deleted meanwhile');
    const heard = listen(subscription);
    await heard.until(3);
    await client.deleteStream('deleted meanwhile');
    await client.appendToStream('deleted meanwhile', numbered(1, 1));
    expect(await heard.until(4)).toEqual(['confirmed', 0, 'caught up', 1]);
    await subscription.unsubscribe();
  });

  it('gets $streamDeleted at a tombstone, and then the error', async () => {
    await client.appendToStream('ending', numbered(1));
    const heard = listen(client.subscribeToStream('ending'));
    await heard.until(3);
    await client.tombstoneStream('ending');
    expect(await heard.error).toMatchObject({ type: 'stream-deleted', streamName: 'ending' });
    expect(heard.said).toEqual(['confirmed', 0, 'caught up', '$streamDeleted', 'error']);
  });

  it('is refused on a stream that has a tombstone', async () => {
    await client.tombstoneStream('ended before');
    expect(await listen(client.subscribeToStream('ended before')).error).toMatchObject({ type: 'stream-deleted' });
  });

  it('loses nothing and repeats nothing while others write', async () => {
    const writing = (async () => {
      for (let i = 0; i < 300; i++) await client.appendToStream('busy', numbered(1, i));
    })();
    const seen: number[] = [];
    for await (const { event } of client.subscribeToStream('busy')) {
      seen.push((event?.data as { number: number }).number);
      if (seen.length === 300) break;
    }
    await writing;
    expect(seen).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });
});

describe('A subscription to the whole log', () => {
  it('begins behind a position, exclusive, in the order of the log', async () => {
    const { position } = await client.appendToStream('all a', numbered(1));
    await client.appendToStream('all b', numbered(2, 1));
    const subscription = client.subscribeToAll({ fromPosition: position });
    const heard = listen(subscription);
    await heard.until(4);
    await client.appendToStream('all a', numbered(1, 3));
    expect(await heard.until(5)).toEqual(['confirmed', 1, 2, 'caught up', 3]);
    await subscription.unsubscribe();
  });

  it('begins at the end, and at the very start', async () => {
    const atEnd = client.subscribeToAll({ fromPosition: END });
    expect(await listen(atEnd).until(2)).toEqual(['confirmed', 'caught up']);
    const [first] = await client.readAll({ maxCount: 1 }).toArray();
    for await (const event of client.subscribeToAll({ fromPosition: START })) {
      expect(event).toEqual(first);
      break;
    }
    await atEnd.unsubscribe();
  });

  it.each([
    ['streams by prefix', streamNameFilter({ prefixes: ['f-one', 'f-two'] }), [0, 1]],
    ['streams by regular expression', streamNameFilter({ regex: '^f-t[a-z]+$' }), [1, 2]],
    ['types by prefix', eventTypeFilter({ prefixes: ['Seconds'] }), [1]],
    ['types by regular expression', eventTypeFilter({ regex: '^(First|Third)' }), [0, 2]],
  ])('keeps %s', async (_name, filter, expected) => {
    const { position } = await client.appendToStream('marker', numbered(1, 99));
    await client.appendToStream('f-one', numbered(1, 0, 'FirstKind'));
    await client.appendToStream('f-two', numbered(1, 1, 'SecondsKind'));
    await client.appendToStream('f-three', numbered(1, 2, 'ThirdKind'));
    const subscription = client.subscribeToAll({ fromPosition: position, filter });
    const heard = await listen(subscription).until(expected.length + 2);
    expect(heard).toEqual(['confirmed', ...expected, 'caught up']);
    await subscription.unsubscribe();
  });

  it('leaves system events out when told to', async () => {
    const { position } = await client.appendToStream('plain', numbered(1));
    await client.setStreamMetadata('plain', { maxCount: 10 });
    await client.appendToStream('plain', numbered(1, 1));
    const subscription = client.subscribeToAll({ fromPosition: position, filter: excludeSystemEvents() });
    expect(await listen(subscription).until(3)).toEqual(['confirmed', 1, 'caught up']);
    await subscription.unsubscribe();
  });

  it('gives a checkpoint after so many events looked at, matching or not, and when it has caught up', async () => {
    const { position } = await client.appendToStream('marker', numbered(1));
    await client.appendToStream('passed over', numbered(100));
    const checkpoints: Position[] = [];
    const filter = streamNameFilter({
      prefixes: ['no such stream'],
      maxSearchWindow: 10,
      checkpointInterval: 4,
      checkpointReached: (_subscription, reached) => void checkpoints.push(reached),
    });
    const subscription = client.subscribeToAll({ fromPosition: position, filter });
    await listen(subscription).until(2);
    const behind = (count: bigint) => ({ commit: position!.commit + count, prepare: position!.prepare + count });
    expect(checkpoints).toEqual([behind(40n), behind(80n), behind(100n)]);
    await subscription.unsubscribe();
  });

  it('counts 32 events for a window when none is named', async () => {
    const { position } = await client.appendToStream('marker', numbered(1));
    const checkpoints: bigint[] = [];
    const filter = excludeSystemEvents({
      checkpointInterval: 2,
      checkpointReached: (_subscription, { commit }) => void checkpoints.push(commit - position!.commit),
    });
    await client.appendToStream('counted', numbered(130));
    const subscription = client.subscribeToAll({ fromPosition: position, filter });
    await listen(subscription).until(132);
    expect(checkpoints).toEqual([64n, 128n, 130n]);
    await subscription.unsubscribe();
  });

  it('refuses what is no regular expression', async () => {
    const filter = { filterOn: 'streamName', regex: '(', checkpointInterval: 1 } as never;
    expect(await listen(client.subscribeToAll({ filter })).error).toMatchObject({ type: 'unknown' });
  });

  it('waits behind the end of the log when it was told to begin there', async () => {
    const { position } = await client.appendToStream('beyond', numbered(1));
    const beyond = { commit: position!.commit + 2n, prepare: position!.prepare + 2n };
    const subscription = client.subscribeToAll({ fromPosition: beyond });
    const heard = listen(subscription);
    await heard.until(2);
    await client.appendToStream('beyond', numbered(4, 1));
    expect(await heard.until(4)).toEqual(['confirmed', 'caught up', 3, 4]);
    await subscription.unsubscribe();
  });

  it('serves many subscribers side by side', async () => {
    const subscriptions = Array.from({ length: 20 }, () => client.subscribeToAll({ fromPosition: END }));
    const heard = subscriptions.map((subscription) => listen(subscription));
    await Promise.all(heard.map((each) => each.until(2)));
    await client.appendToStream('for all of them', jsonEvent({ type: 'Told', data: {} }));
    for (const each of heard) expect(await each.until(3)).toEqual(['confirmed', 'caught up', 'Told']);
    await Promise.all(subscriptions.map((subscription) => subscription.unsubscribe()));
  });
});
