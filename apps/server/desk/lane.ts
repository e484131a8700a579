import type { ReadFact } from '#domain/facts';
import { LogUnavailable, OutcomeUnknown, WrongRevision, type Appended, type ExpectedRevision } from '#event-log/port';
import { decideBatch, type Batch, type LaneKind, type Waiting } from './batch.ts';
import { NotNow } from './not-now.ts';
import type { Caller, Outcome } from './outcome.ts';
import { foldRecorded, nothingStands, type Standing } from './standing.ts';
import type { KeptStandings, LaneLook, LaneSurroundings } from './surroundings.ts';

/** So many commands wait in a lane at most; what only takes away has room of its own. */
export const MOST_WAITING = 2000;
const MOST_RESTRICTING = 500;
/** Nobody waits longer than this for an answer that the lane can't give. */
export const PATIENCE_MS = 5000;
const SETTLE_AGAIN_MS = 250;
/** After so many lost races what only takes away is appended without a revision (design.md, section 3). */
const RACES_OF_RESTRICTING = 3;
const MOST_RACES = 50;
const KEEP_EVERY = 2000;

type Phase =
  | 'new'
  | 'loading'
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
  readonly #stream: string;
  readonly #kind: LaneKind<State, Command, DomainFact>;
  readonly #around: LaneSurroundings;
  readonly #kept: KeptStandings<State> | undefined;

  #phase: Phase = 'new';
  #phaseSince = 0;
  #standing: Standing<State>;
  #keptAt = -1;
  #restricting: Waiting<Command, DomainFact>[] = [];
  #waiting: Waiting<Command, DomainFact>[] = [];
  #looking: Looking[] = [];

  constructor(
    stream: string,
    kind: LaneKind<State, Command, DomainFact>,
    around: LaneSurroundings,
    kept?: KeptStandings<State>,
  ) {
    this.#stream = stream;
    this.#kind = kind;
    this.#around = around;
    this.#kept = kept;
    this.#standing = nothingStands(kind.initial);
  }

  /** @throws {NotNow} */
  submit(command: Command, caller: Caller): Promise<Outcome<DomainFact>> {
    const restricting = this.#kind.isRestricting(command);
    const queue = restricting ? this.#restricting : this.#waiting;
    const closed = this.#closedTo(restricting, queue.length);
    if (closed) return Promise.reject(closed);
    return new Promise((resolve, reject) => {
      queue.push({ command, caller, restricting, since: this.#around.timer.elapsed(), lostRaces: 0, resolve, reject });
      this.#wake();
    });
  }

  /**
   * The durable state: what a question that records nothing is answered from. On a log that others append to it is read
   * on after the question came.
   * @throws {NotNow}
   */
  async look(): Promise<LaneLook<State>> {
    const known = this.#phase !== 'new' && this.#phase !== 'loading';
    if (!known || this.#around.log.isShared) {
      const closed = this.#closedTo(false, this.#looking.length);
      if (closed) throw closed;
      await new Promise<void>((resolve, reject) => {
        this.#looking.push({ resolve, reject });
        this.#wake();
      });
    }
    const { state, revision, position, newest } = this.#standing;
    return { state, revision, position, now: Math.max(this.#around.clock.now(), newest) };
  }

  /** Nothing stands in the stream, and nothing waits to be decided. */
  get isIdleAndEmpty(): boolean {
    return this.isIdle && this.#standing.revision < 0;
  }

  get isIdle(): boolean {
    return this.#phase === 'idle' && !this.#hasWork;
  }

  get known(): { readonly state: State; readonly position: string } {
    return this.#standing;
  }

  pump(): void {
    if (this.#phase === 'idle' && this.#hasWork) this.#turn(!this.#around.log.isShared);
  }

  get #hasWork(): boolean {
    return this.#restricting.length + this.#waiting.length + this.#looking.length > 0;
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#phaseSince = this.#around.timer.elapsed();
  }

  #wake(): void {
    if (this.#phase === 'idle') this.#around.schedule(this);
    else if (this.#phase === 'new') void this.#load();
  }

  /** Why the lane takes nothing more just now: back-pressure is an answer, not a queue without an end. */
  #closedTo(restricting: boolean, waiting: number): NotNow | undefined {
    // What only takes away may wait for the log to settle; all else hears at once that it can't be told.
    if (this.#phase === 'settling' && !restricting) {
      return unsettled();
    }
    if (this.#phase === 'loading' && this.#around.timer.elapsed() - this.#phaseSince > PATIENCE_MS) {
      return new NotNow('The workspace’s book is still being read.', 'loading', PATIENCE_MS);
    }
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
    const looking = this.#looking.splice(0);
    let queue = [...this.#restricting.splice(0), ...this.#inTime(this.#waiting.splice(0))];
    const forced = queue.some(({ restricting, lostRaces }) => restricting && lostRaces >= RACES_OF_RESTRICTING);
    if (forced) {
      this.#waiting = queue.filter(({ restricting }) => !restricting);
      queue = queue.filter(({ restricting }) => restricting);
    }
    const deciding = { stream: this.#stream, kind: this.#kind, envelope, clockNow: clock.now(), newId };
    const batch = decideBatch(deciding, this.#standing, queue);
    this.#queueAgain(batch.later);

    if (batch.facts.length > 0) {
      const { revision } = this.#standing;
      void this.#append(batch, looking, forced ? 'any' : revision < 0 ? 'none' : revision);
    } else if (fresh) {
      batch.answer(this.#standing.position);
      for (const { resolve } of looking) resolve();
      this.#enter('idle');
      if (this.#hasWork) this.#around.schedule(this);
    } else {
      this.#queueAgain(batch.taken);
      this.#looking.unshift(...looking);
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
    this.#restricting.unshift(...batch.filter(({ restricting }) => restricting));
    this.#waiting.unshift(...batch.filter(({ restricting }) => !restricting));
  }

  async #append(
    batch: Batch<State, Command, DomainFact>,
    looking: Looking[],
    expected: ExpectedRevision,
  ): Promise<void> {
    this.#enter('appending');
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
      this.#standing = { state: batch.state, revision, position, lastFactId: last?.id ?? '', newest };
    } else if (!(await this.#readsOn([], looking.splice(0)))) {
      // It stands, behind facts that can't be read just now: they are read before the next decision.
      batch.answer(position);
      return;
    }
    this.#enter('idle');
    batch.answer(position);
    for (const { resolve } of looking) resolve();
    this.#around.written(batch.stored);
    this.#keep();
    if (this.#hasWork) this.#around.schedule(this);
  }

  /**
   * Appends, and where the answer is lost appends the identical batch again until the log says whether it landed
   * (threat T45). Until then the lane takes nothing on.
   */
  async #appendSettled(
    { facts, taken }: Batch<State, Command, DomainFact>,
    looking: readonly Looking[],
    expected: ExpectedRevision,
  ): Promise<Appended> {
    const { log, timer } = this.#around;
    for (;;) {
      try {
        return await log.append(this.#stream, expected, facts);
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

  #unsettled(batch: readonly Waiting<Command, DomainFact>[], looking: readonly Looking[]): void {
    this.#enter('settling');
    const why = unsettled();
    for (const { reject } of [...this.#waiting.splice(0), ...this.#looking.splice(0), ...looking]) reject(why);
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
  async #lost(batch: readonly Waiting<Command, DomainFact>[], looking: readonly Looking[]): Promise<void> {
    if (!(await this.#readsOn(batch, looking))) return;
    const again = batch.filter((waiting) => {
      waiting.lostRaces++;
      if (waiting.restricting || waiting.lostRaces <= MOST_RACES) return true;
      waiting.reject(new NotNow('Other instances were faster each time.', 'busy'));
      return false;
    });
    this.#queueAgain(again);
    this.#looking.unshift(...looking);
    // What came while the facts were read came before they were: only what is decided now stands on them.
    if (this.#hasWork) this.#turn(false);
    else this.#enter('idle');
  }

  async #confirm(): Promise<void> {
    this.#enter('confirming');
    const came = { restricting: this.#restricting.splice(0), waiting: this.#waiting.splice(0) };
    const looking = this.#looking.splice(0);
    const batch = [...came.restricting, ...came.waiting];
    if (!(await this.#readsOn(batch, looking))) return;
    // What came while it read waits for the next turn.
    const later = { restricting: this.#restricting, waiting: this.#waiting, looking: this.#looking };
    this.#restricting = came.restricting;
    this.#waiting = came.waiting;
    this.#looking = looking;
    this.#turn(true);
    this.#restricting.push(...later.restricting);
    this.#waiting.push(...later.waiting);
    this.#looking.push(...later.looking);
    if (this.#phase === 'idle' && this.#hasWork) this.#around.schedule(this);
  }

  async #load(): Promise<void> {
    this.#enter('loading');
    void this.#around.timer.pause(PATIENCE_MS).then(() => {
      if (this.#phase !== 'loading') return;
      const why = new NotNow('The workspace’s book is still being read.', 'loading', PATIENCE_MS);
      this.#refuseAll(why);
    });
    this.#standing = this.#kept?.load(this.#stream) ?? nothingStands(this.#kind.initial);
    this.#keptAt = this.#standing.revision;
    const looking = this.#looking.splice(0);
    if (!(await this.#readsOn([], looking))) return;
    this.#keep();
    this.#enter('idle');
    for (const { resolve } of looking) resolve();
    this.pump();
  }

  /** Folds what others appended. False when it can't be read: then everything that waits was refused. */
  async #readsOn(batch: readonly Waiting<Command, DomainFact>[], looking: readonly Looking[]): Promise<boolean> {
    try {
      await this.#readOn();
      return true;
    } catch (error) {
      this.#phase = 'new';
      this.#standing = nothingStands(this.#kind.initial);
      const why = notNowFrom(error);
      for (const { reject } of [...batch, ...looking]) reject(why);
      this.#refuseAll(why);
      return false;
    }
  }

  async #readOn(): Promise<void> {
    const { log, envelope } = this.#around;
    const { revision, lastFactId } = this.#standing;
    // The last fact is read again: a log that has another one in its place is not the log that was folded.
    let expectedId = revision < 0 ? undefined : lastFactId;
    for await (const recorded of log.readStream(this.#stream, { from: Math.max(revision, 0) })) {
      if (expectedId !== undefined) {
        if (recorded.id !== expectedId) break;
        expectedId = undefined;
      } else {
        this.#standing = foldRecorded(this.#kind, envelope, this.#standing, recorded);
      }
    }
    if (expectedId === undefined) return;
    this.#standing = nothingStands(this.#kind.initial);
    this.#keptAt = -1;
    await this.#readOn();
  }

  #keep(): void {
    if (!this.#kept || this.#standing.revision - this.#keptAt < KEEP_EVERY) return;
    this.#keptAt = this.#standing.revision;
    this.#kept.keep(this.#stream, this.#standing);
  }

  /** The batch is off, and nothing of it was stored. */
  #refuseBatch(why: unknown, batch: readonly Waiting<Command, DomainFact>[], looking: readonly Looking[]): void {
    for (const { reject } of [...batch, ...looking]) reject(why);
    this.#enter('idle');
    if (this.#hasWork) this.#around.schedule(this);
  }

  #refuseAll(why: unknown): void {
    const all = [...this.#restricting.splice(0), ...this.#waiting.splice(0), ...this.#looking.splice(0)];
    for (const { reject } of all) reject(why);
  }
}

const unsettled = () => new NotNow('It is not known yet whether the last lines were written.', 'unsettled');

function notNowFrom(error: unknown): unknown {
  if (error instanceof LogUnavailable) return new NotNow('The log can’t be reached.', 'log-away');
  if (error instanceof OutcomeUnknown) return new NotNow('The log did not answer.', 'unsettled');
  return error;
}
