import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BookFact } from '#domain/book/book';
import { factVersion } from '#domain/facts';
import { TRIGGERS } from '#domain/policy/triggers';
import { approvedFirst, instantOf, requested } from '#domain/testing/story';
import { openSqliteLog } from '#event-log/sqlite/log';
import { rebuild, requestsPage, waitingForVendor, type Tables } from '../index.ts';
import { kindsOfTables } from '../testing/kinds.ts';
import { appendStory, castOf, envelope, type ToldFact } from '../testing/story.ts';

const MANY = 1100;
type Requested = Extract<BookFact, { type: 'AccessRequested' }>['data'];

describe.each(kindsOfTables())('What waits for the vendor, in $name', (kind) => {
  let directory: string;
  let tables: Tables;

  beforeAll(async () => {
    await kind.start();
    directory = mkdtempSync(join(tmpdir(), 'gatebook-for-vendor-'));
    const log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
    const asks = (triggers: Requested['triggers'], requestId: Requested['requestId']) =>
      requested({ requestId, asks: 'vendor', triggers });
    await appendStory(
      log,
      told([
        asks(['every session'], 'req_oldest'),
        ...Array.from({ length: MANY }, (_, at) => asks(['every session', 'every write'], `req_write${at}`)),
        asks(['every session', 'e-mail reset'], 'req_reset'),
        asks(['every write'], 'req_sam'),
        approvedFirst,
      ]),
    );
    tables = await kind.open(directory);
    await rebuild({ log, envelope, tables });
    await log.close();
  }, 60_000);
  afterAll(async () => {
    await tables.close();
    await kind.stop();
    rmSync(directory, { recursive: true });
  });

  const waits = { reader: 'stf_lead', waiting: true } as const;

  it('is a full page, or the end, though the customer decides first about more than a thousand (S1-27)', async () => {
    const forVendor = { ...waits, customerFirst: ['every write', 'delete'] as const };
    const page = async (part: Parameters<typeof requestsPage>[1]['page']) => {
      const { items, hasNext, hasPrevious } = await requestsPage(tables, { forVendor, page: part });
      return [items.map(({ id }) => id), hasPrevious, hasNext];
    };
    expect(await page({ first: 3 })).toEqual([['req_sam', 'req_reset', 'req_oldest'], false, false]);
    expect(await page({ first: 2 })).toEqual([['req_sam', 'req_reset'], false, true]);
    expect(await page({ last: 2 })).toEqual([['req_reset', 'req_oldest'], true, false]);
    const open = await waitingForVendor(tables, forVendor, MANY);
    expect(open.map(({ id }) => id).sort()).toEqual(['req_oldest', 'req_reset', 'req_sam']);
  });

  it('is nothing but what was approved first, where the customer decides first about everything', async () => {
    const { items } = await requestsPage(tables, {
      forVendor: { ...waits, customerFirst: TRIGGERS },
      page: { first: 3 },
    });
    expect(items.map(({ id }) => id)).toEqual(['req_sam']);
  });

  it('is all of it, where the settings ask the customer about nothing', async () => {
    const all = await waitingForVendor(tables, { ...waits, customerFirst: [] }, 2 * MANY);
    expect(all).toHaveLength(MANY + 3);
    expect(await waitingForVendor(tables, waits, 2 * MANY)).toHaveLength(MANY + 3);
  });
});

/** Facts of one book as they go to the log. */
function told(facts: readonly BookFact[]): ToldFact[] {
  const stream = `workspace-${castOf(1).workspace}`;
  return facts.map((fact, at) => ({
    stream,
    fact: {
      id: `0199aa00-0000-7000-8000-${at.toString(16).padStart(12, '0')}`,
      ...fact,
      metadata: {
        schemaVersion: factVersion(fact.type),
        time: instantOf('10:00'),
        actor: { kind: 'system', id: 'spec' },
        $correlationId: 'spec',
        codec: envelope.codec,
      },
    },
  }));
}
