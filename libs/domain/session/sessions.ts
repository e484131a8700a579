import type { EndCause, SessionId, StaffId } from '@gatebook/protocol';
import { NUMBER_WIDTH, numberAt, packedNumber, packedText } from '../packed.ts';
import type { LiveSession } from './live-session.ts';

export interface EndedSession {
  readonly phase: 'ended';
  readonly id: SessionId;
  readonly staffId: StaffId;
  readonly cause: EndCause;
  readonly at: number;
  /** Whether its own `SessionEnded` stands in the log yet. */
  readonly recorded: boolean;
}

export type Session = LiveSession | EndedSession;

/** So many characters of an id, its last ones, tell it from most others. */
const TAIL = 4;
/** Before an id that is shorter. */
const SPACE = 0x20;

/**
 * Sessions of one workspace, oldest first, never changed. A handful: ended ones are forgotten. What nearly every
 * decision asks of all of them stands in one string, so that it reads the session that it is about and none besides:
 * among a million of them each read waits for memory.
 */
export class Sessions implements Iterable<Session> {
  static readonly none: Sessions = new Sessions([]);

  readonly all: readonly Session[];
  /** {@link endsAt}, then the tail of each id. */
  readonly #glance: string;

  private constructor(all: readonly Session[]) {
    this.all = all;
    this.#glance = [packedNumber(Math.min(...all.map(endOf))), ...all.map(({ id }) => tailOf(id))].join('');
  }

  static of(all: readonly Session[]): Sessions {
    return all.length === 0 ? Sessions.none : new Sessions(all);
  }

  /** The first end of one by its own clocks, or an end that isn't written yet; infinite: there is none. */
  get endsAt(): number {
    return numberAt(this.#glance, 0);
  }

  get(id: SessionId): Session | undefined {
    let packedId: string | undefined;
    for (let place = 0; (place = this.#nextLike(id, place)) >= 0; place++) {
      const session = this.all[place];
      if (session && isOne(session, id, (packedId ??= packedText(id)))) return session;
    }
    return undefined;
  }

  /** The first whose id ends as this one does. Only {@link get} tells whether it is the one. */
  likely(id: SessionId): Session | undefined {
    const place = this.#nextLike(id, 0);
    return place < 0 ? undefined : this.all[place];
  }

  /** Reads ahead what both are answered from; a number that means nothing. */
  glance(): number {
    return this.#glance.charCodeAt(0);
  }

  /** The place, from this one on, of the next whose id has the tail of this one; -1: there is none. */
  #nextLike(id: SessionId, place: number): number {
    const glance = this.#glance;
    const [a, b, c, d] = [tailCode(id, 4), tailCode(id, 3), tailCode(id, 2), tailCode(id, 1)];
    for (let at = NUMBER_WIDTH + place * TAIL; at < glance.length; at += TAIL)
      // From behind: ids of one time begin alike.
      if (
        glance.charCodeAt(at + 3) === d &&
        glance.charCodeAt(at + 2) === c &&
        glance.charCodeAt(at + 1) === b &&
        glance.charCodeAt(at) === a
      )
        return (at - NUMBER_WIDTH) / TAIL;
    return -1;
  }

  live(): LiveSession[] {
    return this.all.filter((session) => session.phase === 'live');
  }

  map(to: (session: Session) => Session): Sessions {
    return Sessions.of(this.all.map(to));
  }

  [Symbol.iterator](): Iterator<Session> {
    return this.all[Symbol.iterator]();
  }
}

function endOf(session: Session): number {
  if (session.phase === 'live') return Math.min(session.plannedEnd, session.lastInputAt + session.idleMs);
  return session.recorded ? Infinity : session.at;
}

function tailOf(id: SessionId): string {
  return id.slice(-TAIL).padStart(TAIL);
}

/** The character of a tail so many before its end. */
function tailCode(id: string, before: number): number {
  return id.length < before ? SPACE : id.charCodeAt(id.length - before);
}

function isOne(session: Session, id: SessionId, packedId: string): boolean {
  return session.phase === 'live' ? session.hasId(packedId) : session.id === id;
}
