import { recognise } from '#domain/facts';
import type { StoredFact } from '#event-log/envelope';
import type { Change, Projection, Row, Table } from '../runner/table.ts';

/** Tables as plain maps, by name, then by key: what changes mean, without a database. */
export type MemoryTables = Map<string, Map<unknown, Row>>;

export function apply(tables: MemoryTables, change: Change): void {
  const { table } = change;
  const rows = tables.get(table.name) ?? new Map<unknown, Row>();
  tables.set(table.name, rows);
  switch (change.kind) {
    case 'put':
    case 'add': {
      const key = change.row[table.key];
      if (change.kind === 'put' || !rows.has(key)) rows.set(key, change.row);
      return;
    }
    case 'set':
      for (const [key, row] of matching(rows, change.where)) rows.set(key, { ...row, ...change.columns });
      return;
    case 'remove':
      for (const [key] of matching(rows, change.where)) rows.delete(key);
  }
}

function matching(rows: ReadonlyMap<unknown, Row>, where: Row): (readonly [unknown, Row])[] {
  return [...rows].filter(([, row]) => Object.entries(where).every(([column, value]) => row[column] === value));
}

function rowsAfter({ tables, fold }: Projection, facts: readonly StoredFact[]): Record<string, Row[]> {
  const memory: MemoryTables = new Map();
  for (const fact of facts) for (const change of fold(fact, recognise(fact))) apply(memory, change);
  return Object.fromEntries(tables.map((table) => [table.name, sorted(memory, table)]));
}

export function sorted(memory: MemoryTables, { name, key }: Table): Row[] {
  const order = (row: Row) => String(row[key]);
  return [...(memory.get(name)?.values() ?? [])].toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

/**
 * The rows of each of a projection's tables, by key. Everything is folded once, each fact twice in a row, and all of it
 * twice: the rows must be the same.
 */
export function foldedTwice(projection: Projection, facts: readonly StoredFact[]): Record<string, Row[]> {
  const once = rowsAfter(projection, facts);
  const twiceEach = rowsAfter(
    projection,
    facts.flatMap((fact) => [fact, fact]),
  );
  const twiceAll = rowsAfter(projection, [...facts, ...facts]);
  for (const [how, rows] of [['each fact twice', twiceEach] as const, ['all facts twice', twiceAll] as const]) {
    if (JSON.stringify(rows) !== JSON.stringify(once)) {
      throw new Error(`Folding ${how} gives ${JSON.stringify(rows)}, folding once ${JSON.stringify(once)}.`);
    }
  }
  return once;
}
