import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTables, type SqliteTables as Tables } from '../index.ts';

describe('The tables', () => {
  let directory: string;
  let tables: Tables;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-tables-'));
    tables = await openTables({ directory });
  });

  afterEach(async () => {
    await tables.close();
    rmSync(directory, { recursive: true });
  });

  const area = (id: string) => ({ id, label: id });
  const areas = () => tables.read((db) => db.selectFrom('areas').selectAll().execute());

  async function another(id: string): Promise<string> {
    const place = join(directory, id);
    const other = await openTables({ directory: place });
    await other.writer.insertInto('areas').values(area(id)).execute();
    await other.close();
    return join(place, 'tables.db');
  }

  it('take another file’s rows in one step: who reads already reads on, who comes then waits for the new ones', async () => {
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

  it('stay as they are while another process has them open', async () => {
    await tables.writer.insertInto('areas').values(area('old')).execute();
    const file = await another('new');
    const beside = await openTables({ directory });
    await beside.writer.selectFrom('areas').selectAll().execute();
    await expect(tables.replaceWith(file)).rejects.toThrow('Another process has');
    expect(await areas()).toMatchObject([area('old')]);
    await beside.close();
  });

  it('show a reader nothing of a transaction that is not over', async () => {
    await tables.writer.transaction().execute(async (transaction) => {
      await transaction.insertInto('areas').values(area('half')).execute();
      expect(await areas()).toEqual([]);
    });
    expect(await areas()).toMatchObject([area('half')]);
  });

  it('are made anew where the file is broken, for a rebuild to fill', async () => {
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

  it('can be read again after a query failed', async () => {
    await expect(tables.read(() => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
    await tables.replaceWith(await another('new'));
    expect(await areas()).toHaveLength(1);
  });
});
