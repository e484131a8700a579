import { useEffect, useMemo, useRef, useState, type FocusEvent } from 'react';
import { late } from '../parts/late.tsx';
import { ask } from '../graphql/ask.ts';
import { useLive, useMinute, type News } from '../live.ts';
import { PageHead, Section } from '../parts/layout.tsx';
import { ConnectionNote, Freshness, ProblemNote } from '../parts/notes.tsx';
import { followed, go } from '../router.ts';
import { page } from '../session/page.ts';
import { day, zoneName } from '../time/time.ts';
import { KeysNote, useKeys } from './keys.tsx';
import { VisitsQuery, WeekQuery, type ReviewedVisit, type WeekRead, type Workspaces } from './operations.ts';
import { counted, standsOut } from './told.ts';
import { VisitRow } from './visit-row.tsx';
import { fromFront, PAGE, pageOf, queryOf, variablesOf, type WeekView } from './week-filters.ts';
import { NothingInWeek, WeekFilters } from './week-parts.tsx';
import { shifted, spanOf, weekName, weekOf } from './week.ts';

const GraphqlDialog = late(() => import('../owner/graphql-dialog.tsx'));

/** Visits of many workspaces have no feed of their own: they are read by the clock, as seldom as what has one. */
const BY_THE_CLOCK: News = { connected: true, subscribe: () => () => undefined };

/** The visit that was opened last: whoever comes back finds the focus on it. */
let openedLast: string | undefined;

/** The visits of a week, in the vendor's zone: what stands out comes first. */
export function WeekPage({ view, workspaces }: { readonly view: WeekView; readonly workspaces: Workspaces }) {
  const zone = page.timeZone;
  const now = useMinute();
  const { from, to } = spanOf(view.week, zone);
  const variables = useMemo(() => ({ ...variablesOf(view, zone), ...pageOf(view) }), [JSON.stringify(view), zone]);
  const key = JSON.stringify(variables);
  const live = useLive<WeekRead>(key, () => ask(WeekQuery, variables), BY_THE_CLOCK);
  const { rows, waiting, take, hold } = useSteady(key, live.data?.visits.nodes);
  const people = usePeople(live.data?.visits.nodes, view.staff);
  const [asGraphql, setAsGraphql] = useState(false);
  const list = useRef<HTMLDivElement>(null);

  const links = () => [...(list.current?.querySelectorAll<HTMLAnchorElement>('a.visit-link') ?? [])];
  const walk = (by: 1 | -1) => {
    const all = links();
    const here = all.indexOf(document.activeElement as HTMLAnchorElement);
    const next = here < 0 ? (by === 1 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
    all[next]?.focus();
  };
  const keys = useKeys({ j: () => walk(1), k: () => walk(-1) });
  const isThere = rows !== undefined;
  useEffect(() => {
    if (!isThere || openedLast === undefined) return;
    links()
      .find(({ id }) => id === `open-${openedLast}`)
      ?.focus();
    openedLast = undefined;
  }, [isThere]);

  const isThisWeek = weekName(view.week) === weekName(weekOf(now, zone));
  const to_ = (part: Partial<WeekView>) => `/review${queryOf(fromFront(view, part), now, zone)}`;
  const turn = (part: Partial<WeekView>) => `/review${queryOf({ ...view, after: '', before: '', ...part }, now, zone)}`;
  const { pageInfo, totalCount } = live.data?.visits ?? {};
  const filtered = view.workspace !== '' || view.staff !== '' || view.show !== '';
  const [notable, others] = partition(rows ?? [], view.order);
  const row = (visit: ReviewedVisit) => (
    <VisitRow
      key={visit.id}
      visit={visit}
      to={`/review/visit/${visit.id}${addressed(view, now)}`}
      onOpen={() => (openedLast = visit.id)}
    />
  );
  return (
    <>
      <div className="queue">
        <nav className="weeks" aria-label="Weeks">
          <a className="btn" href={to_({ week: shifted(view.week, -1) })} onClick={followed}>
            Previous week
          </a>
          {isThisWeek ? (
            <span className="small">This is the current week.</span>
          ) : (
            <>
              <a className="btn" href={to_({ week: shifted(view.week, 1) })} onClick={followed}>
                Next week
              </a>
              <a className="small" href={to_({ week: weekOf(now, zone) })} onClick={followed}>
                Go to the current week
              </a>
            </>
          )}
        </nav>
        <KeysNote keys={keys} />
      </div>
      <PageHead
        key={weekName(view.week)}
        title={`The visits of week ${view.week.week}`}
        lede={`${day(from, now, zone)} to ${day(to - 1, now, zone)}, ${zoneName(zone, from)}. ${
          live.data ? said(live.data) : 'Reading the books …'
        }`}
      />
      <ConnectionNote live={live} retry={() => void live.read()} />
      {live.problem?.kind === 'refused' && <ProblemNote problem={live.problem} />}
      <Section title="Visits" id="visits" hint={<Freshness {...live} />}>
        <WeekFilters
          view={view}
          read={live.data}
          workspaces={workspaces}
          people={people}
          onView={(part) => go(to_(part), { replace: true })}
        />
        <p className="vh" role="status">
          {waiting > 0
            ? `${waiting === 1 ? '1 new visit waits' : `${waiting} new visits wait`}`
            : live.data && `${counted(totalCount ?? 0, 'visit')} shown`}
        </p>
        {waiting > 0 && (
          <button type="button" className="btn waiting" onClick={take}>
            Show {waiting === 1 ? '1 new visit' : `${waiting} new visits`}
          </button>
        )}
        <div ref={list} {...hold}>
          {!rows && !live.problem && <p className="small">Reading the books …</p>}
          {rows?.length === 0 && live.data && (
            <NothingInWeek
              view={view}
              isThisWeek={isThisWeek}
              filtered={filtered}
              earlier={live.data.earlier.nodes[0]?.startedAt}
              addressOf={to_}
            />
          )}
          {view.order === 'NEWEST_FIRST' && notable.length > 0 && <ol className="book visits">{notable.map(row)}</ol>}
          {view.order === 'NOTABLE_FIRST' && (
            <>
              {notable.length > 0 && (
                <section className="group" aria-labelledby="notable">
                  <h3 className="day" id="notable">
                    Look at these first
                  </h3>
                  <ol className="book visits">{notable.map(row)}</ol>
                </section>
              )}
              {others.length > 0 && (
                <section className="group" aria-labelledby="others">
                  <h3 className="day" id="others">
                    Nothing stands out
                  </h3>
                  <ol className="book visits">{others.map(row)}</ol>
                </section>
              )}
            </>
          )}
        </div>
        <div className="end">
          <nav className="acts" aria-label="Pages of visits">
            {pageInfo?.hasPreviousPage && pageInfo.startCursor && (
              <a
                className="btn"
                href={turn({ before: pageInfo.startCursor, skipped: Math.max(view.skipped - PAGE, 0) })}
                onClick={followed}
              >
                Previous visits
              </a>
            )}
            {rows && rows.length > 0 && (totalCount ?? 0) > rows.length && (
              <span className="small">
                {view.skipped + 1} to {view.skipped + rows.length} of {totalCount}
              </span>
            )}
            {pageInfo?.hasNextPage && pageInfo.endCursor && (
              <a
                className="btn"
                href={turn({ after: pageInfo.endCursor, skipped: view.skipped + PAGE })}
                onClick={followed}
              >
                More visits
              </a>
            )}
          </nav>
          <div className="acts">
            <button type="button" className="btn quiet" onClick={() => setAsGraphql(true)}>
              Copy as GraphQL
            </button>
          </div>
        </div>
      </Section>
      {asGraphql && (
        <GraphqlDialog
          title="These visits, as GraphQL"
          document={VisitsQuery}
          variables={{ filter: variables.filter, order: view.order, first: PAGE }}
          onClose={() => setAsGraphql(false)}
        />
      )}
    </>
  );
}

/** The view as it stands in a visit's address, its week always named: the visit's neighbours are those of its list. */
function addressed(view: WeekView, now: number): string {
  const query = new URLSearchParams(queryOf({ ...view, after: '', before: '', skipped: 0 }, now, page.timeZone));
  query.set('week', weekName(view.week));
  return `?${query}`;
}

function said({ all, changed, refused }: WeekRead): string {
  const some = (count: number | null, what: string) =>
    count === 0 ? `nothing was ${what}` : `something was ${what} in ${count}`;
  if (all.totalCount === 0) return 'Nobody came in.';
  return `${counted(all.totalCount ?? 0, 'visit')}: ${some(changed.totalCount, 'changed')}, ${some(refused.totalCount, 'refused')}.`;
}

function partition(rows: readonly ReviewedVisit[], order: WeekView['order']) {
  if (order === 'NEWEST_FIRST') return [rows, []] as const;
  return [rows.filter((visit) => standsOut(visit)), rows.filter((visit) => !standsOut(visit))] as const;
}

/** Staff members that lists spoke of so far, whatever is filtered now. */
function usePeople(visits: readonly ReviewedVisit[] | undefined, chosen: string): ReadonlyMap<string, string> {
  const [people, setPeople] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    setPeople((known) => {
      const now = new Map(known);
      for (const { staffId, staffName } of visits ?? []) now.set(staffId, staffName ?? 'Erased');
      return now.size === known.size ? known : now;
    });
  }, [visits]);
  return chosen === '' || people.has(chosen) ? people : new Map([...people, [chosen, 'The one chosen']]);
}

/** Nothing moves under the pointer or the focus (WCAG 2.2.2): rows keep their places, and new ones wait to be shown. */
function useSteady(key: string, nodes: readonly ReviewedVisit[] | undefined) {
  const [held, setHeld] = useState(false);
  const pointer = useRef(false);
  const focus = useRef(false);
  const order = useRef<{ key: string; ids: readonly string[] }>({ key: '', ids: [] });
  const [, setTaken] = useState(0);
  const isSteady = held && order.current.key === key && order.current.ids.length > 0;
  const known = new Set(order.current.ids);
  const rows = isSteady ? order.current.ids.flatMap((id) => nodes?.filter((visit) => visit.id === id) ?? []) : nodes;
  useEffect(() => {
    if (!isSteady && nodes) order.current = { key, ids: nodes.map(({ id }) => id) };
  });
  const settle = () => setHeld(pointer.current || focus.current);
  return {
    rows,
    waiting: isSteady ? (nodes?.filter(({ id }) => !known.has(id)).length ?? 0) : 0,
    take() {
      order.current = { key, ids: nodes?.map(({ id }) => id) ?? [] };
      setTaken((times) => times + 1);
    },
    hold: {
      onPointerEnter() {
        pointer.current = true;
        settle();
      },
      onPointerLeave() {
        pointer.current = false;
        settle();
      },
      onFocus() {
        focus.current = true;
        settle();
      },
      onBlur(event: FocusEvent) {
        focus.current = event.currentTarget.contains(event.relatedTarget);
        settle();
      },
    },
  };
}
