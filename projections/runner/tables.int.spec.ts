import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTables, type SqliteTables, type Tables } from '../index.ts';
import { kindsOfTables } from '../testing/kinds.ts';

const area = (id: string) => ({ id, label: id });
const areasIn = (tables: Tables) => tables.read((db) => db.selectFrom('areas').selectAll().orderBy('id').execute());

describe.each(kindsOfTables())('Tables on $name', (kind) => {
  let directory: string;
  let tables: Tables;

  beforeAll(() => kind.start());
  afterAll(() => kind.stop());

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-tables-'));
    tables = await kind.open(directory);
  });

  afterEach(async () => {
    await tables.close();
    rmSync(directory, { recursive: true });
  });

  it('show a reader nothing of a transaction that is not over', async () => {
    await tables.writer.transaction().execute(async (transaction) => {
      await transaction.insertInto('areas').values(area('half')).execute();
      expect(await areasIn(tables)).toEqual([]);
    });
    expect(await areasIn(tables)).toMatchObject([area('half')]);
  });

  it('compare and order texts by their bytes, so that pages and keys are in one order everywhere', async () => {
    const inOrder = ['', 'A', 'Z', '_', 'a', 'a b', 'ab', 'b', '~', 'Ä', 'ä', '한', '💡'];
    for (const id of inOrder.toReversed()) await tables.writer.insertInto('areas').values(area(id)).execute();
    expect((await areasIn(tables)).map(({ id }) => id)).toEqual(inOrder);
    const above = (id: string) =>
      tables.read((db) => db.selectFrom('areas').select('id').where('id', '>', id).execute());
    expect((await above('Z')).length).toBe(10);
    expect((await above('ä')).length).toBe(2);
  });

  it('read instants and revisions as numbers, and no text with another case', async () => {
    const at = 8_640_000_000_000_000;
    const seat = { staff_id: 'stf_A', session_id: 's', workspace_id: 'w', until_at: at };
    await tables.writer.insertInto('seats').values(seat).execute();
    const found = (id: string) =>
      tables.read((db) => db.selectFrom('seats').selectAll().where('staff_id', '=', id).execute());
    expect(await found('stf_A')).toMatchObject([seat]);
    expect(await found('stf_a')).toEqual([]);
  });

  it('can be read again after a query failed', async () => {
    await expect(tables.read(() => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
    await expect(
      tables.read((db) =>
        db
          .selectFrom('nothing' as 'areas')
          .selectAll()
          .execute(),
      ),
    ).rejects.toThrow();
    expect(await areasIn(tables)).toEqual([]);
  });
});

describe('A file of tables', () => {
  let directory: string;
  let tables: SqliteTables;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-tables-'));
    tables = await openTables({ directory });
  });

  afterEach(async () => {
    await tables.close();
    rmSync(directory, { recursive: true });
  });

  const areas = () => areasIn(tables);

  async function another(id: string): Promise<string> {
    const place = join(directory, id);
    const other = await openTables({ directory: place });
    await other.writer.insertInto('areas').values(area(id)).execute();
    await other.close();
    return join(place, 'tables.db');
  }

  it('takes another file’s rows in one step: who reads already reads on, who comes then waits for the new ones', async () => {
    await tables.writer.insertInto('areas').values(area('old')).execute();
    const gate = Promise.withResolvers<void>();
    const reading = tables.read(async (db) => {
      await gate.promise;
      return db.selectFrom('areas').selectAll().execute();
    });
    const exchanged = tables.replaceWith(await another('new'));
    const later = areas();
    gate.resolve();
    expect(await reading).toMatchObject([area('old')]);
    expect(await later).toMatchObject([area('new')]);
    await exchanged;
    expect(await areas()).toMatchObject([area('new')]);
  });

  it('stays as it is while another process has it open', async () => {
    await tables.writer.insertInto('areas').values(area('old')).execute();
    const file = await another('new');
    const beside = await openTables({ directory });
    await beside.writer.selectFrom('areas').selectAll().execute();
    await expect(tables.replaceWith(file)).rejects.toThrow('Another process has');
    expect(await areas()).toMatchObject([area('old')]);
    await beside.close();
  });

  it('is made anew where it is broken, for a rebuild to fill', async () => {
    const place = join(directory, 'broken');
    mkdirSync(place);
    writeFileSync(
      join(place, 'tables.db'),
      'This is no database, and it is longer than the header of one would be. '.repeat(20),
    );
    const broken = await openTables({ directory: place });
    expect(await broken.read((db) => db.selectFrom('areas').selectAll().execute())).toEqual([]);
    await broken.close();
  });

  it('can be exchanged after a query failed', async () => {
    await expect(tables.read(() => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
    await tables.replaceWith(await another('new'));
    expect(await areas()).toHaveLength(1);
  });
});
