import type { StaffId, WorkspaceId } from '@gatebook/protocol';
import { emptyBook, type Book } from '#domain/book/book';
import { settle, withDue } from '#domain/book/settle';
import { foldBook, foldInstallation, foldStaff } from '#domain/facts';
import { fromInstant } from '#domain/fact';
import { newInstallation, type Installation } from '#domain/installation/installation';
import { unknownStaff, type StaffMember } from '#domain/staff/staff';
import type { Envelope } from '#event-log/envelope';
import type { LogReader, RecordedFact } from '#event-log/port';
import { INSTALLATION_STREAM, STAFF_PREFIX } from './outside.ts';
import { NotNow } from './not-now.ts';
import { foldRecorded, nothingStands, type Folding, type Standing } from './standing.ts';
import type { KeptStandings } from './surroundings.ts';

/** A place in the log, or an instant in epoch milliseconds; both inclusive. */
export type Moment = { readonly position: string } | { readonly time: number };

/** A workspace's book as it stood. */
export interface PastBook {
  /** What had ended by the clock by then is ended in it, also where it was not written yet. */
  readonly book: Book;
  readonly installation: Installation;
  /** Of the book's last fact by then; -1 before the first. */
  readonly revision: number;
  /** Of the book's last fact by then; `null` before the first. */
  readonly position: string | null;
  /** The instant that it is told of, epoch milliseconds; at a position: that of the last fact by then. */
  readonly asOf: number;
}

/** More facts stand before the moment than one question may fold. */
export class TooFarBack extends Error {
  override readonly name = 'TooFarBack';
  readonly most: number;
  constructor(most: number) {
    super(`More than ${most} facts would have to be read again for this moment.`);
    this.most = most;
  }
}

export interface PastOptions {
  readonly log: Pick<LogReader, 'readStream'>;
  readonly envelope: Envelope;
  /** Folded states; one that is not newer than the moment spares reading what it holds. */
  readonly kept?: Pick<KeptStandings<Book>, 'load'> | undefined;
  /** So many facts are folded for one question at most. */
  readonly most?: number;
}

const MOST_FACTS = 200_000;
const MOST_AT_ONCE = 2;
/** The gate has its turn between so many facts. */
const FACTS_A_TURN = 200;

const BOOK: Folding<Book> = { initial: emptyBook, fold: foldBook };
const INSTALLATION: Folding<Installation> = { initial: newInstallation, fold: foldInstallation };
const STAFF: Folding<StaffMember> = { initial: unknownStaff, fold: foldStaff };

/**
 * What stood at a past moment, folded on demand from the log and never from tables (design.md, section 5): fact by fact,
 * so that the longest stream takes no more room than the state that it comes to.
 */
export class Past {
  readonly #options: PastOptions;
  readonly #most: number;
  #folding = 0;

  constructor(options: PastOptions) {
    this.#options = options;
    this.#most = options.most ?? MOST_FACTS;
  }

  /** @throws {TooFarBack | NotNow} */
  async at(workspaceId: WorkspaceId, moment: Moment): Promise<PastBook> {
    return this.#inTurn(async () => {
      const budget = { left: this.#most };
      const stream = `workspace-${workspaceId}`;
      const kept = await this.#keptBefore(stream, moment);
      const standing = await this.#fold(stream, BOOK, moment, budget, kept);
      const { state, newest: settings } = await this.#fold(INSTALLATION_STREAM, INSTALLATION, moment, budget);
      const asOf = 'time' in moment ? moment.time : Math.max(standing.newest, settings);
      return {
        book: withDue(standing.state, settle(standing.state, asOf), asOf),
        installation: state,
        revision: standing.revision,
        position: standing.revision < 0 ? null : standing.position,
        asOf,
      };
    });
  }

  /** Staff members as they were. @throws {TooFarBack | NotNow} */
  async staffAt(ids: readonly StaffId[], moment: Moment): Promise<ReadonlyMap<StaffId, StaffMember>> {
    return this.#inTurn(async () => {
      const budget = { left: this.#most };
      const found = new Map<StaffId, StaffMember>();
      for (const id of ids) found.set(id, (await this.#fold(STAFF_PREFIX + id, STAFF, moment, budget)).state);
      return found;
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#folding >= MOST_AT_ONCE) throw new NotNow('Others are reading the past just now.', 'busy');
    this.#folding++;
    try {
      return await work();
    } finally {
      this.#folding--;
    }
  }

  async #fold<State>(
    stream: string,
    kind: Folding<State>,
    moment: Moment,
    budget: { left: number },
    from: Standing<State> = nothingStands(kind.initial),
  ): Promise<Standing<State>> {
    const { log, envelope } = this.#options;
    let standing = from;
    for await (const recorded of log.readStream(stream, { from: from.revision + 1 })) {
      if (isAfter(recorded, moment)) break;
      if (budget.left-- <= 0) throw new TooFarBack(this.#most);
      if (budget.left % FACTS_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      standing = foldRecorded(kind, envelope, standing, recorded);
    }
    return standing;
  }

  /** A kept state that is not newer than the moment, and that stands on the fact that the log has there. */
  async #keptBefore(stream: string, moment: Moment): Promise<Standing<Book> | undefined> {
    const kept = this.#options.kept?.load(stream);
    if (!kept || kept.revision < 0) return undefined;
    if ('time' in moment ? kept.newest > moment.time : kept.position > moment.position) return undefined;
    for await (const { id } of this.#options.log.readStream(stream, { from: kept.revision, limit: 1 }))
      return id === kept.lastFactId ? kept : undefined;
    return undefined;
  }
}

/** By the time of the decision, which never goes back in a stream; one that can't be read has the time of its recording. */
function isAfter({ position, metadata, recordedAt }: RecordedFact, moment: Moment): boolean {
  if ('position' in moment) return position > moment.position;
  return timeOf(metadata, recordedAt) > moment.time;
}

function timeOf(metadata: string, recordedAt: number): number {
  try {
    const { time } = JSON.parse(metadata) as { time?: unknown };
    const decided = typeof time === 'string' ? fromInstant(time) : Number.NaN;
    return Number.isNaN(decided) ? recordedAt : decided;
  } catch {
    return recordedAt;
  }
}
