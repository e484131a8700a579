import { describe, expect, it } from '@jest/globals';
import { COMMANDS_REMEMBERED_MS, noCommands, recall, remember, type CommandMemory } from './command-memory.ts';
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
    expect([...wrote(known, '1d 10:00', 6, next).keys()]).toStrictEqual([ten, next]);
    expect([...wrote(known, '1d 10:00:00.001', 6, next).keys()]).toStrictEqual([next]);
  });

  it('leaves itself alone for facts that no command is known of, and is never changed in place', () => {
    expect(wrote(known, '10:05', 6)).toBe(known);
    wrote(known, '1d 10:30', 6, idAt('1d 10:30'));
    expect([...known.keys()]).toStrictEqual([ten]);
  });
});
