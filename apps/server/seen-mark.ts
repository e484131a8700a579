import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Position } from '#event-log/port';

const EVERY_MS = 1000;

/**
 * How far this instance has seen the log, kept beside it: a log that ends before that has lost something, whatever its
 * own files say. Written once a second at most; what a crash leaves unwritten is an alarm that doesn't come, never one
 * that is wrong.
 */
export class SeenMark {
  readonly #file: string;
  #written: Position = '';
  #timer: NodeJS.Timeout | undefined;
  #seen: () => Position = () => '';

  constructor(file: string) {
    this.#file = file;
  }

  /** `''` where nothing was kept, or where it can't be read. */
  read(): Position {
    try {
      const [position = ''] = readFileSync(this.#file, 'utf8').split('\n');
      return /^\d{20}$/.test(position) ? position : '';
    } catch {
      return '';
    }
  }

  follow(seen: () => Position): void {
    this.#seen = seen;
    this.#timer = setInterval(() => this.#write(), EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#write();
  }

  #write(): void {
    const seen = this.#seen();
    if (seen === this.#written) return;
    try {
      writeFileSync(`${this.#file}.new`, `${seen}\n`, { mode: 0o600 });
      renameSync(`${this.#file}.new`, this.#file);
      this.#written = seen;
    } catch {
      // No room for it: tried again at the next tick.
    }
  }
}
