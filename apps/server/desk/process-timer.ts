import type { DeskTimer } from './surroundings.ts';

/** This process's own time. Nothing of it keeps a process up. */
export function processTimer(stopping: () => boolean): DeskTimer {
  return {
    elapsed: () => performance.now(),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
    soon: (run) => void setImmediate(run),
    every: (ms, run) => {
      const interval = setInterval(run, ms).unref();
      return () => clearInterval(interval);
    },
    get stopping() {
      return stopping();
    },
  };
}
