import { sql, type Kysely, type RawBuilder } from 'kysely';
import { storable, together } from './postgres.ts';
import type { Change, Row, Table, Value } from './table.ts';

/** Most rows of one statement; a row of the widest table has 25 columns, each of which is one array. */
const MOST_ROWS = 1000;

/** Changes of one shape on one table that touch different rows, so that their order among themselves is no matter. */
interface Run {
  readonly kind: Change['kind'];
  readonly table: Table;
  readonly shape: string;
  readonly changes: Change[];
  readonly touched: Set<string>;
}

/** The runs of one table, in order. */
class Runs {
  readonly all: Run[] = [];
  /** Where the last change stands of a row that is named by its key. */
  readonly #ofKey = new Map<string, number>();
  readonly #ofShape = new Map<string, number>();
  /** Rows that stand by now, whatever stood before: another one under their key is passed over. */
  readonly #standing = new Set<string>();
  /** What comes now comes behind these runs: a change that doesn't name its rows by key may touch any. */
  #barrier = 0;

  take(change: Change): void {
    const shape = shapeOf(change);
    const touches = touchedBy(change);
    const key = keyOf(change);
    if (key === undefined || change.kind === 'remove') {
      if (key === undefined) this.#standing.clear();
      else this.#standing.delete(key);
    } else if (change.kind === 'add' || change.kind === 'put') {
      if (change.kind === 'add' && this.#standing.has(key)) return;
      this.#standing.add(key);
    }
    const at = this.#ofShape.get(shape) ?? -1;
    const run = this.all[at];
    const first = key === undefined ? this.all.length - 1 : Math.max(this.#barrier, (this.#ofKey.get(key) ?? -1) + 1);
    if (run && at >= first && run.changes.length < MOST_ROWS && !run.touched.has(touches)) {
      run.changes.push(change);
      run.touched.add(touches);
      if (key !== undefined) this.#ofKey.set(key, at);
      return;
    }
    this.#ofShape.set(shape, this.all.length);
    if (key !== undefined) this.#ofKey.set(key, this.all.length);
    this.all.push({ kind: change.kind, table: change.table, shape, changes: [change], touched: new Set([touches]) });
    if (key === undefined) this.#barrier = this.all.length;
  }
}

/**
 * Makes the changes by few statements, in one round trip: changes of different tables don't mind each other's order, nor
 * do those of different rows of one table. `db` is a transaction.
 */
export async function applyInBulk(
  db: Pick<Kysely<never>, 'executeQuery' | 'getExecutor'>,
  schema: string,
  changes: readonly Change[],
): Promise<void> {
  const statements = inBulk(changes, schema).map((statement) => statement.compile(db));
  if (statements.length > 0) await db.executeQuery(together(statements));
}

function inBulk(changes: readonly Change[], schema: string): RawBuilder<unknown>[] {
  const byTable = new Map<Table, Runs>();
  for (const change of changes) {
    let runs = byTable.get(change.table);
    if (!runs) byTable.set(change.table, (runs = new Runs()));
    runs.take(change);
  }
  return [...byTable.values()].flatMap(({ all }) => all.map((run) => statementOf(run, schema)));
}

function shapeOf(change: Change): string {
  if (change.kind === 'put' || change.kind === 'add') return change.kind;
  const where = Object.entries(change.where).map(([column, value]) => (value === null ? `${column} is null` : column));
  return `${change.kind} ${change.kind === 'set' ? Object.keys(change.columns).toSorted().join() : ''} where ${where.join()}`;
}

/** The one row that the change names, if it does. */
function keyOf(change: Change): string | undefined {
  const value = (change.kind === 'put' || change.kind === 'add' ? change.row : change.where)[change.table.key];
  return value === undefined ? undefined : text(value);
}

/** Two changes of one shape that give the same text here may touch the same row; others can't. */
function touchedBy(change: Change): string {
  if (change.kind === 'put' || change.kind === 'add') return text(change.row[change.table.key]);
  const named = Object.entries(change.where).filter(([, value]) => value !== null);
  // What is asked for is set as well: then one change may make a row that the next one is about.
  if (change.kind === 'set' && named.some(([column]) => column in change.columns)) return 'any';
  return JSON.stringify(named.map(([, value]) => text(value)));
}

function text(value: Value | undefined): string {
  return String(storable(value));
}

function statementOf({ kind, table, changes }: Run, schema: string): RawBuilder<unknown> {
  const target = sql.id(schema, table.name);
  if (kind === 'put' || kind === 'add') {
    const columns = Object.keys(table.columns);
    const rows = changes.map((change) => (change as { row: Row }).row);
    const names = sql.join(columns.map((column) => sql.ref(column)));
    const others = columns.filter((column) => column !== table.key);
    const put = sql`do update set ${sql.join(others.map((name) => sql`${sql.ref(name)} = ${sql.id('excluded', name)}`))}`;
    return sql`insert into ${target} (${names}) select * from ${arrays(table, columns, rows)}
      on conflict (${sql.ref(table.key)}) ${kind === 'put' ? put : sql`do nothing`}`;
  }
  const [first] = changes as readonly { readonly where: Row; readonly columns?: Row }[];
  const where = Object.entries(first?.where ?? {});
  const named = where.flatMap(([column, value]) => (value === null ? [] : [column]));
  const wanted = changes.map((change) => (change as { where: Row }).where);
  const set = Object.keys(first?.columns ?? {}).toSorted();
  const tests = where.map(([column, value]) =>
    value === null ? sql`t.${sql.ref(column)} is null` : sql`t.${sql.ref(column)} = given.${sql.ref(`w_${column}`)}`,
  );
  const given = arraysOf([
    ...named.map((column) => ({
      name: `w_${column}`,
      type: typeOf(table, column),
      values: wanted.map((row) => row[column] ?? null),
    })),
    ...set.map((column) => ({
      name: `s_${column}`,
      type: typeOf(table, column),
      values: changes.map((change) => (change as { columns: Row }).columns[column] ?? null),
    })),
  ]);
  const matching = sql.join(tests, sql` and `);
  if (kind === 'remove') {
    const using = named.length === 0 ? sql`` : sql`using ${given}`;
    return sql`delete from ${target} as t ${using} where ${matching}`;
  }
  const values = sql.join(set.map((column) => sql`${sql.ref(column)} = given.${sql.ref(`s_${column}`)}`));
  return sql`update ${target} as t set ${values} from ${given} where ${matching}`;
}

function arrays(table: Table, columns: readonly string[], rows: readonly Row[]): RawBuilder<unknown> {
  return arraysOf(
    columns.map((name) => ({ name, type: typeOf(table, name), values: rows.map((row) => row[name] ?? null) })),
  );
}

function arraysOf(
  columns: readonly { readonly name: string; readonly type: string; readonly values: readonly Value[] }[],
): RawBuilder<unknown> {
  const values = columns.map(({ type, values }) => sql`${sql.val(values)}::${sql.raw(type)}[]`);
  return sql`unnest(${sql.join(values)}) as given(${sql.join(columns.map(({ name }) => sql.ref(name)))})`;
}

/** Every number is an int8, so that none is too big for one kind of tables only. */
export function typeOf(table: Table, column: string): 'text' | 'int8' {
  return table.columns[column]?.startsWith('text') ? 'text' : 'int8';
}
