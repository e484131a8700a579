import type { Actor } from '@gatebook/protocol';
import { recall, type CommandMemory } from '#domain/command-memory';
import { fromInstant, toInstant, type Written } from '#domain/fact';
import { FACT_VERSION, type ReadFact } from '#domain/facts';
import type { Decision, Refusal } from '#domain/rule';
import type { Envelope, Fact, FactMetadata, StoredFact } from '#event-log/envelope';
import {
  LogUnavailable,
  MAX_FACT_BYTES,
  OutcomeUnknown,
  WrongRevision,
  type EventLog,
  type NewFact,
} from '#event-log/port';
import type { Clock } from './clock.ts';
import { uuidV7 } from './uuid-v7.ts';

/** Who sends a command, and under which id. */
export interface Caller {
  readonly actor: Actor;
  readonly onBehalfOf?: Actor;
  /** UUIDv7; with it the command has one effect however often it is sent. */
  readonly commandId?: string;
  /** Over the command's canonical JSON; goes with `commandId`. */
  readonly commandDigest?: string;
  /** What the facts belong to: a session, else the command itself. */
  readonly correlationId?: string;
  readonly traceparent?: string;
}

/** What came of a command. Every answer stands on facts that are durable. */
export type Outcome<DomainFact> =
  | {
      readonly kind: 'accepted';
      /** In order, as written; empty where there was nothing to write. */
      readonly facts: readonly Fact<string, unknown>[];
      /** The same facts, typed. */
      readonly decided: readonly DomainFact[];
      /** Position of the last fact written, or of the state that it was decided on. */
      readonly position: string;
      readonly view?: string;
    }
  /** Its effect stands already: the facts from `revision` on, `count` of them. */
  | { readonly kind: 'repeated'; readonly revision: number; readonly count: number; readonly position: string }
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      readonly position: string;
      /** The ends that were due by the clock and got written on the way. */
      readonly facts: readonly Fact<string, unknown>[];
      readonly decided: readonly DomainFact[];
    };

/** What a lane's stream means: its state, how it folds, how it decides. */
export interface LaneKind<State, Command, DomainFact extends ReadFact> {
  readonly initial: State;
  fold(state: State, fact: ReadFact, written: Written): State;
  decide(command: Command, state: State, now: number): Decision<DomainFact>;
  commands(state: State): CommandMemory;
  /** Goes first in its lane, and needs no reader of the outside states. */
  isRestricting(command: Command): boolean;
}

/** The lane can't decide now; nothing was stored, or it will be known later what was. Try again. */
export class NotNow extends Error {
  override readonly name = 'NotNow';
}

export interface LaneLook<State> {
  readonly state: State;
  readonly revision: number;
  readonly position: string;
  /** The later of the clock and the stream's newest fact. */
  readonly now: number;
}

interface Waiting<Command, DomainFact> {
  readonly command: Command;
  readonly caller: Caller;
  readonly restricting: boolean;
  resolve(outcome: Outcome<DomainFact>): void;
  reject(error: unknown): void;
}

export interface LaneSurroundings {
  readonly log: EventLog;
  readonly envelope: Envelope;
  readonly clock: Clock;
  /** Has the lane pumped once this turn of the event loop is over. */
  schedule(lane: { pump(): void }): void;
  /** What the lane has just made durable. */
  written(facts: readonly StoredFact[]): void;
}

/** Most bytes of one append (design.md, section 3, "Lanes"). */
const BATCH_BYTES = 512 * 1024;
const BATCH_FACTS = 900;
/** How far the stream's newest fact may lie ahead of the clock before nothing is granted (design.md, "Time"). */
const AHEAD_MS = 5000;
const SETTLE_AGAIN_MS = 250;
const LOST_RACES_MAX = 50;

const NO_POSITION = '0'.repeat(20);

/**
 * The one place where a stream's commands are decided: in order, on its newest state, one append in flight; what arrives
 * meanwhile is decided for the next one. An answer leaves when the facts that it stands on are durable.
 */
export class Lane<State, Command, DomainFact extends ReadFact> {
  readonly #stream: string;
  readonly #kind: LaneKind<State, Command, DomainFact>;
  readonly #around: LaneSurroundings;

  #phase: 'new' | 'loading' | 'idle' | 'appending' = 'new';
  #state: State;
  #revision = -1;
  #position = NO_POSITION;
  /** Time of the stream's newest fact, epoch milliseconds. */
  #newest = 0;
  #restricting: Waiting<Command, DomainFact>[] = [];
  #waiting: Waiting<Command, DomainFact>[] = [];
  #ready: (() => void)[] = [];

  constructor(stream: string, kind: LaneKind<State, Command, DomainFact>, around: LaneSurroundings) {
    this.#stream = stream;
    this.#kind = kind;
    this.#around = around;
    this.#state = kind.initial;
  }

  /** @throws {NotNow} */
  submit(command: Command, caller: Caller): Promise<Outcome<DomainFact>> {
    return new Promise((resolve, reject) => {
      const restricting = this.#kind.isRestricting(command);
      const queue = restricting ? this.#restricting : this.#waiting;
      queue.push({ command, caller, restricting, resolve, reject });
      if (this.#phase === 'idle') this.#around.schedule(this);
      else if (this.#phase === 'new') void this.#load();
    });
  }

  /** The durable state, read to the stream's end at least once: what a question that records nothing is answered from. */
  async look(): Promise<LaneLook<State>> {
    if (this.#phase === 'new' || this.#phase === 'loading') {
      const ready = new Promise<void>((resolve) => this.#ready.push(resolve));
      if (this.#phase === 'new') void this.#load();
      await ready;
      if (this.#revision < 0 && this.#phase === 'new') throw new NotNow('The log can’t be read.');
    }
    return { state: this.#state, revision: this.#revision, position: this.#position, now: this.#now() };
  }

  /** Nothing stands in the stream, and nothing waits to be decided. */
  get isIdleAndEmpty(): boolean {
    return this.#phase === 'idle' && this.#revision < 0 && this.#waiting.length + this.#restricting.length === 0;
  }

  get known(): { readonly state: State; readonly position: string } {
    return { state: this.#state, position: this.#position };
  }

  pump(): void {
    if (this.#phase !== 'idle') return;
    const queue = this.#restricting.length > 0 ? this.#restricting.concat(this.#waiting) : this.#waiting;
    if (queue.length === 0) return;
    this.#restricting = [];
    this.#waiting = [];
    this.#decide(queue);
  }

  #now(): number {
    return Math.max(this.#around.clock.now(), this.#newest);
  }

  /** Decides what waits, in order, each on the state behind the one before; then one append for all of it. */
  #decide(queue: readonly Waiting<Command, DomainFact>[], lostRaces = 0): void {
    const { clock, envelope } = this.#around;
    const now = this.#now();
    const behind = now - clock.now() > AHEAD_MS;
    const time = toInstant(now);
    let state = this.#state;
    let bytes = 0;
    const facts: NewFact[] = [];
    const stored: Mutable<StoredFact>[] = [];
    const answers: (() => void)[] = [];
    let taken = 0;

    for (const waiting of queue) {
      if (bytes > BATCH_BYTES || facts.length > BATCH_FACTS) break;
      taken++;
      const { command, caller } = waiting;
      if (behind && !waiting.restricting) {
        waiting.reject(new NotNow('The clock is behind the log.'));
        continue;
      }
      const recalled = this.#recall(state, caller, now);
      if (recalled) {
        answers.push(() => waiting.resolve({ ...recalled, position: this.#position }));
        continue;
      }

      const before = { state, facts: facts.length, bytes };
      try {
        const { facts: decided, refusal, view } = this.#kind.decide(command, state, now);
        for (const fact of decided) {
          const sealed: Fact = {
            id: uuidV7(now),
            type: fact.type,
            data: fact.data,
            metadata: metadataFor(caller, time, envelope.codec),
          };
          const encoded = envelope.encode(sealed);
          const size = encoded.data.length + encoded.metadata.length;
          if (size > MAX_FACT_BYTES) throw new NotNow(`A ${fact.type} would be larger than ${MAX_FACT_BYTES} bytes.`);
          bytes += size;
          const revision = this.#revision + facts.length + 1;
          state = this.#kind.fold(state, fact, writtenOf(sealed, revision, now));
          facts.push(encoded);
          stored.push({ ...sealed, stream: this.#stream, revision, position: '', recordedAt: now });
        }
        const mine = stored.slice(before.facts);
        answers.push(() =>
          waiting.resolve(
            refusal
              ? { kind: 'refused', refusal, position: this.#position, facts: mine, decided }
              : { kind: 'accepted', facts: mine, decided, position: mine.at(-1)?.position ?? this.#position, view },
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

    const later = queue.slice(taken);
    if (later.length > 0) this.#waiting = later.concat(this.#waiting);
    if (facts.length === 0) {
      for (const answer of answers) answer();
      if (later.length > 0) this.#around.schedule(this);
      return;
    }
    this.#phase = 'appending';
    void this.#append(facts, stored, state, answers, queue.slice(0, taken), lostRaces);
  }

  async #append(
    facts: readonly NewFact[],
    stored: Mutable<StoredFact>[],
    state: State,
    answers: readonly (() => void)[],
    batch: readonly Waiting<Command, DomainFact>[],
    lostRaces: number,
  ): Promise<void> {
    const expected = this.#revision < 0 ? 'none' : this.#revision;
    for (;;) {
      try {
        const { position, revision } = await this.#around.log.append(this.#stream, expected, facts);
        for (const fact of stored) fact.position = position;
        this.#state = state;
        this.#revision = revision;
        this.#position = position;
        this.#newest = Math.max(this.#newest, stored.at(-1)?.recordedAt ?? 0);
        this.#phase = 'idle';
        for (const answer of answers) answer();
        this.#around.written(stored);
        if (this.#waiting.length + this.#restricting.length > 0) this.#around.schedule(this);
        return;
      } catch (error) {
        if (error instanceof OutcomeUnknown) {
          // Nobody knows whether it landed: the identical batch again, until the log says which (threat T45).
          await new Promise((resolve) => setTimeout(resolve, SETTLE_AGAIN_MS).unref());
          continue;
        }
        if (error instanceof WrongRevision && lostRaces < LOST_RACES_MAX) {
          await this.#again(batch, lostRaces + 1);
          return;
        }
        this.#phase = 'idle';
        const why = error instanceof LogUnavailable ? new NotNow('The log can’t be written.') : error;
        for (const waiting of batch) waiting.reject(why);
        if (this.#waiting.length + this.#restricting.length > 0) this.#around.schedule(this);
        return;
      }
    }
  }

  /** Another instance was faster: its facts are folded, and everything in the batch is decided anew, with new ids. */
  async #again(batch: readonly Waiting<Command, DomainFact>[], lostRaces: number): Promise<void> {
    try {
      await this.#readOn();
      this.#phase = 'idle';
      this.#decide(batch, lostRaces);
    } catch (error) {
      this.#fail(error, batch);
    }
  }

  async #load(): Promise<void> {
    this.#phase = 'loading';
    try {
      await this.#readOn();
      this.#phase = 'idle';
      this.pump();
    } catch (error) {
      this.#fail(error, []);
    }
    for (const ready of this.#ready.splice(0)) ready();
  }

  #fail(error: unknown, batch: readonly Waiting<Command, DomainFact>[]): void {
    this.#phase = 'new';
    this.#state = this.#kind.initial;
    this.#revision = -1;
    this.#newest = 0;
    const why = error instanceof LogUnavailable ? new NotNow('The log can’t be read.') : error;
    for (const waiting of [...batch, ...this.#restricting.splice(0), ...this.#waiting.splice(0)]) waiting.reject(why);
  }

  async #readOn(): Promise<void> {
    const { log, envelope } = this.#around;
    for await (const recorded of log.readStream(this.#stream, { from: this.#revision + 1 })) {
      let fact: StoredFact | undefined;
      try {
        fact = envelope.decode(recorded);
      } catch {
        // Unreadable: folded as a fact that nobody knows, so that the book gives no yes.
      }
      const written = fact
        ? writtenOf(fact, recorded.revision, fromInstant(fact.metadata.time))
        : {
            id: recorded.id,
            revision: recorded.revision,
            time: this.#newest,
            actor: { kind: 'system' as const, id: 'unknown' },
          };
      this.#state = this.#kind.fold(this.#state, fact ?? { type: '', data: null }, written);
      this.#revision = recorded.revision;
      this.#position = recorded.position;
      this.#newest = Math.max(this.#newest, written.time);
    }
  }

  #recall(state: State, caller: Caller, now: number) {
    if (caller.commandId === undefined || caller.commandDigest === undefined) return undefined;
    const recalled = recall(this.#kind.commands(state), caller.commandId, caller.commandDigest, now);
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
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function refusedBy(rule: Refusal['rule'], because: string) {
  return { kind: 'refused' as const, refusal: { rule, because }, facts: [], decided: [] };
}

function metadataFor(caller: Caller, time: string, codec: string): FactMetadata {
  return {
    schemaVersion: FACT_VERSION,
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

function writtenOf(fact: Fact, revision: number, time: number): Written {
  const { actor, commandId, commandDigest } = fact.metadata;
  return { id: fact.id, revision, time, actor, commandId, commandDigest };
}
