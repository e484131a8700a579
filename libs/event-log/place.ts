import type { LogPlace, LogReader } from './port.ts';
import { openSqliteLogReader } from './sqlite/reader.ts';

/**
 * Opens a log where another thread found it, to read it.
 * @throws {LogUnavailable} there is none.
 */
export function openPlace({ directory }: LogPlace): LogReader {
  return openSqliteLogReader({ directory });
}
