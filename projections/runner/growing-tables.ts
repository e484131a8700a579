import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { REBUILT_TABLES } from './control.ts';
import { PAGES } from './files.ts';
import type { Row, Table } from './table.ts';

/** The tables whose rows are only added: nearly all of a rebuild's rows. */
const GROWING = REBUILT_TABLES.filter(({ onlyAdded }) => onlyAdded);
/** Rows of one statement: more of them gain nothing. */
const ROWS_TOGETHER = 8;
/**
 * How a file is filled that nobody reads yet: what a power cut leaves of it is thrown away. Without any journal a failed
 * statement would leave anything, and node:sqlite doesn't allow it: it would keep one in a file, without a word.
 */
export const UNFLUSHED = `${PAGES}; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE`;
/** Runs of rows small enough for the processor's own cache are sorted in half the time, by a thread of SQLite's own. */
const SORTING = 'PRAGMA cache_size = -4096; PRAGMA threads = 1';

/** The tables that only grow, while a rebuild fills them: bare lists of rows, whose keys and indexes come at the end. */
export class GrowingTables {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<Table, Map<number, StatementSync>>();

  /** Makes them, empty. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    for (const { name, columns } of GROWING) {
      const defined = Object.entries(columns).map(
        ([column, type]) =>
          `"${column}" ${type.startsWith('text') ? 'text' : 'bigint'}${type.endsWith('?') ? '' : ' not null'}`,
      );
      database.exec(`CREATE TABLE "${name}" (${defined.join()})`);
    }
  }

  append(table: Table, rows: readonly Row[]): void {
    const columns = Object.keys(table.columns);
    for (let at = 0; at < rows.length;) {
      const together = rows.length - at < ROWS_TOGETHER ? 1 : ROWS_TOGETHER;
      const values: SQLInputValue[] = [];
      for (const end = at + together; at < end; at++) pushValues(rows[at] as Row, columns, values);
      this.#inserting(table, together).run(...values);
    }
  }

  /** Takes over all rows of another file, behind those that are there. */
  takeFrom(file: string): void {
    this.#database.prepare('ATTACH ? AS later').run(file);
    // Between tables that look alike SQLite copies rows as they lie, without reading them.
    for (const { name } of GROWING) this.#database.exec(`INSERT INTO main."${name}" SELECT * FROM later."${name}"`);
    this.#database.exec('DETACH later');
  }

  /** Gives them their keys and indexes; of rows under one key the first stays. */
  finish(): void {
    this.#prepared.clear();
    this.#database.exec(SORTING);
    for (const { name, key, indexes } of GROWING) {
      this.#key(name, key);
      for (const columns of indexes) this.#index('INDEX', name, columns);
    }
  }

  #key(name: string, key: string): void {
    try {
      this.#index('UNIQUE INDEX', name, [key]);
    } catch (error) {
      if (!(error as Error).message.startsWith('UNIQUE')) throw error;
      this.#database.exec(
        `DELETE FROM "${name}" WHERE rowid NOT IN (SELECT min(rowid) FROM "${name}" GROUP BY "${key}")`,
      );
      this.#index('UNIQUE INDEX', name, [key]);
    }
  }

  #index(kind: 'INDEX' | 'UNIQUE INDEX', name: string, columns: readonly string[]): void {
    const named = columns.map((column) => `"${column}"`).join();
    this.#database.exec(`CREATE ${kind} "${name}_by_${columns.join('_')}" ON "${name}" (${named})`);
  }

  #inserting(table: Table, rows: number): StatementSync {
    let sizes = this.#prepared.get(table);
    if (!sizes) this.#prepared.set(table, (sizes = new Map()));
    let statement = sizes.get(rows);
    if (!statement) {
      const row = `(${Object.keys(table.columns).fill('?').join()})`;
      const sql = `INSERT INTO "${table.name}" VALUES ${Array(rows).fill(row).join()}`;
      sizes.set(rows, (statement = this.#database.prepare(sql)));
    }
    return statement;
  }
}

/** A row's values in the order of the columns. Most rows have them so already, and are run through in half the time. */
function pushValues(row: Row, columns: readonly string[], values: SQLInputValue[]): void {
  const before = values.length;
  let inOrder = true;
  for (const column in row) {
    inOrder &&= column === columns[values.length - before];
    values.push(row[column] ?? null);
  }
  if (inOrder && values.length - before === columns.length) return;
  values.length = before;
  for (const column of columns) values.push(row[column] ?? null);
}
