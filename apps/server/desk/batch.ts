import type { Actor } from '@gatebook/protocol';
import { recall, type CommandMemory } from '#domain/command-memory';
import { toInstant } from '#domain/fact';
import { factVersion, type ReadFact } from '#domain/facts';
import type { Decision, Refusal } from '#domain/rule';
import type { Envelope, Fact, FactMetadata, StoredFact } from '#event-log/envelope';
import { MAX_FACT_BYTES, type NewFact } from '#event-log/port';
import { NotNow } from './not-now.ts';
import type { Caller, Outcome } from './outcome.ts';
import { writtenOf, type Folding, type Standing } from './standing.ts';

/** What a lane's stream means: its state, how it folds, how it decides. */
export interface LaneKind<State, Command, DomainFact extends ReadFact> extends Folding<State> {
  decide(command: Command, state: State, now: number): Decision<DomainFact>;
  commands(state: State): CommandMemory;
  /** Reads ahead something of what deciding these commands, each on the state at its place, will read; the number means nothing. */
  glance?(states: readonly State[], commands: readonly (Command | undefined)[]): number;
  /** Goes first in its lane, and gets through where others lose their races. */
  isRestricting(command: Command): boolean;
  /** As whom a staff member does this, in the state before it; left out or `undefined`: as themselves. */
  onBehalfOf?(state: State, fact: DomainFact): Actor | undefined;
}

/** A command that waits for its turn. */
export interface Waiting<Command, DomainFact> {
  readonly command: Command;
  readonly caller: Caller;
  readonly restricting: boolean;
  /** When it came, in milliseconds of the lane's timer. */
  readonly since: number;
  /** How often another instance was faster. */
  lostRaces: number;
  resolve(outcome: Outcome<DomainFact>): void;
  reject(error: unknown): void;
}

/** What one turn of a lane comes to: an append, and the answers that wait for it. */
export interface Batch<State, Command, DomainFact> {
  readonly facts: readonly NewFact[];
  /** The same facts as they will be read; their positions are filled in once they are known. */
  readonly stored: readonly Mutable<StoredFact>[];
  /** The state behind them. */
  readonly state: State;
  /** Gives the answers, once what they stand on is durable and known by its position. */
  answer(position: string): void;
  /** The commands that are answered by it. */
  readonly taken: readonly Waiting<Command, DomainFact>[];
  /** What didn't fit. */
  readonly later: readonly Waiting<Command, DomainFact>[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Most bytes of one append (design.md, section 3, "Lanes"). */
export const BATCH_BYTES = 512 * 1024;
const BATCH_FACTS = 900;
/** How far the stream's newest fact may lie ahead of the clock before nothing is granted (design.md, "Time"). */
const AHEAD_MS = 5000;

export interface Deciding<State, Command, DomainFact extends ReadFact> {
  readonly stream: string;
  readonly kind: LaneKind<State, Command, DomainFact>;
  readonly envelope: Envelope;
  /** The instance's clock, epoch milliseconds. */
  readonly clockNow: number;
  newId(at: number): string;
}

/** Decides what waits, in order, each on the state behind the one before. */
export function decideBatch<State, Command, DomainFact extends ReadFact>(
  { stream, kind, envelope, clockNow, newId }: Deciding<State, Command, DomainFact>,
  standing: Standing<State>,
  queue: readonly Waiting<Command, DomainFact>[],
): Batch<State, Command, DomainFact> {
  const now = Math.max(clockNow, standing.newest);
  const behind = now - clockNow > AHEAD_MS;
  const time = toInstant(now);
  let { state } = standing;
  let bytes = 0;
  const facts: NewFact[] = [];
  const stored: Mutable<StoredFact>[] = [];
  const answers: ((position: string) => void)[] = [];
  let count = 0;

  for (const waiting of queue) {
    if (bytes > BATCH_BYTES || facts.length > BATCH_FACTS) break;
    count++;
    const { command, caller } = waiting;
    if (behind && !waiting.restricting) {
      waiting.reject(new NotNow('The clock is behind the log.', 'clock', now - clockNow));
      continue;
    }
    const recalled = recallFor(kind.commands(state), caller, now);
    if (recalled) {
      answers.push((position) => waiting.resolve({ ...recalled, position }));
      continue;
    }

    const before = { state, facts: facts.length, bytes };
    try {
      const { facts: decided, refusal, view } = kind.decide(command, state, now);
      // After the rules: who may not do it at all learns nothing of how far the stream has come.
      const currentRevision = standing.revision + facts.length;
      if (!refusal && isStale(waiting, currentRevision)) {
        answers.push((position) => waiting.resolve({ kind: 'stale', currentRevision, position }));
        continue;
      }
      const metadata = metadataFor(refusal ? withoutDigest(caller) : caller, time, envelope.codec);
      for (const fact of decided) {
        const behalf = caller.actor.kind === 'staff' ? kind.onBehalfOf?.(state, fact) : undefined;
        const sealed: Fact = {
          id: newId(now),
          type: fact.type,
          data: fact.data,
          metadata: { schemaVersion: factVersion(fact.type), ...metadata, ...(behalf && { onBehalfOf: behalf }) },
        };
        const encoded = envelope.encode(sealed);
        const size = Buffer.byteLength(encoded.data) + Buffer.byteLength(encoded.metadata) + encoded.type.length;
        if (size > MAX_FACT_BYTES) throw new RangeError(`A ${fact.type} would have more than ${MAX_FACT_BYTES} bytes.`);
        bytes += size;
        const revision = standing.revision + facts.length + 1;
        state = kind.fold(state, fact, writtenOf(sealed, revision, now));
        facts.push(encoded);
        stored.push({ ...sealed, stream, revision, position: '', recordedAt: now });
      }
      const mine = stored.slice(before.facts);
      answers.push((position) =>
        waiting.resolve(
          refusal
            ? { kind: 'refused', refusal, position, facts: mine, decided }
            : { kind: 'accepted', facts: mine, decided, position: mine.at(-1)?.position ?? position, view },
        ),
      );
    } catch (error) {
      // A broken invariant is this command's own: what it had put into the batch comes out again.
      state = before.state;
      bytes = before.bytes;
      facts.length = before.facts;
      stored.length = before.facts;
      waiting.reject(error);
    }
  }

  return {
    facts,
    stored,
    state,
    answer: (position) => {
      for (const answer of answers) answer(position);
    },
    taken: queue.slice(0, count),
    later: queue.slice(count),
  };
}

/** What only takes away is done wherever the stream stands: nobody looks twice before closing a door. */
function isStale({ restricting, caller }: Pick<Waiting<never, never>, 'restricting' | 'caller'>, revision: number) {
  return !restricting && caller.expectedRevision !== undefined && caller.expectedRevision !== revision;
}

function recallFor(memory: CommandMemory, caller: Caller, now: number) {
  if (caller.commandId === undefined || caller.commandDigest === undefined) return undefined;
  const recalled = recall(memory, caller.commandId, caller.commandDigest, now);
  switch (recalled.kind) {
    case 'new':
      return undefined;
    case 'repeated':
      return recalled;
    case 'reused':
      return refusedBy('commandIsNotReused', 'This command id was used for another command already.');
    case 'stale':
      return refusedBy(
        'commandIsFresh',
        'This command is older than 24 hours, or its id is no UUID of version 7 of now.',
      );
  }
}

function refusedBy(rule: Refusal['rule'], because: string) {
  return { kind: 'refused' as const, refusal: { rule, because }, facts: [], decided: [] };
}

/** What is written on the way to a refusal doesn't make the command known: sent again, it is decided again. */
function withoutDigest({ commandDigest: _, ...caller }: Caller): Caller {
  return caller;
}

function metadataFor(caller: Caller, time: string, codec: string): Omit<FactMetadata, 'schemaVersion'> {
  return {
    time,
    actor: caller.actor,
    ...(caller.onBehalfOf && { onBehalfOf: caller.onBehalfOf }),
    ...(caller.commandId !== undefined && { commandId: caller.commandId }),
    ...(caller.commandDigest !== undefined && { commandDigest: caller.commandDigest }),
    $correlationId: caller.correlationId ?? caller.commandId ?? caller.actor.id,
    ...(caller.commandId !== undefined && { $causationId: caller.commandId }),
    ...(caller.traceparent !== undefined && { traceparent: caller.traceparent }),
    codec,
  };
}
