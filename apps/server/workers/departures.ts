import { isTypedId, type StaffId, type WorkspaceId } from '@gatebook/protocol';
import { liveSessions, workspacesAskedBy, type TablesReader } from '#projections/index';
import type { Clock } from '../desk/clock.ts';
import type { OutsideStates } from '../desk/outside.ts';

export interface DeparturesOptions {
  readonly outside: Pick<OutsideStates, 'disabled' | 'demoted' | 'whenDisabled'>;
  readonly clock: Clock;
  /** Where a staff member may have something that is to end; the likeliest first. */
  readonly workspacesOf: (staffId: StaffId) => AsyncIterable<WorkspaceId>;
  /** Has it ended and written there. Told again, it writes nothing. */
  readonly remove: (workspaceId: WorkspaceId, staffId: StaffId, disabledAt: number) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
}

const TRY_AGAIN_MS = 200;
/**
 * Another instance that hasn't heard yet may still let them in, until its silence closes its gate after 2 s (design.md,
 * section 4): what it wrote meanwhile is ended by a second look.
 */
const LOOK_AGAIN_MS = 2500;

/**
 * Takes staff members who were disabled out of every workspace at once, and those who lost a role where no other carries
 * what they have there (T9, T26; policy.md, 5). Who is disabled is refused without it, from the moment that this instance
 * hears of it; this writes the ends down, so that products cut what they still send. Each instance does it: the second one
 * finds nothing left to end.
 */
export class Departures {
  readonly #options: DeparturesOptions;
  readonly #stop = new AbortController();
  readonly #leaving = new Set<Promise<void>>();

  constructor(options: DeparturesOptions) {
    this.#options = options;
  }

  /** From now on, and for all who were disabled or lost a role before: what was begun before a crash is done now. */
  start(): void {
    const { outside, clock } = this.#options;
    outside.whenDisabled((staffId, at) => this.#begin(staffId, at));
    this.#keep(this.#catchUp(outside, clock.now()));
  }

  async stop(): Promise<void> {
    this.#options.outside.whenDisabled(() => undefined);
    this.#stop.abort();
    await Promise.all(this.#leaving);
  }

  #begin(staffId: StaffId, disabledAt: number): void {
    this.#keep(this.#leave(staffId, disabledAt));
  }

  #keep(work: Promise<void>): void {
    const kept = work.finally(() => this.#leaving.delete(kept));
    this.#leaving.add(kept);
  }

  /**
   * One by one: over the years many leave. Who lost a role is told of as disabled at the beginning of time. The tables hold
   * what the log held at the start; what an instance wrote since that hadn't heard yet is for the second look.
   */
  async #catchUp({ disabled, demoted }: Pick<OutsideStates, 'disabled' | 'demoted'>, now: number): Promise<void> {
    const all = async () => {
      for (const staffId of disabled) await this.#everywhere(staffId, now);
      for (const staffId of demoted) await this.#everywhere(staffId, 0);
    };
    await all();
    if (await this.#waited(LOOK_AGAIN_MS)) await all();
  }

  async #leave(staffId: StaffId, disabledAt: number): Promise<void> {
    await this.#everywhere(staffId, disabledAt);
    if (await this.#waited(LOOK_AGAIN_MS)) await this.#everywhere(staffId, disabledAt);
  }

  async #everywhere(staffId: StaffId, disabledAt: number): Promise<void> {
    const { workspacesOf, remove, onError } = this.#options;
    let told = false;
    while (!this.#stop.signal.aborted) {
      try {
        for await (const workspaceId of workspacesOf(staffId)) await remove(workspaceId, staffId, disabledAt);
        return;
      } catch (error) {
        // The log or the tables are away: once is enough to say so.
        if (!told) onError(error);
        told = true;
        await this.#waited(TRY_AGAIN_MS);
      }
    }
  }

  /** False where it stops meanwhile. */
  #waited(ms: number): Promise<boolean> {
    const { signal } = this.#stop;
    return new Promise((resolve) => {
      const stopped = () => {
        clearTimeout(timer);
        resolve(false);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stopped);
        resolve(true);
      }, ms).unref();
      if (signal.aborted) stopped();
      else signal.addEventListener('abort', stopped, { once: true });
    });
  }
}

/**
 * Where a staff member may have something that is to end: a visit by their seat, which no table has to know first; then
 * visits, requests and unused grants by the tables. What they began in the very last moment is found at the second look.
 */
export async function* workspacesOf(
  staffId: StaffId,
  outside: Pick<OutsideStates, 'staff'>,
  tables: TablesReader,
): AsyncGenerator<WorkspaceId> {
  const told = new Set<string>();
  const seat = outside.staff(staffId).state.seat?.workspaceId;
  if (seat !== undefined && isTypedId('ws', seat)) yield seat;
  if (seat !== undefined) told.add(seat);
  const visited = (await liveSessions(tables, { staffId })).map(({ workspaceId }) => workspaceId);
  for (const workspaceId of [...visited, ...(await workspacesAskedBy(tables, staffId))]) {
    if (!told.has(workspaceId) && isTypedId('ws', workspaceId)) yield workspaceId;
    told.add(workspaceId);
  }
}
