import type { WorkspaceId } from '@gatebook/protocol';
import type { Clock } from '../desk/clock.ts';

export interface TimekeeperOptions {
  readonly clock: Clock;
  /** Workspaces in which something has ended by an instant and isn't written yet; at most `limit`. */
  readonly dueBy: (now: number, limit: number) => Promise<readonly WorkspaceId[]>;
  /** Has a workspace's due ends written. */
  readonly settle: (workspaceId: WorkspaceId) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
}

/** How often the table of due times is looked at. No timer is ever set for a due time itself (threat T17). */
const LOOK_EVERY_MS = 1000;
const AT_ONCE = 500;

/**
 * Writes ends down promptly. Nothing depends on it: what has ended by the clock is refused without it, and is written
 * when the workspace is next decided about.
 */
export class Timekeeper {
  readonly #options: TimekeeperOptions;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #stopping = false;

  constructor(options: TimekeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#looking ??= this.look().finally(() => (this.#looking = undefined));
    }, LOOK_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping = true;
    await this.#looking;
  }

  /** One look: settles what is due now. */
  async look(): Promise<void> {
    const { clock, dueBy, settle, onError } = this.#options;
    try {
      for (const workspaceId of await dueBy(clock.now(), AT_ONCE)) {
        // The rest is written by whoever looks next.
        if (this.#stopping) return;
        await settle(workspaceId);
      }
    } catch (error) {
      onError(error);
    }
  }
}
