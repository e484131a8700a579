import type { DomainFact } from '#domain/facts';
import type { StoredFact } from '#event-log/envelope';
import type { RecordedFact } from '#event-log/port';

/** What a column holds; `?` where it may be null. `bigint` is for epoch milliseconds and revisions, read as a number. */
export type ColumnType = 'text' | 'text?' | 'integer' | 'integer?' | 'bigint' | 'bigint?';

export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

/** A table: its columns in order, the one column that is its key, and what is looked up beside the key. */
export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly key: string;
  readonly indexes: readonly (readonly string[])[];
  /** Rows are only added, never changed: a rebuild makes its indexes at the end. */
  readonly onlyAdded?: boolean;
}

interface TableOf<Columns extends Readonly<Record<string, ColumnType>>> extends Table {
  readonly columns: Columns;
}

type ValueOf<Type extends ColumnType> = Type extends 'text'
  ? string
  : Type extends 'text?'
    ? string | null
    : Type extends `${string}?`
      ? number | null
      : number;

/** A row of a table, each column with its value. */
export type RowOf<T extends Table> = { readonly [Name in keyof T['columns']]: ValueOf<T['columns'][Name]> };

export function defineTable<const Columns extends Readonly<Record<string, ColumnType>>>(table: {
  readonly name: string;
  readonly columns: Columns;
  readonly key: keyof Columns & string;
  readonly indexes: readonly (readonly (keyof Columns & string)[])[];
  readonly onlyAdded?: boolean;
}): TableOf<Columns> {
  return table;
}

/**
 * What a fact does to a table. Values are set, never counted up, so that a fact folded twice leaves what it left the
 * first time.
 */
export type Change =
  /** The whole row, whether or not one stands under its key. */
  | { readonly kind: 'put'; readonly table: Table; readonly row: Row }
  /** The row, unless one stands under its key: the first stays. */
  | { readonly kind: 'add'; readonly table: Table; readonly row: Row }
  /** Some columns of the rows that have these values. */
  | { readonly kind: 'set'; readonly table: Table; readonly where: Row; readonly columns: Row }
  | { readonly kind: 'remove'; readonly table: Table; readonly where: Row };

export function put<T extends Table>(table: T, row: RowOf<T>): Change {
  return { kind: 'put', table, row: row as Row };
}

export function add<T extends Table>(table: T, row: RowOf<T>): Change {
  return { kind: 'add', table, row: row as Row };
}

export function set<T extends Table>(table: T, where: Partial<RowOf<T>>, columns: Partial<RowOf<T>>): Change {
  return { kind: 'set', table, where: where as Row, columns: columns as Row };
}

export function remove<T extends Table>(table: T, where: Partial<RowOf<T>>): Change {
  return { kind: 'remove', table, where: where as Row };
}

/**
 * What a fact does to a projection's tables: pure, total, and knowing nothing but the fact. `known` is the fact where
 * its kind is known and its data has the shape; `recorded` is the fact as the log has it, if it is at hand.
 */
export type Fold = (fact: StoredFact, known: DomainFact | undefined, recorded?: RecordedFact) => readonly Change[];

export interface Projection {
  readonly name: string;
  /** Raised whenever tables or fold change their meaning: the tables are then rebuilt. */
  readonly version: number;
  readonly tables: readonly Table[];
  readonly fold: Fold;
}
