import type { Change, Row, Table, Value } from './table.ts';

/** So many rows of one table are held; then they go to the database. */
const MOST_HELD = 20_000;

type HeldRow = Record<string, Value>;

/** What the database has to do, in order: `added` rows stay as they are, `rows` replace what stands under their keys. */
export interface Due {
  readonly added: ReadonlyMap<Table, readonly Row[]>;
  readonly changes: readonly Change[];
  readonly rows: ReadonlyMap<Table, readonly Row[]>;
}

/**
 * Rows while a rebuild folds: most changes touch a row that came shortly before, so only what a row is in the end gets to
 * the database. Each table holds at most {@link MOST_HELD} rows. Tables whose rows are only added hold none.
 */
export class HeldRows {
  readonly #tables = new Map<Table, HeldTable>();
  readonly #most: number;
  readonly #behindOthers: boolean;
  #added = new Map<Table, Row[]>();
  #changes: Change[] = [];
  readonly #pass = (change: Change): void => {
    this.#changes.push(change);
  };

  /** `behindOthers`: the changes begin in the middle of a log, so rows may stand already that nobody here has seen. */
  constructor(most = MOST_HELD, { behindOthers = false } = {}) {
    this.#most = most;
    this.#behindOthers = behindOthers;
  }

  readonly take = (change: Change): void => {
    const { table } = change;
    if (change.kind === 'add' && table.onlyAdded) {
      const rows = this.#added.get(table);
      if (rows) rows.push(change.row);
      else this.#added.set(table, [change.row]);
      return;
    }
    let held = this.#tables.get(table);
    if (!held) this.#tables.set(table, (held = new HeldTable(table, this.#pass, this.#behindOthers)));
    held.take(change);
  };

  /** What is to be written now; of the held rows those of full tables only, or `all`. */
  due({ all = false } = {}): Due {
    const rows = new Map<Table, readonly Row[]>();
    for (const [table, held] of this.#tables) if (all || held.size >= this.#most) rows.set(table, held.release());
    const due = { added: this.#added, changes: this.#changes, rows };
    this.#added = new Map();
    this.#changes = [];
    return due;
  }
}

/**
 * The held rows of one table. A row held here is whole and newer than the database's of the same key, if there is one;
 * any other row is the database's, and changes to it are passed on.
 */
class HeldTable {
  readonly #table: Table;
  readonly #pass: (change: Change) => void;
  readonly #rows = new Map<Value, HeldRow>();
  readonly #lookups = new Map<string, Lookup>();
  /** The columns that some lookup asks of. */
  #lookedUp: readonly string[] = [];
  /** Some rows are in the database. */
  #released: boolean;

  constructor(table: Table, pass: (change: Change) => void, released: boolean) {
    this.#table = table;
    this.#pass = pass;
    this.#released = released;
  }

  get size(): number {
    return this.#rows.size;
  }

  release(): readonly Row[] {
    const rows = [...this.#rows.values()];
    this.#released ||= rows.length > 0;
    this.#rows.clear();
    this.#lookups.clear();
    this.#lookedUp = [];
    return rows;
  }

  take(change: Change): void {
    if (change.kind === 'put' || change.kind === 'add') {
      const key = change.row[this.#table.key] ?? null;
      const held = this.#rows.get(key);
      if (held && change.kind === 'add') return;
      if (change.kind === 'add' && this.#released) return this.#pass(change);
      if (held) this.#drop(key, held);
      const row = { ...change.row };
      this.#rows.set(key, row);
      for (const lookup of this.#lookups.values()) lookup.add(row);
      return;
    }
    const key = change.where[this.#table.key];
    if (key === undefined) {
      const found = this.#found(change.where);
      if (this.#released) this.#pass(change);
      for (const row of found) this.#do(change, row);
      return;
    }
    const row = this.#rows.get(key);
    if (!row) {
      if (this.#released) this.#pass(change);
    } else if (matches(row, change.where)) {
      this.#do(change, row);
    }
  }

  #do(change: Change & { readonly kind: 'set' | 'remove' }, row: HeldRow): void {
    if (change.kind === 'set') {
      this.#set(row, change.columns);
      return;
    }
    const key = row[this.#table.key] ?? null;
    this.#drop(key, row);
    // The database may have an older row of that key, which need not look like what is to be removed.
    if (this.#released) this.#pass({ kind: 'remove', table: this.#table, where: { [this.#table.key]: key } });
  }

  #set(row: HeldRow, columns: Row): void {
    const moved = this.#moves(columns);
    if (moved) for (const lookup of this.#lookups.values()) lookup.delete(row);
    Object.assign(row, columns);
    if (moved) for (const lookup of this.#lookups.values()) lookup.add(row);
  }

  /** Whether a row that gets these values is found elsewhere. */
  #moves(columns: Row): boolean {
    for (const column of this.#lookedUp) if (columns[column] !== undefined) return true;
    return false;
  }

  #drop(key: Value, row: HeldRow): void {
    this.#rows.delete(key);
    for (const lookup of this.#lookups.values()) lookup.delete(row);
  }

  #found(where: Row): readonly HeldRow[] {
    const columns = Object.keys(where);
    const by = columns.find((column) => where[column] !== null) ?? '';
    const unset = columns.filter((column) => where[column] === null);
    const shape = `${by} ${unset.join()}`;
    let lookup = this.#lookups.get(shape);
    if (!lookup) {
      this.#lookups.set(shape, (lookup = new Lookup(by, unset)));
      this.#lookedUp = [...new Set([...this.#lookedUp, by, ...unset])];
      for (const row of this.#rows.values()) lookup.add(row);
    }
    return lookup.find(where);
  }
}

/** Finds rows by the value of one column, of those only that have nothing in some others: live visits among all. */
class Lookup {
  readonly #by: string;
  readonly #unset: readonly string[];
  readonly #rows = new Map<Value, Set<HeldRow>>();

  /** `by` may be no column at all: then it has all rows. */
  constructor(by: string, unset: readonly string[]) {
    this.#by = by;
    this.#unset = unset;
  }

  add(row: HeldRow): void {
    for (const column of this.#unset) if ((row[column] ?? null) !== null) return;
    const value = row[this.#by] ?? null;
    const rows = this.#rows.get(value);
    if (rows) rows.add(row);
    else this.#rows.set(value, new Set([row]));
  }

  delete(row: HeldRow): void {
    const value = row[this.#by] ?? null;
    const rows = this.#rows.get(value);
    // Empty sets go too: there would be more and more of them.
    if (rows?.delete(row) && rows.size === 0) this.#rows.delete(value);
  }

  find(where: Row): readonly HeldRow[] {
    const rows = this.#rows.get(where[this.#by] ?? null);
    return rows ? [...rows].filter((row) => matches(row, where)) : [];
  }
}

function matches(row: Row, where: Row): boolean {
  for (const column in where) if (row[column] !== where[column]) return false;
  return true;
}
