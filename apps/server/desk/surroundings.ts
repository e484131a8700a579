import type { Outside } from '#domain/outside-snapshot';
import type { Envelope, StoredFact } from '#event-log/envelope';
import type { EventLog } from '#event-log/port';
import type { Clock } from './clock.ts';
import type { Patience } from './patience.ts';
import type { Standing } from './standing.ts';
import type { Scheduled } from './turns.ts';

export interface LaneLook<State> {
  readonly state: State;
  readonly revision: number;
  readonly position: string;
  /** The later of the clock and the stream's newest fact. */
  readonly now: number;
}

/** Where a lane's folded states are kept between two starts. */
export interface KeptStandings<State> {
  /** Whatever it gives is checked against the log by its last fact's id. */
  load(stream: string): Standing<State> | undefined;
  keep(stream: string, standing: Standing<State>): void;
}

/** A fact that stands in the log: where it doesn't any more, the log is another one. */
export interface Anchor {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly position: string;
}

export interface KeptOutside extends Outside {
  /** At or behind the newest fact in the states. */
  readonly anchor: Anchor;
  /** Everything up to here is in the states. */
  readonly heardTo: string;
}

/** Where the outside states are kept between two starts. */
export interface OutsideKeeping {
  load(): KeptOutside | undefined;
  keep(states: KeptOutside): void;
}

export interface LaneSurroundings {
  readonly log: EventLog;
  readonly envelope: Envelope;
  readonly clock: Clock;
  readonly timer: LaneTimer;
  readonly patience: Patience;
  newId(at: number): string;
  /** Has the lane pumped once this turn of the event loop is over. */
  schedule(lane: Scheduled): void;
  /** What the lane has just made durable. */
  written(facts: readonly StoredFact[]): void;
}

/** The passing of time, apart from what the clock shows. */
export interface LaneTimer {
  /** Milliseconds since any beginning; never goes back. */
  elapsed(): number;
  pause(ms: number): Promise<void>;
  /** Nothing is tried again any more. */
  readonly stopping: boolean;
}

/** Whatever a desk does by itself hangs on this, so that a simulated time can drive all of it. */
export interface DeskTimer extends LaneTimer {
  /** Runs it once this turn of the event loop is over. */
  soon(run: () => void): void;
  /** Runs it again and again, until what it returns is called. */
  every(ms: number, run: () => void): () => void;
}
