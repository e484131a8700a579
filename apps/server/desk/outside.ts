import { isTypedId, type SessionId, type StaffId } from '@gatebook/protocol';
import { fromInstant } from '#domain/fact';
import { foldInstallation, foldStaff } from '#domain/facts';
import { newInstallation, type Installation } from '#domain/installation/installation';
import { unknownStaff, type StaffMember } from '#domain/staff/staff';
import type { Envelope, StoredFact } from '#event-log/envelope';
import type { EventLog, RecordedFact } from '#event-log/port';
import { NotNow } from './not-now.ts';
import type { DeskTimer } from './surroundings.ts';

export const INSTALLATION_STREAM = 'installation';
export const STAFF_PREFIX = 'staff-';

/** When the following has heard nothing for this long, nothing is granted (design.md, section 4). */
const SILENCE_MS = 2000;
const FOLLOW_AGAIN_MS = 200;

type OutsideTimer = Pick<DeskTimer, 'elapsed' | 'pause'>;

interface Folded<State> {
  readonly state: State;
  readonly revision: number;
}

/**
 * The outside states that decisions about workspaces read: staff members, policy, catalogue; followed from the log. What
 * this instance has just written is folded at once, so that a caller's next command sees it.
 */
export class OutsideStates {
  readonly #log: EventLog;
  readonly #envelope: Envelope;
  readonly #timer: OutsideTimer;
  readonly #staff = new Map<StaffId, Folded<StaffMember>>();
  readonly #seats = new Map<SessionId, StaffId>();
  #installation: Folded<Installation> = { state: newInstallation, revision: -1 };
  readonly #stop = new AbortController();
  #heardAt = -Infinity;
  #heardTo = '';
  #lostGround: string | undefined;
  #following: Promise<void> | undefined;

  constructor(log: EventLog, envelope: Envelope, timer: OutsideTimer) {
    this.#timer = timer;
    this.#log = log;
    this.#envelope = envelope;
  }

  get installation(): Installation {
    return this.#installation.state;
  }

  staff(id: StaffId | undefined): Folded<StaffMember> {
    return (id && this.#staff.get(id)) ?? { state: unknownStaff, revision: -1 };
  }

  /** Who holds a seat for the session. */
  seatedIn(session: SessionId): StaffId | undefined {
    return this.#seats.get(session);
  }

  /** The log was followed up to here. */
  get heardTo(): string {
    return this.#heardTo;
  }

  /** Milliseconds since the log was last heard of; infinite before the first time. */
  silentFor(): number {
    return this.#timer.elapsed() - this.#heardAt;
  }

  /** Why the log can't be the one that was followed, as a sentence; then nothing is granted until the next start. */
  get lostGround(): string | undefined {
    return this.#lostGround;
  }

  /** @throws {NotNow} the states may be old: when in doubt, closed. */
  ensureHeard(): void {
    if (this.#lostGround !== undefined) throw new NotNow(this.#lostGround, 'log-away', SILENCE_MS);
    if (this.silentFor() > SILENCE_MS)
      throw new NotNow('The log has been silent for more than two seconds.', 'silence');
  }

  /** Resolves when everything that stood in the log is folded. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#following = this.#follow(resolve);
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#following;
  }

  async #follow(caughtUp: () => void): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const streamPrefixes = [INSTALLATION_STREAM, STAFF_PREFIX];
        for await (const heard of this.#log.follow({
          streamPrefixes,
          signal,
          ...(this.#heardTo !== '' && { after: this.#heardTo }),
        })) {
          this.#heardAt = this.#timer.elapsed();
          if (heard.kind === 'fact') {
            this.#read(heard.fact);
            this.#heardTo = heard.fact.position;
          } else {
            this.#heardTo = heard.position;
            if (heard.kind === 'caughtUp') caughtUp();
          }
        }
      } catch (error) {
        if (error instanceof RangeError) {
          this.#lostGround = `The log ends before what was read of it here: an older copy was put in its place. ${error.message}`;
        }
        // Else the log is away: the silence grows and closes the gate, and following goes on from where it was.
        await this.#timer.pause(FOLLOW_AGAIN_MS);
      }
    }
  }

  #read(recorded: RecordedFact): void {
    try {
      this.fold(this.#envelope.decode(recorded));
    } catch {
      this.#close(recorded);
    }
  }

  /** Folds a fact where it is the next of its stream; what is known already is passed over. */
  fold(fact: StoredFact): void {
    const { actor } = fact.metadata;
    const written = { id: fact.id, revision: fact.revision, time: fromInstant(fact.metadata.time), actor };
    const staffId = fact.stream.slice(STAFF_PREFIX.length);
    if (fact.stream === INSTALLATION_STREAM) {
      if (fact.revision !== this.#installation.revision + 1) return;
      this.#installation = {
        state: foldInstallation(this.#installation.state, fact, written),
        revision: fact.revision,
      };
    } else if (isTypedId('stf', staffId)) {
      const known = this.staff(staffId);
      if (fact.revision !== known.revision + 1) return;
      const state = foldStaff(known.state, fact, written);
      this.#staff.set(staffId, { state, revision: fact.revision });
      if (known.state.seat) this.#seats.delete(known.state.seat.sessionId);
      if (state.seat) this.#seats.set(state.seat.sessionId, staffId);
    }
  }

  #close({ stream, revision }: RecordedFact): void {
    const staffId = stream.slice(STAFF_PREFIX.length);
    if (stream === INSTALLATION_STREAM) {
      this.#installation = { state: { ...this.#installation.state, readable: false }, revision };
    } else if (isTypedId('stf', staffId)) {
      this.#staff.set(staffId, { state: { ...this.staff(staffId).state, readable: false }, revision });
    }
  }
}
