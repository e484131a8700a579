import type { EventLog, LogReader } from '#event-log/port';

/** A log as those see it who only read, to put something between. */
export function readerOf(log: EventLog): LogReader {
  return {
    readStream: (stream, options) => log.readStream(stream, options),
    readAll: (options) => log.readAll(options),
    head: () => log.head(),
    follow: (options) => log.follow(options),
    health: () => log.health(),
    close: () => log.close(),
  };
}

/** So long no machine stands still: where it runs out, what was waited for was not to come. */
export const LONG_ENOUGH_MS = 30_000;

/** Waits for something to come about, {@link LONG_ENOUGH_MS} at most. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string) = 'It',
): Promise<void> {
  const end = performance.now() + LONG_ENOUGH_MS;
  while (!(await condition())) {
    if (performance.now() > end)
      throw new Error(`${typeof what === 'string' ? what : what()} did not come about in ${LONG_ENOUGH_MS} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** mulberry32: numbers in [0, 1), the same ones for the same seed. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
