import type { ReadFact } from '#domain/facts';
import { LogUnavailable, OutcomeUnknown, WrongRevision, type Appended, type ExpectedRevision } from '#event-log/port';
import { decideBatch, type Batch, type LaneKind, type Waiting } from './batch.ts';
import { NotNow } from './not-now.ts';
import { notNowFrom, stillLoading, unsettled } from './not-now-reasons.ts';
import { PATIENCE_MS } from './patience.ts';
import type { Caller, Outcome } from './outcome.ts';
import { added, joined, leave, NOBODY } from './queue.ts';
import { foldRecorded, KeptStanding, nothingStands, type Standing } from './standing.ts';
import type { KeptStandings, LaneLook, LaneSurroundings } from './surroundings.ts';

/** So many commands wait in a lane at most; what only takes away has room of its own. */
export const MOST_WAITING = 2000;
const MOST_RESTRICTING = 500;
const SETTLE_AGAIN_MS = 250;
/** After so many lost races what only takes away is appended without a revision (design.md, section 3). */
const RACES_OF_RESTRICTING = 3;
const MOST_RACES = 50;
const KEEP_EVERY = 2000;

type Phase =
  | 'new'
  | 'loading'
  /** For longer than anybody waits. */
  | 'loading long'
  | 'idle'
  /** Reads on, because another process may have appended. */
  | 'confirming'
  | 'appending'
  /** Nobody knows whether the last append landed. */
  | 'settling';

interface Looking {
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * The one place where a stream's commands are decided: in order, on its newest state, one append in flight; what arrives
 * meanwhile is decided for the next one. An answer leaves when the facts that it stands on are durable.
 */
export class Lane<State, Command, DomainFact extends ReadFact> {
  readonly stream: string;
  /** Which time between two sweeps of its desk it was asked for last. */
  askedIn = 0;
  readonly #kind: LaneKind<State, Command, DomainFact>;
  readonly #around: LaneSurroundings;
  readonly #kept: KeptStandings<State> | undefined;

  #phase: Phase = 'new';
  #standing: KeptStanding<State>;
  #keptAt = -1;
  #restricting: Waiting<Command, DomainFact>[] = NOBODY;
  #waiting: Waiting<Command, DomainFact>[] = NOBODY;
  #looking: Looking[] = NOBODY;

  constructor(
    stream: string,
    kind: LaneKind<State, Command, DomainFact>,
    around: LaneSurroundings,
    kept?: KeptStandings<State>,
  ) {
    this.stream = stream;
    this.#kind = kind;
    this.#around = around;
    this.#kept = kept;
    this.#standing = new KeptStanding(nothingStands(kind.initial));
  }

  /** @throws {NotNow} */
  submit(command: Command, caller: Caller): Promise<Outcome<DomainFact>> {
    const restricting = this.#kind.isRestricting(command);
    const closed = this.#closedTo(restricting, (restricting ? this.#restricting : this.#waiting).length);
    if (closed) return Promise.reject(closed);
    return new Promise((resolve, reject) => {
      const since = this.#around.timer.elapsed();
      const waiting = { command, caller, restricting, since, lostRaces: 0, resolve, reject };
      if (restricting) this.#restricting = added(this.#restricting, waiting);
      else this.#waiting = added(this.#waiting, waiting);
      this.#wake();
    });
  }

  /**
   * The durable state: what a question that records nothing is answered from. On a log that others append to it is read
   * on after the question came.
   * @throws {NotNow}
   */
  async look(): Promise<LaneLook<State>> {
    if (!this.#isKnown || this.#around.log.isShared) {
      const closed = this.#closedTo(false, this.#looking.length);
      if (closed) throw closed;
      await new Promise<void>((resolve, reject) => {
        this.#looking = added(this.#looking, { resolve, reject });
        this.#wake();
      });
    }
    const { state, revision, position, newest } = this.#standing;
    return { state, revision, position, now: Math.max(this.#around.clock.now(), newest) };
  }

  /** Nothing stands in the stream, and nothing waits to be decided. */
  get isIdleAndEmpty(): boolean {
    return this.#isIdle && !this.#hasWork && this.#standing.revision < 0;
  }

  /** Another lane for the stream would be as good. */
  get isAtRest(): boolean {
    return (this.#isIdle || this.#phase === 'new') && !this.#hasWork;
  }

  get known(): KeptStanding<State> {
    return this.#standing;
  }

  get kind(): LaneKind<State, Command, DomainFact> {
    return this.#kind;
  }

  /** The command that will be decided first. */
  get next(): Command | undefined {
    return (this.#restricting[0] ?? this.#waiting[0])?.command;
  }

  pump(): void {
    if (this.#isIdle && this.#hasWork) this.#turn(!this.#around.log.isShared);
  }

  get #hasWork(): boolean {
    return this.#restricting.length + this.#waiting.length + this.#looking.length > 0;
  }

  #rest(): void {
    this.#phase = 'idle';
    if (this.#hasWork) this.#around.schedule(this);
  }

  get #isIdle(): boolean {
    return this.#phase === 'idle';
  }

  get #isKnown(): boolean {
    return this.#phase !== 'new' && this.#phase !== 'loading' && this.#phase !== 'loading long';
  }

  #wake(): void {
    if (this.#phase === 'idle') this.#around.schedule(this);
    else if (this.#phase === 'new') void this.#load();
  }

  /** Why the lane takes nothing more just now: back-pressure is an answer, not a queue without an end. */
  #closedTo(restricting: boolean, waiting: number): NotNow | undefined {
    // What only takes away may wait for the log to settle; all else hears at once that it can't be told.
    if (this.#phase === 'settling' && !restricting) return unsettled();
    if (this.#phase === 'loading long') return stillLoading();
    if (waiting >= (restricting ? MOST_RESTRICTING : MOST_WAITING)) {
      return new NotNow('More is waiting for this workspace than can be answered in time.', 'busy');
    }
    return undefined;
  }

  /**
   * Takes what waits. `fresh`: the state was read after all of it came, or nobody else appends, so that an answer which
   * appends nothing may stand on it.
   */
  #turn(fresh: boolean): void {
    const { clock, envelope, newId } = this.#around;
    const looking = this.#takeLooking();
    let queue = [...this.#restricting, ...this.#inTime(this.#waiting)];
    leave(this.#restricting);
    leave(this.#waiting);
    this.#restricting = this.#waiting = NOBODY;
    const forced = queue.some(({ restricting, lostRaces }) => restricting && lostRaces >= RACES_OF_RESTRICTING);
    if (forced) {
      this.#waiting = queue.filter(({ restricting }) => !restricting);
      queue = queue.filter(({ restricting }) => restricting);
    }
    const deciding = { stream: this.stream, kind: this.#kind, envelope, clockNow: clock.now(), newId };
    const batch = decideBatch(deciding, this.#standing, queue);
    this.#queueAgain(batch.later);

    if (batch.facts.length > 0) {
      const { revision } = this.#standing;
      void this.#append(batch, looking, forced ? 'any' : revision < 0 ? 'none' : revision);
    } else if (fresh) {
      batch.answer(this.#standing.position);
      for (const { resolve } of looking) resolve();
      this.#rest();
    } else {
      this.#queueAgain(batch.taken);
      this.#looking = joined(looking, this.#looking);
      void this.#confirm();
    }
  }

  #inTime(queue: Waiting<Command, DomainFact>[]): Waiting<Command, DomainFact>[] {
    const oldest = this.#around.timer.elapsed() - PATIENCE_MS;
    if (queue.length === 0 || (queue[0]?.since ?? 0) >= oldest) return queue;
    return queue.filter(({ since, reject }) => {
      if (since < oldest) reject(new NotNow('It waited too long for its turn.', 'busy'));
      return since >= oldest;
    });
  }

  #queueAgain(batch: readonly Waiting<Command, DomainFact>[]): void {
    if (batch.length === 0) return;
    const [first, then] = [batch.filter(({ restricting }) => restricting), batch.filter((one) => !one.restricting)];
    this.#restricting = joined(first, this.#restricting);
    this.#waiting = joined(then, this.#waiting);
  }

  #takeLooking(): Looking[] {
    const looking = this.#looking;
    this.#looking = NOBODY;
    return looking;
  }

  async #append(
    batch: Batch<State, Command, DomainFact>,
    looking: Looking[],
    expected: ExpectedRevision,
  ): Promise<void> {
    this.#phase = 'appending';
    let appended: Appended;
    try {
      appended = await this.#appendSettled(batch, looking, expected);
    } catch (error) {
      if (error instanceof WrongRevision) await this.#lost(batch.taken, looking);
      else this.#refuseBatch(notNowFrom(error), batch.taken, looking);
      return;
    }
    const { revision, position } = appended;
    const firstRevision = revision - batch.facts.length + 1;
    for (const [i, fact] of batch.stored.entries()) {
      fact.position = position;
      fact.revision = firstRevision + i;
    }
    const last = batch.stored.at(-1);
    if (firstRevision === this.#standing.revision + 1) {
      const newest = Math.max(this.#standing.newest, last?.recordedAt ?? 0);
      const lastFactId = last?.id ?? '';
      this.#standing = new KeptStanding({ state: batch.state, revision, position, lastFactId, newest });
    } else if (!(await this.#readsOn([], looking))) {
      // It stands, behind facts that can't be read just now: they are read before the next decision.
      batch.answer(position);
      return;
    }
    this.#rest();
    batch.answer(position);
    for (const { resolve } of looking) resolve();
    this.#around.written(batch.stored);
    this.#keep();
  }

  /**
   * Appends, and where the answer is lost appends the identical batch again until the log says whether it landed
   * (threat T45). Until then the lane takes nothing on.
   */
  async #appendSettled(
    { facts, taken }: Batch<State, Command, DomainFact>,
    looking: Looking[],
    expected: ExpectedRevision,
  ): Promise<Appended> {
    const { log, timer } = this.#around;
    for (;;) {
      try {
        return await log.append(this.stream, expected, facts);
      } catch (error) {
        const unknown = error instanceof OutcomeUnknown;
        // "Nothing was stored" is said of the repeat: the first one may have landed all the same.
        if (timer.stopping || !(unknown || (this.#phase === 'settling' && error instanceof LogUnavailable)))
          throw error;
        if (this.#phase !== 'settling') this.#unsettled(taken, looking);
        this.#tellWhoWaitedLong();
        await timer.pause(SETTLE_AGAIN_MS);
      }
    }
  }

  #unsettled(batch: readonly Waiting<Command, DomainFact>[], looking: Looking[]): void {
    this.#phase = 'settling';
    const why = unsettled();
    const all = [...this.#waiting, ...this.#looking, ...looking];
    this.#waiting = this.#looking = NOBODY;
    for (const { reject } of all) reject(why);
    void this.#around.timer.pause(PATIENCE_MS).then(() => {
      for (const { reject } of batch) reject(why);
      this.#tellWhoWaitedLong();
    });
  }

  /** What only takes away stays in its queue and gets its turn; whoever sent it hears in time that it isn't done yet. */
  #tellWhoWaitedLong(): void {
    if (this.#phase !== 'settling') return;
    const oldest = this.#around.timer.elapsed() - PATIENCE_MS;
    for (const { since, reject } of this.#restricting) if (since <= oldest) reject(unsettled());
  }

  /** Another instance was faster: its facts are folded, and everything in the batch is decided anew, with new ids. */
  async #lost(batch: readonly Waiting<Command, DomainFact>[], looking: Looking[]): Promise<void> {
    if (!(await this.#readsOn(batch, looking))) return;
    const again = batch.filter((waiting) => {
      waiting.lostRaces++;
      if (waiting.restricting || waiting.lostRaces <= MOST_RACES) return true;
      waiting.reject(new NotNow('Other instances were faster each time.', 'busy'));
      return false;
    });
    this.#queueAgain(again);
    this.#looking = joined(looking, this.#looking);
    // What came while the facts were read came before they were: only what is decided now stands on them.
    if (this.#hasWork) this.#turn(false);
    else this.#phase = 'idle';
  }

  async #confirm(): Promise<void> {
    this.#phase = 'confirming';
    const came = { restricting: this.#restricting, waiting: this.#waiting };
    this.#restricting = this.#waiting = NOBODY;
    const looking = this.#takeLooking();
    const batch = [...came.restricting, ...came.waiting];
    if (!(await this.#readsOn(batch, looking))) return;
    // What came while it read waits for the next turn.
    const later = { restricting: this.#restricting, waiting: this.#waiting, looking: this.#looking };
    this.#restricting = came.restricting;
    this.#waiting = came.waiting;
    this.#looking = looking;
    this.#turn(true);
    this.#restricting = joined(this.#restricting, later.restricting);
    this.#waiting = joined(this.#waiting, later.waiting);
    this.#looking = joined(this.#looking, later.looking);
    if (this.#isIdle) this.#rest();
  }

  async #load(): Promise<void> {
    this.#phase = 'loading';
    this.#around.patience.watch(this, () => {
      this.#phase = 'loading long';
      this.#refuseAll(stillLoading());
    });
    const kept = this.#kept?.load(this.stream);
    if (kept) this.#standing = new KeptStanding(kept);
    this.#keptAt = this.#standing.revision;
    const before = this.#looking.length;
    const isRead = await this.#readsOn([], NOBODY);
    this.#around.patience.done(this);
    if (!isRead) return;
    // Who asked while it was read may have asked after somebody else's append.
    const looking = this.#takeLooking();
    for (const late of looking.slice(before)) this.#looking = added(this.#looking, late);
    this.#keep();
    this.#phase = 'idle';
    for (const { resolve } of looking.slice(0, before)) resolve();
    this.pump();
  }

  /** Folds what others appended. False when it can't be read: then everything that waits was refused. */
  async #readsOn(batch: readonly Waiting<Command, DomainFact>[], looking: Looking[]): Promise<boolean> {
    try {
      await this.#readOn();
      return true;
    } catch (error) {
      this.#phase = 'new';
      this.#standing = new KeptStanding(nothingStands(this.#kind.initial));
      const why = notNowFrom(error);
      for (const { reject } of [...batch, ...looking]) reject(why);
      this.#refuseAll(why);
      return false;
    }
  }

  async #readOn(): Promise<void> {
    const { log, envelope } = this.#around;
    let standing: Standing<State> = this.#standing;
    // The last fact is read again: a log that has another one in its place is not the log that was folded.
    let expectedId = standing.revision < 0 ? undefined : standing.lastFactId;
    for await (const recorded of log.readStream(this.stream, { from: Math.max(standing.revision, 0) })) {
      if (expectedId !== undefined) {
        if (recorded.id !== expectedId) break;
        expectedId = undefined;
      } else {
        standing = foldRecorded(this.#kind, envelope, standing, recorded);
      }
    }
    if (expectedId === undefined) {
      if (standing !== this.#standing) this.#standing = new KeptStanding(standing);
      return;
    }
    this.#standing = new KeptStanding(nothingStands(this.#kind.initial));
    this.#keptAt = -1;
    await this.#readOn();
  }

  #keep(): void {
    if (!this.#kept || this.#standing.revision - this.#keptAt < KEEP_EVERY) return;
    this.#keptAt = this.#standing.revision;
    this.#kept.keep(this.stream, this.#standing.plain());
  }

  /** The batch is off, and nothing of it was stored. */
  #refuseBatch(why: unknown, batch: readonly Waiting<Command, DomainFact>[], looking: Looking[]): void {
    for (const { reject } of [...batch, ...looking]) reject(why);
    this.#rest();
  }

  #refuseAll(why: unknown): void {
    const all = [...this.#restricting, ...this.#waiting, ...this.#looking];
    this.#restricting = this.#waiting = this.#looking = NOBODY;
    for (const { reject } of all) reject(why);
  }
}
