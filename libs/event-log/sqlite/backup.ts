import { existsSync, fsyncSync, closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';

import { LogUnavailable } from '../port.ts';
import type { Position } from '../port.ts';
import { FactTable } from './fact-table.ts';
import { logFile, makeDirectory, openLogFileToRead } from './files.ts';
import { positionText } from './position.ts';

export interface BackUpOptions {
  /** Where the log is; it may be written meanwhile. */
  readonly directory: string;
  /** A directory for the copy, which is a log like any other. */
  readonly to: string;
  readonly onProgress?: (copied: number, pages: number) => void;
}

export interface BackedUp {
  readonly file: string;
  readonly facts: number;
  /** The last fact in the copy. */
  readonly head: Position;
}

const PAGES_AT_ONCE = 2000;

/**
 * Copies the log while it is written, looks the copy through, and only then gives it its name: what has the name is
 * whole and durable.
 * @throws {LogUnavailable} there is no log, there is one at the destination already, or the copy is not whole.
 */
export async function backUpSqliteLog({ directory, to, onProgress }: BackUpOptions): Promise<BackedUp> {
  const file = logFile(to);
  if (existsSync(file)) throw new LogUnavailable(`There is a log in ${to} already, and it is left as it is.`);
  const source = openLogFileToRead(directory);
  const draft = join(to, 'log.db.draft');
  try {
    makeDirectory(to);
    rmSync(draft, { force: true });
    await backup(source, draft, {
      rate: PAGES_AT_ONCE,
      progress: ({ totalPages, remainingPages }) => onProgress?.(totalPages - remainingPages, totalPages),
    });
  } finally {
    source.close();
  }
  const found = lookedThrough(draft);
  flush(draft);
  renameSync(draft, file);
  flush(dirname(file));
  return { file, ...found };
}

function lookedThrough(draft: string): { facts: number; head: Position } {
  const copy = new DatabaseSync(draft);
  try {
    copy.exec('PRAGMA journal_mode = DELETE');
    const verdict = Object.values(copy.prepare('PRAGMA integrity_check(1)').get() ?? {})[0];
    if (verdict !== 'ok') throw new LogUnavailable(`The copy is not whole: ${String(verdict)}.`);
    const facts = Number(copy.prepare('SELECT count(*) AS facts FROM facts').get()?.['facts']);
    return { facts, head: positionText(new FactTable(copy).head()) };
  } finally {
    copy.close();
  }
}

function flush(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
