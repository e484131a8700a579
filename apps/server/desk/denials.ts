import type { Actor } from '@gatebook/protocol';
import { attemptDenied, type Attempt, type Denial } from '#domain/denial/denial';
import { toInstant } from '#domain/fact';
import { factVersion } from '#domain/facts';
import type { Refusal } from '#domain/rule';
import type { Envelope, FactMetadata } from '#event-log/envelope';
import type { EventLog, NewFact } from '#event-log/port';
import type { Clock } from './clock.ts';
import type { DenialJournal } from './denial-journal.ts';
import { DenialSpool } from './denial-spool.ts';
import { denialIdOf } from './identity.ts';
import type { Caller } from './outcome.ts';
import type { DeskTimer } from './surroundings.ts';

export interface DeniedAttempt {
  /** Whose book of denials it stands in: the workspace's or, for what isn't the asker's to see, the asker's own. */
  readonly subject: string;
  readonly attempt: Attempt;
  readonly refusal: Refusal;
  readonly sessionId: Denial['sessionId'];
  /** The same where it is a visit of the asker's: refusals are counted for each. A made-up id would be a kind of its own. */
  readonly visit?: Denial['sessionId'];
  readonly caller: Caller;
  readonly presenter: { readonly subject: string; readonly name: string | null; readonly reason?: string };
}

export const DENIALS_PREFIX = 'denials-';

/** So many denials of a kind are written one by one in a window; the rest of the window is counted (threat T53). */
const ONE_BY_ONE = 5;
const WINDOW_MS = 10_000;
const SPOOL_AGAIN_MS = 500;

export interface DenialsOptions {
  readonly log: EventLog;
  readonly envelope: Envelope;
  readonly clock: Clock;
  readonly timer: Pick<DeskTimer, 'every'>;
  newId(at: number): string;
  /** A file, or what stands for one. */
  readonly journal?: string | DenialJournal | undefined;
}

interface Kind {
  readonly stream: string;
  readonly since: number;
  written: number;
  counted: number;
  last: DeniedAttempt;
}

/**
 * Writes refusals down. Streams of denials take appends without a revision, so that probing never makes an honest
 * command lose a race; folds drop repeats by fact id.
 */
export class Denials {
  readonly #log: EventLog;
  readonly #envelope: Envelope;
  readonly #clock: Clock;
  readonly #kinds = new Map<string, Kind>();
  readonly #spool: DenialSpool;
  readonly #timer: DenialsOptions['timer'];
  readonly #newId: DenialsOptions['newId'];
  #leave: (() => void) | undefined;

  /** `journal`: a file for those that wait while the log is away. */
  constructor({ log, envelope, clock, timer, newId, journal }: DenialsOptions) {
    this.#log = log;
    this.#envelope = envelope;
    this.#clock = clock;
    this.#timer = timer;
    this.#newId = newId;
    this.#spool = new DenialSpool(log, journal);
  }

  /** How many wait for the log to come back. */
  get waiting(): number {
    return this.#spool.waiting;
  }

  /** How many found no room while it was away, since the start. */
  get dropped(): number {
    return this.#spool.dropped;
  }

  /** Takes up what waited when the service last ended. */
  async start(): Promise<void> {
    await this.#spool.open();
    if (this.#spool.waiting > 0) this.#tick();
  }

  /** Resolves with the denial's position once it is durable, or counted; never rejects: the answer is no either way. */
  async record(denied: DeniedAttempt): Promise<string | undefined> {
    const now = this.#clock.now();
    const stream = DENIALS_PREFIX + denied.subject;
    const { caller, refusal, attempt, visit = null } = denied;
    const who = [caller.actor.id, caller.onBehalfOf?.id ?? null, visit];
    const key = JSON.stringify([stream, ...who, refusal.rule, attempt.label]);
    let kind = this.#kinds.get(key);
    if (!kind || now - kind.since >= WINDOW_MS) {
      if (kind) void this.#writeCount(key, kind);
      kind = { stream, since: now, written: 0, counted: 0, last: denied };
      this.#kinds.set(key, kind);
      this.#tick();
    }
    if (kind.written >= ONE_BY_ONE) {
      kind.counted++;
      kind.last = denied;
      return undefined;
    }
    kind.written++;
    return this.#write(stream, this.#fact(denied, 1, now, now));
  }

  /** Writes the counts of windows that are over. */
  async closeWindows(now = this.#clock.now()): Promise<void> {
    const over = [...this.#kinds].filter(([, { since }]) => now - since >= WINDOW_MS);
    await Promise.all(over.map(([key, kind]) => this.#writeCount(key, kind)));
  }

  /** Writes every count and what waits, as far as the log takes it. */
  async close(): Promise<void> {
    this.#leave?.();
    await this.closeWindows(Infinity);
    await this.#spool.close();
  }

  #tick(): void {
    this.#leave ??= this.#timer.every(SPOOL_AGAIN_MS, () => {
      void this.closeWindows();
      void this.#spool.empty();
      if (this.#kinds.size === 0 && this.#spool.waiting === 0) {
        this.#leave?.();
        this.#leave = undefined;
      }
    });
  }

  async #writeCount(key: string, kind: Kind): Promise<void> {
    this.#kinds.delete(key);
    if (kind.counted === 0) return;
    // The count stands for no single command, so its id is its own.
    const { commandId: _, commandDigest: __, ...caller } = kind.last.caller;
    const fact = this.#fact({ ...kind.last, caller }, kind.counted, kind.since, this.#clock.now());
    await this.#write(kind.stream, fact);
  }

  #fact(denied: DeniedAttempt, count: number, since: number, now: number): NewFact {
    const { attempt, refusal, sessionId, caller, presenter } = denied;
    const fact = attemptDenied({ attempt, refusal, sessionId, personal: presenter, count, since: toInstant(since) });
    const id =
      caller.commandId !== undefined && caller.commandDigest !== undefined
        ? denialIdOf(caller.commandId, caller.commandDigest)
        : this.#newId(now);
    const metadata: FactMetadata = {
      schemaVersion: factVersion(fact.type),
      time: toInstant(now),
      actor: caller.actor,
      ...(caller.onBehalfOf && { onBehalfOf: caller.onBehalfOf }),
      ...(caller.commandId !== undefined && { commandId: caller.commandId }),
      $correlationId: sessionId ?? caller.correlationId ?? caller.commandId ?? caller.actor.id,
      ...(caller.traceparent !== undefined && { traceparent: caller.traceparent }),
      codec: this.#envelope.codec,
    };
    return this.#envelope.encode({ id, ...fact, metadata });
  }

  async #write(stream: string, fact: NewFact): Promise<string | undefined> {
    // While some wait the log is away: the next ones wait behind them, and nobody waits for a time-out.
    if (this.#spool.waiting === 0) {
      try {
        return (await this.#log.append(stream, 'any', [fact])).position;
      } catch {
        // Kept until it is back.
      }
    }
    await this.#spool.put({ stream, fact });
    this.#tick();
    return undefined;
  }
}

/** A system's own actor, for what the clock or the start does. */
export const CLOCK_ACTOR: Actor = { kind: 'system', id: 'clock' };
