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
