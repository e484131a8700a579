import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqliteLog } from '#event-log/sqlite/log';
import {
  abandonedSeats,
  allWorkspaces,
  caseByRef,
  casesOf,
  denialGroups,
  denialGroupsCount,
  denialsPage,
  dueBefore,
  liveSession,
  liveSessions,
  logFacets,
  logLine,
  logPage,
  membershipsOf,
  membersOf,
  memberWho,
  namesFor,
  nextDeadline,
  peopleByIds,
  rebuild,
  reviewedCount,
  reviewedVisits,
  seatsDueBefore,
  staffAccessOf,
  staffMembers,
  staffMemberWho,
  visitById,
  visitCounts,
  visitsPage,
  workspaceByExternalId,
  workspaceById,
  workspaceNames,
  type LogFilter,
  type PageOptions,
  type Tables,
  type VisitFilter,
} from './index.ts';
import { kindsOfTables } from './testing/kinds.ts';
import { appendStory, castOf, envelope, story, STORY_BEGINS } from './testing/story.ts';

const ended = castOf(1);
const inside = castOf(2);
const minute = (at: number) => STORY_BEGINS + at * 60_000;

describe.each(kindsOfTables())('Asking the tables in $name', (kind) => {
  let directory: string;
  let tables: Tables;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-queries-'));
    await kind.start();
    const log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
    await appendStory(log, story());
    await appendStory(log, story({ n: 2, until: 'inside' }));
    tables = await kind.open(directory);
    await rebuild({ log, envelope, tables });
    await log.close();
  });

  afterAll(async () => {
    await tables.close();
    await kind.stop();
    rmSync(directory, { recursive: true });
  });

  const numbers = async (page: PageOptions, filter: LogFilter = {}, order?: 'oldest first') => {
    const found = await logPage(tables, { workspaceId: ended.workspace, page, filter, ...(order && { order }) });
    return [found.items.map(({ number }) => number).join(), found.hasPrevious, found.hasNext];
  };

  it.each<[string, string, string]>([
    ['a word of a line, in any case', 'BILLING', '10,9,7'],
    ['the name of a visit’s staff member', 'sam', '15,13,12,11,10,9,8,7,5'],
    ['the case of a visit', 'CASE-1', '15,13,12,11,10,9,8,7,5,4'],
    ['two words that stand in different places', 'sam  billing', '10,9,7'],
    ['the name of a field, which is no word of a line', 'catalogueRevision', ''],
    ['what nobody wrote', 'zanzibar', ''],
    ['signs that a pattern would take for any letters', '%_%', ''],
    ['a letter alone, which is no search', 's', '15,14,13,12,11,10,9,8,7,6,5,4,3,2,1'],
  ])('the visit log is searched for %s', async (_, search, expected) => {
    expect(await numbers({ first: 100 }, { search })).toEqual([expected, false, false]);
  });

  it('what a search finds is paged, and filtered too', async () => {
    const { items } = await logPage(tables, { workspaceId: ended.workspace, page: { first: 100 } });
    const at = (number: number) => items.find((line) => line.number === number)?.position ?? '';
    expect(await numbers({ first: 2 }, { search: 'billing' })).toEqual(['10,9', false, true]);
    expect(await numbers({ first: 2, after: at(9) }, { search: 'billing' })).toEqual(['7', true, false]);
    expect(await numbers({ last: 1 }, { search: 'billing' })).toEqual(['7', true, false]);
    expect(await numbers({ first: 9 }, { search: 'billing', marks: ['viewed'] })).toEqual(['10', false, false]);
  });

  it('the visit log tells the story, oldest first (S1-19, S1-20, S1-103, S4-58)', async () => {
    const { items } = await logPage(tables, {
      workspaceId: ended.workspace,
      page: { first: 100 },
      order: 'oldest first',
    });
    expect(items.map(({ number, mark, sentence }) => `${number} ${mark}: ${sentence.text}`)).toEqual([
      '1 dot: Acme 1 was registered',
      '2 dot: Maria is now an owner',
      '3 dot: Adam is now an agent',
      '4 dot: CASE-1 was opened: “No invoices”',
      '5 refused: Refused: Sam Lee tried to start a visit for CASE-1',
      '6 dot: Maria turned staff access on until 2026-11-22 09:00 UTC',
      '7 in: Sam Lee came in for CASE-1 to look, for up to 60 minutes: “Failed invoice sync since Tuesday”',
      '8 dot: Sam Lee arrived in the workspace',
      '9 dot: Sam Lee moved to Billing',
      '10 viewed: Sam Lee viewed Billing',
      '11 refused: Refused: Sam Lee tried to open Customers 3 times since 2026-11-21 09:00 UTC',
      '12 viewed: Sam Lee viewed Dashboard',
      '13 dot: Sam Lee pressed Stay',
      '14 dot: Maria turned staff access off',
      '15 out: Sam Lee’s visit ended: staff access was turned off',
    ]);
    expect(items[5]?.sentence.detail).toBe('Left out: Inbox.');
    expect(items[14]?.sentence.detail).toBe('It ended after 8 of 60 minutes.');
    expect(items[9]?.actor).toEqual({ kind: 'staff', id: ended.sam, name: 'Sam Lee' });
    expect(await logLine(tables, items[9]?.id ?? '')).toEqual(items[9]);
    expect(await logLine(tables, 'nothing')).toBeUndefined();
  });

  it('the visit log is paged from both ends, newest first', async () => {
    const { items } = await logPage(tables, { workspaceId: ended.workspace, page: { first: 100 } });
    const at = (number: number) => items.find((line) => line.number === number)?.position ?? '';
    expect(await numbers({ first: 3 })).toEqual(['15,14,13', false, true]);
    expect(await numbers({ first: 3, after: at(13) })).toEqual(['12,11,10', true, true]);
    expect(await numbers({ first: 3, after: at(3) })).toEqual(['2,1', true, false]);
    expect(await numbers({ last: 2 })).toEqual(['2,1', true, false]);
    expect(await numbers({ last: 2, before: at(2) })).toEqual(['4,3', true, true]);
    expect(await numbers({ last: 5, before: at(14) })).toEqual(['15', false, true]);
    expect(await numbers({ first: 2, after: at(2) }, {}, 'oldest first')).toEqual(['3,4', true, true]);
    expect(await numbers({ last: 2 }, {}, 'oldest first')).toEqual(['14,15', true, false]);
  });

  it.each<[string, LogFilter, string]>([
    ['visit', { session: ended.session }, '15,13,12,11,10,9,8,7'],
    ['person', { actors: [ended.maria] }, '15,14,6'],
    ['kind', { kinds: ['PageViewed', 'SessionStarted'] }, '12,10,7'],
    ['mark', { marks: ['viewed'] }, '12,10'],
    ['outcome', { outcomes: ['refused'] }, '11,5'],
    ['time', { occurredFrom: minute(13), occurredBefore: minute(15) }, '11,10,9'],
    [
      'all together',
      { session: ended.session, actors: [ended.sam], outcomes: ['done'], kinds: ['PageViewed'] },
      '12,10',
    ],
    ['nothing at all', { kinds: [] }, ''],
  ])('the visit log is filtered by %s', async (_, filter, expected) => {
    expect(await numbers({ first: 100 }, filter)).toEqual([expected, false, false]);
  });

  it('visits come newest first, with start, true end and cause (S0-30, S0-32, S1-12, S1-13, S4-50)', async () => {
    const { items, hasNext } = await visitsPage(tables, { page: { first: 1 } });
    expect(hasNext).toBe(true);
    expect(items).toMatchObject([{ sessionId: inside.session, endedAt: null, endCause: null }]);
    const older = await visitsPage(tables, { page: { first: 1, after: items[0]?.position ?? '' } });
    expect(older.items).toEqual([await visitById(tables, ended.session)]);
    expect(older.items[0]).toMatchObject({
      workspaceId: ended.workspace,
      staff: { id: ended.sam, name: 'Sam Lee', email: 'sam.lee@fernway.example' },
      caseRef: 'CASE-1',
      reason: 'Failed invoice sync since Tuesday',
      startedAt: minute(12),
      endedAt: minute(20),
      endCause: 'revoked',
    });
    expect((await visitsPage(tables, { staffId: inside.sam, page: { first: 5 } })).items).toHaveLength(1);
    expect((await visitsPage(tables, { workspaceId: 'ws_none', page: { first: 5 } })).items).toEqual([]);
  });

  it.each<[string, VisitFilter, string]>([
    ['nothing', {}, '2,1'],
    ['workspace', { workspaces: [ended.workspace] }, '1'],
    ['staff member', { staff: [inside.sam] }, '2'],
    ['what happened', { marks: ['refused'] }, '2,1'],
    ['what never happened', { marks: ['changed', 'emergency'] }, ''],
    ['the start of its time, inclusive', { startedFrom: minute(12) }, '2,1'],
    ['the end of its time, exclusive', { startedBefore: minute(12) }, ''],
    ['no mark at all', { marks: [] }, ''],
  ])('the visits of everybody are filtered by %s', async (_, filter, expected) => {
    const { items } = await reviewedVisits(tables, { filter, order: 'newest first', page: { first: 10 } });
    expect(items.map(({ sessionId }) => (sessionId === ended.session ? 1 : 2)).join()).toBe(expected);
    expect(await reviewedCount(tables, filter, 10)).toBe(items.length);
  });

  it('the visits of everybody come with the notable ones first, page by page from both ends', async () => {
    // Both were refused something: among alike the newest comes first.
    const page = async (options: PageOptions) => {
      const found = await reviewedVisits(tables, { filter: {}, order: 'notable first', page: options });
      const [visit] = found.items;
      return { id: visit?.sessionId, place: visit?.place ?? '', more: [found.hasPrevious, found.hasNext] };
    };
    const first = await page({ first: 1 });
    expect(first).toEqual({ id: inside.session, place: expect.stringMatching(/^2\d+$/), more: [false, true] });
    const second = await page({ first: 1, after: first.place });
    expect(second).toMatchObject({ id: ended.session, more: [true, false] });
    expect(await page({ last: 1 })).toEqual(second);
    expect(await page({ last: 1, before: second.place })).toMatchObject({ id: inside.session, more: [false, true] });
  });

  it('what a visit came to is counted, and workspaces are named, for many at once (S1-11)', async () => {
    const counts = await visitCounts(tables, [ended.session, 'ses_none']);
    expect(counts.get(ended.session)).toEqual({ viewed: 2, revealed: 0, clicked: 0, changed: 0, refused: 1 });
    expect(counts.get('ses_none')).toEqual({ viewed: 0, revealed: 0, clicked: 0, changed: 0, refused: 0 });
    expect((await workspaceNames(tables, [ended.workspace, 'ws_none'])).get(ended.workspace)).toBe('Acme 1');
  });

  it('what a book can be filtered by is told, who did something last first, and no more than is asked for', async () => {
    const facets = (most: number) => logFacets(tables, ended.workspace, most);
    const sam = { kind: 'staff', id: ended.sam, name: 'Sam Lee' };
    const maria = { kind: 'member', id: ended.maria, name: 'Maria' };
    const { people, cases } = await facets(100);
    expect(cases).toEqual(['CASE-1']);
    expect(people).toEqual(expect.arrayContaining([sam, maria]));
    const page = { first: 100 };
    const lines = (await logPage(tables, { workspaceId: ended.workspace, page })).items;
    const last = [
      ...new Set(
        lines
          .map(({ actor }) => actor)
          .filter(({ kind: of }) => of === 'staff' || of === 'member')
          .map(({ id }) => id),
      ),
    ];
    expect(people.map(({ id }) => id)).toEqual(last);
    expect((await facets(1)).people).toEqual(people.slice(0, 1));
  });

  it('live visits say who, where and until when', async () => {
    expect(await liveSessions(tables, { workspaceId: ended.workspace })).toEqual([]);
    const [live] = await liveSessions(tables, { workspaceId: inside.workspace });
    expect(live).toMatchObject({
      id: inside.session,
      staff: { name: 'Sam Lee' },
      endsAt: minute(72),
      idleEndsAt: minute(31),
      currentPage: { page: 'dashboard', label: 'Dashboard', since: minute(15) },
      can: ['open Billing'],
    });
    expect(await liveSession(tables, inside.session)).toEqual(live);
    expect(await liveSessions(tables, { staffId: inside.sam })).toEqual([live]);
    expect(await liveSession(tables, ended.session)).toBeUndefined();
  });

  it('the switch is on or off, with what was left out by name', async () => {
    const maria = (id: string) => ({ id, name: 'Maria' });
    expect(await staffAccessOf(tables, ended.workspace)).toEqual({
      phase: 'off',
      since: minute(20),
      by: maria(ended.maria),
      cause: 'owner',
    });
    expect(await staffAccessOf(tables, inside.workspace)).toEqual({
      phase: 'on',
      until: minute(24 * 60),
      since: minute(10),
      by: maria(inside.maria),
      withoutAreas: [{ id: 'inbox', label: 'Inbox' }],
      onlyCase: null,
    });
    expect(await staffAccessOf(tables, 'ws_none')).toEqual({ phase: 'off', since: null, by: null, cause: null });
  });

  it('denials are found by workspace and by who tried', async () => {
    const attempts = async (query: { workspaceId?: string; actorId?: string; sessionId?: string }) =>
      (await denialsPage(tables, { ...query, page: { first: 10 } })).items.map(({ attempt }) => attempt);
    expect(await attempts({ workspaceId: ended.workspace })).toEqual(['open Customers', 'start a visit for CASE-1']);
    expect(await attempts({ actorId: ended.sam })).toEqual([
      'open Customers',
      'turn staff access on',
      'start a visit for CASE-1',
    ]);
    expect(await attempts({ sessionId: ended.session })).toEqual(['open Customers']);
    const { items } = await denialsPage(tables, { workspaceId: ended.workspace, page: { first: 1 } });
    expect(items[0]).toMatchObject({
      actor: { kind: 'staff', id: ended.sam, name: 'Sam Lee' },
      rule: 'pageIsInScope',
      times: 3,
      sentence: { mark: 'refused', detail: 'This page is not in scope.' },
    });
  });

  it('deadlines fall due at their instant and not before', async () => {
    expect(await nextDeadline(tables)).toBe(minute(31));
    expect(await dueBefore(tables, minute(31) - 1, 10)).toEqual([]);
    expect(await dueBefore(tables, minute(31), 10)).toEqual([{ workspaceId: inside.workspace, at: minute(31) }]);
    expect(await dueBefore(tables, minute(10_000), 10)).toEqual([{ workspaceId: inside.workspace, at: minute(31) }]);
    const seat = { staffId: inside.sam, sessionId: inside.session, workspaceId: inside.workspace, until: minute(72) };
    expect(await seatsDueBefore(tables, minute(72) - 1, 10)).toEqual([]);
    expect(await seatsDueBefore(tables, minute(72), 10)).toEqual([seat]);
    expect(await abandonedSeats(tables, 10)).toEqual([]);
  });

  it('workspaces, members, cases and people are found by what others call them', async () => {
    const acme = {
      id: ended.workspace,
      product: 'fernway',
      externalId: 'acme-1',
      name: 'Acme 1',
      phase: 'open',
      plan: null,
    };
    expect((await allWorkspaces(tables)).map(({ name }) => name)).toEqual(['Acme 1', 'Acme 2']);
    expect(await workspaceById(tables, ended.workspace)).toEqual(acme);
    expect(await workspaceByExternalId(tables, 'fernway', 'acme-1')).toEqual(acme);
    expect(await workspaceByExternalId(tables, 'other', 'acme-1')).toBeUndefined();
    const [membership] = await membershipsOf(tables, 'https://members.example', 'maria-1');
    expect(membership).toMatchObject({ workspace: acme, member: { id: ended.maria, role: 'owner' } });
    expect(await memberWho(tables, ended.workspace, 'https://members.example', 'maria-1')).toEqual(membership?.member);
    expect(await memberWho(tables, ended.workspace, 'https://members.example', 'maria-2')).toBeUndefined();
    expect(await membershipsOf(tables, 'https://staff.example', 'maria-1')).toEqual([]);
    expect((await membersOf(tables, ended.workspace)).map(({ name }) => name)).toEqual(['Adam', 'Maria']);
    expect(await casesOf(tables, ended.workspace)).toEqual([await caseByRef(tables, ended.workspace, 'CASE-1')]);
    expect(await caseByRef(tables, ended.workspace, 'CASE-2')).toBeUndefined();
    expect((await staffMembers(tables)).map(({ id, roles, enabled }) => [id, roles, enabled])).toEqual([
      [ended.sam, ['agent'], true],
      [inside.sam, ['agent'], true],
    ]);
    expect((await staffMemberWho(tables, 'https://staff.example', 'sam-2'))?.id).toBe(inside.sam);
    expect((await peopleByIds(tables, [ended.maria, 'mem_none'])).map(({ name }) => name)).toEqual(['Maria']);
  });

  it('names for facts that come from the log are those of the tables', async () => {
    const facts = story().map(({ fact }) => fact);
    const names = await namesFor(tables, facts);
    expect(names.people.get(ended.maria)).toBe('Maria');
    expect(names.sessions.get(ended.session)).toMatchObject({ staffId: ended.sam, staffName: 'Sam Lee' });
    expect(names.areas.get('inbox')).toBe('Inbox');
  });

  it('has refusals by person and rule, the newest first, with what nobody has looked at (S1-68, S1-73)', async () => {
    const of = { personId: ended.sam };
    const { items, hasNext } = await denialGroups(tables, of, { first: 2 });
    expect(items).toMatchObject([
      {
        person: { kind: 'staff', id: ended.sam, name: 'Sam Lee' },
        rule: 'pageIsInScope',
        times: 3,
        unreviewed: 3,
        workspaces: 1,
        review: null,
      },
      { rule: 'memberBelongsHere', times: 1, workspaces: 0 },
    ]);
    expect([hasNext, items[0]?.example.text]).toEqual([
      true,
      'Refused: Sam Lee tried to open Customers 3 times since 2026-11-21 09:00 UTC',
    ]);
    const after = items[1]?.position ?? '';
    const rest = await denialGroups(tables, of, { first: 2, after });
    expect(rest.items.map(({ rule, lastAt }) => [rule, lastAt])).toEqual([['staffAccessIsOn', minute(2)]]);
    expect(await denialGroupsCount(tables, of, 10)).toBe(3);
    expect(await denialGroupsCount(tables, { ...of, reviewed: true }, 10)).toBe(0);
    const within = { ...of, from: minute(3), to: minute(14), workspaceId: ended.workspace };
    expect(await denialGroupsCount(tables, within, 10)).toBe(0);
    expect(await denialGroupsCount(tables, { ...within, to: minute(15), rule: 'pageIsInScope' }, 10)).toBe(1);
  });
});
