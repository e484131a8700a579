import type { Kysely } from 'kysely';
import type { Change, Row, Table, Value } from './table.ts';

export interface Statement {
  readonly sql: string;
  readonly parameters: Value[];
}

/** Few sizes, so that few statements are compiled; 32 rows of the widest table are far below any limit of parameters. */
const ROWS_TOGETHER = [32, 8, 1];

/** Turns changes into SQL of the dialect that `kysely` speaks; each shape of change is compiled once. */
export class Statements {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tables are named by values here, not by types
  readonly #kysely: Kysely<any>;
  readonly #compiled = new Map<string, string>();

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
  constructor(kysely: Kysely<any>) {
    this.#kysely = kysely;
  }

  /** The changes as SQL, in order; rows added one after the other to one table share statements. */
  all(changes: readonly Change[]): Statement[] {
    const statements: Statement[] = [];
    const adding = new Map<Table, Row[]>();
    for (const change of changes) {
      if (change.kind !== 'add' || !change.table.onlyAdded) {
        statements.push(this.#one(change));
        continue;
      }
      let rows = adding.get(change.table);
      if (!rows) adding.set(change.table, (rows = []));
      rows.push(change.row);
    }
    // Nothing else is ever done to such a table, so its rows may come last.
    for (const [table, rows] of adding) statements.push(...this.rows('add', table, rows));
    return statements;
  }

  /** Many rows of one table, each with another key where they are put. */
  *rows(kind: 'put' | 'add', table: Table, rows: readonly Row[]): Generator<Statement, void, undefined> {
    const columns = Object.keys(table.columns);
    for (let at = 0; at < rows.length;) {
      const together = ROWS_TOGETHER.find((count) => count <= rows.length - at) ?? 1;
      const sql = this.#sql(`${kind} ${table.name} ${together}`, () => this.#insert(table, columns, kind, together));
      const parameters: Value[] = [];
      for (const end = at + together; at < end; at++) {
        const row = rows[at] as Row;
        for (const column of columns) parameters.push(row[column] ?? null);
      }
      yield { sql, parameters };
    }
  }

  #one(change: Change): Statement {
    const { kind, table } = change;
    if (kind === 'put' || kind === 'add') {
      const columns = Object.keys(table.columns);
      const sql = this.#sql(`${kind} ${table.name}`, () => this.#insert(table, columns, kind));
      return { sql, parameters: columns.map((column) => change.row[column] ?? null) };
    }
    const where = Object.entries(change.where);
    const bound = where.flatMap(([, value]) => (value === null ? [] : [value]));
    const tests = where.map(([column, value]) => (value === null ? `${column} is null` : column));
    if (kind === 'remove') {
      const sql = this.#sql(`remove ${table.name} ${tests.join()}`, () =>
        tested(this.#kysely.deleteFrom(table.name), change.where).compile(),
      );
      return { sql, parameters: bound };
    }
    const sql = this.#sql(`set ${table.name} ${Object.keys(change.columns).join()} ${tests.join()}`, () =>
      tested(this.#kysely.updateTable(table.name).set({ ...change.columns }), change.where).compile(),
    );
    return { sql, parameters: [...Object.values(change.columns), ...bound] };
  }

  #insert({ name, key }: Table, columns: readonly string[], kind: 'put' | 'add', rows = 1) {
    const row = Object.fromEntries(columns.map((column) => [column, 0]));
    return this.#kysely
      .insertInto(name)
      .values(Array.from({ length: rows }, () => row))
      .onConflict((conflict) =>
        kind === 'add'
          ? conflict.column(key).doNothing()
          : conflict
              .column(key)
              .doUpdateSet((eb) =>
                Object.fromEntries(
                  columns.filter((column) => column !== key).map((column) => [column, eb.ref(`excluded.${column}`)]),
                ),
              ),
      )
      .compile();
  }

  #sql(shape: string, compile: () => { readonly sql: string }): string {
    let sql = this.#compiled.get(shape);
    if (sql === undefined) this.#compiled.set(shape, (sql = compile().sql));
    return sql;
  }
}

function tested<Query extends { where(column: string, operator: '=' | 'is', value: Value): Query }>(
  query: Query,
  where: Row,
): Query {
  return Object.entries(where).reduce(
    (all, [column, value]) => all.where(column, value === null ? 'is' : '=', value),
    query,
  );
}

/**
 * The same changes with fewer statements: of several settings of one row by its key, with nothing else done to the table
 * between them, one is left with the last values. In a busy second this spares most of the work on live visits.
 */
export function netChanges(changes: readonly Change[]): readonly Change[] {
  const net: Change[] = [];
  /** Per table: where the settings by key stand in `net` since anything else was done to it. */
  const open = new Map<Table, Map<Value, number>>();
  for (const change of changes) {
    const { kind, table } = change;
    const key = kind === 'set' ? change.where[table.key] : undefined;
    if (kind !== 'set' || key === undefined || Object.keys(change.where).length > 1) {
      if (!table.onlyAdded) open.delete(table);
      net.push(change);
      continue;
    }
    let settings = open.get(table);
    if (!settings) open.set(table, (settings = new Map()));
    const at = settings.get(key);
    const before = at === undefined ? undefined : net[at];
    if (at !== undefined && before?.kind === 'set') {
      net[at] = { ...before, columns: { ...before.columns, ...change.columns } };
    } else {
      settings.set(key, net.length);
      net.push(change);
    }
  }
  return net;
}
