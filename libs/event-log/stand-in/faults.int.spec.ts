import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type EventStoreDBClient, NO_STREAM, UnavailableError } from '@eventstore/db-client';

import { openSqliteLogReader } from '../sqlite/reader.ts';
import { startStandIn } from './stand-in.ts';
import { listen } from './testing/heard.ts';
import { collected, numbered, numbers, open, rejection, served } from './testing/open.ts';
import type { Opened } from './testing/open.ts';

// A call that names its credentials goes as a plain append, any other one through the batch stream.
const plainly = { credentials: { username: 'nobody', password: 'nothing' } };
// Ends by itself when it is not answered, whether it was sent or not.
const soon = { ...plainly, deadline: 300 };

let opened: Opened;
let client: EventStoreDBClient;
beforeEach(async () => {
  opened = await open();
  client = opened.client;
});
afterEach(() => opened.close());

describe('Dropped answers', () => {
  it('leave the append stored; the identical batch is answered with its place afterwards', async () => {
    const { faults } = opened.standIn;
    const batch = numbered(2);
    const answered: string[] = [];
    const noted = (name: string) => [() => answered.push(name), () => undefined] as const;
    faults.dropAppendAnswers(1);
    void client.appendToStream('lost', batch, { expectedRevision: NO_STREAM }).then(...noted('lost'));
    void client.appendToStream('lost too', numbered(1), plainly).then(...noted('lost too'));
    while ((await collected(client.readAll())).length < 3);
    faults.dropAppendAnswers(0);
    // Answers come in the order of the appends, one way as the other.
    const repeated = await client.appendToStream('lost', batch, { expectedRevision: NO_STREAM });
    expect(repeated.nextExpectedRevision).toBe(1n);
    await client.appendToStream('answered', numbered(1), plainly);
    expect(answered).toEqual([]);
    expect(await numbers(client.readStream('lost'))).toEqual([0, 1]);
    expect(await numbers(client.readStream('lost too'))).toEqual([0]);
  });

  it('are the same ones for the same seed', async () => {
    const whichOnes = async (seed: number) => {
      const seeded = await open({ seed });
      // A fresh client's first appends may overtake each other by themselves.
      await seeded.client.appendToStream('warm', numbered(1));
      seeded.standIn.faults.dropAppendAnswers(0.5);
      const answered: number[] = [];
      for (let i = 0; i < 20; i++) {
        void seeded.client.appendToStream('chance', numbered(1, i)).then(
          () => answered.push(i),
          () => undefined,
        );
      }
      while ((await collected(seeded.client.readAll())).length < 21);
      seeded.standIn.faults.dropAppendAnswers(0);
      await seeded.client.appendToStream('the last', numbered(1));
      await seeded.close();
      return answered;
    };
    const first = await whichOnes(7);
    expect(first.length).toBeGreaterThan(3);
    expect(first.length).toBeLessThan(17);
    expect(await whichOnes(7)).toEqual(first);
    expect(await whichOnes(8)).not.toEqual(first);
  });
});

describe('Delayed answers', () => {
  it('come so much later: appends, reads and events of live subscriptions', async () => {
    const subscription = client.subscribeToStream('late');
    const heard = listen(subscription);
    await client.appendToStream('late', numbered(1));
    await heard.until(3);
    opened.standIn.faults.delayAnswers(150);
    const from = performance.now();
    await Promise.all([
      client.appendToStream('late', numbered(1, 1)),
      heard.until(4),
      client.appendToStream('late too', numbered(1)),
    ]);
    expect(performance.now() - from).toBeGreaterThanOrEqual(140);
    const readFrom = performance.now();
    await collected(client.readStream('late'));
    expect(performance.now() - readFrom).toBeGreaterThanOrEqual(140);
    await subscription.unsubscribe();
  });
});

describe('Reordered answers', () => {
  it('come in another order than the appends, each to the one who asked', async () => {
    // A fresh client's first appends may overtake each other by themselves.
    await client.appendToStream('warm', numbered(1));
    const answers = async (name: string) => {
      const order: number[] = [];
      const appends = Array.from({ length: 30 }, async (_, i) => {
        const { nextExpectedRevision } = await client.appendToStream(`${name} ${i}`, numbered(i + 1));
        expect(nextExpectedRevision).toBe(BigInt(i));
        order.push(i);
      });
      await Promise.all(appends);
      return order;
    };
    const asSent = Array.from({ length: 30 }, (_, i) => i);
    expect(await answers('in order')).toEqual(asSent);
    opened.standIn.faults.reorderAnswers(true);
    const reordered = await answers('reordered');
    expect(reordered).not.toEqual(asSent);
    expect(reordered.toSorted((one, other) => one - other)).toEqual(asSent);
  });
});

describe('A frozen stand-in', () => {
  it('stores and answers nothing until it thaws, and then goes on with all of it', async () => {
    await client.appendToStream('cold', numbered(1));
    const subscription = client.subscribeToStream('cold');
    const heard = listen(subscription);
    await heard.until(3);
    opened.standIn.faults.freeze();
    const append = client.appendToStream('cold', numbered(1, 1));
    const read = numbers(client.readStream('cold'));
    expect(await rejection(client.appendToStream('cold', numbered(1, 2), soon))).toMatchObject({
      type: 'deadline-exceeded',
    });
    const reader = openSqliteLogReader({ directory: opened.directory });
    expect(await collected(reader.readStream('cold'))).toHaveLength(1);
    await reader.close();
    expect(heard.said).toEqual(['confirmed', 0, 'caught up']);
    opened.standIn.faults.thaw();
    await expect(append).resolves.toMatchObject({ nextExpectedRevision: 1n });
    expect((await read)[0]).toBe(0);
    expect((await heard.until(4)).slice(0, 4)).toEqual(['confirmed', 0, 'caught up', 1]);
    await subscription.unsubscribe();
  });

  it('does not answer what it had stored before, either', async () => {
    await client.appendToStream('stored', numbered(1));
    opened.standIn.faults.delayAnswers(60_000);
    let answered = false;
    const append = client.appendToStream('stored', numbered(1, 1)).finally(() => (answered = true));
    const reader = openSqliteLogReader({ directory: opened.directory });
    while ((await collected(reader.readStream('stored'))).length < 2) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await reader.close();
    opened.standIn.faults.freeze();
    opened.standIn.faults.delayAnswers(0);
    await rejection(client.appendToStream('stored', numbered(1, 2), soon));
    expect(answered).toBe(false);
    opened.standIn.faults.thaw();
    await expect(append).resolves.toMatchObject({ nextExpectedRevision: 1n });
  });
});

describe('An unreachable stand-in', () => {
  it('fails what is in flight and what comes; the same client recovers, its subscriptions do not', async () => {
    await client.appendToStream('cut', numbered(1));
    const heard = listen(client.subscribeToAll());
    await heard.until(3);
    opened.standIn.faults.freeze();
    const inFlight = rejection(client.appendToStream('cut', numbered(1, 1)));
    await opened.standIn.faults.unreachable();
    opened.standIn.faults.thaw();
    expect(await inFlight).toMatchObject({ type: 'unavailable' });
    expect(await heard.error).toMatchObject({ type: 'unavailable' });
    expect(await rejection(client.appendToStream('cut', numbered(1, 2)))).toMatchObject({ code: 14 });
    expect(await rejection(collected(client.readStream('cut')))).toBeInstanceOf(UnavailableError);
    await opened.standIn.faults.reachable();
    await served(client);
    expect((await numbers(client.readStream('cut')))[0]).toBe(0);
    expect(heard.said.at(-1)).toBe('error');
  });
});

describe('Failing appends', () => {
  it('are answered with an unknown error, and nothing of them is stored', async () => {
    opened.standIn.faults.failAppends(1);
    expect(await rejection(client.appendToStream('failing', numbered(1)))).toMatchObject({ type: 'unknown' });
    expect(await rejection(client.appendToStream('failing', numbered(1), plainly))).toMatchObject({ type: 'unknown' });
    opened.standIn.faults.failAppends(0);
    await client.appendToStream('failing', numbered(1, 5), { expectedRevision: NO_STREAM });
    expect(await numbers(client.readStream('failing'))).toEqual([5]);
  });
});

describe('Broken subscriptions', () => {
  it('end with an error, while the connection lives and a new one takes up from there', async () => {
    await client.appendToStream('broken', numbered(1));
    const toAll = listen(client.subscribeToAll());
    const toStream = listen(client.subscribeToStream('broken'));
    await Promise.all([toAll.until(3), toStream.until(3)]);
    opened.standIn.faults.breakSubscriptions();
    expect(await toAll.error).toMatchObject({ type: 'timeout', code: 10 });
    expect(await toStream.error).toMatchObject({ type: 'timeout', code: 10 });
    await client.appendToStream('broken', numbered(1, 1));
    const again = client.subscribeToStream('broken', { fromRevision: 0n });
    expect(await listen(again).until(3)).toEqual(['confirmed', 1, 'caught up']);
    await again.unsubscribe();
  });
});

describe('A stand-in that is killed', () => {
  it('leaves a log that the next one goes on with, on the same port', async () => {
    await client.appendToStream('kept', numbered(3));
    const { port } = opened.standIn;
    await opened.standIn.kill();
    opened.standIn = await startStandIn({ directory: opened.directory, synchronous: 'off', port });
    await served(client);
    expect(await numbers(client.readStream('kept'))).toEqual([0, 1, 2]);
  });
});

describe('A read-only stand-in beside another one', () => {
  it('reads what the other writes, follows it, and refuses every append', async () => {
    await client.appendToStream('shared', numbered(1));
    const beside = await startStandIn({ directory: opened.directory, readOnly: true });
    const reading = opened.another(beside.connectionString);
    expect(await numbers(reading.readStream('shared'))).toEqual([0]);
    const subscription = reading.subscribeToStream('shared');
    const heard = listen(subscription);
    await heard.until(3);
    await client.appendToStream('shared', numbered(1, 1));
    expect(await heard.until(4)).toEqual(['confirmed', 0, 'caught up', 1]);
    const refused = await rejection(reading.appendToStream('shared', numbered(1), plainly));
    expect(refused['message']).toMatch(/read-only/);
    await subscription.unsubscribe();
    await reading.dispose();
    await beside.stop();
  });
});
