import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { noCommands, remember, type CommandMemory } from '#domain/command-memory';
import type { ReadFact } from '#domain/facts';
import { envelopeWith } from '#event-log/envelope';
import {
  type ExpectedRevision,
  LogUnavailable,
  OutcomeUnknown,
  WrongRevision,
  type EventLog,
  type NewFact,
  type RecordedFact,
} from '#event-log/port';
import { Lane, MOST_WAITING } from './lane.ts';
import { NotNow } from './not-now.ts';
import { Patience, PATIENCE_MS } from './patience.ts';
import type { Standing } from './standing.ts';
import { uuidV7 } from './uuid-v7.ts';
import type { Outcome } from './outcome.ts';

/** A counter that may not go above 3: enough of a stream to see what a lane does. */
interface Counter {
  readonly count: number;
  readonly commands: CommandMemory;
}
type Command = { readonly type: 'Add' } | { readonly type: 'Clear' };
type CounterFact = ReadFact & { readonly type: 'Added' | 'Cleared'; readonly data: object };

const kind = {
  initial: { count: 0, commands: noCommands } as Counter,
  fold: (state: Counter, fact: ReadFact, written: Parameters<typeof remember>[1]): Counter => ({
    count: fact.type === 'Cleared' ? 0 : state.count + 1,
    commands: remember(state.commands, written),
  }),
  decide: (command: Command, { count }: Counter) =>
    command.type === 'Clear'
      ? { facts: count === 0 ? [] : [{ type: 'Cleared' as const, data: {} }] }
      : count < 3
        ? { facts: [{ type: 'Added' as const, data: {} }] }
        : { facts: [], refusal: { rule: 'workspaceHasRoom' as const, because: 'full' } },
  commands: ({ commands }: Counter) => commands,
  isRestricting: ({ type }: Command) => type === 'Clear',
};

describe('A lane', () => {
  const caller = { actor: { kind: 'system' as const, id: 'test' } };
  let stored: RecordedFact[];
  let appends: { expected: ExpectedRevision; facts: readonly NewFact[] }[];
  /** What the log does with the next appends, in order: before storing, or after. */
  let before: (() => void | Promise<void>)[];
  let after: (() => void)[];
  /** From where the stream was read, and what happens when it is read next. */
  let reads: number[];
  let reading: (() => void | Promise<void>)[];
  let now: number;
  let lane: Lane<Counter, Command, CounterFact>;
  let turn: (() => void)[];
  let elapsed: number;
  let pauses: { until: number; wake: () => void }[];
  let isShared: boolean;
  let stopping: boolean;
  let kept: Map<string, Standing<Counter>>;

  const store = (facts: readonly NewFact[]) => {
    for (const fact of facts) {
      const revision = stored.length;
      stored.push({ ...fact, stream: 's', revision, position: String(revision).padStart(20, '0'), recordedAt: now });
    }
  };

  const log = {
    get isShared() {
      return isShared;
    },
    async append(stream: string, expected: ExpectedRevision, facts: readonly NewFact[]) {
      appends.push({ expected, facts });
      await before.shift()?.();
      const stands = stored.length === 0 ? 'none' : stored.length - 1;
      const first = expected === 'none' ? 0 : expected === 'any' ? stored.length : expected + 1;
      const repeated = facts.every(({ id }, i) => stored[first + i]?.id === id);
      if (!repeated) {
        if (expected !== 'any' && stands !== expected) throw new WrongRevision(stream, expected, stands);
        store(facts);
      }
      after.shift()?.();
      const revision = first + facts.length - 1;
      return { revision, position: String(revision).padStart(20, '0') };
    },
    async *readStream(_: string, { from = 0 } = {}) {
      reads.push(from);
      await reading.shift()?.();
      yield* stored.slice(from);
    },
  } as unknown as EventLog;

  const timer = {
    elapsed: () => elapsed,
    pause: (ms: number) => new Promise<void>((wake) => pauses.push({ until: elapsed + ms, wake })),
    get stopping() {
      return stopping;
    },
  };

  const newLane = () =>
    new Lane<Counter, Command, CounterFact>(
      's',
      kind,
      {
        log,
        envelope: envelopeWith(),
        clock: { now: () => now },
        timer,
        patience: new Patience(timer),
        newId: uuidV7,
        schedule: (one) => turn.push(() => one.pump()),
        written: () => undefined,
      },
      { load: (stream) => kept.get(stream), keep: (stream, standing) => kept.set(stream, standing) },
    );

  /** Lets time pass, and everything happen that waits for it. */
  const pass = async (ms: number) => {
    elapsed += ms;
    for (const { wake } of pauses.filter(({ until }) => until <= elapsed)) wake();
    pauses = pauses.filter(({ until }) => until > elapsed);
    await settled();
  };
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

  beforeEach(async () => {
    stored = [];
    appends = [];
    before = [];
    after = [];
    turn = [];
    reads = [];
    reading = [];
    elapsed = 0;
    pauses = [];
    isShared = false;
    stopping = false;
    kept = new Map();
    now = Date.parse('2026-11-21T09:00:00.000Z');
    lane = newLane();
    await lane.look();
  });

  const add = () => lane.submit({ type: 'Add' }, caller);
  const clear = () => lane.submit({ type: 'Clear' }, caller);
  const endOfTurn = () => {
    for (const pump of turn.splice(0)) pump();
  };
  const kinds = (outcomes: readonly Outcome<CounterFact>[]) => outcomes.map(({ kind: what }) => what);
  const types = () => stored.map(({ type }) => type);

  it('puts everything that waits into one append, each decided on the state behind the one before', async () => {
    const answers = Promise.all([add(), add(), add(), add()]);
    endOfTurn();
    expect(kinds(await answers)).toEqual(['accepted', 'accepted', 'accepted', 'refused']);
    expect(appends.map(({ facts }) => facts.length)).toEqual([3]);
  });

  it('has one append in flight; what arrives meanwhile goes into the next', async () => {
    let during: Promise<Outcome<CounterFact>> | undefined;
    before.push(() => void (during = add()));
    const first = add();
    endOfTurn();
    await first;
    endOfTurn();
    await during;
    expect(appends.map(({ expected }) => expected)).toEqual(['none', 0]);
  });

  it('decides what only takes away first', async () => {
    store([{ id: 'a', type: 'Added', data: '{}', metadata: '{"time":"2026-11-21T09:00:00.000Z","codec":"plain"}' }]);
    lane = newLane();
    await lane.look();
    const answers = Promise.all([add(), clear()]);
    endOfTurn();
    await answers;
    expect(types()).toEqual(['Added', 'Cleared', 'Added']);
  });

  it('answers a refusal only when what it was decided on is durable', async () => {
    const order: string[] = [];
    after.push(() => order.push('durable'));
    const answers = [add(), add(), add(), add()].map((one, i) =>
      one.then(({ kind: what }) => order.push(`${i} ${what}`)),
    );
    endOfTurn();
    await Promise.all(answers);
    expect(order).toEqual(['durable', '0 accepted', '1 accepted', '2 accepted', '3 refused']);
  });

  it('reads on and decides everything anew, with new ids, when another instance was faster', async () => {
    const other: NewFact = {
      id: 'o',
      type: 'Added',
      data: '{}',
      metadata: '{"time":"2026-11-21T09:00:00.000Z","codec":"plain"}',
    };
    before.push(() => store([other, { ...other, id: 'p' }]));
    const answers = Promise.all([add(), add()]);
    endOfTurn();
    expect(kinds(await answers)).toEqual(['accepted', 'refused']);
    expect(types()).toEqual(['Added', 'Added', 'Added']);
    const [lost, won] = appends;
    expect(won?.expected).toBe(1);
    expect(won?.facts[0]?.id).not.toBe(lost?.facts[0]?.id);
  });

  it.each([
    ['that had landed', true],
    ['that had not', false],
  ])('appends the identical batch again after an unknown outcome %s', async (_, landed) => {
    const lost = () => {
      throw new OutcomeUnknown('no answer');
    };
    (landed ? after : before).push(lost);
    const answer = add();
    endOfTurn();
    await settled();
    await pass(250);
    expect((await answer).kind).toBe('accepted');
    expect(types()).toEqual(['Added']);
    expect(appends).toHaveLength(2);
    expect(appends[1]).toEqual(appends[0]);
  });

  it('stores nothing and says "not now" when the log is away, and goes on when it is back', async () => {
    before.push(() => {
      throw new LogUnavailable('away');
    });
    const answer = add();
    endOfTurn();
    await expect(answer).rejects.toBeInstanceOf(NotNow);
    const next = add();
    endOfTurn();
    expect((await next).kind).toBe('accepted');
    expect(types()).toEqual(['Added']);
  });

  it('never writes a time earlier than the stream’s newest fact, and grants nothing while that lies far ahead', async () => {
    const first = add();
    endOfTurn();
    await first;
    now -= 4000;
    const second = add();
    endOfTurn();
    await second;
    const times = stored.map(({ metadata }) => (JSON.parse(metadata) as { time: string }).time);
    expect(times).toEqual(['2026-11-21T09:00:00.000Z', '2026-11-21T09:00:00.000Z']);
    now -= 3000;
    const third = add();
    const cleared = clear();
    endOfTurn();
    await expect(third).rejects.toBeInstanceOf(NotNow);
    expect((await cleared).kind).toBe('accepted');
  });

  it('lets a command fail alone when deciding it breaks', async () => {
    const broken = jest.spyOn(kind, 'decide').mockImplementationOnce(() => {
      throw new Error('a broken invariant');
    });
    const answers = Promise.allSettled([add(), add()]);
    endOfTurn();
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    broken.mockRestore();
    expect(types()).toEqual(['Added']);
  });

  describe('whose last append nobody knows the outcome of', () => {
    const unanswered = () => {
      throw new OutcomeUnknown('no answer');
    };
    const why = (promise: Promise<unknown>) =>
      promise.then(
        () => 'answered',
        (error: unknown) => (error instanceof NotNow ? error.why : error),
      );

    it('takes nothing on until it is settled, save what only takes away', async () => {
      after.push(unanswered, unanswered);
      const first = add();
      endOfTurn();
      const behind = why(add());
      await settled();
      expect(await behind).toBe('unsettled');
      expect(await why(add())).toBe('unsettled');
      const cleared = clear();
      await pass(250);
      await pass(250);
      endOfTurn();
      expect((await first).kind).toBe('accepted');
      expect((await cleared).kind).toBe('accepted');
      expect(types()).toEqual(['Added', 'Cleared']);
    });

    it('decides the batch anew, with new ids, once the log says that it did not happen', async () => {
      before.push(unanswered, () => store([{ id: 'o', type: 'Added', data: '{}', metadata: METADATA }]));
      const answer = add();
      endOfTurn();
      await settled();
      await pass(250);
      expect((await answer).kind).toBe('accepted');
      const [lost, repeated, anew] = appends.map(({ facts }) => facts[0]?.id);
      expect(repeated).toBe(lost);
      expect(anew).not.toBe(lost);
      expect(types()).toEqual(['Added', 'Added']);
    });

    it('goes on settling while the log can’t be reached: "nothing was stored" is said of the repeat only', async () => {
      after.push(unanswered);
      const answer = add();
      endOfTurn();
      await settled();
      before.push(() => {
        throw new LogUnavailable('away');
      });
      await pass(250);
      await pass(250);
      expect((await answer).kind).toBe('accepted');
      expect(types()).toEqual(['Added']);
    });

    it('lets nobody wait longer than five seconds, and settles all the same', async () => {
      before.push(...Array.from({ length: 30 }, () => unanswered));
      const answer = why(add());
      endOfTurn();
      await settled();
      await pass(0);
      const cleared = why(clear());
      for (let waited = 0; waited < PATIENCE_MS; waited += 250) await pass(250);
      expect([await answer, await cleared]).toEqual(['unsettled', 'unsettled']);
      for (let i = 0; i < 15; i++) await pass(250);
      endOfTurn();
      await settled();
      expect(types()).toEqual(['Added', 'Cleared']);
    });

    it('keeps nobody waiting who came when it had been settling for long, and does what only takes away all the same', async () => {
      before.push(...Array.from({ length: 60 }, () => unanswered));
      void why(add());
      endOfTurn();
      await settled();
      for (let waited = 0; waited < PATIENCE_MS + 1000; waited += 250) await pass(250);
      let heard: unknown;
      void why(clear()).then((told) => (heard = told));
      for (let waited = 0; waited < PATIENCE_MS - 250; waited += 250) await pass(250);
      expect(heard).toBeUndefined();
      for (let i = 0; i < 2; i++) await pass(250);
      expect(heard).toBe('unsettled');
      for (let i = 0; i < 30; i++) await pass(250);
      endOfTurn();
      await settled();
      expect(types()).toEqual(['Added', 'Cleared']);
    });

    it('gives up settling when the service stops', async () => {
      after.push(unanswered);
      const answer = why(add());
      endOfTurn();
      await settled();
      stopping = true;
      before.push(unanswered);
      await pass(250);
      expect(await answer).toBe('unsettled');
    });
  });

  describe('on a log that others append to', () => {
    const other = (id: string, type = 'Added') => ({ id, type, data: '{}', metadata: METADATA });

    beforeEach(() => {
      isShared = true;
    });

    it('reads on before it answers with nothing to append', async () => {
      for (const id of ['a', 'b', 'c']) store([other(id)]);
      lane = newLane();
      await lane.look();
      store([other('d', 'Cleared')]);
      const answer = add();
      endOfTurn();
      expect((await answer).kind).toBe('accepted');
      expect(types()).toEqual(['Added', 'Added', 'Added', 'Cleared', 'Added']);
    });

    it('gives a refusal once the state that it was decided on was read after the question', async () => {
      store([other('a'), other('b'), other('c')]);
      lane = newLane();
      await lane.look();
      reads = [];
      const answer = add();
      endOfTurn();
      expect((await answer).kind).toBe('refused');
      expect(reads).toEqual([2]);
      expect(appends).toEqual([]);
    });

    it('looks at nothing older than the question', async () => {
      const look = lane.look();
      store([other('a')]);
      endOfTurn();
      expect((await look).revision).toBe(0);
      reading.push(() => store([other('b')]));
      const next = lane.look();
      endOfTurn();
      expect((await next).revision).toBe(1);
    });

    it('answers a question with the append that follows it', async () => {
      const [added, look] = [add(), lane.look()];
      endOfTurn();
      await added;
      expect((await look).revision).toBe(0);
    });

    it('appends what only takes away without a revision after three lost races, alone and without what grants', async () => {
      store([other('a')]);
      lane = newLane();
      await lane.look();
      const faster = [1, 2, 3].map((i) => () => store([other(`faster-${i}`)]));
      before.push(...faster, () => store([other('faster-4')]));
      const [added, cleared] = [add(), clear()];
      endOfTurn();
      expect((await cleared).kind).toBe('accepted');
      endOfTurn();
      expect((await added).kind).toBe('accepted');
      expect(appends.map(({ expected, facts }) => [expected, facts.map(({ type }) => type).join()])).toEqual([
        [0, 'Cleared,Added'],
        [1, 'Cleared,Added'],
        [2, 'Cleared,Added'],
        ['any', 'Cleared'],
        [5, 'Added'],
      ]);
      expect(types().at(-1)).toBe('Added');
    });

    it('says "not now" to what grants once others were faster too often', async () => {
      before.push(...Array.from({ length: 60 }, (_, i) => () => store([other(`f${i}`, i % 2 ? 'Added' : 'Cleared')])));
      const answer = add().catch((error: unknown) => (error as NotNow).why);
      endOfTurn();
      expect(await answer).toBe('busy');
      expect(appends).toHaveLength(51);
    });
  });

  describe('that is asked for more than it can answer in time', () => {
    it('says "not now" at once beyond its room, and keeps room for what only takes away', async () => {
      const answers = Array.from({ length: MOST_WAITING }, () => add().catch(() => undefined));
      await expect(add()).rejects.toMatchObject({ why: 'busy' });
      const cleared = clear();
      while (turn.length > 0) {
        endOfTurn();
        await settled();
      }
      expect((await cleared).kind).toBe('accepted');
      await Promise.all(answers);
    });

    it('refuses what waited too long for its turn', async () => {
      let land = () => undefined as void;
      before.push(() => new Promise<void>((resolve) => (land = resolve)));
      const first = add();
      endOfTurn();
      const late = add().catch((error: unknown) => (error as NotNow).why);
      await pass(PATIENCE_MS + 1);
      land();
      await first;
      endOfTurn();
      expect(await late).toBe('busy');
      expect(types()).toEqual(['Added']);
    });

    it('says so when reading the book for the first time takes long', async () => {
      reading.push(() => new Promise<void>(() => undefined));
      lane = newLane();
      const first = add().catch((error: unknown) => (error as NotNow).why);
      await pass(PATIENCE_MS);
      expect(await first).toBe('loading');
      await pass(1);
      await expect(add()).rejects.toMatchObject({ why: 'loading' });
    });
  });

  describe('whose state was kept', () => {
    const other = (id: string) => ({ id, type: 'Added', data: '{}', metadata: METADATA });
    const standing = (lastFactId: string): Standing<Counter> => ({
      state: { count: 2, commands: noCommands },
      revision: 1,
      position: String(1).padStart(20, '0'),
      lastFactId,
      newest: now,
    });

    it('reads only what stands behind it', async () => {
      store([other('a'), other('b'), other('c')]);
      kept.set('s', standing('b'));
      reads = [];
      lane = newLane();
      expect(await lane.look()).toMatchObject({ state: { count: 3 }, revision: 2 });
      expect(reads).toEqual([1]);
    });

    it.each([
      ['another fact stands in its last one’s place', ['a', 'x', 'c'], 3],
      ['the log ends before it', ['a'], 1],
    ])('folds from the start where %s', async (_, ids, count) => {
      store(ids.map(other));
      kept.set('s', standing('b'));
      lane = newLane();
      expect(await lane.look()).toMatchObject({ state: { count }, revision: ids.length - 1 });
    });

    it('keeps it again every 2,000 facts', async () => {
      store(Array.from({ length: 2000 }, (_, i) => other(`f${i}`)));
      lane = newLane();
      await lane.look();
      expect(kept.get('s')).toMatchObject({ revision: 1999, lastFactId: 'f1999' });
    });
  });

  it('folds a fact that can’t be read or breaks the fold as one that nobody knows, and goes on', async () => {
    const folded: string[] = [];
    const fold = jest.spyOn(kind, 'fold').mockImplementation((state, { type }) => {
      folded.push(type);
      if (type === 'Broken') throw new Error('a broken invariant');
      return state;
    });
    store([
      { id: 'a', type: 'Added', data: 'no JSON', metadata: METADATA },
      { id: 'b', type: 'Broken', data: '{}', metadata: METADATA },
      { id: 'c', type: 'Added', data: '{}', metadata: METADATA },
    ]);
    lane = newLane();
    expect((await lane.look()).revision).toBe(2);
    fold.mockRestore();
    expect(folded).toEqual(['', 'Broken', '', 'Added']);
  });
});

const METADATA = '{"time":"2026-11-21T09:00:00.000Z","codec":"plain"}';
