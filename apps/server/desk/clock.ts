/** The service's time, epoch milliseconds. Everything that decides takes it from here, so that tests can set it. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
