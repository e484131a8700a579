import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogUnavailable, WrongRevision, type EventLog, type NewFact } from '#event-log/port';
import { DenialSpool } from './denial-spool.ts';

describe('Denials that wait for the log', () => {
  let directory: string;
  let file: string;
  let away: boolean;
  let appended: string[];
  let spool: DenialSpool;

  const log = {
    async append(stream: string, expected: unknown, facts: readonly NewFact[]) {
      if (away) throw new LogUnavailable('away');
      expect(expected).toBe('any');
      appended.push(`${stream}: ${facts.map(({ id }) => id).join(' ')}`);
      return { revision: 0, position: '' };
    },
  } as unknown as EventLog;
  const denial = (stream: string, id: string) => ({
    stream,
    fact: { id, type: 'AttemptDenied', data: '{}', metadata: '{}' },
  });

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-spool-'));
    file = join(directory, 'denials.ndjson');
    away = true;
    appended = [];
    spool = new DenialSpool(log, file);
    await spool.open();
  });

  afterEach(async () => {
    await spool.close();
    rmSync(directory, { recursive: true });
  });

  it('are appended in order, those of one stream together, once it is back; and the journal goes', async () => {
    for (const [stream, id] of ['a1', 'a2', 'b1', 'a3'].map((text) => [text[0]!, text])) {
      await spool.put(denial(stream!, id!));
    }
    await spool.empty();
    expect(appended).toEqual([]);
    expect(spool.waiting).toBe(4);
    away = false;
    await spool.empty();
    expect(appended).toEqual(['a: a1 a2', 'b: b1', 'a: a3']);
    expect(spool.waiting).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it('are on the disk before the attempt is answered, and are taken up by the next run', async () => {
    await spool.put(denial('a', 'a1'));
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
    await spool.put(denial('a', 'a2'));
    // A crash in the middle of a line.
    appendFileSync(file, '{"stream":"a","fa');
    const next = new DenialSpool(log, file);
    await next.open();
    away = false;
    await next.empty();
    expect(appended).toEqual(['a: a1 a2']);
    await next.close();
  });

  it('stand behind a line that was cut off, not in it', async () => {
    appendFileSync(file, '{"stream":"a","fa');
    const second = new DenialSpool(log, file);
    await second.open();
    await second.put(denial('a', 'a1'));
    const third = new DenialSpool(log, file);
    await third.open();
    expect(third.waiting).toBe(1);
    for (const run of [second, third]) await run.close();
  });

  it('wait once, however often the attempt is made meanwhile', async () => {
    await Promise.all([spool.put(denial('a', 'a1')), spool.put(denial('a', 'a1'))]);
    await spool.put(denial('a', 'a1'));
    expect(spool.waiting).toBe(1);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('go one by one where some of them stand already: a batch that is known in part is not taken', async () => {
    for (const id of ['a1', 'a2', 'a3']) await spool.put(denial('a', id));
    away = false;
    const append = log.append.bind(log);
    log.append = async (stream, expected, facts) => {
      if (facts.length > 1) throw new WrongRevision(stream, 'any', 7);
      return append(stream, expected, facts);
    };
    await spool.empty();
    log.append = append;
    expect(appended).toEqual(['a: a1', 'a: a2', 'a: a3']);
    expect(spool.waiting).toBe(0);
  });

  it('that come while the journal is done away with are in the next one', async () => {
    await spool.put(denial('a', 'a1'));
    away = false;
    const append = log.append.bind(log);
    let put: Promise<void> | undefined;
    const removing = new Promise<void>((resolve) => {
      log.append = async (...all) => {
        // Once nothing waits any more, and before the file is gone.
        setImmediate(() => {
          away = true;
          put = spool.put(denial('a', 'a2'));
          resolve();
        });
        return append(...all);
      };
    });
    await spool.empty();
    await removing;
    await put;
    log.append = append;
    const next = new DenialSpool(log, file);
    await next.open();
    expect(next.waiting).toBe(1);
    await next.close();
  });

  it('have room for 20,000, and the first are kept; what finds none is counted', async () => {
    const memory = new DenialSpool(log);
    for (let i = 0; i < 20_003; i++) await memory.put(denial('a', `a${i}`));
    expect(memory.waiting).toBe(20_000);
    expect(memory.dropped).toBe(3);
    away = false;
    await memory.empty();
    expect(appended[0]).toMatch(/^a: a0 a1 /);
    expect(memory.waiting).toBe(0);
  });

  it('goes on where the log went away again in the middle', async () => {
    await spool.put(denial('a', 'a1'));
    await spool.put(denial('b', 'b1'));
    away = false;
    const append = log.append.bind(log);
    log.append = async (stream, ...rest) => {
      if (stream === 'b') throw new LogUnavailable('away');
      return append(stream, ...rest);
    };
    await spool.empty();
    expect([appended, spool.waiting]).toEqual([['a: a1'], 1]);
    log.append = append;
    await spool.empty();
    expect(appended).toEqual(['a: a1', 'b: b1']);
  });
});
