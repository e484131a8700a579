import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { all, failure, ids, newFact, newFacts } from '../contract/specimens.ts';
import { LogLocked, LogUnavailable } from '../port.ts';
import type { EventLog, Followed } from '../port.ts';
import { openSqliteLog } from './log.ts';
import { openSqliteLogReader } from './reader.ts';

type Child = ChildProcessByStdio<null, Readable, null>;

describe('The SQLite log and several processes', () => {
  let directory: string;
  let log: EventLog | undefined;
  let children: Child[];

  const open = () => (log = openSqliteLog({ directory }));

  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'gatebook-log-')), 'deep', 'log');
    children = [];
    log = undefined;
  });

  afterEach(async () => {
    for (const child of children) await killed(child);
    await log?.close();
    rmSync(join(directory, '..', '..'), { recursive: true });
  });

  /** Another process that runs these lines with `openSqliteLog`, `openSqliteLogReader`, `directory` at hand. */
  const run = (lines: string): Child => {
    const from = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
    const source = `
      import { openSqliteLog } from ${from('./log.ts')};
      import { openSqliteLogReader } from ${from('./reader.ts')};
      const directory = ${JSON.stringify(directory)};
      ${lines}`;
    const args = ['--no-warnings', '--conditions=gatebook', '--input-type=module', '--eval', source];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  };

  const firstLine = async (child: Child): Promise<string> => {
    for await (const line of createInterface(child.stdout)) return line;
    throw new Error('The other process said nothing.');
  };

  const killed = async (child: Child) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };

  it('let one write: a second is refused at once, and told where', async () => {
    const child = run('openSqliteLog({ directory }); console.log("open"); setInterval(() => {}, 1000);');
    expect(await firstLine(child)).toBe('open');
    expect(open).toThrow(LogLocked);
    expect(open).toThrow(directory);
    // The operating system frees the lock of a process that was killed.
    await killed(child);
    expect((await open().append('lane', 'none', [newFact()])).revision).toBe(0);
  });

  it('let one write within a process too, until it closes', async () => {
    const first = open();
    expect(() => openSqliteLog({ directory })).toThrow(LogLocked);
    await first.close();
    open();
  });

  it('let others read and follow what is written', async () => {
    const facts = newFacts(400);
    const later = newFacts(3);
    await open().append('lane-a', 'none', facts);
    const child = run(`
      const reader = openSqliteLogReader({ directory });
      const stream = [];
      for await (const { id } of reader.readStream('lane-a', { direction: 'backwards', limit: 2 })) stream.push(id);
      const followed = [];
      for await (const item of reader.follow({ streamPrefixes: ['lane-'], signal: new AbortController().signal })) {
        if (item.kind === 'caughtUp') console.log('caught up');
        if (item.kind === 'fact') followed.push(item.fact.id);
        if (followed.length === 403) break;
      }
      const { writable, readable } = await reader.health();
      await reader.close();
      console.log(JSON.stringify({ stream, followed, writable, readable }));`);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('caught up');
    for (const fact of later) await log!.append('lane-b', 'any', [fact]);
    await log!.append('other', 'none', [newFact()]);
    expect(JSON.parse(String((await lines.next()).value))).toEqual({
      stream: ids(facts.slice(-2).toReversed()),
      followed: ids([...facts, ...later]),
      writable: false,
      readable: true,
    });
  });

  it('let a reader hear checkpoints, and end by its signal', async () => {
    const { position } = await open().append('lane', 'none', [newFact()]);
    const reader = openSqliteLogReader({ directory });
    const end = new AbortController();
    const heard: Followed[] = [];
    for await (const item of reader.follow({ streamPrefixes: ['other-'], signal: end.signal })) {
      heard.push(item);
      if (item.kind === 'checkpoint') end.abort();
    }
    expect(heard).toEqual([
      { kind: 'caughtUp', position },
      { kind: 'checkpoint', position },
    ]);
    await reader.close();
    expect(await failure(reader.head())).toBeInstanceOf(LogUnavailable);
    expect(await reader.health()).toMatchObject({ readable: false });
  });

  it('tell a reader when there is no log', () => {
    expect(() => openSqliteLogReader({ directory })).toThrow(new LogUnavailable(`There is no log in ${directory}.`));
  });

  it('lose nothing that was answered when the writer is killed in the middle of its work', async () => {
    const child = run(`
      const log = openSqliteLog({ directory });
      for (let turn = 0; ; turn++) {
        const answers = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((lane) =>
          log.append('lane-' + lane, turn === 0 ? 'none' : turn * 2 - 1, [0, 1].map((half) => ({
            id: '00000000-0000-7000-' + lane.toString(16).padStart(4, '0') + '-' + (turn * 2 + half).toString(16).padStart(12, '0'),
            type: 'PageViewed', data: '{}', metadata: '{}',
          })))));
        process.stdout.write(answers[0].revision + '\\n');
        await new Promise(setImmediate);
      }`);
    let answered = -1;
    for await (const line of createInterface(child.stdout)) {
      answered = Number(line);
      // Beyond the first time that the index is filled, and somewhere behind it.
      if (answered === 1501) child.kill('SIGKILL');
    }
    expect(answered).toBeGreaterThanOrEqual(1501);
    open();
    const lengths = new Set<number>();
    for (let lane = 0; lane < 8; lane++) {
      const facts = await all(log!.readStream(`lane-${lane}`));
      expect(facts.map(({ id, revision }) => [parseInt(id.slice(24), 16), revision])).toEqual(
        facts.map((_, revision) => [revision, revision]),
      );
      lengths.add(facts.length);
    }
    // One flush holds the appends of a turn: all lanes end in the same place, and no batch is half there.
    expect(lengths.size).toBe(1);
    const [length] = lengths;
    expect(length! % 2).toBe(0);
    expect(length).toBeGreaterThan(answered);
  });

  it('find a directory that only its owner may look into', () => {
    open();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });
});
