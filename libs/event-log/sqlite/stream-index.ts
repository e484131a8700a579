import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';

import type { FactTable, Placed } from './fact-table.ts';
import { indexFile, logFile } from './files.ts';

const SCHEMA_VERSION = 2;

/**
 * Which position each (stream, revision) has, up to `indexedTo`. It is a cache of the log in a file of its own: behind is
 * usual, missing or damaged means building it anew, and whoever uses an entry checks it against the fact it points to.
 *
 * Entries behind `indexedTo` may stand in the file already (a batch is written in slices) and are not looked at.
 */
export class StreamIndex {
  readonly #directory: string;
  readonly #log: FactTable;
  #file: DatabaseSync;
  #statements: Statements;
  #indexedTo: number;

  constructor(directory: string, log: FactTable) {
    this.#directory = directory;
    this.#log = log;
    try {
      this.#file = openIndexFile(directory);
      this.#statements = prepare(this.#file);
      this.#indexedTo = this.#believedTo();
    } catch {
      this.#file = openAnew(directory);
      this.#statements = prepare(this.#file);
      this.#indexedTo = 0;
    }
  }

  get indexedTo(): number {
    return this.#indexedTo;
  }

  /** Revision and position of the stream's last indexed fact. */
  last(stream: string): Placed | undefined {
    const row = this.#statements.last.get(stream, this.#indexedTo) as unknown as [number, number] | undefined;
    return row && { stream, revision: row[0], position: row[1] };
  }

  positions(stream: string, first: number, last: number): number[] {
    const rows = this.#statements.positions.all(stream, first, last, this.#indexedTo) as unknown as [number][];
    return rows.map(([position]) => position);
  }

  /** Writes entries, in the index's order, in one transaction until `enough` says so; answers whether all are written. */
  put(entries: Iterator<Placed>, enough: () => boolean): boolean {
    const { begin, put, commit, rollback } = this.#statements;
    begin.run();
    try {
      // Entries of one stream stand together.
      let name: string | undefined;
      let number = 0;
      for (;;) {
        const entry = entries.next();
        if (entry.done) break;
        const { stream, revision, position } = entry.value;
        if (stream !== name) number = this.#numberOf((name = stream));
        put.run(number, revision, position);
        if (enough()) {
          commit.run();
          return false;
        }
      }
      commit.run();
      return true;
    } catch (error) {
      if (this.#file.isTransaction) rollback.run();
      throw error;
    }
  }

  /** A stream's number in the file: a name is long, and would stand in every entry. */
  #numberOf(stream: string): number {
    const { number, name } = this.#statements;
    const known = number.get(stream) as unknown as [number] | undefined;
    return known?.[0] ?? Number(name.run(stream).lastInsertRowid);
  }

  /** Says that everything up to `position` is in the file now. */
  reached(position: number): void {
    this.#statements.reached.run(position, this.#log.at(position)?.id ?? '');
    this.#indexedTo = position;
  }

  /** Indexes everything up to the log's head at once, about a million facts a second, for opening and rebuilding. */
  catchUp(): void {
    this.#file.prepare('ATTACH ? AS log').run(logFile(this.#directory));
    let head: number;
    try {
      // The head as this connection sees it: the log's own may be in the middle of a transaction.
      head = Number(this.#file.prepare('SELECT max(position) AS head FROM log.facts').get()?.['head'] ?? 0);
      this.#file
        .prepare(
          `INSERT OR IGNORE INTO streams (name) SELECT DISTINCT stream FROM log.facts
           WHERE position > ? AND position <= ? ORDER BY stream`,
        )
        .run(this.#indexedTo, head);
      this.#file
        .prepare(
          `INSERT OR REPLACE INTO entries SELECT streams.number, revision, position
           FROM log.facts CROSS JOIN streams ON streams.name = stream
           WHERE position > ? AND position <= ? ORDER BY streams.number, revision`,
        )
        .run(this.#indexedTo, head);
    } finally {
      this.#file.exec('DETACH log');
    }
    this.reached(head);
  }

  /** The file was wrong: a new one, filled from the log. */
  rebuild(): void {
    this.#file.close();
    this.#file = openAnew(this.#directory);
    this.#statements = prepare(this.#file);
    this.#indexedTo = 0;
    this.catchUp();
  }

  close(): void {
    this.#file.close();
  }

  /** How far the file may be believed: not at all when the log doesn't hold the fact that it ends with. */
  #believedTo(): number {
    const { position, factId } = readReached(this.#file);
    if (position === 0 || this.#log.at(position)?.id === factId) return position;
    throw new Error('The index belongs to another log, or to a later state of this one.');
  }
}

/** The index for a reader in another process: undefined when there is none that can be used. */
export function openIndexToRead(directory: string): StreamIndexReader | undefined {
  let file: DatabaseSync | undefined;
  try {
    file = new DatabaseSync(indexFile(directory), { readOnly: true });
    if (schemaVersion(file) === SCHEMA_VERSION) return new StreamIndexReader(file);
  } catch {
    // No index, or a damaged one: the reader does without, and the next writer mends it.
  }
  file?.close();
  return undefined;
}

export class StreamIndexReader {
  readonly #file: DatabaseSync;
  readonly #statements: Pick<Statements, 'last' | 'positions'>;
  readonly indexedTo: number;

  constructor(file: DatabaseSync) {
    this.#file = file;
    this.#statements = prepareReading(file);
    this.indexedTo = readReached(file).position;
  }

  last(stream: string): number {
    const row = this.#statements.last.get(stream, this.indexedTo) as unknown as [number, number] | undefined;
    return row?.[0] ?? -1;
  }

  positions(stream: string, first: number, last: number): number[] {
    const rows = this.#statements.positions.all(stream, first, last, this.indexedTo) as unknown as [number][];
    return rows.map(([position]) => position);
  }

  close(): void {
    this.#file.close();
  }
}

interface Statements {
  readonly last: StatementSync;
  readonly positions: StatementSync;
  readonly put: StatementSync;
  readonly number: StatementSync;
  readonly name: StatementSync;
  readonly reached: StatementSync;
  readonly begin: StatementSync;
  readonly commit: StatementSync;
  readonly rollback: StatementSync;
}

function prepareReading(file: DatabaseSync): Pick<Statements, 'last' | 'positions'> {
  const reading = {
    last: file.prepare(
      `SELECT revision, position FROM entries WHERE stream = (SELECT number FROM streams WHERE name = ?)
       AND position <= ? ORDER BY revision DESC LIMIT 1`,
    ),
    positions: file.prepare(
      `SELECT position FROM entries WHERE stream = (SELECT number FROM streams WHERE name = ?)
       AND revision BETWEEN ? AND ? AND position <= ? ORDER BY revision`,
    ),
  };
  reading.last.setReturnArrays(true);
  reading.positions.setReturnArrays(true);
  return reading;
}

function prepare(file: DatabaseSync): Statements {
  const number = file.prepare('SELECT number FROM streams WHERE name = ?');
  number.setReturnArrays(true);
  return {
    ...prepareReading(file),
    number,
    name: file.prepare('INSERT INTO streams (name) VALUES (?)'),
    put: file.prepare('INSERT OR REPLACE INTO entries (stream, revision, position) VALUES (?, ?, ?)'),
    reached: file.prepare('UPDATE reached SET position = ?, fact_id = ?'),
    begin: file.prepare('BEGIN IMMEDIATE'),
    commit: file.prepare('COMMIT'),
    rollback: file.prepare('ROLLBACK'),
  };
}

function openAnew(directory: string): DatabaseSync {
  for (const ending of ['', '-wal', '-shm']) rmSync(indexFile(directory) + ending, { force: true });
  return openIndexFile(directory);
}

function openIndexFile(directory: string): DatabaseSync {
  const file = new DatabaseSync(indexFile(directory), { timeout: 2000 });
  try {
    // NORMAL never flushes on commit and can't be damaged by a power cut; what it forgets is read from the log again.
    // Its checkpoints run in the writer's slices, so they are kept to 1 MiB.
    file.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = normal;
      PRAGMA wal_autocheckpoint = 250;
      PRAGMA cache_size = -16384;
    `);
    if (schemaVersion(file) === 0) {
      file.exec(`
        BEGIN;
        CREATE TABLE streams (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE entries (
          stream INTEGER NOT NULL,
          revision INTEGER NOT NULL,
          position INTEGER NOT NULL,
          PRIMARY KEY (stream, revision)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE reached (position INTEGER NOT NULL, fact_id TEXT NOT NULL) STRICT;
        INSERT INTO reached VALUES (0, '');
        PRAGMA user_version = ${SCHEMA_VERSION};
        COMMIT;
      `);
    }
    if (schemaVersion(file) !== SCHEMA_VERSION) throw new Error('The index has another schema.');
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

function schemaVersion(file: DatabaseSync): number {
  return Number(file.prepare('PRAGMA user_version').get()?.['user_version']);
}

function readReached(file: DatabaseSync): { position: number; factId: string } {
  const row = file.prepare('SELECT position, fact_id FROM reached').get();
  if (!row) throw new Error('The index does not say how far it goes.');
  return { position: Number(row['position']), factId: String(row['fact_id']) };
}
