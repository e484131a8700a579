import { fromInstant, type Written } from '#domain/fact';
import type { ReadFact } from '#domain/facts';
import { behindText, NUMBER_WIDTH, numberAt, packedNumber, packedText, textAt } from '#domain/packed';
import type { Envelope, Fact, StoredFact } from '#event-log/envelope';
import type { RecordedFact } from '#event-log/port';

/** What a stream's facts come to, and the last fact that is in it. */
export interface Standing<State> {
  readonly state: State;
  /** Of the last fact folded; -1 before the first. */
  readonly revision: number;
  readonly position: string;
  readonly lastFactId: string;
  /** Decision time of the newest fact, epoch milliseconds. */
  readonly newest: number;
}

/** The same in a third of the room, for lanes that only keep it. */
export class KeptStanding<State> implements Standing<State> {
  readonly state: State;
  readonly revision: number;
  /** `newest`, the position and the last fact's id, one behind the other. */
  readonly packed: string;

  constructor({ state, revision, position, lastFactId, newest }: Standing<State>) {
    this.state = state;
    this.revision = revision;
    // Joined, so that it is one string and no tree of its parts.
    this.packed = [packedNumber(newest), packedText(position), packedText(lastFactId)].join('');
  }

  get newest(): number {
    return numberAt(this.packed, 0);
  }
  get position(): string {
    return textAt(this.packed, NUMBER_WIDTH) ?? NO_POSITION;
  }
  get lastFactId(): string {
    return textAt(this.packed, behindText(this.packed, NUMBER_WIDTH)) ?? '';
  }

  plain(): Standing<State> {
    const { state, revision, position, lastFactId, newest } = this;
    return { state, revision, position, lastFactId, newest };
  }
}

/** How a stream's facts fold. */
export interface Folding<State> {
  readonly initial: State;
  fold(state: State, fact: ReadFact, written: Written): State;
}

export const NO_POSITION = '0'.repeat(20);

export function nothingStands<State>(initial: State): Standing<State> {
  return { state: initial, revision: -1, position: NO_POSITION, lastFactId: '', newest: 0 };
}

/** The standing behind one more fact, whatever is wrong with it: what can't be read or folded closes the book, and nothing else. */
export function foldRecorded<State>(
  { fold }: Folding<State>,
  envelope: Envelope,
  { state, newest }: Standing<State>,
  recorded: RecordedFact,
): Standing<State> {
  const { id, revision, position } = recorded;
  const folded = (next: State, time: number): Standing<State> => ({
    state: next,
    revision,
    position,
    lastFactId: id,
    newest: Math.max(newest, time),
  });
  try {
    const fact = envelope.decode(recorded);
    const written = writtenOf(fact, revision, fromInstant(fact.metadata.time));
    return folded(fold(state, fact, written), written.time);
  } catch {
    const unknown: Written = { id, revision, time: newest, actor: { kind: 'system', id: 'unknown' } };
    return folded(fold(state, UNKNOWN_FACT, unknown), newest);
  }
}

export function writtenOf(fact: Fact | StoredFact, revision: number, time: number): Written {
  const { actor, commandId, commandDigest } = fact.metadata;
  return { id: fact.id, revision, time, actor, commandId, commandDigest };
}

const UNKNOWN_FACT: ReadFact = { type: '', data: null };
