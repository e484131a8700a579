import { randomUUID } from 'node:crypto';
import { CompiledQuery } from 'kysely';
import type { Envelope } from '#event-log/envelope';
import type { LogReader, RecordedFact } from '#event-log/port';
import { advance, AnotherRunner, headsOf, readProgress, releaseLease, takeLease } from './control.ts';
import { foldFacts } from './folding.ts';
import { Shadow } from './shadow.ts';
import { Statements } from './statements.ts';
import { STREAM_PREFIXES } from './streams.ts';
import type { Tables } from './tables.ts';

export interface RunnerOptions {
  readonly log: LogReader;
  readonly tables: Tables;
  readonly envelope: Envelope;
  /** Hears of every error; the runner goes on by itself, save after {@link AnotherRunner}. */
  readonly onError: (error: unknown) => void;
  /** Names this runner in the lease. Default: a random id. */
  readonly owner?: string;
  /**
   * The caller knows that no other runner is alive (it holds the embedded log's lock), so that a lease which a killed
   * process left is taken over at once. Default: false, it is waited for.
   */
  readonly alone?: boolean;
  readonly clock?: { now(): number };
  /** How long the lease holds without renewal, milliseconds. Default: 5,000. */
  readonly leaseMs?: number;
  /** First pause after an error, doubled up to 5 s. Default: 100 ms. */
  readonly pauseMs?: number;
}

export type RunnerState = 'waiting for the lease' | 'rebuilding' | 'following' | 'pausing after an error' | 'stopped';

export interface Lag {
  /** How long ago the oldest fact was heard that isn't in the tables yet; while the log is silent, since it was heard. */
  readonly ms: number;
  /** Facts heard and not yet in the tables. */
  readonly facts: number;
}

export interface Runner {
  readonly state: RunnerState;
  /** Resolves when the tables have what stood in the log at the start; rejects when the runner stops before. */
  readonly ready: Promise<void>;
  readonly owner: string;
  /** Everything up to here is in the tables; `''` before the first checkpoint. */
  position(): string;
  /** Whether the tables reach a position in time. */
  waitFor(position: string, timeoutMs: number): Promise<boolean>;
  lag(): Lag;
  /** Does some work while the tables stand still, then goes on from where they stand. */
  hold<Answer>(work: () => Promise<Answer>): Promise<Answer>;
  /** Finishes what it writes, gives the lease back. */
  stop(): Promise<void>;
}

/** Starts to follow the log into the tables, from their checkpoint; empty and outdated tables are rebuilt first. */
export function startRunner(options: RunnerOptions): Runner {
  return new TablesRunner(options);
}

/** One batch holds the event loop for some milliseconds, and what is being decided waits that long. */
const BATCH_FACTS = 50;
const MOST_WAITING = 4000;
/**
 * Decisions go first. Of a process that is busy with them the tables take a quarter of what they would, of one that can't
 * keep up a fiftieth; they catch up when it is less busy.
 */
const BUSY = { utilization: 0.6, factor: 3 };
const SATURATED = { utilization: 0.9, factor: 49 };
const LOOK_AROUND_MS = 2;
const MOST_HEADS = 50_000;
const MOST_PAUSE_MS = 5000;
/** The log promises to be heard at least every 500 ms; longer than this is silence. */
const SILENCE_MS = 1000;

interface Waiting {
  readonly position: string;
  readonly settle: (reached: boolean) => void;
}

interface Heard {
  readonly fact: RecordedFact;
  readonly at: number;
}

class TablesRunner implements Runner {
  readonly owner: string;
  readonly ready: Promise<void>;
  readonly #options: RunnerOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #becameReady = Promise.withResolvers<void>();
  #state: RunnerState = 'waiting for the lease';
  /** The checkpoint as this runner left it. */
  #position = '';
  #leaseUntil = 0;
  /** The last position heard of. */
  #looked = '';
  #caughtUpAt: string | undefined;
  #heardAt = performance.now();
  #heard: Heard[] = [];
  #heads = new Map<string, number>();
  #waiting: Waiting[] = [];
  #committing: Promise<void> | undefined;
  #holds = 0;
  /** Ends the following when a commit failed. */
  #following: AbortController | undefined;
  #failure: unknown;
  #room: (() => void) | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.owner = options.owner ?? randomUUID();
    this.ready = this.#becameReady.promise;
    this.ready.catch(() => undefined);
    this.#running = this.#run();
  }

  get state(): RunnerState {
    return this.#state;
  }

  position(): string {
    return this.#position;
  }

  waitFor(position: string, timeoutMs: number): Promise<boolean> {
    if (position <= this.#position) return Promise.resolve(true);
    if (this.#state === 'stopped') return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiting: Waiting = {
        position,
        settle: (reached) => {
          clearTimeout(timer);
          this.#waiting = this.#waiting.filter((other) => other !== waiting);
          resolve(reached);
        },
      };
      const timer = setTimeout(() => waiting.settle(false), timeoutMs);
      this.#waiting.push(waiting);
    });
  }

  lag(): Lag {
    const now = performance.now();
    const oldest = this.#heard[0]?.at ?? now;
    const silence = now - this.#heardAt;
    return { ms: Math.round(Math.max(now - oldest, silence > SILENCE_MS ? silence : 0)), facts: this.#heard.length };
  }

  async hold<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.#holds++;
    try {
      await this.#committing;
      return await work();
    } finally {
      this.#holds--;
      if (this.#holds === 0) {
        // Other tables may stand here now.
        this.#heads.clear();
        this.#schedule();
      }
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { onError, pauseMs = 100 } = this.#options;
    let pause = pauseMs;
    while (!signal.aborted) {
      try {
        await this.#takeLease();
        if (signal.aborted) break;
        const { tables } = this.#options;
        this.#position = tables.stale ? '' : (await readProgress(tables.writer)).position;
        if (this.#position === '') await this.#fill();
        this.#state = 'following';
        await this.#follow(() => (pause = pauseMs));
      } catch (error) {
        if (signal.aborted) break;
        onError(error);
        if (error instanceof AnotherRunner) {
          this.#becameReady.reject(error);
          break;
        }
        this.#state = 'pausing after an error';
        await sleep(pause, signal);
        pause = Math.min(pause * 2, MOST_PAUSE_MS);
      }
    }
    await this.#end();
  }

  async #end(): Promise<void> {
    this.#state = 'stopped';
    this.#becameReady.reject(new Error('The runner was stopped.'));
    for (const { settle } of [...this.#waiting]) settle(false);
    try {
      await releaseLease(this.#options.tables.writer, this.owner);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #takeLease(): Promise<void> {
    const { tables, alone = false } = this.#options;
    const { signal } = this.#stop;
    this.#state = 'waiting for the lease';
    while (!signal.aborted) {
      const until = this.#leaseEnd();
      const taken = await takeLease(tables.writer, { owner: this.owner, now: this.#now(), until, force: alone });
      if (taken) {
        this.#leaseUntil = until;
        return;
      }
      await sleep(Math.min(this.#leaseMs / 4, 500), signal);
    }
  }

  /** Fills empty or outdated tables by a rebuild: far quicker than following from the start. */
  async #fill(): Promise<void> {
    const { tables, log, envelope } = this.#options;
    this.#state = 'rebuilding';
    const onProgress = async () => {
      this.#stop.signal.throwIfAborted();
      if (this.#leaseIsFresh()) return;
      const until = this.#leaseEnd();
      const held = await takeLease(tables.writer, { owner: this.owner, now: this.#now(), until, force: false });
      if (!held) throw new AnotherRunner();
      this.#leaseUntil = until;
    };
    await tables.oneRebuild(async () => {
      const shadow = await Shadow.make({ file: tables.shadowFile, log, envelope, onProgress });
      try {
        await shadow.fill();
        await shadow.finish({ owner: this.owner, leaseUntil: this.#leaseUntil });
        await tables.replaceWith(tables.shadowFile);
      } catch (error) {
        await shadow.discard();
        throw error;
      }
      this.#reached(shadow.position);
    });
  }

  async #follow(goesWell: () => void): Promise<void> {
    const { log } = this.#options;
    const following = new AbortController();
    this.#following = following;
    this.#failure = undefined;
    this.#heard = [];
    this.#heads.clear();
    this.#looked = this.#position;
    const signal = AbortSignal.any([following.signal, this.#stop.signal]);
    const after = this.#position === '' ? {} : { after: this.#position };
    try {
      for await (const heard of log.follow({ ...after, streamPrefixes: STREAM_PREFIXES, signal })) {
        this.#heardAt = performance.now();
        const position = heard.kind === 'fact' ? heard.fact.position : heard.position;
        // What comes again lies behind, and the checkpoint never goes back.
        if (position > this.#looked) this.#looked = position;
        if (heard.kind === 'fact') {
          this.#heard.push({ fact: heard.fact, at: this.#heardAt });
        } else {
          if (heard.kind === 'caughtUp') this.#caughtUpAt = heard.position;
          goesWell();
        }
        this.#schedule();
        if (this.#heard.length >= MOST_WAITING) await new Promise<void>((resolve) => (this.#room = resolve));
      }
    } finally {
      following.abort();
      await this.#committing;
    }
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#stop.signal.aborted) throw new Error('The log ended its following by itself.');
  }

  /** Commits once the code that listens is done: what it heard meanwhile shares a transaction. */
  #schedule(): void {
    if (this.#committing || this.#holds > 0 || this.#failure !== undefined || !this.#hasWork()) return;
    this.#committing = this.#commitAll()
      .catch((error: unknown) => {
        this.#failure = error;
        this.#following?.abort();
      })
      .finally(() => {
        this.#committing = undefined;
        this.#room?.();
        this.#schedule();
      });
  }

  #hasWork(): boolean {
    const saved = this.#looked <= this.#position && this.#leaseIsFresh();
    return !this.#following?.signal.aborted && (this.#heard.length > 0 || !saved || this.#caughtUpAt !== undefined);
  }

  async #commitAll(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#hasWork() && this.#holds === 0) {
      const began = performance.now();
      await this.#commit();
      this.#room?.();
      if (this.#heard.length > 0) await this.#giveWay(performance.now() - began);
      if (this.#caughtUpAt !== undefined && this.#caughtUpAt <= this.#position) {
        this.#caughtUpAt = undefined;
        this.#becameReady.resolve();
      }
    }
  }

  /** Decisions go first: a table may be late, an answer may not. */
  async #giveWay(tookMs: number): Promise<void> {
    const { signal } = this.#stop;
    const before = performance.eventLoopUtilization();
    await sleep(LOOK_AROUND_MS, signal);
    const { utilization } = performance.eventLoopUtilization(before);
    if (utilization < BUSY.utilization) return;
    await sleep(tookMs * (utilization < SATURATED.utilization ? BUSY : SATURATED).factor, signal);
  }

  async #commit(): Promise<void> {
    const { tables, envelope } = this.#options;
    const batch = this.#heard.slice(0, BATCH_FACTS).map(({ fact }) => fact);
    const rest = this.#heard.length > batch.length;
    const end = (rest ? batch.at(-1)?.position : undefined) ?? this.#looked;
    const to = end > this.#position ? end : this.#position;
    const leaseUntil = this.#leaseEnd();
    const heads = await this.#headsFor(batch);
    const changes = foldFacts(batch, heads, envelope);
    await tables.writer.transaction().execute(async (transaction) => {
      await advance(transaction, { owner: this.owner, from: this.#position, to, leaseUntil });
      for (const { sql, parameters } of this.#statements().all(changes)) {
        await transaction.executeQuery(CompiledQuery.raw(sql, parameters));
      }
    });
    for (const [stream, revision] of heads) this.#heads.set(stream, revision);
    this.#heard.splice(0, batch.length);
    this.#leaseUntil = leaseUntil;
    this.#reached(to);
  }

  /** A copy, so that a commit that fails moves nothing. */
  async #headsFor(batch: readonly RecordedFact[]): Promise<Map<string, number>> {
    if (this.#heads.size > MOST_HEADS) this.#heads.clear();
    const streams = [...new Set(batch.map(({ stream }) => stream))];
    const unknown = streams.filter((stream) => !this.#heads.has(stream));
    for (const [stream, head] of await headsOf(this.#options.tables.writer, unknown)) this.#heads.set(stream, head);
    return new Map(streams.map((stream) => [stream, this.#heads.get(stream) ?? -1]));
  }

  #compiled: { readonly writer: unknown; readonly statements: Statements } | undefined;

  #statements(): Statements {
    const { writer } = this.#options.tables;
    if (this.#compiled?.writer !== writer) this.#compiled = { writer, statements: new Statements(writer) };
    return this.#compiled.statements;
  }

  #reached(position: string): void {
    this.#position = position;
    for (const waiting of [...this.#waiting]) if (waiting.position <= position) waiting.settle(true);
  }

  #now(): number {
    return (this.#options.clock ?? Date).now();
  }

  get #leaseMs(): number {
    return this.#options.leaseMs ?? 5000;
  }

  #leaseEnd(): number {
    return this.#now() + this.#leaseMs;
  }

  #leaseIsFresh(): boolean {
    return this.#leaseUntil - this.#now() > (this.#leaseMs * 2) / 3;
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake);
  });
}
