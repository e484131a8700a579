import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Envelope } from '#event-log/envelope';
import type { LogReader, RecordedFact } from '#event-log/port';
import { AnotherRunner } from './control.ts';
import { foldFacts } from './folding.ts';
import { STREAM_PREFIXES } from './streams.ts';
import type { Behind, Folding, LeaseWish, Tables } from './tables.ts';
import { sleep, Waits } from './waits.ts';

export interface RunnerOptions {
  readonly log: LogReader;
  readonly tables: Tables;
  readonly envelope: Envelope;
  /** Hears of every error; the runner goes on by itself, save after {@link AnotherRunner} on tables that aren't shared. */
  readonly onError: (error: unknown) => void;
  /** Names this runner in the lease. Default: a random id. */
  readonly owner?: string;
  /**
   * The caller knows that no other runner is alive (it holds the embedded log's lock), so that a lease which a killed
   * process left is taken over at once. Shared tables don't ask. Default: false, it is waited for.
   */
  readonly alone?: boolean;
  readonly clock?: { now(): number };
  /** How long the lease holds without renewal, milliseconds. Default: 5,000. */
  readonly leaseMs?: number;
  /** Hears now and then how many facts a rebuild has folded that must be done before anybody is answered from the tables. */
  readonly onFilling?: (facts: number) => void;
  /** First pause after an error, doubled up to 5 s. Default: 100 ms. */
  readonly pauseMs?: number;
}

/** `'standing by'`: another instance works on the shared tables; this one knows how far, and takes over when it ends. */
export type RunnerState =
  'waiting for the lease' | 'standing by' | 'rebuilding' | 'following' | 'pausing after an error' | 'stopped';

/**
 * `ms`: how long ago the oldest fact was heard that isn't in the tables yet; while the log is silent, since it was heard.
 * `facts`: facts heard and not yet in the tables. Standing by, both are what the working instance said last, and `ms`
 * grows while nothing is heard of it.
 */
export type Lag = Behind;

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

const MOST_WAITING = 4000;
/**
 * Decisions go first. Of a process that is busy with them the tables take a quarter of what they would, of one that can't
 * keep up a fiftieth; they catch up when it is less busy.
 */
const BUSY = { utilization: 0.6, factor: 3 };
const SATURATED = { utilization: 0.9, factor: 49 };
const LOOK_AROUND_MS = 2;
/** What took longer than this was waiting for others, not work. */
const MOST_WORK_MS = 20;
const MOST_HEADS = 50_000;
const MOST_PAUSE_MS = 5000;
/** The log promises to be heard at least every 500 ms; longer than this is silence. */
const SILENCE_MS = 1000;
/** How often an instance that stands by looks where the working one is. */
const LOOK_MS = 100;

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
  #state: RunnerState;
  /** The checkpoint as this runner left it. */
  #position = '';
  /** When the lease was asked for that this runner has; by a clock that nobody can set. */
  #leasedAt = -Infinity;
  /** The last position heard of. */
  #looked = '';
  #caughtUpAt: string | undefined;
  #heardAt = performance.now();
  #heard: Heard[] = [];
  #heads = new Map<string, number>();
  readonly #waits = new Waits();
  /** Which tables `#heads` are of. */
  #generation = -1;
  /** Standing by: what the working instance said of itself. */
  #told: Behind = { ms: 0, facts: 0 };
  /** Standing by: the log's end at the start, which makes ready. */
  #goal: string | undefined;
  #committing: Promise<void> | undefined;
  #holds = 0;
  /** Ends the following when a commit failed. */
  #following: AbortController | undefined;
  #failure: unknown;
  #room: (() => void) | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.owner = options.owner ?? randomUUID();
    this.#state = options.tables.isShared ? 'standing by' : 'waiting for the lease';
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
    return this.#waits.begin(position, timeoutMs);
  }

  lag(): Lag {
    const now = performance.now();
    const oldest = this.#heard[0]?.at ?? now;
    const silence = now - this.#heardAt;
    const late = Math.max(now - oldest, silence > SILENCE_MS ? silence : 0);
    return { ms: Math.round(Math.max(late, this.#told.ms)), facts: this.#heard.length + this.#told.facts };
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
        this.#position = tables.stale ? '' : (await tables.stand()).position;
        if (this.#position === '') await this.#fill();
        this.#state = 'following';
        await this.#follow(() => (pause = pauseMs));
      } catch (error) {
        if (signal.aborted) break;
        onError(error);
        if (error instanceof AnotherRunner) {
          // On shared tables the next turn may be this one's again.
          if (this.#options.tables.isShared) continue;
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
    this.#waits.end();
    try {
      await this.#options.tables.releaseLease(this.owner);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #takeLease(): Promise<void> {
    const { tables, alone = false } = this.#options;
    const { signal } = this.#stop;
    this.#state = tables.isShared ? 'standing by' : 'waiting for the lease';
    while (!signal.aborted) {
      const askedAt = performance.now();
      if (await this.#mayAsk()) {
        if (await tables.takeLease({ ...this.#lease(), force: alone })) {
          this.#leasedAt = askedAt;
          this.#told = { ms: 0, facts: 0 };
          this.#heardAt = performance.now();
          return;
        }
      }
      await sleep(tables.isShared ? LOOK_MS : Math.min(this.#leaseMs / 4, 500), signal);
    }
  }

  /** Looks where the shared tables are; whether their lease is to be had. */
  async #mayAsk(): Promise<boolean> {
    const { tables, log } = this.#options;
    if (!tables.isShared) return true;
    this.#goal ??= await log.head();
    const { position, owner, free, behind, silentMs } = await tables.stand();
    if (free || owner === this.owner) return true;
    this.#heard = [];
    this.#heardAt = performance.now();
    // The lease is renewed within a third of its time, and half a second later at most.
    this.#told = silentMs > this.#leaseMs / 2 ? { ...behind, ms: behind.ms + silentMs } : behind;
    this.#reached(position);
    if (position !== '' && position >= this.#goal) this.#becameReady.resolve();
    return false;
  }

  /** Fills empty or outdated tables by a rebuild: far quicker than following from the start. */
  async #fill(): Promise<void> {
    const { tables, log, envelope, onFilling } = this.#options;
    this.#state = 'rebuilding';
    const onProgress = async (facts: number) => {
      this.#stop.signal.throwIfAborted();
      onFilling?.(facts);
      if (this.#leaseIsFresh()) return;
      const askedAt = performance.now();
      if (await tables.takeLease(this.#lease())) this.#leasedAt = askedAt;
      // Shared tables are filled by one instance, whoever is going to work on them.
      else if (!tables.isShared) throw new AnotherRunner();
    };
    this.#reached(await tables.fill({ log, envelope, lease: () => this.#lease(), onProgress }));
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
    const worked = Math.min(tookMs, MOST_WORK_MS);
    await sleep(worked * (utilization < SATURATED.utilization ? BUSY : SATURATED).factor, signal);
  }

  async #commit(): Promise<void> {
    const { tables, envelope } = this.#options;
    const batch = this.#heard.slice(0, tables.batchFacts).map(({ fact }) => fact);
    const rest = this.#heard.length > batch.length;
    const end = (rest ? batch.at(-1)?.position : undefined) ?? this.#looked;
    const to = end > this.#position ? end : this.#position;
    const askedAt = performance.now();
    const next = this.#heard[batch.length]?.at ?? askedAt;
    const behind = { ms: Math.round(askedAt - next), facts: this.#heard.length - batch.length };
    let heads = new Map<string, number>();
    await tables.commit({ ...this.#lease(), from: this.#position, to, behind }, async (stands) => {
      heads = await this.#headsFor(batch, stands);
      return foldFacts(batch, heads, envelope);
    });
    for (const [stream, revision] of heads) this.#heads.set(stream, revision);
    this.#heard.splice(0, batch.length);
    this.#leasedAt = askedAt;
    this.#reached(to);
  }

  /** A copy, so that a commit that fails moves nothing. */
  async #headsFor(
    batch: readonly RecordedFact[],
    { generation, headsOf }: Parameters<Folding>[0],
  ): Promise<Map<string, number>> {
    if (this.#heads.size > MOST_HEADS || generation !== this.#generation) this.#heads.clear();
    this.#generation = generation;
    const streams = [...new Set(batch.map(({ stream }) => stream))];
    const unknown = streams.filter((stream) => !this.#heads.has(stream));
    if (unknown.length > 0) for (const [stream, head] of await headsOf(unknown)) this.#heads.set(stream, head);
    return new Map(streams.map((stream) => [stream, this.#heads.get(stream) ?? -1]));
  }

  #reached(position: string): void {
    this.#position = position;
    this.#waits.reached(position);
  }

  get #leaseMs(): number {
    return this.#options.leaseMs ?? 5000;
  }

  #lease(): LeaseWish {
    return { owner: this.owner, leaseMs: this.#leaseMs, now: (this.#options.clock ?? Date).now() };
  }

  #leaseIsFresh(): boolean {
    return performance.now() - this.#leasedAt < this.#leaseMs / 3;
  }
}
