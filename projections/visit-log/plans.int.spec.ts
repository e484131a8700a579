import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqliteLog } from '#event-log/sqlite/log';
import {
  rebuild,
  reviewedCount,
  reviewedVisits,
  visitsPage,
  type Tables,
  type TablesReader,
  type VisitFilter,
} from '../index.ts';
import { kindsOfTables } from '../testing/kinds.ts';
import { plansOf } from '../testing/plans.ts';
import { castOf, envelope, story } from '../testing/story.ts';

const BEGINS = Date.parse('2026-01-01T00:00:00Z');
const HOUR = 60 * 60_000;
/** One an hour, for some nine months. */
const VISITS = 6000;
const WORKSPACES = 50;
const week: VisitFilter = { startedFrom: BEGINS + 3000 * HOUR, startedBefore: BEGINS + 3168 * HOUR };

/** The line that the nth visit begins with. */
function started(n: number) {
  const told = story({ n, begins: BEGINS + n * HOUR }).find(({ fact }) => fact.type === 'SessionStarted');
  if (!told) throw new Error('The story tells of no visit.');
  return envelope.encode(told.fact);
}

describe.each(kindsOfTables())('Visits asked for by when they began, in $name', (kind) => {
  let directory: string;
  let tables: Tables;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-plans-'));
    await kind.start();
    const log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
    for (let workspace = 0; workspace < WORKSPACES; workspace++) {
      const begun = Array.from({ length: VISITS / WORKSPACES }, (_, visit) => started(workspace + visit * WORKSPACES));
      await log.append(`workspace-${castOf(workspace).workspace}`, 'none', begun);
    }
    tables = await kind.open(directory);
    await rebuild({ log, envelope, tables });
    await log.close();
  });

  afterAll(async () => {
    await tables.close();
    await kind.stop();
    rmSync(directory, { recursive: true });
  });

  /** The plan of the statement that looks for visits. */
  const plan = async (ask: (reader: TablesReader) => Promise<unknown>) => {
    const [first = ''] = await plansOf(kind, tables, ask);
    expect(first).toMatch(/visits/);
    return first;
  };
  const reads = (name: string) => new RegExp(`index[^\n]*${name}`, 'i');
  const EVERY_ROW = /SCAN visits(?! USING)|Seq Scan on visits/;

  it('a week of all workspaces is found by the index of beginnings, notable first (S1-82)', async () => {
    const found = await plan((reader) =>
      reviewedVisits(reader, { filter: week, order: 'notable first', page: { first: 20 } }),
    );
    expect(found).toMatch(reads('visits_by_started_at'));
    expect(found).not.toMatch(EVERY_ROW);
  });

  it('newest first, by an index that knows beginnings, whichever of the two the database takes', async () => {
    const found = await plan((reader) =>
      reviewedVisits(reader, { filter: week, order: 'newest first', page: { first: 20 } }),
    );
    expect(found).toMatch(reads('(visits_by_started_at_position|visits_by_position_started_at)'));
    // Not read row by row to be left out.
    expect(found).not.toMatch(/Filter:/);
    expect(found).not.toMatch(EVERY_ROW);
  });

  it('and counted by it', async () => {
    const found = await plan((reader) => reviewedCount(reader, week, 1001));
    expect(found).toMatch(reads('visits_by_started_at'));
    expect(found).not.toMatch(EVERY_ROW);
  });

  it.each<[string, (reader: TablesReader) => Promise<unknown>]>([
    ['reviewers’', (reader) => reviewedVisits(reader, { filter: {}, order: 'newest first', page: { first: 20 } })],
    ['everybody’s', (reader) => visitsPage(reader, { page: { first: 20 } })],
  ])('the newest of all are read in their order, and no others: the %s list', async (_, ask) => {
    const found = await plan(ask);
    expect(found).toMatch(reads('visits_by_position'));
    expect(found).not.toMatch(/TEMP B-TREE FOR ORDER BY|^\s*Sort/im);
  });

  it('the plan tells of a table that is read whole', async () => {
    const found = await plan((reader) =>
      reader.read((db) => db.selectFrom('visits').selectAll().where('case_ref', '=', 'CASE-7').execute()),
    );
    expect(found).toMatch(EVERY_ROW);
  });
});
