import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jsonEvent } from '@eventstore/db-client';

import { all, failure, ids, newFact, newFacts } from '../contract/specimens.ts';
import { LogUnavailable, OutcomeUnknown } from '../port.ts';
import type { EventLog, Followed, NewFact } from '../port.ts';
import { startStandInProcess } from '../stand-in/process.ts';
import { open } from '../stand-in/testing/open.ts';
import type { Opened } from '../stand-in/testing/open.ts';
import { openEventStoreLog } from './log.ts';

/** Ours are short here; what they are by default doesn't matter to what is shown. */
const APPEND_MS = 250;
const READ_MS = 400;

let opened: Opened;
let log: EventLog;
let end: AbortController;

beforeEach(async () => {
  opened = await open();
  log = await openLog();
  end = new AbortController();
});

afterEach(async () => {
  end.abort();
  await log.close();
  await opened.close();
});

const openLog = (now?: () => number) =>
  openEventStoreLog({
    connectionString: opened.standIn.connectionString,
    appendTimeoutMs: APPEND_MS,
    readTimeoutMs: READ_MS,
    now,
  });

const stored = async (stream = 'workspace-a') => ids(await all(log.readStream(stream)));

/** Appends until the outcome is known, each time the identical batch. */
async function settled(stream: string, expected: number | 'none', facts: readonly NewFact[]) {
  for (;;) {
    try {
      return await log.append(stream, expected, facts);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown || error instanceof LogUnavailable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

async function elapsed(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

describe('An append whose answer gets lost', () => {
  it('has an unknown outcome after our own time-out, and is settled by the identical batch', async () => {
    opened.standIn.faults.dropAppendAnswers(1);
    const batch = newFacts(3);
    const took = await elapsed(async () => {
      expect(await failure(log.append('workspace-a', 'none', batch))).toBeInstanceOf(OutcomeUnknown);
    });
    expect(took).toBeGreaterThanOrEqual(APPEND_MS - 5);
    expect(took).toBeLessThan(APPEND_MS + 500);
    opened.standIn.faults.dropAppendAnswers(0);
    await log.append('workspace-a', 2, newFacts(1));
    expect(await log.append('workspace-a', 'none', batch)).toMatchObject({ revision: 2 });
    expect((await stored()).slice(0, 3)).toEqual(ids(batch));
  });

  it('is neither lost nor there twice, where three in ten get lost', async () => {
    opened.standIn.faults.dropAppendAnswers(0.3);
    const facts = newFacts(60);
    const streams = ['workspace-a', 'workspace-b', 'workspace-c'];
    const revisions = await Promise.all(
      streams.map(async (stream, lane) => {
        const own = facts.filter((_, i) => i % streams.length === lane);
        for (const [i, fact] of own.entries()) {
          expect(await settled(stream, i === 0 ? 'none' : i - 1, [fact])).toMatchObject({ revision: i });
        }
        return ids(own);
      }),
    );
    for (const [lane, stream] of streams.entries()) expect(await stored(stream)).toEqual(revisions[lane]);
  });

  it('is not answered by the answer that comes too late', async () => {
    opened.standIn.faults.delayAnswers(APPEND_MS * 2);
    expect(await failure(log.append('workspace-a', 'none', [newFact()]))).toBeInstanceOf(OutcomeUnknown);
    opened.standIn.faults.delayAnswers(0);
    expect(await log.append('workspace-a', 0, [newFact()])).toMatchObject({ revision: 1 });
  });
});

describe('A server that says no without saying why', () => {
  it('leaves the outcome unknown', async () => {
    opened.standIn.faults.failAppends(1);
    const batch = newFacts(1);
    expect(await failure(log.append('workspace-a', 'none', batch))).toBeInstanceOf(OutcomeUnknown);
    opened.standIn.faults.failAppends(0);
    expect(await log.append('workspace-a', 'none', batch)).toMatchObject({ revision: 0 });
  });
});

describe('A frozen server', () => {
  it('keeps nobody waiting: appends and reads end by our own time-outs, and go on once it is back', async () => {
    const facts = newFacts(20);
    await log.append('workspace-a', 'none', facts);
    opened.standIn.faults.freeze();
    const batch = newFacts(1);
    const attempts: [number, () => Promise<unknown>][] = [
      [APPEND_MS, () => log.append('workspace-a', 19, batch)],
      [READ_MS, () => all(log.readStream('workspace-a'))],
      [READ_MS, () => all(log.readAll())],
      [READ_MS, () => log.head()],
    ];
    for (const [ms, attempt] of attempts) {
      const took = await elapsed(async () => {
        expect(await failure(attempt())).toMatchObject({ message: `EventStoreDB has not answered within ${ms} ms.` });
      });
      expect(took).toBeLessThan(ms * 1.5 + 300);
    }
    expect(await log.health()).toMatchObject({ writable: false, readable: false });
    opened.standIn.faults.thaw();
    expect(await settled('workspace-a', 19, batch)).toMatchObject({ revision: 20 });
    expect(await stored()).toEqual(ids([...facts, ...batch]));
    expect(await log.health()).toMatchObject({ writable: true, readable: true, problem: undefined });
  });

  it('tells no checkpoint to those that follow, and follows on once it is back', async () => {
    const heard = listen(log);
    await heard.until(() => heard.caughtUp);
    opened.standIn.faults.freeze();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const checkpoints = heard.checkpoints;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(heard.checkpoints).toBe(checkpoints);
    opened.standIn.faults.thaw();
    const fact = newFact();
    await settled('workspace-a', 'none', [fact]);
    await heard.until(() => heard.ids.length === 1);
    expect(heard.ids).toEqual([fact.id]);
  });
});

describe('A server out of reach', () => {
  it('is a certain no for what could not be sent, and within a moment', async () => {
    await log.append('workspace-a', 'none', newFacts(1));
    await opened.standIn.faults.unreachable();
    const took = await elapsed(async () => {
      expect(await failure(log.head())).toBeInstanceOf(LogUnavailable);
      expect(await failure(log.append('workspace-a', 0, newFacts(1)))).toBeInstanceOf(LogUnavailable);
      expect(await failure(log.append('workspace-a', 0, newFacts(1)))).toMatchObject({
        name: 'LogUnavailable',
        message: 'EventStoreDB can’t be reached.',
      });
    });
    expect(took).toBeLessThan(APPEND_MS * 3);
    expect(await log.health()).toMatchObject({ readable: false, problem: 'EventStoreDB can’t be reached.' });
    await opened.standIn.faults.reachable();
    const took2 = await elapsed(() => settled('workspace-a', 0, newFacts(1)));
    expect(took2).toBeLessThan(3000);
  });

  it('leaves unknown what had been sent', async () => {
    // Patient enough for a busy machine: what ends the wait is the connection.
    const patient = await openEventStoreLog({
      connectionString: opened.standIn.connectionString,
      appendTimeoutMs: 20_000,
      readTimeoutMs: 20_000,
    });
    opened.standIn.faults.dropAppendAnswers(1);
    const batch = newFacts(2);
    const waiting = failure(patient.append('workspace-a', 'none', batch));
    while ((await all(patient.readStream('workspace-a'))).length === 0);
    await opened.standIn.faults.unreachable();
    expect(await waiting).toMatchObject({ name: 'OutcomeUnknown', message: 'EventStoreDB can’t be reached.' });
    await patient.close();
    await opened.standIn.faults.reachable();
    opened.standIn.faults.dropAppendAnswers(0);
    expect(await settled('workspace-a', 'none', batch)).toMatchObject({ revision: 1 });
    expect(await stored()).toEqual(ids(batch));
  });

  it('fails nobody who waits for another server', async () => {
    const other = await open();
    const otherLog = await openEventStoreLog({ connectionString: other.standIn.connectionString });
    await otherLog.append('workspace-a', 'none', newFacts(1));
    await log.append('workspace-a', 'none', newFacts(1));
    other.standIn.faults.delayAnswers(200);
    const waiting = otherLog.append('workspace-a', 0, newFacts(1));
    opened.standIn.faults.dropAppendAnswers(1);
    const broken = failure(log.append('workspace-a', 0, newFacts(1)));
    await opened.standIn.faults.unreachable();
    expect(await broken).toBeInstanceOf(OutcomeUnknown);
    expect(await waiting).toMatchObject({ revision: 1 });
    await otherLog.close();
    await other.close();
  });
});

describe('A server that was killed and started again', () => {
  it('has what it answered for, and is followed without a gap or a repeat', async () => {
    const server = await startStandInProcess({ directory: `${opened.directory}/process`, synchronous: 'off' });
    const killed = await openEventStoreLog({ connectionString: server.connectionString, appendTimeoutMs: 1000 });
    const heard = listen(killed);
    const own = log;
    log = killed;
    const facts = newFacts(60);
    try {
      for (const [i, fact] of facts.entries()) {
        const appending = settled('workspace-a', i === 0 ? 'none' : i - 1, [fact]);
        if (i === 20 || i === 40) {
          await server.kill9();
          await server.restart();
        }
        expect(await appending).toMatchObject({ revision: i });
      }
      await heard.until(() => heard.ids.length === facts.length);
      expect(heard.ids).toEqual(ids(facts));
      expect(await stored()).toEqual(ids(facts));
    } finally {
      log = own;
      end.abort();
      await killed.close();
      await server.stop();
    }
  });
});

describe('Subscriptions that break', () => {
  it('are begun again from the last position, without a gap or a repeat, while appends go on', async () => {
    const before = newFacts(300);
    await log.append('workspace-a', 'none', before);
    const heard = [listen(log), listen(log, ['workspace-']), listen(log, ['workspace-a'])];
    const facts = newFacts(200);
    for (const [i, fact] of facts.entries()) {
      await log.append('workspace-a', 299 + i, [fact]);
      await log.append('denials-a', 'any', [newFact()]);
      if (i % 10 === 5) opened.standIn.faults.breakSubscriptions();
    }
    for (const each of heard) {
      await each.until(() => each.ids.includes(facts.at(-1)!.id));
      const prefixes = each === heard[0] ? undefined : ['workspace-'];
      const wanted = ids(await all(log.readAll({ streamPrefixes: prefixes })));
      if (each === heard[0]) await each.until(() => each.ids.length === wanted.length);
      expect(each.ids).toEqual(wanted);
      expect(each.caughtUps).toBe(1);
    }
  });
});

describe('What the server keeps for itself', () => {
  const statistics = () =>
    opened.client.appendToStream('$stats-127.0.0.1:2113', jsonEvent({ type: '$statsCollected', data: { n: 1 } }));

  it('is neither read nor followed, and no position lies behind the newest fact', async () => {
    for (let i = 0; i < 5; i++) await statistics();
    expect(await log.head()).toBe('0'.repeat(20));
    expect(await all(log.readAll())).toEqual([]);
    const heard = listen(log);
    await heard.until(() => heard.checkpoints >= 2);
    expect(heard.last).toBe('0'.repeat(20));

    const { position } = await log.append('workspace-a', 'none', newFacts(1));
    for (let i = 0; i < 40; i++) await statistics();
    await heard.until(() => heard.checkpoints >= 4);
    expect(heard.last).toBe(position);
    expect(await log.head()).toBe(position);
    expect(await all(log.readAll())).toHaveLength(1);
    const others = listen(log, ['staff-']);
    await others.until(() => others.checkpoints >= 2);
    expect([others.caughtUps, others.last]).toEqual([1, position]);
  });

  it('is told from facts also where a log was put back', async () => {
    const { position } = await log.append('workspace-a', 'none', newFacts(3));
    const behind = String(BigInt(position) + 1n).padStart(20, '0');
    await statistics();
    await statistics();
    const refused = all(log.follow({ after: behind, signal: end.signal }));
    expect(await failure(refused)).toBeInstanceOf(RangeError);
    expect(await failure(all(log.follow({ after: 'nowhere', signal: end.signal })))).toBeInstanceOf(RangeError);
  });
});

describe('A fact in EventStoreDB', () => {
  it('is JSON to every other client', async () => {
    const fact = { ...newFact(), data: '{ "b":1.0,\n"a":"ż" }', metadata: '{"schemaVersion":1}' };
    await log.append('workspace-a', 'none', [fact]);
    for await (const { event } of opened.client.readStream('workspace-a')) {
      expect(event).toMatchObject({
        id: fact.id,
        type: fact.type,
        isJson: true,
        data: { b: 1, a: 'ż' },
        metadata: { schemaVersion: 1 },
      });
    }
  });
});

describe("The log's clock", () => {
  it('is told from our own appends, and a jump of ours shows at once', async () => {
    let ahead = 0;
    const own = await openLog(() => Date.now() + ahead);
    await own.append('workspace-a', 'none', newFacts(1));
    await own.health();
    await own.append('workspace-a', 0, newFacts(1));
    expect(Math.abs((await own.health()).clockSkewMs)).toBeLessThan(APPEND_MS);
    ahead = 3_600_000;
    expect((await own.health()).clockSkewMs + 3_600_000).toBeLessThan(APPEND_MS);
    await own.close();
  });

  it('is told from what others append, where we follow', async () => {
    const own = await openLog(() => Date.now() - 60_000);
    const heard = listen(own);
    await heard.until(() => heard.checkpoints > 0);
    await log.append('workspace-a', 'none', newFacts(1));
    await heard.until(() => heard.ids.length === 1);
    expect(Math.abs((await own.health()).clockSkewMs - 60_000)).toBeLessThan(1000);
    end.abort();
    await own.close();
  });
});

interface Heard {
  readonly ids: string[];
  readonly caughtUp: boolean;
  readonly caughtUps: number;
  readonly checkpoints: number;
  /** The position told last. */
  readonly last: string;
  until(condition: () => boolean): Promise<void>;
}

/** Follows from the start until the test ends. */
function listen(to: EventLog, streamPrefixes?: string[]): Heard {
  const heard = { ids: [] as string[], caughtUp: false, caughtUps: 0, checkpoints: 0, last: '' };
  let wake = () => {};
  const take = (item: Followed) => {
    heard.last = item.kind === 'fact' ? item.fact.position : item.position;
    if (item.kind === 'fact') heard.ids.push(item.fact.id);
    else if (item.kind === 'checkpoint') heard.checkpoints++;
    else {
      heard.caughtUp = true;
      heard.caughtUps++;
    }
    wake();
  };
  void (async () => {
    for await (const item of to.follow({ streamPrefixes, signal: end.signal })) take(item);
  })();
  return Object.assign(heard, {
    async until(condition: () => boolean) {
      while (!condition()) await new Promise<void>((resolve) => (wake = resolve));
    },
  });
}
