import { CommandFailed, EXIT } from './exit.ts';

/** How many lines. @throws {CommandFailed} */
export function count(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 100) throw new CommandFailed(EXIT.usage, `“${text}” is no number of lines from 1 to 100.`);
  return number;
}

/** @throws {CommandFailed} */
export function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (number < 0 || number > 65_535) throw new CommandFailed(EXIT.usage, `“${text}” is no port from 0 to 65535.`);
  return number;
}

const INSTANT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * An instant, in epoch milliseconds, as RFC 3339 writes it (seconds may be left out): of a day that there is, and with its
 * zone, for without one it is another instant on each machine. Nothing for any other text.
 */
export function instantIn(text: string): number | undefined {
  const [, day] = INSTANT.exec(text) ?? [];
  const at = Date.parse(text);
  if (day === undefined || Number.isNaN(at)) return undefined;
  // The 31st of a shorter month would be taken for a day of the next one.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) ? at : undefined;
}

/** The address of a service, without a slash at its end. @throws {CommandFailed} */
export function address(text: string): string {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new CommandFailed(EXIT.usage, `“${text}” is no address of a service: http://localhost:4000.`);
  return text.replace(/\/+$/, '');
}

/** Options that every command has. */
export interface Common {
  readonly url: string;
  readonly dataDir: string;
  readonly json: boolean;
}

/** Options of commands that somebody sends. */
export interface AsPerson extends Common {
  readonly as?: string;
}
