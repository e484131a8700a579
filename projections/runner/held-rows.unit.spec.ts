import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { apply, sorted, type MemoryTables } from '../testing/rows.ts';
import { HeldRows, type Due } from './held-rows.ts';
import { add, defineTable, put, remove, set, type Change } from './table.ts';

const visits = defineTable({
  name: 'visits',
  columns: { id: 'text', workspace: 'text', ended: 'bigint?' },
  key: 'id',
  indexes: [],
});
const lines = defineTable({
  name: 'lines',
  columns: { id: 'text', text: 'text' },
  key: 'id',
  indexes: [],
  onlyAdded: true,
});

/** What the database does with what is due. */
function write(database: MemoryTables, { added, changes, rows }: Due): void {
  for (const [table, its] of added) for (const row of its) apply(database, { kind: 'add', table, row });
  for (const change of changes) apply(database, change);
  for (const [table, its] of rows) for (const row of its) apply(database, { kind: 'put', table, row });
}

const rowsOf = (tables: MemoryTables) => [visits, lines].map((table) => sorted(tables, table));

describe('Held rows', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const workspace = fc.constantFrom('w', 'x', 'y');
  const ended = fc.constantFrom(null, 1, 2);
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.record({ id, workspace, ended }).map((row) => put(visits, row)),
    fc.record({ id, workspace, ended }).map((row) => add(visits, row)),
    fc.record({ id, text: workspace }).map((row) => add(lines, row)),
    fc.tuple(fc.record({ id }), fc.record({ ended })).map(([where, columns]) => set(visits, where, columns)),
    fc.tuple(fc.record({ workspace }), fc.record({ ended })).map(([where, columns]) => set(visits, where, columns)),
    fc
      .tuple(fc.record({ workspace, ended }), fc.record({ ended, workspace }))
      .map(([where, columns]) => set(visits, where, columns)),
    fc.tuple(fc.record({ id, workspace }), fc.record({ ended })).map(([where, columns]) => set(visits, where, columns)),
    fc.record({ id }).map((where) => remove(visits, where)),
    fc.record({ id, workspace }).map((where) => remove(visits, where)),
    fc.record({ workspace }).map((where) => remove(visits, where)),
    fc.record({ ended }).map((where) => remove(visits, where)),
  );
  /** After each of these the database gets what is due: of full tables, or everything. */
  const batches = fc.array(fc.record({ changes: fc.array(change, { maxLength: 12 }), all: fc.boolean() }), {
    maxLength: 8,
  });

  it.each([1, 3, 1000])('leave what the changes alone leave, when %i rows of a table are held', (most) => {
    fc.assert(
      fc.property(batches, (told) => {
        const plain: MemoryTables = new Map();
        const database: MemoryTables = new Map();
        const held = new HeldRows(most);
        for (const { changes, all } of told) {
          for (const change of changes) {
            apply(plain, change);
            held.take(change);
          }
          write(database, held.due({ all }));
        }
        write(database, held.due({ all: true }));
        expect(rowsOf(database)).toEqual(rowsOf(plain));
      }),
      { numRuns: 2000 },
    );
  });

  it('begin in the middle of a log too: what they leave, put behind what came before, is what all changes leave', () => {
    fc.assert(
      fc.property(batches, batches, fc.boolean(), (before, after, inOneDatabase) => {
        const plain: MemoryTables = new Map();
        const database: MemoryTables = new Map();
        const first = new HeldRows();
        const later = new HeldRows(Infinity, { behindOthers: true });
        for (const { change, held } of [
          ...before.flatMap(({ changes }) => changes).map((change) => ({ change, held: first })),
          ...after.flatMap(({ changes }) => changes).map((change) => ({ change, held: later })),
        ]) {
          apply(plain, change);
          held.take(change);
        }
        if (inOneDatabase) write(database, first.due({ all: true }));
        const { added, changes, rows } = later.due({ all: true });
        for (const [table, its] of added) for (const row of its) first.take({ kind: 'add', table, row });
        changes.forEach(first.take);
        for (const [table, its] of rows) for (const row of its) first.take({ kind: 'put', table, row });
        write(database, first.due({ all: true }));
        expect(rowsOf(database)).toEqual(rowsOf(plain));
      }),
      { numRuns: 2000 },
    );
  });

  it('go to the database once, as they are in the end', () => {
    const held = new HeldRows();
    held.take(put(visits, { id: 'a', workspace: 'w', ended: null }));
    for (const ended of [1, 2, 3]) held.take(set(visits, { id: 'a' }, { ended }));
    expect(held.due()).toEqual({ added: new Map(), changes: [], rows: new Map() });
    const rows = new Map([[visits, [{ id: 'a', workspace: 'w', ended: 3 }]]]);
    expect(held.due({ all: true })).toEqual({ added: new Map(), changes: [], rows });
  });

  it('are let go when there are as many as may be, and then changed where they are', () => {
    const held = new HeldRows(2);
    for (const id of ['a', 'b']) held.take(put(visits, { id, workspace: 'w', ended: null }));
    expect(held.due().rows.get(visits)).toHaveLength(2);
    const change = set(visits, { id: 'a' }, { ended: 1 });
    held.take(change);
    expect(held.due({ all: true })).toEqual({ added: new Map(), changes: [change], rows: new Map([[visits, []]]) });
  });
});
