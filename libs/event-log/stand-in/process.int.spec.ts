import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient, NO_STREAM } from '@eventstore/db-client';

import { startStandInProcess } from './process.ts';
import type { StandInProcess } from './process.ts';
import { numbered, numbers, rejection, served } from './testing/open.ts';

// A call that names its credentials goes as a plain append, any other one through the batch stream.
const plainly = { credentials: { username: 'nobody', password: 'nothing' } };
// Ends by itself when it is not answered, whether it was sent or not.
const soon = { ...plainly, deadline: 300 };

describe('A stand-in in a process of its own', () => {
  const directory = mkdtempSync(join(tmpdir(), 'stand-in-'));
  let standIn: StandInProcess;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    standIn = await startStandInProcess({ directory, synchronous: 'off' });
    client = EventStoreDBClient.connectionString(standIn.connectionString);
  });
  afterAll(async () => {
    await client.dispose();
    await standIn.stop();
    expect(standIn.pid).toBeUndefined();
    rmSync(directory, { recursive: true, force: true });
  });

  it('loses nothing that it acknowledged when it is killed, and stores each batch whole or not at all', async () => {
    let acknowledged = 0;
    const killed = Promise.withResolvers<void>();
    const writing = (async () => {
      for (let i = 0; ; i += 5) {
        await client.appendToStream('killed', numbered(5, i), {
          expectedRevision: i === 0 ? NO_STREAM : BigInt(i - 1),
        });
        acknowledged = i + 5;
        if (acknowledged === 500) killed.resolve();
      }
    })();
    const ended = rejection(writing);
    await killed.promise;
    await standIn.kill9();
    await ended;
    expect(standIn.pid).toBeUndefined();
    await standIn.restart();
    await served(client);
    const standing = await numbers(client.readStream('killed'));
    expect(standing).toEqual(Array.from({ length: standing.length }, (_, i) => i));
    expect(standing.length).toBeGreaterThanOrEqual(acknowledged);
    expect(standing.length % 5).toBe(0);
  });

  it('settles an unknown outcome when the identical batch comes again after a crash', async () => {
    const before = (await numbers(client.readAll())).length;
    await standIn.faults.dropAppendAnswers(1);
    const batch = numbered(3);
    const lost = rejection(client.appendToStream('unknown', batch, { ...plainly, expectedRevision: NO_STREAM }));
    while ((await numbers(client.readAll())).length < before + batch.length);
    await standIn.restart();
    expect(await lost).toMatchObject({ type: 'unavailable' });
    await served(client);
    const settled = await client.appendToStream('unknown', batch, { expectedRevision: NO_STREAM });
    expect(settled.nextExpectedRevision).toBe(2n);
    expect(await numbers(client.readStream('unknown'))).toEqual([0, 1, 2]);
  });

  it('takes fault switches, and says which it does not know', async () => {
    await standIn.faults.failAppends(1);
    expect(await rejection(client.appendToStream('switched', numbered(1), plainly))).toMatchObject({ type: 'unknown' });
    await standIn.faults.failAppends(0);
    await client.appendToStream('switched', numbered(1));
    await standIn.faults.unreachable();
    expect(await rejection(client.appendToStream('switched', numbered(1), plainly))).toMatchObject({ code: 14 });
    await standIn.faults.reachable();
    await served(client);
  });

  it('answers nothing while it is frozen, and goes on when it thaws', async () => {
    await standIn.faults.freeze();
    const append = client.appendToStream('frozen', numbered(1));
    const given = rejection(client.appendToStream('frozen', numbered(1), soon));
    expect(await given).toMatchObject({ type: 'deadline-exceeded' });
    await standIn.faults.thaw();
    await expect(append).resolves.toMatchObject({ success: true });
  });

  it('says why it could not start', async () => {
    const error = await rejection(startStandInProcess({ directory }));
    expect(error['message']).toMatch(/Another process writes to the log/);
  });
});
