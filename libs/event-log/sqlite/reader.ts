import type { DatabaseSync } from 'node:sqlite';

import { LogUnavailable } from '../port.ts';
import type {
  FollowOptions,
  LogHealth,
  LogReader,
  ReadAllOptions,
  ReadingBeside,
  ReadStreamOptions,
  RecordedFact,
} from '../port.ts';
import { besideIn } from './beside.ts';
import { FactTable } from './fact-table.ts';
import { openLogFileToRead } from './files.ts';
import { positionText } from './position.ts';
import { follow, readAll, readBatches, readStream } from './reading.ts';
import type { ReadableLog } from './reading.ts';
import { openIndexToRead } from './stream-index.ts';
import type { StreamIndexReader } from './stream-index.ts';

/** How often another process looks whether there is news. */
const POLL_MS = 150;

export interface SqliteLogReaderOptions {
  readonly directory: string;
}

/**
 * Reads the log of a directory, beside the process that writes it or without one.
 * @throws {LogUnavailable} there is no log in the directory.
 */
export function openSqliteLogReader({ directory }: SqliteLogReaderOptions): LogReader {
  return new SqliteLogReader(directory);
}

class SqliteLogReader implements LogReader {
  readonly #database: DatabaseSync;
  readonly #log: ReadableLog;
  readonly beside: ReadingBeside;

  constructor(directory: string) {
    this.beside = besideIn(directory);
    this.#database = openLogFileToRead(directory);
    this.#log = readableBeside(directory, this.#database);
  }

  readStream(stream: string, options?: ReadStreamOptions) {
    return readStream(this.#log, stream, options);
  }

  readAll(options?: ReadAllOptions) {
    return readAll(this.#log, options);
  }

  readBatches(options?: ReadAllOptions) {
    return readBatches(this.#log, options);
  }

  follow(options: FollowOptions) {
    return follow(this.#log, options);
  }

  async head() {
    this.#log.ensureReadable();
    return positionText(this.#log.lastPlace());
  }

  async health(): Promise<LogHealth> {
    const readable = this.#database.isOpen;
    return { writable: false, readable, clockSkewMs: 0, problem: readable ? undefined : 'The log is closed.' };
  }

  async close() {
    if (this.#database.isOpen) this.#database.close();
  }
}

function readableBeside(directory: string, database: DatabaseSync): ReadableLog {
  const facts = new FactTable(database);
  return {
    facts,
    lastPlace: () => facts.head(),

    lastRevision: (stream) =>
      withIndex(directory, (index) => {
        return facts.lastInStream(index?.indexedTo ?? 0, stream) ?? index?.last(stream) ?? -1;
      }),

    streamFacts: (stream, first, last) =>
      withIndex(directory, (index) => {
        const positions = index?.positions(stream, first, last) ?? [];
        for (const placed of facts.placedInStream(index?.indexedTo ?? 0, stream, first, last)) {
          positions.push(placed.position);
        }
        const found: RecordedFact[] = [];
        for (const position of positions) {
          const fact = facts.at(position);
          if (fact?.stream !== stream || fact.revision !== first + found.length) break;
          found.push(fact);
        }
        if (found.length === last - first + 1) return found;
        throw new LogUnavailable(`Revisions ${first} to ${last} of ${stream} can't be found in ${directory}.`);
      }),

    async news(ms, signal) {
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, Math.min(ms, POLL_MS));
        signal.addEventListener('abort', wake);
      });
    },

    ensureReadable() {
      if (!database.isOpen) throw new LogUnavailable('The log is closed.');
    },
  };
}

/** Reads with the writer's index, and without it (by looking through the whole log) when it is missing or wrong. */
function withIndex<Answer>(directory: string, read: (index: StreamIndexReader | undefined) => Answer): Answer {
  const index = openIndexToRead(directory);
  if (index) {
    try {
      return read(index);
    } catch {
      // The index is a cache that only the writer mends.
    } finally {
      index.close();
    }
  }
  return read(undefined);
}
