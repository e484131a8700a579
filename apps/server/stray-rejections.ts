import type { Logger } from 'pino';

/**
 * Goes on where a promise was rejected that nobody waits for. graphql-js leaves such promises behind: when an item of a
 * list fails at once, what other items still wait for is given up, and may fail later. No operation may end the process
 * that way. Nothing is lost by going on: what was answered is in the log, and a log of which nobody knows what is on the
 * disk ends the process by itself (`onFatal`).
 */
export function outliveStrayRejections(
  logger: Pick<Logger, 'error'>,
  events: Pick<NodeJS.EventEmitter, 'on'> = process,
): void {
  events.on('unhandledRejection', (error: unknown) => {
    logger.error({ err: error }, 'something failed that nobody waited for, and the service goes on');
  });
}
