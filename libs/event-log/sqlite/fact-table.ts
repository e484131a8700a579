import type { DatabaseSync, StatementSync } from 'node:sqlite';

import type { RecordedFact } from '../port.ts';
import { positionText } from './position.ts';

const COLUMNS = 'position, stream, revision, id, type, data, metadata, recorded_at';

/** Above every printable ASCII character, so `prefix <= stream < prefix + this` is "begins with". */
const AFTER_ASCII = '\x7f';

type Row = [number, string, number, string, string, string, string, number];

export interface Placed {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
}

/** The facts table of one connection: its statements, kept, and the way from rows to facts. */
export class FactTable {
  readonly #database: DatabaseSync;
  readonly #head: StatementSync;
  readonly #at: StatementSync;
  readonly #placed: StatementSync;
  readonly #placedInStream: StatementSync;
  readonly #lastInStream: StatementSync;
  readonly #between = new Map<number, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#head = this.#prepare('SELECT max(position) FROM facts');
    this.#at = this.#prepare(`SELECT ${COLUMNS} FROM facts WHERE position = ?`);
    this.#placed = this.#prepare(
      'SELECT position, stream, revision FROM facts WHERE position > ? AND position <= ? ORDER BY position',
    );
    this.#placedInStream = this.#prepare(
      `SELECT position, stream, revision FROM facts
       WHERE position > ? AND stream = ? AND revision BETWEEN ? AND ? ORDER BY position`,
    );
    this.#lastInStream = this.#prepare('SELECT max(revision) FROM facts WHERE position > ? AND stream = ?');
  }

  /** Place of the last fact, 0 when there is none. */
  head(): number {
    return (this.#head.get() as unknown as [number | null])[0] ?? 0;
  }

  at(position: number): RecordedFact | undefined {
    const row = this.#at.get(position) as unknown as Row | undefined;
    return row && recorded(row);
  }

  /** Facts behind `after` up to `upTo`, of the streams that begin with one of `prefixes` (undefined: of all). */
  between(after: number, upTo: number, prefixes: readonly string[] | undefined): RecordedFact[] {
    const bounds = prefixes?.flatMap((prefix) => [prefix, prefix + AFTER_ASCII]) ?? [];
    const rows = this.#betweenFor(prefixes?.length).all(after, upTo, ...bounds) as unknown as Row[];
    return rows.map(recorded);
  }

  /** Where the facts behind `after` up to `upTo` belong. */
  placed(after: number, upTo: number): Placed[] {
    return this.#placed.all(after, upTo).map(placed);
  }

  /** Where one stream's facts stand, found by looking through everything behind `after`. */
  placedInStream(after: number, stream: string, first: number, last: number): Placed[] {
    return this.#placedInStream.all(after, stream, first, last).map(placed);
  }

  /** The stream's last revision among the facts behind `after`, undefined when it has none there. */
  lastInStream(after: number, stream: string): number | undefined {
    return (this.#lastInStream.get(after, stream) as unknown as [number | null])[0] ?? undefined;
  }

  // Filtering in SQL passes over 4 million facts a second that don't match; fetching them to look would take four times as long.
  #betweenFor(prefixes: number | undefined): StatementSync {
    const key = prefixes ?? -1;
    let statement = this.#between.get(key);
    if (!statement) {
      const begins = Array.from({ length: prefixes ?? 0 }, () => '(stream >= ? AND stream < ?)').join(' OR ');
      const filter = prefixes === undefined ? '' : `AND (${begins || 'FALSE'})`;
      statement = this.#prepare(
        `SELECT ${COLUMNS} FROM facts WHERE position > ? AND position <= ? ${filter} ORDER BY position`,
      );
      this.#between.set(key, statement);
    }
    return statement;
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }
}

function recorded(row: Row): RecordedFact {
  return {
    id: row[3],
    type: row[4],
    data: row[5],
    metadata: row[6],
    stream: row[1],
    revision: row[2],
    position: positionText(row[0]),
    recordedAt: row[7],
  };
}

function placed(row: unknown): Placed {
  const [position, stream, revision] = row as [number, string, number];
  return { position, stream, revision };
}
