import { canonicalJson, isTypedId, type StaffId, type WorkspaceId } from '@gatebook/protocol';
import { describeAttempt } from '#domain/book/attempt';
import { emptyBook, type Book, type BookFact } from '#domain/book/book';
import type { Person } from '#domain/book/context';
import { viewedAsBy, viewedAsIn } from '#domain/book/viewed-as';
import { glanceAtBooks } from '#domain/book/glance';
import { decideBook, isRestricting, personIn, staffIn, type BookCommand } from '#domain/book/decide';
import { settle, withDue } from '#domain/book/settle';
import { foldBook, foldInstallation, foldStaff } from '#domain/facts';
import {
  decideInstallation,
  newInstallation,
  type Installation,
  type InstallationCommand,
  type InstallationFact,
} from '#domain/installation/installation';
import type { ReviewDenials } from '#domain/review/review-denials';
import type { ReviewFact } from '#domain/review/review';
import type { Decision, Refusal } from '#domain/rule';
import { decideStaff, type StaffCommand } from '#domain/staff/seat';
import { unknownStaff, type StaffFact, type StaffMember } from '#domain/staff/staff';
import type { Envelope, StoredFact } from '#event-log/envelope';
import type { EventLog } from '#event-log/port';
import type { LaneKind } from './batch.ts';
import type { Clock } from './clock.ts';
import { ClockGuard } from './clock-guard.ts';
import { Denials } from './denials.ts';
import { digestOf, strangerIdOf } from './identity.ts';
import { Lane } from './lane.ts';
import { Lanes } from './lanes.ts';
import type { Caller, Outcome } from './outcome.ts';
import type { DenialJournal } from './denial-journal.ts';
import { Past } from './past.ts';
import { Patience } from './patience.ts';
import { ReviewLanes } from './review-lanes.ts';
import { processTimer } from './process-timer.ts';
import type { DeskTimer, KeptStandings, LaneLook, LaneSurroundings, OutsideKeeping } from './surroundings.ts';
import { NO_POSITION } from './standing.ts';
import { Turns } from './turns.ts';
import { uuidV7 } from './uuid-v7.ts';
import { NotNow } from './not-now.ts';
import { INSTALLATION_STREAM, OutsideStates, STAFF_PREFIX } from './outside.ts';

export const WORKSPACE_PREFIX = 'workspace-';

/** So many workspaces' states are kept at least; beyond it those that nobody asked for in a while are let go. */
const BOOKS_KEPT = 200_000;
const SWEEP_MS = 60_000;
/** So much of the log is read again at most after a crash, for what stands outside of workspaces. */
const KEEP_OUTSIDE_MS = 5 * 60_000;

export interface DeskOptions {
  readonly log: EventLog;
  readonly envelope: Envelope;
  readonly clock: Clock;
  /** Makes what tells of the passing of time; it hears whether the desk is stopping. Default: this process's time. */
  readonly timer?: (stopping: () => boolean) => DeskTimer;
  /** Ids of facts, for a time in epoch milliseconds. Default: random ones. */
  readonly newId?: (at: number) => string;
  /** Where workspaces' states are kept between two starts. Default: nowhere, they are folded from the log. */
  readonly kept?: KeptStandings<Book>;
  /** Where the outside states are kept between two starts. Default: nowhere, the whole log is read. */
  readonly keptOutside?: OutsideKeeping | undefined;
  /** Where denials wait while the log is away. Default: in memory only. */
  readonly denialJournal?: string | DenialJournal;
}

type BookLane = Lane<Book, BookCommand, BookFact>;
type StaffLane = Lane<StaffMember, StaffCommand, StaffFact>;

/** A question about a workspace: what would come of a command on its newest state, nothing written. */
export interface BookQuestion {
  readonly decision: Decision<BookFact>;
  /** With what is due by the clock in it. */
  readonly book: Book;
  readonly position: string;
  readonly now: number;
}

export type BookOutcome = Outcome<BookFact>;

/**
 * The one door to the log for whatever decides: a lane per stream, denials beside them. GraphQL and the timekeeper reach
 * it through the command bus, the evaluation door calls it directly.
 */
export class Desk {
  readonly outside: OutsideStates;
  readonly denials: Denials;
  readonly past: Past;
  readonly clock: Clock;
  readonly clockGuard: ClockGuard;
  readonly #around: LaneSurroundings;
  readonly #kept: KeptStandings<Book> | undefined;
  readonly #books = new Lanes<BookLane>(WORKSPACE_PREFIX);
  readonly #bookKind: LaneKind<Book, BookCommand, BookFact> = {
    initial: emptyBook,
    fold: foldBook,
    decide: (command, book, now) => this.#decide(command, book, now),
    commands: (book) => book.commands,
    isRestricting,
    glance: glanceAtBooks,
    onBehalfOf: (book, fact) => {
      const id = viewedAsIn(book, fact);
      return id === null ? undefined : { kind: 'member', id };
    },
  };
  #sweeps = 0;
  readonly #staff = new Map<StaffId, StaffLane>();
  readonly #installation: Lane<Installation, InstallationCommand, InstallationFact>;
  readonly #reviews: ReviewLanes;
  readonly #timer: DeskTimer;
  readonly #keepsOutside: boolean;
  #leaveSweeping: (() => void) | undefined;
  #leaveKeeping: (() => void) | undefined;
  #stopping = false;
  #seen = '';

  constructor(options: DeskOptions) {
    const { log, envelope, clock, kept, newId = uuidV7, denialJournal: journal, keptOutside } = options;
    const timer = (options.timer ?? processTimer)(() => this.#stopping);
    this.#timer = timer;
    const turns = new Turns(timer);
    this.clockGuard = new ClockGuard(log, clock, timer);
    this.clock = this.clockGuard;
    this.#kept = kept;
    this.#keepsOutside = keptOutside !== undefined;
    this.outside = new OutsideStates(log, envelope, timer, keptOutside);
    this.denials = new Denials({ log, envelope, clock: this.clock, timer, newId, journal });
    this.#around = {
      log,
      envelope,
      clock: this.clock,
      timer,
      patience: new Patience(timer),
      newId,
      schedule: (lane) => turns.schedule(lane),
      written: (facts) => this.#written(facts),
    };
    this.#installation = new Lane(INSTALLATION_STREAM, installationKind, this.#around);
    this.past = new Past({ log, envelope, kept });
    this.#reviews = new ReviewLanes(this.#around, this.outside, this.denials);
  }

  async start(): Promise<void> {
    await this.clockGuard.start();
    await this.denials.start();
    await this.outside.start();
    this.#leaveSweeping = this.#timer.every(SWEEP_MS, () => this.#sweep());
    if (this.#keepsOutside) this.#leaveKeeping = this.#timer.every(KEEP_OUTSIDE_MS, () => this.outside.keep());
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#leaveSweeping?.();
    this.#leaveKeeping?.();
    await this.denials.close();
    await this.clockGuard.stop();
    await this.outside.stop();
  }

  /** Reads the books of these streams, and keeps what they come to. */
  async warmUp(streams: Iterable<string>): Promise<void> {
    for (const stream of streams) {
      const workspaceId = stream.slice(WORKSPACE_PREFIX.length);
      if (stream.startsWith(WORKSPACE_PREFIX) && isTypedId('ws', workspaceId)) await this.look(workspaceId);
    }
  }

  /** Why nothing is granted just now, as a sentence for the operator; `undefined` where nothing stands in the way. */
  problem(): string | undefined {
    return this.outside.lostGround ?? this.clockGuard.problem();
  }

  /** The newest position that was written or heard of here. */
  get seen(): string {
    const heard = this.outside.heardTo;
    return heard > this.#seen ? heard : this.#seen;
  }

  /** Workspaces whose state is in memory. */
  get books(): number {
    return this.#books.size;
  }

  /**
   * Decides a command about a workspace; a refusal is durable before the answer.
   * @throws {NotNow}
   */
  async handle(workspaceId: WorkspaceId, command: BookCommand, caller: Caller): Promise<BookOutcome> {
    if (!isRestricting(command)) this.outside.ensureHeard();
    // The timekeeper's own command only takes away too, but a wrong clock would take from others with it.
    if (!isRestricting(command) || command.type === 'SettleBook') this.#ensureClock();
    const lane = this.#book(workspaceId);
    const outcome = await lane.submit(command, withDigest(workspaceId, command, caller));
    this.#freeSeats(outcome);
    this.#forgetIfEmpty(lane);
    if (outcome.kind === 'refused' && command.type !== 'SettleBook')
      await this.deny(workspaceId, command, outcome.refusal, caller);
    return outcome;
  }

  /** What would come of it, on the newest state; nothing is written. @throws {NotNow} */
  async ask(workspaceId: WorkspaceId, command: BookCommand): Promise<BookQuestion> {
    this.outside.ensureHeard();
    this.#ensureClock();
    const { state, position, now } = await this.#book(workspaceId).look();
    return {
      decision: this.#decide(command, state, now),
      book: withDue(state, settle(state, now), now),
      position,
      now,
    };
  }

  /** Writes a refusal down that was decided outside a lane. */
  async deny(workspaceId: WorkspaceId, command: BookCommand, refusal: Refusal, caller: Caller): Promise<void> {
    const person = personIn(command) ?? null;
    const hidden = isForeign(refusal);
    const { book } = this.bookNow(workspaceId);
    const as = hidden ? null : viewedAsBy(book, command);
    const sessionId = 'sessionId' in command && !hidden ? command.sessionId : null;
    const isOwn =
      sessionId !== null && 'staffId' in command && book.sessions.get(sessionId)?.staffId === command.staffId;
    await this.denials.record({
      subject: hidden ? ownBook(caller, person) : workspaceId,
      attempt: describeAttempt(command, this.outside.installation.catalogue),
      refusal,
      sessionId,
      visit: isOwn ? sessionId : null,
      caller: {
        ...withDigest(workspaceId, command, caller),
        ...(as !== null && { onBehalfOf: { kind: 'member', id: as } }),
      },
      presenter: {
        subject: caller.actor.id,
        name: person?.name ?? this.#shownStaff(command)?.name ?? null,
        ...((command.type === 'StartSession' || command.type === 'RequestAccess') &&
          command.reason !== null && { reason: command.reason }),
      },
    });
  }

  handleStaff(command: StaffCommand, caller: Caller): Promise<Outcome<StaffFact>> {
    let lane = this.#staff.get(command.staffId);
    if (!lane)
      this.#staff.set(command.staffId, (lane = new Lane(STAFF_PREFIX + command.staffId, staffKind, this.#around)));
    return lane.submit(command, withDigest(command.staffId, command, caller));
  }

  /** A staff member's newest durable state as this instance knows it. Reads nothing. */
  staffNow(id: StaffId): StaffMember {
    return this.#staff.get(id)?.known.state ?? unknownStaff;
  }

  /** A reviewer's word about what a person was refused. @throws {NotNow} */
  async handleReview(command: ReviewDenials, caller: Caller): Promise<Outcome<ReviewFact>> {
    this.outside.ensureHeard();
    this.#ensureClock();
    return this.#reviews.submit(command, withDigest(command.personId, command, caller));
  }

  handleInstallation(command: InstallationCommand, caller: Caller): Promise<Outcome<InstallationFact>> {
    return this.#installation.submit(command, withDigest('installation', command, caller));
  }

  /** A book's newest durable state as this instance knows it; empty where it was never asked for. Reads nothing. */
  bookNow(workspaceId: WorkspaceId): { readonly book: Book; readonly position: string } {
    const known = this.#books.get(workspaceId)?.known;
    return known ? { book: known.state, position: known.position } : { book: emptyBook, position: NO_POSITION };
  }

  /** A book's newest state with what is due by the clock in it. @throws {NotNow} */
  async settled(
    workspaceId: WorkspaceId,
  ): Promise<{ readonly book: Book; readonly revision: number; readonly position: string; readonly now: number }> {
    const { state, revision, position, now } = await this.look(workspaceId);
    return { book: withDue(state, settle(state, now), now), revision, position, now };
  }

  /** A book's newest state. @throws {NotNow} */
  async look(workspaceId: WorkspaceId): Promise<LaneLook<Book>> {
    const lane = this.#book(workspaceId);
    const look = await lane.look();
    this.#forgetIfEmpty(lane);
    return look;
  }

  #ensureClock(): void {
    const problem = this.clockGuard.problem();
    if (problem !== undefined) throw new NotNow(problem, 'clock');
  }

  /** Lets go of states that nobody asked for since the last sweep, where there are many; the log has them. */
  #sweep(): void {
    if (this.#books.size > BOOKS_KEPT) {
      for (const lane of this.#books) if (lane.isAtRest && lane.askedIn !== this.#sweeps) this.#books.delete(lane);
    }
    this.#sweeps++;
  }

  /** Asking for workspaces that don't exist leaves nothing behind: guessing ids fills no memory. */
  #forgetIfEmpty(lane: BookLane): void {
    if (lane.isIdleAndEmpty) this.#books.delete(lane);
  }

  #book(workspaceId: WorkspaceId): BookLane {
    let lane = this.#books.get(workspaceId);
    if (!lane) {
      // Joined, so that it is one string and no tree of its parts.
      const stream = [WORKSPACE_PREFIX, workspaceId].join('');
      lane = new Lane<Book, BookCommand, BookFact>(stream, this.#bookKind, this.#around, this.#kept);
      this.#books.add(lane);
    }
    lane.askedIn = this.#sweeps;
    return lane;
  }

  #decide(command: BookCommand, book: Book, now: number): Decision<BookFact> {
    const { state: staff, revision: staffRevision } = this.outside.staff(staffIn(command));
    return decideBook(command, {
      book,
      staff,
      staffRevision,
      installation: this.outside.installation,
      now,
      digest: bookDigest,
    });
  }

  #shownStaff(command: BookCommand): StaffMember['shown'] {
    const staffId = staffIn(command);
    return staffId === undefined ? null : this.outside.staff(staffId).state.shown;
  }

  #written(facts: readonly StoredFact[]): void {
    const position = facts.at(-1)?.position ?? '';
    if (position > this.#seen) this.#seen = position;
    this.outside.written(facts);
  }

  /** Whoever's visit ended gets the seat back; a seat that is missed here frees itself by its time. */
  #freeSeats(outcome: BookOutcome): void {
    if (outcome.kind === 'repeated' || outcome.kind === 'stale') return;
    for (const fact of outcome.decided) {
      if (fact.type !== 'SessionEnded') continue;
      const staffId = this.outside.seatedIn(fact.data.sessionId);
      if (staffId === undefined) continue;
      const release: StaffCommand = { type: 'ReleaseSeat', staffId, sessionId: fact.data.sessionId };
      this.handleStaff(release, { actor: { kind: 'system', id: 'desk' }, correlationId: fact.data.sessionId }).catch(
        () => undefined,
      );
    }
  }
}

/** No such workspace, or none of the asker's: both look the same, and nothing is written in the target's book. */
export function isForeign({ rule }: Refusal): boolean {
  return rule === 'workspaceIsOpen' || rule === 'memberBelongsHere';
}

function ownBook(caller: Caller, person: Person | null): string {
  return person ? strangerIdOf(person.issuer, person.subject) : caller.actor.id;
}

/** SHA-256 of a value's canonical form (RFC 8785), as decisions and facts compare it. */
export function bookDigest(value: unknown): string {
  return digestOf(canonicalJson(value));
}

/** The payload's digest covers where the command goes: the same id for another workspace is another payload. */
function withDigest(target: string, command: object, caller: Caller): Caller {
  if (caller.commandId === undefined || caller.commandDigest !== undefined) return caller;
  return { ...caller, commandDigest: digestOf(canonicalJson({ target, actor: caller.actor, command })) };
}

const installationKind = {
  initial: newInstallation,
  fold: foldInstallation,
  decide: decideInstallation,
  commands: (installation: Installation) => installation.commands,
  isRestricting: () => false,
};

const staffKind = {
  initial: unknownStaff,
  fold: foldStaff,
  decide: decideStaff,
  commands: (staff: StaffMember) => staff.commands,
  isRestricting: (command: StaffCommand) => command.type === 'DisableStaff' || command.type === 'ReleaseSeat',
};
