import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jsonEvent } from '@eventstore/db-client';

import { all, failure, ids, newFact, newFacts } from '../contract/specimens.ts';
import { LogUnavailable, OutcomeUnknown } from '../port.ts';
import type { EventLog, Followed, NewFact } from '../port.ts';
import { openSqliteLogReader } from '../sqlite/reader.ts';
import { startStandInProcess } from '../stand-in/process.ts';
import { open } from '../stand-in/testing/open.ts';
import type { Opened } from '../stand-in/testing/open.ts';
import { openHastyLog, openPatientLog } from './testing/patience.ts';

/** Of a hasty log: what they are by default doesn't matter to what is shown. */
const APPEND_MS = 250;
const READ_MS = 400;

let opened: Opened;
/** It waits for every answer that comes at all. */
let log: EventLog;
let others: EventLog[];
let end: AbortController;

beforeEach(async () => {
  opened = await open();
  log = await openPatientLog(opened.standIn.connectionString);
  others = [];
  end = new AbortController();
});

afterEach(async () => {
  end.abort();
  for (const each of [log, ...others]) await each.close();
  await opened.close();
});

/** A log to see our own time-outs of; closed with the rest. */
async function openHasty(): Promise<EventLog> {
  const hasty = await openHastyLog(opened.standIn.connectionString, {
    appendTimeoutMs: APPEND_MS,
    readTimeoutMs: READ_MS,
  });
  others.push(hasty);
  return hasty;
}

const stored = async (stream = 'workspace-a') => ids(await all(log.readStream(stream)));

/** Appends until the outcome is known, each time the identical batch. */
async function settled(by: EventLog, stream: string, expected: number | 'none', facts: readonly NewFact[]) {
  for (;;) {
    try {
      return await by.append(stream, expected, facts);
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
    const hasty = await openHasty();
    opened.standIn.faults.dropAppendAnswers(1);
    const batch = newFacts(3);
    // Of itself it would never end: neither the server nor the client keeps any time for it.
    const took = await elapsed(async () => {
      expect(await failure(hasty.append('workspace-a', 'none', batch))).toMatchObject({
        name: 'OutcomeUnknown',
        message: `EventStoreDB has not answered within ${APPEND_MS} ms.`,
      });
    });
    expect(took).toBeGreaterThanOrEqual(APPEND_MS - 5);
    while ((await stored()).length < batch.length);
    opened.standIn.faults.dropAppendAnswers(0);
    await log.append('workspace-a', 2, newFacts(1));
    expect(await log.append('workspace-a', 'none', batch)).toMatchObject({ revision: 2 });
    expect((await stored()).slice(0, 3)).toEqual(ids(batch));
  });

  it('is neither lost nor there twice, where three in ten get lost', async () => {
    const hasty = await openHasty();
    opened.standIn.faults.dropAppendAnswers(0.3);
    const facts = newFacts(60);
    const streams = ['workspace-a', 'workspace-b', 'workspace-c'];
    const revisions = await Promise.all(
      streams.map(async (stream, lane) => {
        const own = facts.filter((_, i) => i % streams.length === lane);
        for (const [i, fact] of own.entries()) {
          expect(await settled(hasty, stream, i === 0 ? 'none' : i - 1, [fact])).toMatchObject({ revision: i });
        }
        return ids(own);
      }),
    );
    for (const [lane, stream] of streams.entries()) expect(await stored(stream)).toEqual(revisions[lane]);
  });

  it('is not answered by the answer that comes too late', async () => {
    const hasty = await openHasty();
    const { faults } = opened.standIn;
    faults.delayAnswers(60_000);
    expect(await failure(hasty.append('workspace-a', 'none', [newFact()]))).toBeInstanceOf(OutcomeUnknown);
    // What the server holds back is all that it says, so it is looked for in its file.
    const beside = openSqliteLogReader({ directory: opened.directory });
    while ((await all(beside.readStream('workspace-a'))).length === 0);
    await beside.close();
    faults.dropAppendAnswers(1);
    const next = [newFact()];
    const waiting = failure(hasty.append('workspace-a', 0, next));
    // The first one's answer is sent now, while the second waits for its own, which is lost.
    faults.delayAnswers(0);
    expect(await waiting).toBeInstanceOf(OutcomeUnknown);
    faults.dropAppendAnswers(0);
    expect(await settled(hasty, 'workspace-a', 0, next)).toMatchObject({ revision: 1 });
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
    const hasty = await openHasty();
    opened.standIn.faults.freeze();
    const batch = newFacts(1);
    // Nothing else ends them while it is frozen.
    const attempts: [number, () => Promise<unknown>][] = [
      [APPEND_MS, () => hasty.append('workspace-a', 19, batch)],
      [READ_MS, () => all(hasty.readStream('workspace-a'))],
      [READ_MS, () => all(hasty.readAll())],
      [READ_MS, () => hasty.head()],
    ];
    for (const [ms, attempt] of attempts) {
      expect(await failure(attempt())).toMatchObject({ message: `EventStoreDB has not answered within ${ms} ms.` });
    }
    expect(await hasty.health()).toMatchObject({ writable: false, readable: false });
    opened.standIn.faults.thaw();
    expect(await settled(hasty, 'workspace-a', 19, batch)).toMatchObject({ revision: 20 });
    expect(await stored()).toEqual(ids([...facts, ...batch]));
    // Asked as often as it takes: of a machine that stands still it would be as silent.
    let health = await hasty.health();
    while (!health.readable) health = await hasty.health();
    expect(health).toMatchObject({ writable: true, readable: true, problem: undefined });
  });

  it('tells no checkpoint to those that follow, and follows on once it is back', async () => {
    const hasty = await openHasty();
    const heard = listen(hasty);
    await heard.until(() => heard.caughtUp);
    opened.standIn.faults.freeze();
    const longEnough = async () => {
      for (let asked = 0; asked < 2; asked++) await failure(hasty.head());
    };
    // What was on its way comes still.
    await longEnough();
    const checkpoints = heard.checkpoints;
    await longEnough();
    expect(heard.checkpoints).toBe(checkpoints);
    opened.standIn.faults.thaw();
    const fact = newFact();
    await log.append('workspace-a', 'none', [fact]);
    await heard.until(() => heard.ids.length === 1);
    expect(heard.ids).toEqual([fact.id]);
  });
});

describe('A server out of reach', () => {
  it('is a certain no for what could not be sent, and within a moment', async () => {
    await log.append('workspace-a', 'none', newFacts(1));
    await opened.standIn.faults.unreachable();
    expect(await failure(log.head())).toBeInstanceOf(LogUnavailable);
    for (let attempt = 0; attempt < 3; attempt++) {
      // Refused, and not waited for until its time was over.
      expect(await failure(log.append('workspace-a', 0, newFacts(1)))).toMatchObject({
        name: 'LogUnavailable',
        message: 'EventStoreDB can’t be reached.',
        cause: { details: 'No connection established' },
      });
    }
    expect(await log.health()).toMatchObject({ readable: false, problem: 'EventStoreDB can’t be reached.' });
    await opened.standIn.faults.reachable();
    expect(await settled(log, 'workspace-a', 0, newFacts(1))).toMatchObject({ revision: 1 });
  });

  it('leaves unknown what had been sent', async () => {
    opened.standIn.faults.dropAppendAnswers(1);
    const batch = newFacts(2);
    // What ends the wait is the connection: its own time is longer.
    const waiting = failure(log.append('workspace-a', 'none', batch));
    while ((await stored()).length === 0);
    await opened.standIn.faults.unreachable();
    expect(await waiting).toMatchObject({ name: 'OutcomeUnknown', message: 'EventStoreDB can’t be reached.' });
    await opened.standIn.faults.reachable();
    opened.standIn.faults.dropAppendAnswers(0);
    expect(await settled(log, 'workspace-a', 'none', batch)).toMatchObject({ revision: 1 });
    expect(await stored()).toEqual(ids(batch));
  });

  it('fails nobody who waits for another server', async () => {
    const other = await open();
    const otherLog = await openPatientLog(other.standIn.connectionString);
    await otherLog.append('workspace-a', 'none', newFacts(1));
    await log.append('workspace-a', 'none', newFacts(1));
    other.standIn.faults.freeze();
    const waiting = otherLog.append('workspace-a', 0, newFacts(1));
    opened.standIn.faults.dropAppendAnswers(1);
    const broken = failure(log.append('workspace-a', 0, newFacts(1)));
    await opened.standIn.faults.unreachable();
    expect(await broken).toBeInstanceOf(OutcomeUnknown);
    other.standIn.faults.thaw();
    expect(await waiting).toMatchObject({ revision: 1 });
    await otherLog.close();
    await other.close();
  });
});

describe('A server that was killed and started again', () => {
  it('has what it answered for, and is followed without a gap or a repeat', async () => {
    const server = await startStandInProcess({ directory: `${opened.directory}/process`, synchronous: 'off' });
    const killed = await openPatientLog(server.connectionString, { appendTimeoutMs: 1000 });
    const heard = listen(killed);
    const facts = newFacts(60);
    try {
      for (const [i, fact] of facts.entries()) {
        const appending = settled(killed, 'workspace-a', i === 0 ? 'none' : i - 1, [fact]);
        if (i === 20 || i === 40) {
          await server.kill9();
          await server.restart();
        }
        expect(await appending).toMatchObject({ revision: i });
      }
      await heard.until(() => heard.ids.length === facts.length);
      expect(heard.ids).toEqual(ids(facts));
      expect(ids(await all(killed.readStream('workspace-a')))).toEqual(ids(facts));
    } finally {
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
    await heard.until(() => heard.last === position);
    const before = heard.checkpoints;
    await heard.until(() => heard.checkpoints >= before + 2);
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
  /** A log with a clock of its own; closed with the rest. */
  const openOwn = async (now: () => number) => {
    const own = await openPatientLog(opened.standIn.connectionString, { now });
    others.push(own);
    return own;
  };
  /** Whole milliseconds on either side. */
  const ROUNDED = 3;

  it('is told from our own appends, and a jump of ours shows at once', async () => {
    let ahead = 0;
    const own = await openOwn(() => Date.now() + ahead);
    await own.append('workspace-a', 'none', newFacts(1));
    await own.health();
    // It was recorded some time between the two, so the middle is wrong by half at most.
    const took = await elapsed(() => own.append('workspace-a', 0, newFacts(1)));
    const within = took / 2 + ROUNDED;
    expect(Math.abs((await own.health()).clockSkewMs)).toBeLessThanOrEqual(within);
    ahead = 3_600_000;
    expect(Math.abs((await own.health()).clockSkewMs + 3_600_000)).toBeLessThanOrEqual(within);
  });

  it('is told from what others append, where we follow', async () => {
    const own = await openOwn(() => Date.now() - 60_000);
    const heard = listen(own);
    await heard.until(() => heard.checkpoints > 0);
    let skew = 0;
    const took = await elapsed(async () => {
      await log.append('workspace-a', 'none', newFacts(1));
      await heard.until(() => heard.ids.length === 1);
      skew = (await own.health()).clockSkewMs;
    });
    // It is taken to have been on its way for half a second, and was for no longer than all of this took.
    expect(skew).toBeLessThanOrEqual(60_500 + ROUNDED);
    expect(skew).toBeGreaterThanOrEqual(60_000 - took - ROUNDED);
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
