import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { makeDirectory } from '../sqlite/files.ts';
import { checked, seal, type SealedRow } from './seal.ts';

/** A stream's folded state as it stood behind one of its facts. */
export interface Snapshot {
  readonly stream: string;
  /** Revision of the last fact that is folded into it. */
  readonly revision: number;
  /** Position of that fact. */
  readonly position: string;
  /** Id of that fact: a log that holds another one there is not the log that this was made from. */
  readonly lastFactId: string;
  /** Time of the stream's newest fact, epoch milliseconds. */
  readonly newest: number;
  /** Anything that JSON can hold. */
  readonly state: unknown;
}

/** What came of loads and saves since the store was opened. */
export interface SnapshotStats {
  readonly saved: number;
  readonly loaded: number;
  readonly missing: number;
  /** As if missing: the MAC was wrong, the fold version another, the text no JSON. */
  readonly wrongMac: number;
  readonly otherVersion: number;
  readonly broken: number;
  /** Saves given up, because the file could not be written. */
  readonly notSaved: number;
  /** How often the file was thrown away and made anew. */
  readonly madeAnew: number;
}

/**
 * Folded states in a file of their own: a cache that may be thrown away at any time. What is loaded was made by this
 * installation (its key) and by this fold (its version), or it is as if it weren't there (design.md, "Snapshots").
 */
export interface Snapshots {
  /** The stream's newest snapshot, one that is still to be written included. */
  load(stream: string): Snapshot | undefined;
  /** Written with others once the turn of the event loop is over; of several for one stream only the last. */
  save(snapshot: Snapshot): void;
  remove(stream: string): void;
  /** Streams that have a snapshot of this fold version. */
  streams(): IterableIterator<string>;
  /** Streams whose snapshot another fold version made: what to warm up before the instance is ready. */
  outdated(): IterableIterator<string>;
  stats(): SnapshotStats;
  /** Writes what waits, and closes the file. */
  close(): void;
}

export interface SnapshotsOptions {
  /** Where the file is; made when it doesn't exist. */
  readonly directory: string;
  /** For HMAC-SHA-256: 32 bytes that only this installation has. */
  readonly key: Uint8Array;
  /** Raised whenever the fold's meaning or the state's shape changes. */
  readonly foldVersion: number;
}

/** Where a service keeps them, in its data directory. */
export const SNAPSHOTS_FOLDER = 'snapshots';

export const snapshotsFile = (directory: string) => join(directory, 'snapshots.db');

/** States serialised and written in one go: a turn of the event loop waits no longer than that. */
const WRITTEN_AT_ONCE = 8;
/** Raised with the table's shape; a file of another one is thrown away. */
const SCHEMA_VERSION = 1;

export function openSnapshots(options: SnapshotsOptions): Snapshots {
  return new SqliteSnapshots(options);
}

class SqliteSnapshots implements Snapshots {
  readonly #directory: string;
  readonly #key: Uint8Array;
  readonly #foldVersion: number;
  readonly #waiting = new Map<string, Snapshot>();
  readonly #stats = {
    saved: 0,
    loaded: 0,
    missing: 0,
    wrongMac: 0,
    otherVersion: 0,
    broken: 0,
    notSaved: 0,
    madeAnew: 0,
  };
  #file: File;
  #turn: NodeJS.Immediate | undefined;
  #closed = false;

  constructor({ directory, key, foldVersion }: SnapshotsOptions) {
    this.#directory = directory;
    this.#key = key;
    this.#foldVersion = foldVersion;
    makeDirectory(directory);
    try {
      this.#file = openFile(directory);
    } catch {
      this.#file = this.#anew();
    }
  }

  load(stream: string): Snapshot | undefined {
    const waiting = this.#waiting.get(stream);
    if (waiting) {
      this.#stats.loaded++;
      return waiting;
    }
    const row = this.#try(() => this.#file.get.get(stream) as unknown as SealedRow | undefined);
    const verdict = row ? checked(row, this.#key, this.#foldVersion) : ('missing' as const);
    if (typeof verdict === 'string') {
      this.#stats[verdict]++;
      return undefined;
    }
    this.#stats.loaded++;
    return verdict;
  }

  save(snapshot: Snapshot): void {
    if (this.#closed) return;
    this.#waiting.set(snapshot.stream, snapshot);
    this.#turn ??= setImmediate(() => this.#write());
  }

  remove(stream: string): void {
    this.#waiting.delete(stream);
    this.#try(() => this.#file.remove.run(stream));
  }

  *streams(): IterableIterator<string> {
    yield* this.#named('fold_version = ?', (name) => !this.#waiting.has(name));
    yield* this.#waiting.keys();
  }

  *outdated(): IterableIterator<string> {
    yield* this.#named('fold_version <> ?', (name) => !this.#waiting.has(name));
  }

  stats(): SnapshotStats {
    return { ...this.#stats };
  }

  close(): void {
    if (this.#closed) return;
    while (this.#waiting.size > 0) this.#write();
    this.#closed = true;
    clearImmediate(this.#turn);
    this.#file.database.close();
  }

  *#named(where: string, wanted: (name: string) => boolean): IterableIterator<string> {
    // Read by name, so that the caller may save and remove on the way.
    const PAGE = 1000;
    let after = '';
    for (;;) {
      const rows = this.#try(() =>
        this.#file.database
          .prepare(`SELECT stream FROM snapshots WHERE ${where} AND stream > ? ORDER BY stream LIMIT ${PAGE}`)
          .all(this.#foldVersion, after),
      ) as unknown as { stream: string }[] | undefined;
      if (!rows) return;
      for (const { stream } of rows) if (wanted(stream)) yield stream;
      if (rows.length < PAGE) return;
      after = rows.at(-1)!.stream;
    }
  }

  #write(): void {
    this.#turn = undefined;
    const some = [...this.#waiting.values()].slice(0, WRITTEN_AT_ONCE);
    for (const { stream } of some) this.#waiting.delete(stream);
    const written = this.#try(() => {
      const { begin, put, commit } = this.#file;
      begin.run();
      for (const snapshot of some) {
        const row = seal(snapshot, this.#key, this.#foldVersion);
        put.run(
          row.stream,
          row.fold_version,
          row.revision,
          row.position,
          row.last_fact_id,
          row.newest,
          row.state,
          row.mac,
        );
      }
      commit.run();
      return true;
    });
    this.#stats[written ? 'saved' : 'notSaved'] += some.length;
    if (this.#waiting.size > 0 && !this.#closed) this.#turn ??= setImmediate(() => this.#write());
  }

  /** A cache's trouble is never its user's: undefined, and a new file where this one is damaged. */
  #try<Answer>(use: () => Answer): Answer | undefined {
    if (this.#closed) return undefined;
    try {
      return use();
    } catch (error) {
      if (isDamaged(error)) this.#file = this.#anew();
      else if (this.#file.database.isTransaction) this.#file.database.exec('ROLLBACK');
      return undefined;
    }
  }

  #anew(): File {
    this.#stats.madeAnew++;
    try {
      this.#file?.database.close();
    } catch {
      // It was never opened, or can't even be closed.
    }
    for (const ending of ['', '-wal', '-shm']) rmSync(snapshotsFile(this.#directory) + ending, { force: true });
    return openFile(this.#directory);
  }
}

interface File {
  readonly database: DatabaseSync;
  readonly get: StatementSync;
  readonly put: StatementSync;
  readonly remove: StatementSync;
  readonly begin: StatementSync;
  readonly commit: StatementSync;
}

/** @throws when the file is damaged, or another program's. */
function openFile(directory: string): File {
  const database = new DatabaseSync(snapshotsFile(directory), { timeout: 1000 });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version !== 0 && version !== SCHEMA_VERSION) throw new Error('Another version of the file.');
    database.exec(`
      CREATE TABLE IF NOT EXISTS snapshots (
        stream TEXT PRIMARY KEY,
        fold_version INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        position TEXT NOT NULL,
        last_fact_id TEXT NOT NULL,
        newest REAL NOT NULL,
        state TEXT NOT NULL,
        mac BLOB NOT NULL
      ) STRICT;
      PRAGMA user_version = ${SCHEMA_VERSION};
    `);
    // From here on nobody waits for the file: a snapshot that can't be written now is written 2,000 facts later.
    database.exec('PRAGMA busy_timeout = 0');
    return {
      database,
      get: database.prepare('SELECT * FROM snapshots WHERE stream = ?'),
      put: database.prepare('INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
      remove: database.prepare('DELETE FROM snapshots WHERE stream = ?'),
      begin: database.prepare('BEGIN IMMEDIATE'),
      commit: database.prepare('COMMIT'),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

// SQLite's result codes (sqlite.org/rescode.html): SQLITE_CORRUPT and SQLITE_NOTADB; SQLITE_ERROR is a missing table.
const DAMAGED = [1, 11, 26];

function isDamaged(error: unknown): boolean {
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === 'number' && DAMAGED.includes(code & 0xff);
}
