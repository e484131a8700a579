import { isTypedId, type SessionId, type StaffId } from '@gatebook/protocol';
import { fromInstant } from '#domain/fact';
import { foldInstallation, foldStaff } from '#domain/facts';
import type { Folded } from '#domain/outside-snapshot';
import { newInstallation, type Installation } from '#domain/installation/installation';
import { unknownStaff, type StaffMember } from '#domain/staff/staff';
import type { Envelope, StoredFact } from '#event-log/envelope';
import type { EventLog, RecordedFact } from '#event-log/port';
import { NotNow } from './not-now.ts';
import type { Anchor, DeskTimer, KeptOutside, OutsideKeeping } from './surroundings.ts';

export const INSTALLATION_STREAM = 'installation';
export const STAFF_PREFIX = 'staff-';

/** When the following has heard nothing for this long, nothing is granted (design.md, section 4). */
export const SILENCE_MS = 2000;
const FOLLOW_AGAIN_MS = 200;

type OutsideTimer = Pick<DeskTimer, 'elapsed' | 'pause'>;

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
  readonly #kept: OutsideKeeping | undefined;
  /** The newest fact in the states. */
  #newest: Anchor | undefined;
  /** Facts that were written here, the first and the last since one was passed. */
  readonly #ahead: Anchor[] = [];
  /** A fact that was written here, and everything up to it was heard. */
  #passed: Anchor | undefined;
  #following: Promise<void> | undefined;
  #onDisabled: (staffId: StaffId, at: number) => void = () => undefined;

  constructor(log: EventLog, envelope: Envelope, timer: OutsideTimer, kept?: OutsideKeeping) {
    this.#kept = kept;
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

  /** Who may no longer visit anybody. */
  get disabled(): readonly StaffId[] {
    return [...this.#staff].filter(([, { state }]) => state.phase === 'disabled').map(([id]) => id);
  }

  /** Who is enabled, with fewer roles than once. */
  get demoted(): readonly StaffId[] {
    return [...this.#staff]
      .filter(([, { state }]) => state.phase === 'enabled' && state.lostRoles.length > 0)
      .map(([id]) => id);
  }

  /**
   * Has somebody told, from now on, of each staff member who is disabled, and when: epoch milliseconds. Who has fewer roles
   * is told of as disabled at the beginning of time: only what no role carries that is left to them ends.
   */
  whenDisabled(tell: (staffId: StaffId, at: number) => void): void {
    this.#onDisabled = tell;
  }

  /** Everybody whom the directory ever told of. */
  get everybody(): readonly StaffId[] {
    return [...this.#staff.keys()];
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
  async start(): Promise<void> {
    await this.#recall();
    return new Promise((resolve) => {
      this.#following = this.#follow(resolve);
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#following;
    this.keep();
  }

  /**
   * Takes the states that were kept, where the log still holds the fact that they are known by: it holds everything
   * before that fact, too. A long log is read on from there.
   */
  async #recall(): Promise<void> {
    const kept = this.#kept?.load();
    if (!kept || !(await this.#holds(kept.anchor))) return;
    this.#installation = kept.installation;
    for (const [staffId, folded] of kept.staff) {
      this.#staff.set(staffId, folded);
      if (folded.state.seat) this.#seats.set(folded.state.seat.sessionId, staffId);
    }
    this.#newest = kept.anchor;
    this.#heardTo = kept.heardTo < kept.anchor.position ? kept.heardTo : kept.anchor.position;
  }

  async #holds({ stream, revision, id, position }: Anchor): Promise<boolean> {
    try {
      for await (const fact of this.#log.readStream(stream, { from: revision, limit: 1 }))
        return fact.id === id && fact.position === position;
    } catch {
      // A log that is away now says it when it is followed.
    }
    return false;
  }

  /** Keeps the states as they are, known by the newest fact up to which all was heard. */
  keep(): void {
    const [newest, passed] = [this.#newest, this.#passed];
    const anchor = newest && passed ? (newest.position > passed.position ? newest : passed) : (newest ?? passed);
    if (!anchor || this.#lostGround !== undefined) return;
    const states: KeptOutside = {
      installation: this.#installation,
      staff: this.#staff,
      anchor,
      heardTo: this.#heardTo,
    };
    this.#kept?.keep(states);
  }

  /** What this instance has just written. */
  written(facts: readonly StoredFact[]): void {
    const [first] = facts;
    const last = facts.at(-1);
    if (!first || !last) return;
    if (this.#kept) this.#ahead[this.#ahead.length === 0 ? 0 : 1] = anchorOf(last);
    if (first.stream === INSTALLATION_STREAM || first.stream.startsWith(STAFF_PREFIX))
      for (const fact of facts) this.fold(fact);
  }

  #heardUpTo(position: string): void {
    this.#heardTo = position;
    while (this.#ahead[0] && this.#ahead[0].position <= position) this.#passed = this.#ahead.shift();
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
            this.#heardUpTo(heard.fact.position);
          } else {
            this.#heardUpTo(heard.position);
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
    this.#folded(fact);
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
      if (state.phase === 'disabled' && known.state.phase !== 'disabled') this.#onDisabled(staffId, written.time);
      else if (known.state.roles.some((role) => !state.roles.includes(role))) this.#onDisabled(staffId, 0);
    }
  }

  #folded(fact: Anchor): void {
    if (!this.#newest || fact.position > this.#newest.position) this.#newest = anchorOf(fact);
  }

  #close(fact: RecordedFact): void {
    this.#folded(fact);
    const { stream, revision } = fact;
    const staffId = stream.slice(STAFF_PREFIX.length);
    if (stream === INSTALLATION_STREAM) {
      this.#installation = { state: { ...this.#installation.state, readable: false }, revision };
    } else if (isTypedId('stf', staffId)) {
      this.#staff.set(staffId, { state: { ...this.staff(staffId).state, readable: false }, revision });
    }
  }
}

function anchorOf({ stream, revision, id, position }: Anchor): Anchor {
  return { stream, revision, id, position };
}
