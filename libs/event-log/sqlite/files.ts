import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { LogLocked, LogUnavailable } from '../port.ts';

const SCHEMA_VERSION = 1;

/** Measured on facts of 800 bytes: a tenth quicker than 4,096 in large flushes, level when flushing one by one. */
const PAGE_BYTES = 8192;

/** A checkpoint runs inside a flush, so it is kept to 2 MiB: 2 ms at the worst, where 16 MiB took 14 ms. */
const CHECKPOINT_PAGES = (2 * 1024 * 1024) / PAGE_BYTES;

/** Another process may hold the file for a moment (a reader that recovers the write-ahead log). */
const BUSY_MS = 2000;

export const logFile = (directory: string) => join(directory, 'log.db');
export const indexFile = (directory: string) => join(directory, 'index.db');
const lockFile = (directory: string) => join(directory, 'writer.lock');

/** `full`: COMMIT returns when the facts are on the disk. `off`: for tests and throw-away logs, a power cut loses facts. */
export type Synchronous = 'full' | 'off';

export function makeDirectory(directory: string): void {
  const firstMade = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (firstMade === undefined) return;
  // A directory entry is durable once its parent is flushed; SQLite flushes only the directory that holds its files.
  const parent = openSync(dirname(firstMade), 'r');
  fsyncSync(parent);
  closeSync(parent);
}

export function openLogFile(directory: string, synchronous: Synchronous): DatabaseSync {
  const database = new DatabaseSync(logFile(directory), { timeout: BUSY_MS });
  database.exec(`
    PRAGMA page_size = ${PAGE_BYTES};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = ${synchronous};
    PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    PRAGMA cache_size = -32768;
  `);
  const version = schemaVersion(database);
  if (version === 0) {
    // No index but the key: one on (stream, revision) slows appends to a third once there are millions (design.md, 3).
    database.exec(`
      BEGIN;
      CREATE TABLE facts (
        position INTEGER PRIMARY KEY,
        stream TEXT NOT NULL,
        revision INTEGER NOT NULL,
        id TEXT NOT NULL,
        type TEXT NOT NULL,
        data TEXT NOT NULL,
        metadata TEXT NOT NULL,
        recorded_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE probe (only_row INTEGER PRIMARY KEY, filling BLOB NOT NULL) STRICT;
      PRAGMA user_version = ${SCHEMA_VERSION};
      COMMIT;
    `);
  } else {
    refuseUnknownVersion(database, directory, version);
  }
  return database;
}

/** @throws {LogUnavailable} there is no log in the directory. */
export function openLogFileToRead(directory: string): DatabaseSync {
  if (!existsSync(logFile(directory))) throw new LogUnavailable(`There is no log in ${directory}.`);
  const database = new DatabaseSync(logFile(directory), { readOnly: true, timeout: BUSY_MS });
  refuseUnknownVersion(database, directory, schemaVersion(database));
  return database;
}

function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

function refuseUnknownVersion(database: DatabaseSync, directory: string, version: number): void {
  if (version === SCHEMA_VERSION) return;
  database.close();
  throw new LogUnavailable(
    `The log in ${directory} has version ${version} of the schema; this program knows version ${SCHEMA_VERSION}.`,
  );
}

/**
 * Holds the right to write: an exclusive lock on a file of its own, so that other processes may still read the log.
 * The operating system frees it when the process ends, however it ends.
 * @throws {LogLocked}
 */
export function takeWriterLock(directory: string): { release(): void } {
  const lock = new DatabaseSync(lockFile(directory), { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
  } catch (error) {
    lock.close();
    if (isBusy(error)) throw new LogLocked(`Another process writes to the log in ${directory}.`);
    throw error;
  }
  held.add(lock);
  return {
    release() {
      held.delete(lock);
      lock.close();
    },
  };
}

/** Locks that may not be given up by the garbage collector, when a program keeps no hand on its log. */
const held = new Set<DatabaseSync>();

// SQLite's result codes (sqlite.org/rescode.html); the low byte is the primary code.
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

export const isBusy = (error: unknown) => primaryCode(error) === SQLITE_BUSY;
export const isFull = (error: unknown) => primaryCode(error) === SQLITE_FULL;

function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}
