import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest's own messages, structured as all others are. */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, context?: unknown): void {
    this.#logger.debug({ context }, String(message));
  }
  warn(message: unknown, context?: unknown): void {
    this.#logger.warn({ context }, String(message));
  }
  error(message: unknown, trace?: unknown, context?: unknown): void {
    this.#logger.error({ context, trace }, String(message));
  }
  debug(message: unknown, context?: unknown): void {
    this.#logger.trace({ context }, String(message));
  }
  verbose(message: unknown, context?: unknown): void {
    this.#logger.trace({ context }, String(message));
  }
}
