import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { newFact } from '../contract/specimens.ts';
import type { EventLog } from '../port.ts';
import { openSqliteLog } from './log.ts';
import { openSqliteLogReader } from './reader.ts';

describe('Who follows the SQLite log', () => {
  let directory: string;
  let log: EventLog;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-log-'));
    log = openSqliteLog({ directory, synchronous: 'off' });
    await log.append('lane', 'none', [newFact()]);
    jest.useFakeTimers();
  });

  afterEach(async () => {
    jest.useRealTimers();
    await log.close();
    rmSync(directory, { recursive: true });
  });

  it.each([
    ['the process that writes it', () => log],
    ['one beside it', () => openSqliteLogReader({ directory })],
  ])('hears checkpoints while it is idle, at least every 500 ms, in %s', async (_, opened) => {
    const reading = opened();
    const end = new AbortController();
    const heard: string[] = [];
    const following = (async () => {
      for await (const { kind } of reading.follow({ signal: end.signal })) heard.push(kind);
    })();
    await jest.advanceTimersByTimeAsync(0);
    expect(heard.splice(0)).toEqual(['fact', 'caughtUp']);
    for (let i = 0; i < 4; i++) {
      await jest.advanceTimersByTimeAsync(500);
      expect(heard.splice(0)).toContain('checkpoint');
    }
    end.abort();
    await jest.advanceTimersByTimeAsync(0);
    await following;
    await reading.close();
  });
});
