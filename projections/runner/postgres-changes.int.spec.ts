import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deadlines } from '../deadlines/table.ts';
import { openPostgresTables, type PostgresTables } from '../index.ts';
import { apply, sorted, type MemoryTables } from '../testing/rows.ts';
import { PATIENT, TestPostgres } from '../testing/postgres.ts';
import { applyInBulk } from './postgres-changes.ts';
import { add, put, remove, set, type Change } from './table.ts';

const RUNS = process.env['GATEBOOK_LONG'] ? 3000 : 150;

describe('Changes made in bulk', () => {
  let server: TestPostgres;
  let tables: PostgresTables;

  beforeAll(async () => {
    server = await TestPostgres.start();
    tables = await openPostgresTables({ url: server.url, ...PATIENT, onError: () => undefined });
  });

  afterAll(async () => {
    await tables.close();
    await server.stop();
  });

  const name = fc.constantFrom('a', 'b', 'c');
  const at = fc.option(fc.integer({ min: 0, max: 3 }));
  const row = fc.record({ id: name, workspace_id: name, session_id: fc.option(name), clock: name, at });
  const whole = row.map((some) => ({ ...some, case_id: null, plus_ms: 0 }));
  const where = fc.oneof(
    name.map((id) => ({ id })),
    name.map((workspace_id) => ({ workspace_id })),
    fc.record({ workspace_id: name, clock: name }),
    fc.record({ id: name, session_id: fc.option(name) }),
    fc.record({ session_id: fc.option(name), at }),
  );
  const columns = fc.oneof(
    at.map((to) => ({ at: to })),
    fc.record({ clock: name, at }),
    name.map((workspace_id) => ({ workspace_id })),
  );
  const change: fc.Arbitrary<Change> = fc.oneof(
    whole.map((it) => put(deadlines, it)),
    whole.map((it) => add(deadlines, it)),
    fc.tuple(where, columns).map(([of, to]) => set(deadlines, of, to)),
    where.map((of) => remove(deadlines, of)),
  );

  it(`leave what they leave one after the other (${RUNS} runs)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 40 }), fc.array(change, { maxLength: 20 }), async (...batches) => {
        const memory: MemoryTables = new Map();
        await tables.writer.deleteFrom('deadlines').execute();
        for (const batch of batches) {
          for (const one of batch) apply(memory, one);
          await tables.writer
            .transaction()
            .execute((transaction) => applyInBulk(transaction, tables.generationSchema, batch));
        }
        const stored = await tables.writer.selectFrom('deadlines').selectAll().orderBy('id').execute();
        expect(stored).toEqual(sorted(memory, deadlines));
      }),
      { numRuns: RUNS },
    );
  });

  it('are all undone when one of them fails, and say what failed', async () => {
    await tables.writer.deleteFrom('deadlines').execute();
    const good = { id: 'a', workspace_id: 'a', session_id: null, case_id: null, clock: 'a', at: 1, plus_ms: 0 };
    const changes = [put(deadlines, good), set(deadlines, { id: 'a' }, { nowhere: 1 } as never)];
    const made = tables.writer
      .transaction()
      .execute((transaction) => applyInBulk(transaction, tables.generationSchema, changes));
    await expect(made).rejects.toThrow('nowhere');
    expect(await tables.writer.selectFrom('deadlines').selectAll().execute()).toEqual([]);
  });
});
