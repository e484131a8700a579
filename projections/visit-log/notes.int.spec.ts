import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainFact } from '#domain/facts';
import { toInstant } from '#domain/fact';
import { PRESETS } from '#domain/policy/presets';
import { EXAMPLES } from '#domain/testing/examples';
import { openSqliteLog } from '#event-log/sqlite/log';
import type { IdentityShown } from '#wording/wording';
import {
  endedVisits,
  rebuild,
  visitById,
  visitCounts,
  visitNotes,
  visitsLetIn,
  type PageOptions,
  type Tables,
  type TablesReader,
} from '../index.ts';
import { kindsOfTables } from '../testing/kinds.ts';
import { plansOf } from '../testing/plans.ts';
import {
  appendStory,
  castOf,
  envelope,
  story,
  STORY_BEGINS,
  type StoryOptions,
  type ToldFact,
} from '../testing/story.ts';

type DataOf<Type extends DomainFact['type']> = Extract<DomainFact, { type: Type }>['data'];
const minute = (at: number) => STORY_BEGINS + at * 60_000;
const session = (n: number) => castOf(n).session;
const BOOK = castOf(1).workspace;

/** Story `n`, all of it in the one book, with its visit's first line otherwise, and more behind its pages. */
function told(
  n: number,
  options: StoryOptions = {},
  started: Partial<DataOf<'SessionStarted'>> = {},
  more: readonly DomainFact[] = [],
): ToldFact[] {
  const facts = story({ n, ...options }).filter(({ fact }) => n === 1 || fact.type !== 'StaffAccessDisabled');
  const at = facts.findIndex(({ fact }) => fact.type === 'PresenceConfirmed');
  const stands = facts[at]!;
  const inserted = more.map((fact, index): ToldFact => {
    const id = `0199aa11-0000-7000-8000-${(n * 1000 + index).toString(16).padStart(12, '0')}`;
    return { stream: stands.stream, fact: { ...stands.fact, ...fact, id } };
  });
  return [...facts.slice(0, at), ...inserted, ...facts.slice(at)].map(({ stream, fact }) => ({
    stream: stream.replace(castOf(n).workspace, BOOK),
    fact: fact.type === 'SessionStarted' ? { ...fact, data: { ...(fact.data as object), ...started } } : fact,
  }));
}

function allowed(n: number, action = `act_${n}`, requestId = `req_${n}`): DomainFact {
  const { data } = EXAMPLES.ActionAuthorised;
  return {
    type: 'ActionAuthorised',
    data: { ...data, sessionId: session(n), actionId: action, requestId },
  } as DomainFact;
}
function reported(n: number, outcome: 'done' | 'failed' | 'unknown', action = `act_${n}`): DomainFact {
  const { data } = EXAMPLES.ActionReported;
  return { type: 'ActionReported', data: { ...data, sessionId: session(n), actionId: action, outcome } } as DomainFact;
}

/** A request of a kind, asked and approved ahead of a line of the book. */
function granted(n: number, kind: string, { stream, fact }: ToldFact): ToldFact[] {
  const { AccessRequested: asked, AccessApproved: approved } = EXAMPLES;
  const ids = { requestId: `req_${n}`, grantId: `gr_${n}` };
  return [
    { type: asked.type, data: { ...asked.data, requestId: ids.requestId, kind } },
    { type: approved.type, data: { ...approved.data, ...ids } },
  ].map((told, index) => {
    const id = `0199aa33-0000-7000-8000-${(n * 10 + index).toString(16).padStart(12, '0')}`;
    return { stream: stream.replace(castOf(n).workspace, BOOK), fact: { ...fact, ...told, id } };
  });
}

/** The installation's settings at a minute of the story. */
function settings(n: number, at: number, policy: DataOf<'PolicyChanged'>['policy']): ToldFact {
  const [{ fact }] = story() as [ToldFact];
  const id = `0199aa22-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
  const metadata = { ...fact.metadata, time: toInstant(minute(at)) };
  return { stream: 'installation', fact: { id, type: 'PolicyChanged', data: { policy }, metadata } };
}

describe.each(kindsOfTables())('Notes of visits, from the tables in $name', (kind) => {
  let directory: string;
  let tables: Tables;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-notes-'));
    await kind.start();
    const log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
    const asked = EXAMPLES.AccessRequested;
    const exported = { ...asked, data: { ...asked.data, requestId: 'req_4', kind: 'export' } } as DomainFact;
    const { maria } = castOf(2);
    const begins = (at: number) => ({ begins: minute(at) });
    await appendStory(log, told(1));
    const vendor = { kind: 'staff', staffId: castOf(1).sam } as const;
    const action = { name: 'settings.change', label: 'change the setting tax', target: 'tax', digest: 'sha256:1' };
    const both = { approvedBy: vendor, firstApprovedBy: { memberId: castOf(1).maria }, action };
    await appendStory(log, told(2, begins(60), both, [allowed(2), reported(2, 'done')]));
    const asks = { approvedBy: { kind: 'policy' }, caseId: null, caseRef: null, viewedAs: maria } as const;
    await appendStory(log, told(3, begins(50), asks, [allowed(3), reported(3, 'unknown')]));
    await appendStory(log, told(4, begins(120), {}, [exported, allowed(4), reported(4, 'failed')]));
    const grant = { grantId: 'gr_5', requestId: 'req_5' } as const;
    const shown = { ...EXAMPLES.FieldRevealed.data, ...grant, sessionId: session(5) } as const;
    const reveals = told(5, { ...begins(180), until: 'inside' }, grant, [
      { type: 'FieldRevealed', data: shown } as DomainFact,
    ]);
    await appendStory(log, [...granted(5, 'reveal', reveals[0]!), ...reveals]);
    // Sensitive pages alone, for less than a visit lasts.
    const whole = told(6, begins(240), {}, [allowed(6)]);
    const at = whole.findIndex(({ fact }) => fact.type === 'PageViewed');
    const during = [
      settings(1, 253, PRESETS['per-ticket']),
      ...whole.slice(at, at + 1),
      settings(2, 254, PRESETS.default),
    ];
    await appendStory(log, [...whole.slice(0, at), ...during, ...whole.slice(at + 1)]);
    await appendStory(log, told(7, begins(300)));
    tables = await kind.open(directory);
    await rebuild({ log, envelope, tables });
    await log.close();
  });

  afterAll(async () => {
    await tables.close();
    await kind.stop();
    rmSync(directory, { recursive: true });
  });

  const note = async (n: number, shown: IdentityShown = 'name and e-mail') =>
    (await visitNotes(tables, [session(n)])).get(session(n))?.as(shown);

  it.each([
    [
      1,
      'Sam Lee accessed your workspace to verify the issue in CASE-1, for 8 minutes: 2 pages viewed, nothing changed, 3 attempts refused. It ended because staff access was turned off.',
    ],
    [
      2,
      'Sam Lee accessed your workspace to change the setting tax, for CASE-2, for 8 minutes: 2 pages viewed, one approved change made, 3 attempts refused. It ended because staff access was turned off.',
    ],
    [
      3,
      'Sam Lee, viewing as Maria, accessed your workspace without a case, for 8 minutes: 2 pages viewed, one change whose outcome is unknown, 3 attempts refused. It ended because staff access was turned off.',
    ],
    [
      4,
      'Sam Lee accessed your workspace to verify the issue in CASE-4, for 8 minutes: 2 pages viewed, one approved export tried that failed, 3 attempts refused. It ended because staff access was turned off.',
    ],
    [
      6,
      'Sam Lee accessed your workspace to verify the issue in CASE-6, for 8 minutes: at least 2 pages viewed, one approved change allowed whose outcome is not told yet, 3 attempts refused. It ended because staff access was turned off.',
    ],
    [
      7,
      'Sam Lee accessed your workspace to verify the issue in CASE-7, for 8 minutes: 2 pages viewed, nothing changed, 3 attempts refused. It ended because staff access was turned off.',
    ],
  ])('visit %d is told as its lines are (S4-57)', async (n, expected) => expect(await note(n)).toBe(expected));

  it('a visit that goes on has none, nor has one that never was', async () => {
    expect([...(await visitNotes(tables, [session(5), 'ses_none'])).keys()]).toEqual([]);
  });

  it('names nobody whom the settings hide (S3-24)', async () => {
    expect(await note(7, 'vendor log only')).toMatch(/^Support accessed your workspace /);
  });

  it('a value that was shown is no page, and is counted in one place (S1-44)', async () => {
    const counts = await visitCounts(tables, [session(5)]);
    expect(counts.get(session(5))).toMatchObject({ viewed: 2, revealed: 1 });
    expect(await visitById(tables, session(5))).not.toHaveProperty('views');
  });

  it('changes are counted once each, and not where they failed', async () => {
    const counts = await visitCounts(tables, [2, 3, 4, 6, 7].map(session));
    expect([...counts.values()].map(({ changed }) => changed)).toEqual([1, 1, 0, 1, 0]);
  });

  it.each([
    [1, 'Maria had turned staff access on.'],
    [2, 'Maria and Maria approved this visit.'],
    [3, 'The settings ask for no approval of such a visit.'],
    [5, 'Maria had turned staff access on.'],
  ])('who let visit %d in is told', async (n, expected) => {
    expect((await visitsLetIn(tables, [session(n)])).get(session(n))?.as('name and e-mail')).toBe(expected);
  });

  it('of an approval by the vendor, nobody whom the settings hide', async () => {
    expect((await visitsLetIn(tables, [session(2)])).get(session(2))?.as('vendor log only')).toBe(
      'Maria and Support approved this visit.',
    );
  });

  it('visits come by their ends, the last one first, from both sides', async () => {
    const page = async (options: PageOptions) => {
      const { items, ...more } = await endedVisits(tables, { workspaceId: BOOK, page: options });
      return { ...more, items, ids: items.map(({ sessionId }) => Number(sessionId.slice(4))) };
    };
    // The third visit began after the second one's line, and ended before it.
    const all = await page({ first: 10 });
    expect(all.ids).toEqual([7, 6, 4, 2, 3, 1]);
    const behind = all.items[1]!.place;
    expect(await page({ first: 2, after: behind })).toMatchObject({ ids: [4, 2], hasNext: true, hasPrevious: true });
    expect(await page({ last: 1, before: behind })).toMatchObject({ ids: [7], hasNext: true, hasPrevious: false });
    expect((await endedVisits(tables, { workspaceId: 'ws_none', page: { first: 1 } })).items).toEqual([]);
  });

  it('are found by the index of ends', async () => {
    const ask = (reader: TablesReader) => endedVisits(reader, { workspaceId: BOOK, page: { first: 4 } });
    const [plan = ''] = await plansOf(kind, tables, ask);
    if (kind.name === 'SQLite') expect(plan).toMatch(/visits_by_workspace_id_ended_at_position/);
    expect(plan).toMatch(/visits/);
  });
});
