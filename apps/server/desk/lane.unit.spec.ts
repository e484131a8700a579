import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { noCommands, remember, type CommandMemory } from '#domain/command-memory';
import type { ReadFact } from '#domain/facts';
import { envelopeWith } from '#event-log/envelope';
import {
  LogUnavailable,
  OutcomeUnknown,
  WrongRevision,
  type EventLog,
  type NewFact,
  type RecordedFact,
} from '#event-log/port';
import { Lane, NotNow, type Outcome } from './lane.ts';

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
  let appends: { expected: unknown; facts: readonly NewFact[] }[];
  /** What the log does with the next appends, in order: before storing, or after. */
  let before: (() => void)[];
  let after: (() => void)[];
  let now: number;
  let lane: Lane<Counter, Command, CounterFact>;
  let turn: (() => void)[];

  const store = (facts: readonly NewFact[]) => {
    for (const fact of facts) {
      const revision = stored.length;
      stored.push({ ...fact, stream: 's', revision, position: String(revision).padStart(20, '0'), recordedAt: now });
    }
  };

  const log = {
    async append(stream: string, expected: number | 'none', facts: readonly NewFact[]) {
      appends.push({ expected, facts });
      before.shift()?.();
      const stands = stored.length === 0 ? 'none' : stored.length - 1;
      const first = expected === 'none' ? 0 : expected + 1;
      const repeated = facts.every(({ id }, i) => stored[first + i]?.id === id);
      if (!repeated) {
        if (stands !== expected) throw new WrongRevision(stream, expected, stands);
        store(facts);
      }
      after.shift()?.();
      const revision = first + facts.length - 1;
      return { revision, position: String(revision).padStart(20, '0') };
    },
    async *readStream(_: string, { from = 0 } = {}) {
      yield* stored.slice(from);
    },
  } as unknown as EventLog;

  const newLane = () =>
    new Lane<Counter, Command, CounterFact>('s', kind, {
      log,
      envelope: envelopeWith(),
      clock: { now: () => now },
      schedule: (one) => turn.push(() => one.pump()),
      written: () => undefined,
    });

  beforeEach(async () => {
    stored = [];
    appends = [];
    before = [];
    after = [];
    turn = [];
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
    before.push(() => (during = add()));
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
    jest.useFakeTimers();
    try {
      const lost = () => {
        throw new OutcomeUnknown('no answer');
      };
      (landed ? after : before).push(lost);
      const answer = add();
      endOfTurn();
      await jest.advanceTimersByTimeAsync(250);
      expect((await answer).kind).toBe('accepted');
      expect(types()).toEqual(['Added']);
      expect(appends).toHaveLength(2);
      expect(appends[1]).toEqual(appends[0]);
    } finally {
      jest.useRealTimers();
    }
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
});
