import { useId } from 'react';
import { useMinute } from '../live.ts';
import { CanAndCannot, Mark } from '../parts/signs.tsx';
import { followed } from '../router.ts';
import { page } from '../session/page.ts';
import type { WeekRead, Workspaces } from './operations.ts';
import { queryOf, type WeekView } from './week-filters.ts';
import { weekName, weekOf } from './week.ts';

/** Which visits of the week: by workspace, person, what happened in them, and in which order. */
export function WeekFilters({
  view,
  read,
  workspaces,
  people,
  onView,
}: {
  readonly view: WeekView;
  readonly read: WeekRead | undefined;
  readonly workspaces: Workspaces;
  readonly people: ReadonlyMap<string, string>;
  readonly onView: (part: Partial<WeekView>) => void;
}) {
  const id = useId();
  const count = (read_: { readonly totalCount: number | null } | undefined) =>
    read_?.totalCount == null ? '' : ` (${read_.totalCount})`;
  const shows = [
    ['', 'dot', `All${count(read?.all)}`],
    ['changed', 'changed', `Changed something${count(read?.changed)}`],
    ['refused', 'refused', `Was refused something${count(read?.refused)}`],
  ] as const;
  return (
    <div className="tools week-tools" role="search" aria-label="Visits of the week">
      <div className="selects">
        <div>
          <label htmlFor={`${id}-w`}>Workspace</label>
          <select id={`${id}-w`} value={view.workspace} onChange={({ target }) => onView({ workspace: target.value })}>
            <option value="">All workspaces</option>
            {workspaces.map((workspace) => (
              <option key={workspace.id} value={workspace.id}>
                {workspace.name}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label htmlFor={`${id}-s`}>Staff member</label>
          <select id={`${id}-s`} value={view.staff} onChange={({ target }) => onView({ staff: target.value })}>
            <option value="">Everybody</option>
            {[...people]
              .toSorted(([, a], [, b]) => a.localeCompare(b))
              .map(([key, name]) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
          </select>
        </div>
        <div>
          <label htmlFor={`${id}-o`}>Order</label>
          <select
            id={`${id}-o`}
            value={view.order}
            onChange={({ target }) => onView({ order: target.value as WeekView['order'] })}
          >
            <option value="NOTABLE_FIRST">What stands out first</option>
            <option value="NEWEST_FIRST">Newest first</option>
          </select>
        </div>
      </div>
      <div className="kinds" role="group" aria-label="Show">
        {shows.map(([show, mark, words]) => (
          <button
            key={show}
            type="button"
            className={`kind which ${mark}`}
            aria-pressed={view.show === show}
            onClick={() => onView({ show })}
          >
            <Mark mark={mark} /> {words}
          </button>
        ))}
      </div>
    </div>
  );
}

/** An empty week says why it may be, and where there is something to read. */
export function NothingInWeek({
  view,
  isThisWeek,
  filtered,
  earlier,
  addressOf,
}: {
  readonly view: WeekView;
  readonly isThisWeek: boolean;
  readonly filtered: boolean;
  readonly earlier: string | undefined;
  readonly addressOf: (part: Partial<WeekView>) => string;
}) {
  const now = useMinute();
  const zone = page.timeZone;
  if (filtered)
    return (
      <p className="note plain">
        <span>No visit of this week fits these filters.</span>
        <a className="btn" href={addressOf({ workspace: '', staff: '', show: '' })} onClick={followed}>
          Show every visit of the week
        </a>
      </p>
    );
  const before = earlier === undefined ? undefined : weekOf(Date.parse(earlier), zone);
  return (
    <div className="nothing">
      <p className="big">Nobody {isThisWeek ? 'has come in this week.' : 'came in this week.'}</p>
      <p>
        {before === undefined ? (
          'No visit was made before it either. The first one stands here as soon as its line is written, before anything opens.'
        ) : (
          <>
            The last visit before it was in week {before.week}.{' '}
            <a href={`/review${queryOf({ ...view, week: before }, now, zone)}`} onClick={followed}>
              Read week {before.week}
              <span className="vh"> ({weekName(before)})</span>
            </a>
          </>
        )}
      </p>
      <CanAndCannot
        can={{
          title: 'What stands here',
          items: [
            'Every visit of everybody, to every workspace, from its first line on',
            'First what was changed or refused, and what a customer ended',
            'Visits that go on now, as they are',
          ],
        }}
        cannot={{
          title: 'What doesn’t',
          items: [
            'Refusals outside of visits: they stand in the book of the workspace that was asked for',
            'What stood on the pages: a line names the page, and nothing else of it',
          ],
        }}
      />
    </div>
  );
}
