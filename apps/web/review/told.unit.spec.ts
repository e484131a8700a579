import { describe, expect, it } from '@jest/globals';
import type { ReviewedVisit } from './operations.ts';
import { ending, gapSentence, headline, lede, pagesListed, standsOut } from './told.ts';
import { fromFront, pageOf, queryOf, variablesOf, viewOf } from './week-filters.ts';

const MINUTE = 60_000;
const visit = (part: Partial<ReviewedVisit> = {}) =>
  ({
    staffName: 'Sam Lee',
    workspaceName: 'Acme Co',
    caseRef: 'CASE-123',
    letIn: 'Maria Ortiz had turned staff access on.',
    viewedCount: 7,
    revealedCount: 0,
    changedCount: 0,
    refusedCount: 0,
    endedAt: '2026-11-19T09:59:00.000Z',
    endCause: 'EXITED',
    ...part,
  }) as ReviewedVisit;

describe('A visit in sentences', () => {
  it.each<[Partial<ReviewedVisit>, string]>([
    [{}, 'Sam Lee viewed 7 pages of Acme Co for CASE-123, and changed nothing.'],
    [{ viewedCount: 1 }, 'Sam Lee viewed 1 page of Acme Co for CASE-123, and changed nothing.'],
    [{ viewedCount: 0 }, 'Sam Lee came to Acme Co for CASE-123, and opened no page.'],
    [{ changedCount: 1 }, 'Sam Lee changed one thing in Acme Co for CASE-123.'],
    [{ changedCount: 3, staffName: null }, 'A staff member changed 3 things in Acme Co for CASE-123.'],
    [
      { revealedCount: 1 },
      'Sam Lee viewed 7 pages of Acme Co for CASE-123, was shown 1 masked value, and changed nothing.',
    ],
    [
      { revealedCount: 1, endedAt: null },
      'Sam Lee is inside Acme Co for CASE-123: 7 pages viewed so far, 1 masked value shown, nothing changed.',
    ],
    [{ endedAt: null }, 'Sam Lee is inside Acme Co for CASE-123: 7 pages viewed so far, nothing changed.'],
    [{ endedAt: null, viewedCount: 0 }, 'Sam Lee is inside Acme Co for CASE-123: no page opened yet, nothing changed.'],
  ])('has one line on top: %p', (part, expected) => expect(headline(visit(part))).toBe(expected));

  it('says who let them in, how much time was used, what was refused, and how it ended', () => {
    const used = { spentMs: 15.9 * MINUTE, givenMs: 60 * MINUTE };
    expect(lede(visit(), used)).toBe(
      'Maria Ortiz had turned staff access on. 15 of 60 minutes used, nothing refused; Sam Lee left.',
    );
    const revoked = visit({ refusedCount: 2, endCause: 'REVOKED', letIn: 'Priya Nair approved this visit.' });
    expect(lede(revoked, used)).toBe(
      'Priya Nair approved this visit. 15 of 60 minutes used, 2 attempts refused; it ended because the customer turned staff access off.',
    );
    expect(lede(visit({ letIn: null }), used)).toBe('15 of 60 minutes used, nothing refused; Sam Lee left.');
    expect(ending(visit({ endCause: null }))).toBe('its time is over');
    // Nothing of this visit's own scope was changed: its staff member went on in another one.
    expect(ending(visit({ endCause: 'SCOPE_CHANGED' }))).toBe('it ended because they went on in another visit');
  });

  it.each<[Partial<ReviewedVisit>, string | undefined]>([
    [{}, undefined],
    [{ endCause: 'IDLE' }, undefined],
    [{ refusedCount: 1 }, 'Here because an attempt was refused.'],
    [{ caseRef: '' }, 'Here because no case was named.'],
    [
      { changedCount: 2, refusedCount: 3, endCause: 'ENDED_BY_OWNER' },
      'Here because 2 things were changed, 3 attempts were refused and the customer ended it.',
    ],
  ])('says why it is among the first: %p', (part, expected) => expect(standsOut(visit(part))).toBe(expected));

  it('names pages up to a handful, and never leaves one out to say "1 more"', () => {
    const pages = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ label: `P${at}`, times: at === 0 ? 3 : 1 }));
    expect(pagesListed(pages(2))).toBe('P0 ×3, P1');
    expect(pagesListed(pages(6))).toBe('P0 ×3, P1, P2, P3, P4, P5');
    expect(pagesListed(pages(7))).toBe('P0 ×3, P1, P2, P3, P4 and 2 more');
  });

  it('tells a gap with the limit beside it, and one that is longer than the limit by name', () => {
    expect(gapSentence(8 * MINUTE, 15 * MINUTE, false)).toBe('8 min, nothing opened. The idle limit is 15 min.');
    expect(gapSentence(4 * MINUTE, 15 * MINUTE, true)).toBe('4 min, nothing opened so far. The idle limit is 15 min.');
    expect(gapSentence(16 * MINUTE, 15 * MINUTE, false)).toBe(
      '16 min, nothing opened: longer than the idle limit of 15 min.',
    );
  });
});

describe('What a reviewer looks at, in the address', () => {
  const NOW = Date.parse('2026-11-21T09:00:00Z');
  const read = (query: string) => viewOf(new URLSearchParams(query), NOW, 'UTC');

  it('is the current week by itself, and whatever the address says of another', () => {
    expect(queryOf(read(''), NOW, 'UTC')).toBe('');
    const query = '?week=2026-W45&workspace=ws_1&staff=stf_1&show=refused&after=c1&order=newest&skipped=25';
    expect(queryOf(read(query), NOW, 'UTC')).toBe(query);
    expect(queryOf(read('?week=2026-W99&show=everything&order=no&skipped=-3'), NOW, 'UTC')).toBe('');
  });

  it('begins at the front when the list becomes another one', () => {
    const view = fromFront(read('?after=c1&skipped=25&staff=stf_1'), { show: 'changed' });
    expect(queryOf(view, NOW, 'UTC')).toBe('?staff=stf_1&show=changed');
    expect(pageOf(view)).toEqual({ first: 25, after: null, last: null, before: null });
    expect(pageOf(read('?before=c1'))).toEqual({ first: null, after: null, last: 25, before: 'c1' });
  });

  it('asks for the week in the vendor’s zone, for what stands before it, and for each kind', () => {
    const { filter, refused, earlier } = variablesOf(read('?show=changed&staff=stf_1'), 'Europe/Berlin');
    const startedAt = { gte: '2026-11-15T23:00:00.000Z', lt: '2026-11-22T23:00:00.000Z' };
    const staff = { id: { in: ['stf_1'] } };
    expect(filter).toEqual({ startedAt, staff, mark: { in: ['changed', 'emergency'] } });
    expect(refused).toEqual({ startedAt, staff, mark: { in: ['refused'] } });
    expect(earlier).toEqual({ startedAt: { lt: startedAt.gte }, staff });
  });
});
