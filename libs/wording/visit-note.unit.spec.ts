import { END_CAUSES } from '@gatebook/protocol';
import { describe, expect, it } from '@jest/globals';
import { visitNote, type ToldAction, type VisitToTell } from './visit-note.ts';

const MINUTE = 60_000;
const visit = (part: Partial<VisitToTell> = {}): VisitToTell => ({
  staffName: 'Sam Rivers',
  caseRef: 'CASE-123',
  lastedMs: 14 * MINUTE,
  pages: 3,
  everyPage: true,
  revealed: 0,
  actions: [],
  refused: 0,
  endCause: 'exited',
  ...part,
});
const change = (part: Partial<ToldAction> = {}): ToldAction => ({
  kind: 'change',
  outcome: 'done',
  approved: true,
  ...part,
});
const BEGINNING = 'Sam Rivers accessed your workspace to verify the issue in CASE-123, for 14 minutes: ';

describe('The short note of a visit to the customer (S4-57)', () => {
  it('says who accessed the workspace to verify the issue, for how long, and that one approved change was made (S4-57)', () => {
    expect(visitNote(visit({ actions: [change()] }))).toBe(`${BEGINNING}3 pages viewed, one approved change made.`);
  });

  it('names the change that the visit was for, whatever came of it (S4-57)', () => {
    const task = 'change the setting tax';
    const told = 'Sam Rivers accessed your workspace to change the setting tax,';
    expect(visitNote(visit({ task, actions: [change()] }))).toBe(
      `${told} for CASE-123, for 14 minutes: 3 pages viewed, one approved change made.`,
    );
    expect(visitNote(visit({ task, caseRef: null }))).toBe(
      `${told} without a case, for 14 minutes: 3 pages viewed, nothing changed.`,
    );
  });

  it.each<[string, Partial<VisitToTell>, string]>([
    ['nothing but looking', {}, '3 pages viewed, nothing changed.'],
    ['one page', { pages: 1 }, 'one page viewed, nothing changed.'],
    ['a visit that opened nothing', { pages: 0 }, 'no page viewed, nothing changed.'],
    ['one refusal', { refused: 1 }, '3 pages viewed, nothing changed, one attempt refused.'],
    ['refusals', { refused: 12 }, '3 pages viewed, nothing changed, 12 attempts refused.'],
    ['a masked field', { revealed: 1 }, '3 pages viewed, one masked field shown as approved, nothing changed.'],
    ['two changes', { actions: [change(), change()] }, '3 pages viewed, 2 approved changes made.'],
    [
      'a change that the settings ask no approval for, as none that was approved',
      { actions: [change({ approved: false })] },
      '3 pages viewed, one change made.',
    ],
    ['an export, as no change', { actions: [change({ kind: 'export' })] }, '3 pages viewed, one approved export made.'],
    [
      'an outcome that nobody knows, as no change that was made',
      { actions: [change({ outcome: 'unknown' })] },
      '3 pages viewed, one approved change whose outcome is unknown.',
    ],
    [
      'an outcome that is still to be told',
      { actions: [change({ outcome: 'waiting' })] },
      '3 pages viewed, one approved change allowed whose outcome is not told yet.',
    ],
    [
      'a failed change beside one that was made',
      { actions: [change({ outcome: 'failed' }), change()] },
      '3 pages viewed, one approved change tried that failed, one approved change made.',
    ],
  ])('tells of %s', (_, part, told) => expect(visitNote(visit(part))).toBe(BEGINNING + told));

  it.each<[number, string]>([
    [0, 'no page viewed'],
    [1, 'at least one page viewed'],
    [3, 'at least 3 pages viewed'],
  ])('where not every page is a line, %d lines are not said to be all that was opened (S4-49)', (pages, told) => {
    expect(visitNote(visit({ pages, everyPage: false }))).toBe(`${BEGINNING}${told}, nothing changed.`);
  });

  it.each<[number, string]>([
    [0, 'less than a minute'],
    [MINUTE - 1, 'less than a minute'],
    [MINUTE, '1 minute'],
    [2 * MINUTE - 1, '1 minute'],
    [24 * 60 * MINUTE, '1440 minutes'],
  ])('tells %d ms as %s', (lastedMs, told) =>
    expect(visitNote(visit({ lastedMs }))).toContain(`CASE-123, for ${told}: `),
  );

  it('names no case where there was none (S4-57)', () => {
    expect(visitNote(visit({ caseRef: null }))).toBe(
      'Sam Rivers accessed your workspace without a case, for 14 minutes: 3 pages viewed, nothing changed.',
    );
  });

  it('escapes in the case’s id what nobody sees', () => {
    expect(visitNote(visit({ caseRef: 'CASE-1\u202e321' }))).toContain('the issue in CASE-1\\u202e321, for');
  });

  it.each<[Partial<VisitToTell>, string]>([
    [{ viewedAs: { name: 'Vera Kim' } }, 'Sam Rivers, viewing as Vera Kim, accessed'],
    [{ viewedAs: { name: null } }, 'Sam Rivers, viewing as a member whose name is erased, accessed'],
    [{ staffName: null }, 'A staff member whose name is erased accessed'],
    [{ staffName: 'Support 4F2A1C' }, 'Support 4F2A1C accessed'],
  ])('says as whom they looked, and what nobody is called any more: %j', (part, told) => {
    expect(visitNote(visit(part))).toBe(
      `${told} your workspace to verify the issue in CASE-123, for 14 minutes: 3 pages viewed, nothing changed.`,
    );
  });

  it.each<[VisitToTell['endCause'], string]>([
    ['reached its cap', 'its time was up'],
    ['idle', 'nobody had used it for a while'],
    ['revoked', 'staff access was turned off'],
    ['ended by owner', 'your team ended it'],
    ['too fast', 'more was opened than a visit’s budget allows'],
  ])('says in a second sentence why it ended, where the staff member did not leave: %s', (endCause, because) => {
    expect(visitNote(visit({ endCause }))).toBe(
      `${BEGINNING}3 pages viewed, nothing changed. It ended because ${because}.`,
    );
  });

  it('has two sentences at most, whatever the visit was', () => {
    const outcomes = ['done', 'failed', 'unknown', 'waiting'] as const;
    const actions = outcomes.flatMap((outcome) => [change({ outcome }), change({ outcome, kind: 'export' })]);
    for (const endCause of END_CAUSES) {
      const told = visitNote(visit({ endCause, actions, refused: 2, revealed: 2, everyPage: false }));
      expect(told.match(/\.(?= |$)/g)).toHaveLength(endCause === 'exited' ? 1 : 2);
    }
  });
});
