import type { Logger } from 'pino';
import type { EventLog } from '#event-log/port';
import type { Clock } from './desk/clock.ts';

/** A rebuild that is done sooner is not worth a line. */
const EVERY_MS = 5000;

/**
 * Tells the operator how far tables are that must be made anew before the service listens: a line every five seconds,
 * with how many facts there are in all where the log can count them.
 */
export function tellFilling(
  logger: Pick<Logger, 'info'>,
  { clock, log }: { readonly clock: Clock; readonly log: Pick<EventLog, 'head' | 'beside'> },
): (facts: number) => void {
  let told = 0;
  let before = Infinity;
  return (facts) => {
    const now = clock.now();
    // Fewer than before: they are made anew once more.
    if (facts < before) told = now;
    before = facts;
    if (now - told < EVERY_MS) return;
    told = now;
    const say = (of?: number) => logger.info({ facts, ...(of !== undefined && { of }) }, 'tables are being made anew');
    const { beside } = log;
    if (!beside) return say();
    const counted = log.head().then((head) => beside.countBetween(undefined, head));
    // The number is a comfort: where it can't be had, the line stands without it.
    void counted.catch(() => undefined).then(say);
  };
}
