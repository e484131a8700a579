import type { Actor } from '@gatebook/protocol';
import { attemptDenied, type Attempt, type Denial } from '#domain/denial/denial';
import { toInstant } from '#domain/fact';
import { FACT_VERSION } from '#domain/facts';
import type { Refusal } from '#domain/rule';
import type { Envelope, FactMetadata } from '#event-log/envelope';
import type { EventLog, NewFact } from '#event-log/port';
import type { Clock } from './clock.ts';
import { denialIdOf } from './identity.ts';
import type { Caller } from './lane.ts';
import { uuidV7 } from './uuid-v7.ts';

export interface DeniedAttempt {
  /** Whose book of denials it stands in: the workspace's or, for what isn't the asker's to see, the asker's own. */
  readonly subject: string;
  readonly attempt: Attempt;
  readonly refusal: Refusal;
  readonly sessionId: Denial['sessionId'];
  readonly caller: Caller;
  readonly presenter: { readonly subject: string; readonly name: string | null; readonly reason?: string };
}

export const DENIALS_PREFIX = 'denials-';

/** So many denials of a kind are written one by one in a window; the rest of the window is counted (threat T53). */
const ONE_BY_ONE = 5;
const WINDOW_MS = 10_000;
/** Denials that wait for the log to come back. Beyond it the oldest kinds are kept: they say most. */
const SPOOL_MAX = 10_000;
const SPOOL_AGAIN_MS = 500;

interface Kind {
  readonly stream: string;
  readonly since: number;
  written: number;
  counted: number;
  last: DeniedAttempt;
}

interface Spooled {
  readonly stream: string;
  readonly fact: NewFact;
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
  readonly #spool: Spooled[] = [];
  #timer: NodeJS.Timeout | undefined;
  #emptying = false;

  constructor(log: EventLog, envelope: Envelope, clock: Clock) {
    this.#log = log;
    this.#envelope = envelope;
    this.#clock = clock;
  }

  get waiting(): number {
    return this.#spool.length;
  }

  /** Resolves with the denial's position once it is durable, or counted; never rejects: the answer is no either way. */
  async record(denied: DeniedAttempt): Promise<string | undefined> {
    const now = this.#clock.now();
    const stream = DENIALS_PREFIX + denied.subject;
    const key = [stream, denied.caller.actor.id, denied.refusal.rule, denied.attempt.label].join('\n');
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
    clearInterval(this.#timer);
    await this.closeWindows(Infinity);
    await this.#empty();
  }

  #tick(): void {
    this.#timer ??= setInterval(() => {
      void this.closeWindows();
      void this.#empty();
      if (this.#kinds.size === 0 && this.#spool.length === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    }, SPOOL_AGAIN_MS).unref();
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
        : uuidV7(now);
    const metadata: FactMetadata = {
      schemaVersion: FACT_VERSION,
      time: toInstant(now),
      actor: caller.actor,
      ...(caller.commandId !== undefined && { commandId: caller.commandId }),
      $correlationId: sessionId ?? caller.correlationId ?? caller.commandId ?? caller.actor.id,
      ...(caller.traceparent !== undefined && { traceparent: caller.traceparent }),
      codec: this.#envelope.codec,
    };
    return this.#envelope.encode({ id, ...fact, metadata });
  }

  async #write(stream: string, fact: NewFact): Promise<string | undefined> {
    try {
      return (await this.#log.append(stream, 'any', [fact])).position;
    } catch {
      if (this.#spool.length < SPOOL_MAX) this.#spool.push({ stream, fact });
      this.#tick();
      return undefined;
    }
  }

  async #empty(): Promise<void> {
    if (this.#emptying) return;
    this.#emptying = true;
    try {
      for (let next = this.#spool[0]; next; next = this.#spool[0]) {
        await this.#log.append(next.stream, 'any', [next.fact]);
        this.#spool.shift();
      }
    } catch {
      // Still away: tried again at the next tick.
    } finally {
      this.#emptying = false;
    }
  }
}

/** A system's own actor, for what the clock or the start does. */
export const CLOCK_ACTOR: Actor = { kind: 'system', id: 'clock' };
