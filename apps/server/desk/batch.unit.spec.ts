import { describe, expect, it } from '@jest/globals';
import { noCommands, remember, type CommandMemory } from '#domain/command-memory';
import type { ReadFact } from '#domain/facts';
import { envelopeWith } from '#event-log/envelope';
import { decideBatch, type LaneKind, type Waiting } from './batch.ts';
import type { Outcome } from './outcome.ts';
import { nothingStands } from './standing.ts';
import { uuidV7 } from './uuid-v7.ts';

type Command = 'refused, with an end that is due' | 'taken';
type EndFact = ReadFact & { readonly type: 'Ended' };

type Step = 'forward' | 'back' | 'refused';
type StepFact = ReadFact & { readonly type: 'Stepped' };
/** What, the revision that is expected, the command's id. */
type Sent = [Step, number | undefined, string?];

describe('A command that expects a revision', () => {
  const now = Date.parse('2026-11-21T09:00:00.000Z');
  const kind: LaneKind<CommandMemory, Step, StepFact> = {
    initial: noCommands,
    fold: (commands, _, written) => remember(commands, written),
    decide: (step) =>
      step === 'refused'
        ? { facts: [], refusal: { rule: 'memberBelongsHere' as const, because: 'No.' } }
        : { facts: [{ type: 'Stepped', data: {} }] },
    commands: (commands) => commands,
    isRestricting: (step) => step === 'back',
  };
  const actor = { kind: 'system' as const, id: 'test' };

  const decided = (...steps: Sent[]) => {
    const outcomes: Outcome<StepFact>[] = [];
    const queue = steps.map(([command, expected, commandId = uuidV7(now)]): Waiting<Step, StepFact> => {
      const expectation = expected === undefined ? {} : { expectedRevision: expected };
      return {
        command,
        caller: { actor, commandId, commandDigest: 'sha256:0', ...expectation },
        restricting: kind.isRestricting(command),
        since: 0,
        lostRaces: 0,
        resolve: (outcome) => outcomes.push(outcome),
        reject: (error) => expect(error).toBeUndefined(),
      };
    });
    const deciding = { stream: 's', kind, envelope: envelopeWith(), clockNow: now, newId: uuidV7 };
    const standing = { ...nothingStands(noCommands), revision: 6, position: '1' };
    const batch = decideBatch(deciding, standing, queue);
    batch.answer('2');
    return { said: outcomes, facts: batch.facts.length };
  };
  const kinds = (...steps: Sent[]) => decided(...steps).said.map((outcome) => outcome.kind);

  it('is done where the stream is there, and writes nothing where it is not', () => {
    expect(kinds(['forward', 6])).toEqual(['accepted']);
    for (const elsewhere of [0, 5, 7]) {
      const { said, facts } = decided(['forward', elsewhere]);
      expect({ said, facts }).toEqual({ said: [{ kind: 'stale', currentRevision: 6, position: '2' }], facts: 0 });
    }
  });

  it('is compared with what others were granted before it in the same batch', () => {
    const { said, facts } = decided(['forward', 6], ['forward', 6], ['forward', 7], ['forward', undefined]);
    expect(said.map((outcome) => outcome.kind)).toEqual(['accepted', 'stale', 'accepted', 'accepted']);
    expect(said[1]).toEqual({ kind: 'stale', currentRevision: 7, position: '2' });
    expect(facts).toBe(3);
  });

  it('is never too late where it only takes away', () => {
    expect(kinds(['back', 2])).toEqual(['accepted']);
  });

  it('hears of its refusal first: who may not ask learns no revision', () => {
    expect(kinds(['refused', 2])).toEqual(['refused']);
  });

  it('has its one effect when it is sent again, though that moved the stream on', () => {
    const commandId = uuidV7(now);
    expect(kinds(['forward', 6, commandId], ['forward', 6, commandId])).toEqual(['accepted', 'repeated']);
  });

  it('is not made known by being too late: sent again with the right revision it is done', () => {
    const commandId = uuidV7(now);
    expect(kinds(['forward', 5, commandId], ['forward', 6, commandId])).toEqual(['stale', 'accepted']);
  });
});

describe('What a refused command wrote on its way', () => {
  const now = Date.parse('2026-11-21T09:00:00.000Z');
  const kind: LaneKind<CommandMemory, Command, EndFact> = {
    initial: noCommands,
    fold: (commands, _, written) => remember(commands, written),
    decide: (command) => ({
      facts: [{ type: 'Ended', data: {} }],
      ...(command !== 'taken' && { refusal: { rule: 'visitHasNotEnded' as const, because: 'It has ended.' } }),
    }),
    commands: (commands) => commands,
    isRestricting: () => false,
  };

  const outcomesOf = (command: Command) => {
    const outcomes: Outcome<EndFact>[] = [];
    const waiting: Waiting<Command, EndFact> = {
      command,
      caller: { actor: { kind: 'system', id: 'test' }, commandId: uuidV7(now), commandDigest: 'sha256:0' },
      restricting: false,
      since: 0,
      lostRaces: 0,
      resolve: (outcome) => outcomes.push(outcome),
      reject: (error) => expect(error).toBeUndefined(),
    };
    const deciding = { stream: 's', kind, envelope: envelopeWith(), clockNow: now, newId: uuidV7 };
    const batch = decideBatch(deciding, nothingStands(noCommands), [waiting, waiting]);
    batch.answer('');
    return { kinds: outcomes.map((outcome) => outcome.kind), stored: batch.stored };
  };

  it('does not make it known: sent again, it is refused again and not answered as done', () => {
    expect(outcomesOf('taken').kinds).toEqual(['accepted', 'repeated']);
    const { kinds, stored } = outcomesOf('refused, with an end that is due');
    expect(kinds).toEqual(['refused', 'refused']);
    // What it was written for can be told all the same.
    expect(stored[0]?.metadata).toMatchObject({ commandId: expect.any(String) });
    expect(stored[0]?.metadata.commandDigest).toBeUndefined();
  });
});
