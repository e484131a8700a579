import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  COMMANDS_REMEMBERED_MS,
  memoryOf,
  noCommands,
  recall,
  remember,
  type CommandMemory,
  type RememberedCommand,
} from './command-memory.ts';
import type { Written } from './fact.ts';
import { clock } from './testing/story.ts';

/** The UUIDv7 that is made at a time of day. */
function idAt(text: string, serial = 0): string {
  const hex = clock(text).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${serial.toString(16).padStart(12, '0')}`;
}
const wrote = (memory: CommandMemory, at: string, revision: number, commandId?: string, commandDigest = 'sha256:a') =>
  remember(memory, {
    id: `fact-${revision}`,
    revision,
    time: clock(at),
    actor: { kind: 'system', id: 'spec' },
    ...(commandId !== undefined && { commandId, commandDigest }),
  });

const actor = { kind: 'system' as const, id: 'spec' };
const idsIn = (memory: CommandMemory) => memory.list().map(({ id }) => id);

/** A memory told the plain way: a map, copied whole. */
type Told = ReadonlyMap<string, RememberedCommand>;
function toldOf(told: Told, { commandId: id = '', commandDigest: digest = '', time, revision }: Written): Told {
  const known = told.get(id);
  const again = known !== undefined && time - known.at <= COMMANDS_REMEMBERED_MS;
  return new Map(told).set(
    id,
    again ? { ...known, count: known.count + 1 } : { id, digest, at: time, revision, count: 1 },
  );
}
const fresh = (told: Told, time: number) =>
  [...told.values()].filter(({ at }) => time - at <= COMMANDS_REMEMBERED_MS).sort((a, b) => a.revision - b.revision);

const ten = idAt('10:00');
const known = wrote(wrote(noCommands, '10:00', 4, ten), '10:00', 5, ten);

describe('A command (T44)', () => {
  it('that was never seen is new', () => {
    expect(recall(noCommands, ten, 'sha256:a', clock('10:00'))).toStrictEqual({ kind: 'new' });
  });

  it('seen before, with the same payload, is repeated: with the place of its facts', () => {
    expect(recall(known, ten, 'sha256:a', clock('10:01'))).toStrictEqual({ kind: 'repeated', revision: 4, count: 2 });
  });

  it('seen before with another payload is reused', () => {
    expect(recall(known, ten, 'sha256:b', clock('10:01'))).toStrictEqual({ kind: 'reused' });
  });

  it.each(['', 'abc', ten.replace('-7', '-4'), `${ten} `, `x${ten}`])('whose id %j is no UUIDv7 is stale', (id) => {
    expect(recall(noCommands, id, 'sha256:a', clock('10:00'))).toStrictEqual({ kind: 'stale' });
  });

  it.each([
    ['09:54:59.999', 'stale'],
    ['09:55', 'new'],
    ['1d 09:55', 'new'],
    ['1d 09:55:00.001', 'stale'],
  ])('made at 10:00 is, at %s, %s', (at, kind) => {
    expect(recall(noCommands, ten, 'sha256:a', clock(at))).toStrictEqual({ kind });
  });

  it('is never new while it could be forgotten: the two limits don’t cross', () => {
    // Written at the latest moment that the id of a fast clock allows, and at the earliest.
    for (const writtenAt of ['09:55', '10:00', '11:00']) {
      const memory = wrote(noCommands, writtenAt, 0, ten);
      const lastKnown = clock(writtenAt) + COMMANDS_REMEMBERED_MS;
      expect(recall(memory, ten, 'sha256:a', lastKnown).kind).toBe('repeated');
      expect(recall(memory, ten, 'sha256:a', lastKnown + 1).kind).toBe('stale');
    }
  });
});

describe('The memory of commands', () => {
  it('forgets those of more than 24 hours ago when something new is written', () => {
    const next = idAt('1d 10:00', 1);
    expect(idsIn(wrote(known, '1d 10:00', 6, next))).toStrictEqual([ten, next]);
    expect(idsIn(wrote(known, '1d 10:00:00.001', 6, next))).toStrictEqual([next]);
  });

  it('leaves itself alone for facts that no command is known of, and is never changed in place', () => {
    expect(wrote(known, '10:05', 6)).toBe(known);
    wrote(known, '1d 10:30', 6, idAt('1d 10:30'));
    expect(idsIn(known)).toStrictEqual([ten]);
  });

  it('answers as a map of all commands would, whatever is remembered on which of its states', () => {
    const ids = fc.integer({ min: 0, max: 120 });
    const step = fc.record({
      id: fc.option(ids, { nil: 'another' as const, freq: 2 }),
      waitMs: fc.oneof({ weight: 20, arbitrary: fc.nat({ max: 60_000 }) }, fc.nat({ max: 13 * 3_600_000 })),
      // Facts decided and then not written: the next is remembered on the state before them.
      takenBack: fc.nat({ max: 9 }).map((roll) => roll === 0),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 400, size: 'max' }), (steps) => {
        let time = clock('10:00');
        let memory = noCommands;
        let told: Told = new Map();
        const states: (readonly [CommandMemory, Told, number])[] = [];
        for (const [revision, { id, waitMs, takenBack }] of steps.entries()) {
          time += waitMs;
          const commandId = `command-${id === 'another' ? `${id}-${revision}` : id}`;
          const written = { id: '', revision, time, actor, commandId, commandDigest: `sha256:${revision % 3}` };
          const next = [remember(memory, written), toldOf(told, written)] as const;
          states.push([...next, time]);
          if (!takenBack) [memory, told] = next;
        }
        for (const [memory, told, time] of states.filter((_, n) => n % 40 === 39 || n === states.length - 1)) {
          const known = fresh(told, time);
          expect(memory.list()).toStrictEqual(known);
          expect(memoryOf(known, time).list()).toStrictEqual(known);
          const kinds = (digestOf: (command: RememberedCommand) => string) =>
            [...told.values()].map((command) => recall(memory, command.id, digestOf(command), time));
          expect(kinds(({ digest }) => digest)).toStrictEqual(
            [...told.values()].map((command) =>
              known.includes(command)
                ? { kind: 'repeated', revision: command.revision, count: command.count }
                : { kind: 'stale' },
            ),
          );
          expect(kinds(() => 'another')).toStrictEqual(
            [...told.values()].map((command) => ({ kind: known.includes(command) ? 'reused' : 'stale' })),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes a command in without looking through the others, 100,000 of a day', () => {
    const COUNT = 100_000;
    const idOf = (n: number) => idAt('10:00', n);
    let memory = noCommands;
    let packed = 0;
    const lookedThrough = entriesLookedThrough(() => {
      for (let n = 0; n < COUNT; n++) {
        const time = clock('10:00') + n * 800;
        memory = remember(memory, { id: '', revision: n, time, actor, commandId: idOf(n), commandDigest: 'sha256:a' });
        packed = Math.max(packed, memory.newestCount);
      }
    });
    expect(lookedThrough).toBe(0);
    expect(packed).toBeLessThanOrEqual(32);
    expect(memory.list()).toHaveLength(COUNT);
    for (const n of [0, 1, 31, 32, 33, 50_000, COUNT - 1]) {
      expect(recall(memory, idOf(n), 'sha256:a', clock('10:00') + COUNT * 800)).toStrictEqual({
        kind: 'repeated',
        revision: n,
        count: 1,
      });
    }
  });

  it('keeps what a day brings, not what a month does', () => {
    let memory = noCommands;
    for (let n = 0; n < 30 * 1000; n++) {
      const time = clock('10:00') + n * 86_400;
      memory = remember(memory, { id: '', revision: n, time, actor, commandId: `c-${n}`, commandDigest: 'd' });
    }
    expect(memory.young.commands.size + memory.old.commands.size + memory.newestCount).toBeLessThan(3 * 1000);
    expect(memory.list()).toHaveLength(1001);
  });
});

/** How many entries of maps are gone through while something is done: what is found by its key is not among them. */
function entriesLookedThrough(work: () => void): number {
  type Way = (this: Map<unknown, unknown>, ...args: unknown[]) => unknown;
  const prototype = Map.prototype as unknown as Record<string | symbol, Way>;
  const ways = ['entries', 'keys', 'values', 'forEach', Symbol.iterator].map((way) => [way, prototype[way]!] as const);
  let entries = 0;
  try {
    for (const [way, original] of ways) {
      prototype[way] = function (...args) {
        entries += this.size;
        return original.apply(this, args);
      };
    }
    work();
  } finally {
    for (const [way, original] of ways) prototype[way] = original;
  }
  return entries;
}
