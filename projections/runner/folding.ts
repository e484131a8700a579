import { FACT_KINDS, recognise } from '#domain/facts';
import type { Envelope, FactMetadata, StoredFact } from '#event-log/envelope';
import type { RecordedFact } from '#event-log/port';
import { PROJECTIONS } from '../projections.ts';
import { streamHeads } from './control.ts';
import { decidedAt } from './instants.ts';
import { netChanges } from './statements.ts';
import { put, type Change } from './table.ts';

/** A stream's next fact never came: the follower has to begin again from the checkpoint. */
export class MissedFact extends Error {
  override readonly name = 'MissedFact';

  constructor({ stream, revision, position }: Pick<RecordedFact, 'stream' | 'revision' | 'position'>, head: number) {
    super(`${stream} was folded to revision ${head}, and the next fact heard is revision ${revision} (${position}).`);
  }
}

/**
 * What a run of facts does to the tables. `heads` has an entry for each of their streams and is moved on; what it has
 * already is passed over.
 * @throws {MissedFact}
 */
export function foldFacts(
  facts: readonly RecordedFact[],
  heads: Map<string, number>,
  envelope: Envelope,
): readonly Change[] {
  const changes: Change[] = [];
  const moved = foldEach(facts, heads, envelope, (change) => changes.push(change));
  changes.push(...headChanges(moved));
  return netChanges(changes);
}

/** What the tables must know of the streams' heads. */
export function headChanges(heads: ReadonlyMap<string, number>): Change[] {
  return [...heads].map(([stream, revision]) => put(streamHeads, { stream, revision }));
}

/** As {@link foldFacts}, change by change as they come, without those of the heads that it has moved and returns. */
export function foldEach(
  facts: readonly RecordedFact[],
  heads: Map<string, number>,
  envelope: Envelope,
  take: (change: Change) => unknown,
): ReadonlyMap<string, number> {
  const streams = new Map<string, { head: number }>();
  for (const recorded of facts) {
    const { stream, revision } = recorded;
    let its = streams.get(stream);
    if (!its) streams.set(stream, (its = { head: heads.get(stream) ?? -1 }));
    if (revision <= its.head) continue;
    if (revision > its.head + 1) throw new MissedFact(recorded, its.head);
    its.head = revision;
    const fact = readFact(recorded, envelope);
    const known = recognise(fact);
    for (const { fold } of PROJECTIONS) {
      const changes = fold(fact, known, recorded);
      for (let at = 0; at < changes.length; at++) take(changes[at] as Change);
    }
  }
  const moved = new Map<string, number>();
  for (const [stream, { head }] of streams) {
    if (head === (heads.get(stream) ?? -1)) continue;
    heads.set(stream, head);
    moved.set(stream, head);
  }
  return moved;
}

/** Types as the code has them: a text fresh from the log is compared letter by letter, by every fold. */
const TYPES = new Map(FACT_KINDS.map(({ type }) => [type, type]));

/** Reads a fact whatever is wrong with it: what can't be read stands in the log all the same, so it gets its line. */
export function readFact(recorded: RecordedFact, envelope: Envelope): StoredFact {
  try {
    const fact = envelope.decode({ ...recorded, type: TYPES.get(recorded.type) ?? recorded.type });
    const { actor } = fact.metadata;
    if (Number.isFinite(decidedAt(fact.metadata)) && typeof actor?.id === 'string' && typeof actor.kind === 'string')
      return fact;
  } catch {
    // Shown as unknown, as below.
  }
  const { id, type, stream, revision, position, recordedAt } = recorded;
  const metadata: FactMetadata = {
    schemaVersion: 0,
    time: new Date(recordedAt).toISOString(),
    actor: { kind: 'system', id: 'unknown' },
    $correlationId: '',
    codec: 'unknown',
  };
  return { id, type, data: null, metadata, stream, revision, position, recordedAt };
}
