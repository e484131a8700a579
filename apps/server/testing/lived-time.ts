import { processTimer } from '#server/desk/process-timer';
import type { DeskTimer } from '#server/desk/surroundings';

/** So much passes at most between two looks at the time. */
const STEP_MS = 50;

/**
 * The passing of time as this process lives it: what passes while the machine stands still, or gives it no turn, doesn't
 * count. A spec and the service that it asks share a process; a service of its own would have heard the log meanwhile.
 */
export function livedTime(stopping: () => boolean): DeskTimer {
  const real = processTimer(stopping);
  let lived = 0;
  let looked = real.elapsed();
  const elapsed = (): number => {
    const now = real.elapsed();
    lived += Math.min(now - looked, STEP_MS);
    looked = now;
    return lived;
  };
  return {
    elapsed,
    async pause(ms) {
      for (let left = ms; left > 0; left -= STEP_MS) await real.pause(Math.min(left, STEP_MS));
    },
    soon: (run) => real.soon(run),
    every: (ms, run) => real.every(ms, run),
    get stopping() {
      return stopping();
    },
  };
}

/** How many times as long as usual a service waits that a spec asks in its own process: longer than a standstill lasts. */
export const PATIENCE = 20;
