import { jest } from '@jest/globals';

/** After so long Apollo cuts the connections that are still open when it is stopped. */
const GRACE_MS = 10_000;

/**
 * From now on Apollo never cuts a connection: a service that waits for one to be cut never ends. What comes back hears of
 * each time that it set out to.
 */
export function neverCutLate() {
  const cutLate = jest.fn();
  const { setTimeout: after } = globalThis;
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms?: number, ...rest: []) => {
    if (ms !== GRACE_MS) return after(run, ms, ...rest);
    cutLate();
    return after(() => undefined, 0);
  }) as typeof setTimeout);
  return cutLate;
}
