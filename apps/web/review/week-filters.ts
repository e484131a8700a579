import { readWeek, spanOf, weekName, weekOf, type Week } from './week.ts';

/** What a reviewer looks at, as it stands in the address: it can be sent to somebody, and gone back to. */
export interface WeekView {
  readonly week: Week;
  /** Id of a workspace; empty: all. */
  readonly workspace: string;
  /** Id of a staff member; empty: everybody. */
  readonly staff: string;
  readonly show: '' | 'changed' | 'refused';
  readonly order: 'NOTABLE_FIRST' | 'NEWEST_FIRST';
  /** Where the page begins, by the cursor that it stands behind or before; both empty: at the front. */
  readonly after: string;
  readonly before: string;
  /** How many visits stand before the page, for its words. */
  readonly skipped: number;
}

/** Visits of one page. */
export const PAGE = 25;

/** @param zone the vendor's. */
export function viewOf(query: URLSearchParams, now: number, zone: string): WeekView {
  const text = (name: string) => query.get(name) ?? '';
  const show = text('show');
  return {
    week: readWeek(query.get('week')) ?? weekOf(now, zone),
    workspace: text('workspace'),
    staff: text('staff'),
    show: show === 'changed' || show === 'refused' ? show : '',
    order: text('order') === 'newest' ? 'NEWEST_FIRST' : 'NOTABLE_FIRST',
    after: text('after'),
    before: text('before'),
    skipped: Math.max(Number.parseInt(text('skipped'), 10) || 0, 0),
  };
}

/** "?week=2026-W47&staff=stf_…": of what isn't as it is by itself. */
export function queryOf({ week, order, skipped, ...rest }: WeekView, now: number, zone: string): string {
  const query = new URLSearchParams();
  if (weekName(week) !== weekName(weekOf(now, zone))) query.set('week', weekName(week));
  for (const [name, value] of Object.entries(rest)) if (value !== '') query.set(name, value);
  if (order === 'NEWEST_FIRST') query.set('order', 'newest');
  if (skipped > 0) query.set('skipped', String(skipped));
  return query.size > 0 ? `?${query}` : '';
}

/** The same view from its front: cursors are of one list, and of no other. */
export function fromFront(view: WeekView, part: Partial<WeekView>): WeekView {
  return { ...view, after: '', before: '', skipped: 0, ...part };
}

/** In the words of VisitFilterInput. */
export interface VisitFilterVariables {
  startedAt: { gte?: string; lt: string };
  workspace?: { id: { in: string[] } };
  staff?: { id: { in: string[] } };
  mark?: { in: string[] };
}

const MARKS: Readonly<Record<'changed' | 'refused', string[]>> = {
  changed: ['changed', 'emergency'],
  refused: ['refused'],
};

/** What is asked for a view: its list, the same with each of its marks, and what stands before the week. */
export function variablesOf(view: WeekView, zone: string) {
  const { from, to } = spanOf(view.week, zone);
  const those = {
    ...(view.workspace !== '' && { workspace: { id: { in: [view.workspace] } } }),
    ...(view.staff !== '' && { staff: { id: { in: [view.staff] } } }),
  };
  const all: VisitFilterVariables = {
    startedAt: { gte: new Date(from).toISOString(), lt: new Date(to).toISOString() },
    ...those,
  };
  const changed = { ...all, mark: { in: MARKS.changed } };
  const refused = { ...all, mark: { in: MARKS.refused } };
  const filter = { '': all, changed, refused }[view.show];
  const earlier: VisitFilterVariables = { startedAt: { lt: new Date(from).toISOString() }, ...those };
  return { filter, all, changed, refused, earlier, order: view.order };
}

/** From the front, or from the back where the page stands before a cursor. */
export function pageOf({ after, before }: WeekView) {
  return before === ''
    ? { first: PAGE, after: after === '' ? null : after, last: null, before: null }
    : { first: null, after: null, last: PAGE, before };
}
