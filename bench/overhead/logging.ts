/** In the place of `pino`: the service's logger, with its level changed while logging is off. */
import { pino as realPino, type Logger, type LoggerOptions } from 'pino';
import { whenSwitched } from './state.ts';

let logger: Logger | undefined;

export function pino(options: LoggerOptions): Logger {
  const made = realPino(options);
  const { level } = made;
  whenSwitched('logging', (off) => (made.level = off ? 'silent' : level));
  logger = made;
  return made;
}

/** A line by the service's own logger. */
export const say = (text: string): void => logger?.info(text);
