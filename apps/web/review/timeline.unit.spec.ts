import { describe, expect, it } from '@jest/globals';
import type { LogLine } from '../owner/operations.ts';
import { marksToScale } from './scale.ts';
import { oncePerAction, scopeOf, timelineOf, type Step } from './timeline.ts';

const MINUTE = 60_000;
const BEGAN = Date.parse('2026-11-19T09:44:00.000Z');
const IDLE = 15 * MINUTE;

let number = 0;
const line = (minute: number, kind: string, data: object = {}, mark = 'dot') =>
  ({
    id: `line-${++number}`,
    number,
    kind,
    mark,
    occurredAt: new Date(BEGAN + minute * MINUTE).toISOString(),
    parts: [],
    technicalDetail: { data },
  }) as unknown as LogLine;
const view = (minute: number, page: string, more: object = {}) =>
  line(minute, 'PageViewed', { page, label: page, area: 'billing', masked: [], ...more }, 'viewed');

/** Steps in a word each. */
const told = (steps: readonly Step[]) =>
  steps.map((step) => {
    if (step.kind === 'line') return step.arrived ? `${step.line.kind}, arrived` : step.line.kind;
    if (step.kind === 'gap') return `gap of ${(step.to - step.from) / MINUTE}`;
    return `${step.views}: ${step.pages.map(({ label, times }) => `${label} ${times}`).join(', ')}`;
  });

describe('A visit as a timeline', () => {
  const start = () =>
    line(0, 'SessionStarted', { pages: ['billing', 'invoices', 'team'], cannot: ['change anything'], idleMinutes: 15 });

  it('puts views together that follow each other, and the arrival to the start', () => {
    const lines = [
      start(),
      line(0.1, 'SessionEntered'),
      line(0.2, 'AreaEntered', { area: 'billing' }),
      view(0.2, 'Billing'),
      view(0.5, 'Invoices'),
      view(1, 'Billing'),
      line(1.5, 'AttemptDenied', {}, 'refused'),
      view(2, 'Team'),
      line(3, 'SessionEnded'),
      line(4, 'AttemptDenied', {}, 'refused'),
    ];
    const { steps, after } = timelineOf(lines, IDLE);
    expect(told(steps)).toEqual([
      'SessionStarted, arrived',
      '3: Billing 2, Invoices 1',
      'AttemptDenied',
      'PageViewed',
      'SessionEnded',
    ]);
    expect(told(after)).toEqual(['AttemptDenied']);
  });

  it('keeps clicks with the pages that they were on (S1-95)', () => {
    const click = (minute: number) => line(minute, 'PartClicked', { page: 'Billing', label: 'Billing', part: 'Older' });
    const one = [start(), line(0.9, 'AreaEntered'), view(1, 'Billing'), click(1.1), line(2, 'SessionEnded')];
    expect(told(timelineOf(one, IDLE).steps)).toEqual(['SessionStarted', 'PageViewed', 'PartClicked', 'SessionEnded']);
    const two = [start(), view(1, 'Billing'), click(1.1), view(1.2, 'Team'), click(1.3), line(2, 'SessionEnded')];
    const { steps } = timelineOf(two, IDLE);
    expect(told(steps)).toEqual(['SessionStarted', '2: Billing 1, Team 1', 'SessionEnded']);
    expect(steps[1]).toMatchObject({ lines: two.slice(1, 5) });
  });

  it('draws a gap from a fifth of the idle limit on, and parts the views around it', () => {
    const lines = [start(), view(1, 'Billing'), view(3.9, 'Invoices'), view(6.9, 'Team'), view(7, 'Billing')];
    expect(told(timelineOf(lines, IDLE).steps)).toEqual([
      'SessionStarted',
      '2: Billing 1, Invoices 1',
      'gap of 3',
      '2: Team 1, Billing 1',
    ]);
  });

  it('counts the time up to now in a visit that goes on, and no gap behind its end', () => {
    const lines = [start(), view(1, 'Billing')];
    expect(told(timelineOf(lines, IDLE, BEGAN + 9 * MINUTE).steps)).toEqual([
      'SessionStarted',
      'PageViewed',
      'gap of 8',
    ]);
    const ended = [...lines, line(2, 'SessionEnded'), line(40, 'AttemptDenied')];
    expect(told(timelineOf(ended, IDLE).after)).toEqual(['AttemptDenied']);
  });

  it('keeps a move without a page as a line of its own', () => {
    const lines = [start(), line(1, 'AreaEntered'), line(2, 'PresenceConfirmed')];
    expect(told(timelineOf(lines, IDLE).steps)).toEqual(['SessionStarted', 'AreaEntered', 'PresenceConfirmed']);
  });

  it('says what was allowed, used, refused and left alone (S1-63, S1-84)', () => {
    const declared = {
      areas: [
        { id: 'billing', label: 'Billing' },
        { id: 'inbox', label: 'Inbox' },
      ],
      pages: [{ id: 'billing', label: 'Billing', area: 'billing' }],
    };
    const refused = (minute: number, label: string, count = 1) =>
      line(minute, 'AttemptDenied', { attempt: { label }, count });
    const lines = [
      start(),
      view(1, 'invoices', { label: 'Invoices', masked: ['last4', 'email'] }),
      view(2, 'invoices', { label: 'Invoices' }),
      refused(3, 'open Customer', 2),
      refused(4, 'export the customers'),
      line(5, 'SessionEnded'),
      refused(6, 'open Customer'),
    ];
    expect(scopeOf(lines, declared)).toEqual({
      idleMs: IDLE,
      // By the catalogue's name, by the line's where the catalogue has none, and by the id where nothing names it.
      pages: [
        { label: 'Invoices', views: 2 },
        { label: 'Billing', views: 0 },
        { label: 'team', views: 0 },
      ],
      opened: 1,
      action: undefined,
      reveal: undefined,
      refused: [
        { label: 'Customer', times: 2 },
        { label: 'export the customers', times: 1 },
        { label: 'Customer, after the end', times: 1 },
      ],
      untouched: ['Inbox'],
      masked: ['email', 'last4'],
      cannot: ['change anything'],
    });
  });

  describe('on a grant', () => {
    const label = 'change the setting tax';
    const granted = line(0, 'SessionStarted', { pages: [], action: { name: 'settings.change', label } });
    const begun = line(2, 'ActionAuthorised', { actionId: 'act_1', label }, 'changed');
    const told = (outcome: string) => line(2, 'ActionReported', { actionId: 'act_1', label, outcome }, 'changed');
    const tried = (rule: string, of = label, count = 1) =>
      line(3, 'AttemptDenied', { attempt: { label: of, action: 'settings.change' }, rule, count }, 'refused');
    const used = (...lines: LogLine[]) => {
      const { action, refused } = scopeOf([granted, ...lines], { areas: [], pages: [] });
      return [action?.used, ...refused.map(({ label: of, times }) => `${of}: ${times}`)];
    };

    it('has the approved action among what was allowed, and what came of it', () => {
      expect(scopeOf([granted], { areas: [], pages: [] }).action).toEqual({ label, used: 'not used' });
      expect(used(begun)).toEqual(['let happen, outcome not told yet']);
      expect(used(begun, told('done'))).toEqual(['done']);
      expect(used(begun, told('failed'))).toEqual(['tried, and failed']);
      expect(used(begun, told('unknown'))).toEqual(['let happen, outcome unknown']);
    });

    it('never says that the approved action was not allowed, whatever else was tried with it', () => {
      expect(used(tried('actionIsApproved'))).toEqual(['refused (other values)']);
      expect(used(tried('actionIsApproved', label, 2))).toEqual(['refused 2 times (other values)']);
      expect(used(begun, told('done'), tried('actionIsApproved'), tried('grantIsUnspent'))).toEqual([
        'done',
        `${label}, with other values: 1`,
        `${label}, once more: 1`,
      ]);
      const other = 'change the setting currency';
      expect(used(tried('actionIsApproved', other))).toEqual(['not used', `${other}: 1`]);
      expect(used(line(4, 'SessionEnded'), tried('visitHasNotEnded'))).toEqual([
        'not used',
        `${label}, after the end: 1`,
      ]);
    });

    it('has the masked value that was approved, whether it was shown, and what was tried of it once more (S1-44)', () => {
      const field = { field: 'customer.email', record: 'inq_1' };
      const approval = line(0, 'AccessApproved', { granted: { action: null, field } });
      const visit = line(1, 'SessionStarted', { pages: [], action: null });
      const shown = line(2, 'FieldRevealed', field, 'viewed');
      const again = tried('grantIsUnspent', 'see customer.email of inq_1');
      const fields = [{ id: 'customer.email', mask: 'email' }];
      const of = (...lines: LogLine[]) => scopeOf([visit, ...lines], { areas: [], pages: [], fields }, [approval]);
      const label = 'see customer.email of inq_1';
      expect(of().reveal).toEqual({ label, used: 'not shown', mask: 'email' });
      expect(scopeOf([visit], { areas: [], pages: [] }, [approval]).reveal?.mask).toBeUndefined();
      expect(of(shown, again)).toMatchObject({
        action: undefined,
        reveal: { used: 'shown' },
        refused: [{ label: 'see customer.email of inq_1, once more', times: 1 }],
      });
    });

    it('is one change to the scale, and not one when it is allowed and another when it is done', () => {
      expect(oncePerAction([granted, begun, told('done')])).toEqual([granted, begun]);
      const alone = told('done');
      expect(oncePerAction([granted, alone])).toEqual([granted, alone]);
    });
  });

  it('claims nothing of a visit whose lines nobody can read', () => {
    const unreadable = line(0, 'SessionStarted');
    (unreadable as { technicalDetail: object }).technicalDetail = { data: null };
    expect(scopeOf([unreadable], { areas: [], pages: [] })).toMatchObject({ idleMs: undefined, pages: [], opened: 0 });
  });

  it('draws marks that would cover each other as one, by the gravest', () => {
    const placed = (...all: [number, string][]) => all.map(([at, mark]) => ({ at, mark }));
    expect(marksToScale(placed([0, 'refused'], [0.01, 'changed'], [0.02, 'refused'], [0.5, 'refused']))).toEqual([
      { at: 0, mark: 'changed', count: 3 },
      { at: 0.5, mark: 'refused', count: 1 },
    ]);
  });
});
