import { useId, useState } from 'react';
import { Mark, Sign } from '../parts/signs.tsx';
import type { LogFacets } from './operations.ts';
import { ALL_KINDS, everything, filtersSet, LINE_KINDS, type LineKind, type LogFilters } from './log-filters.ts';
import { caseShown } from '../parts/case-in-words.ts';

/** What can be chosen from: people and cases that the book speaks of. */
export interface Choices {
  readonly people: ReadonlyMap<string, string>;
  readonly cases: ReadonlySet<string>;
}

export function choicesFrom(facets: LogFacets | undefined): Choices {
  const people = (facets?.people ?? []).flatMap((person) =>
    'name' in person && person.name !== null ? [[person.id, person.name] as const] : [],
  );
  return { people: new Map(people), cases: new Set(facets?.cases) };
}

const MARKS: Readonly<Record<LineKind, string>> = {
  viewed: 'viewed',
  changed: 'changed',
  refused: 'refused',
  visits: 'in',
  rest: 'dot',
};

const DATES: readonly (readonly [LogFilters['dates'], string])[] = [
  ['', 'Any time'],
  ['1', '24 hours'],
  ['7', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['days', 'From day to day'],
];

export function FilterBar({
  filters,
  choices,
  onFilters,
}: {
  readonly filters: LogFilters;
  readonly choices: Choices;
  readonly onFilters: (filters: LogFilters) => void;
}) {
  const [unfolded, setUnfolded] = useState(false);
  const id = useId();
  const set = (part: Partial<LogFilters>) => onFilters({ ...filters, ...part });
  const people = [...choices.people].toSorted(([, a], [, b]) => a.localeCompare(b));
  const cases = [...choices.cases].toSorted();
  const count = filtersSet({ ...filters, search: '' });
  return (
    <div className="tools" role="search" aria-label="Visit log">
      <div className="find">
        <div className="box">
          <Sign name="search" />
          <label className="vh" htmlFor={`${id}-q`}>
            Search the visit log
          </label>
          <input
            id={`${id}-q`}
            type="search"
            placeholder="Search sentences, pages, reasons"
            maxLength={200}
            value={filters.search}
            onChange={({ target }) => set({ search: target.value })}
          />
        </div>
        <button
          type="button"
          className="btn folding"
          aria-expanded={unfolded}
          aria-controls={`${id}-more`}
          onClick={() => setUnfolded(!unfolded)}
        >
          Filters{count > 0 && `, ${count} set`}
        </button>
      </div>
      <div className={unfolded ? 'folded open' : 'folded'} id={`${id}-more`}>
        <div className="selects">
          <div>
            <label className="vh" htmlFor={`${id}-p`}>
              Person
            </label>
            <select id={`${id}-p`} value={filters.person} onChange={({ target }) => set({ person: target.value })}>
              <option value="">Anyone</option>
              {people.map(([key, name]) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <div>
            <label className="vh" htmlFor={`${id}-c`}>
              Case
            </label>
            <select id={`${id}-c`} value={filters.caseRef} onChange={({ target }) => set({ caseRef: target.value })}>
              <option value="">Any case</option>
              {cases.map((caseRef) => (
                <option key={caseRef} value={caseRef}>
                  {caseShown(caseRef)}
                </option>
              ))}
            </select>
          </div>
          <div>
            <label className="vh" htmlFor={`${id}-d`}>
              Dates
            </label>
            <select
              id={`${id}-d`}
              value={filters.dates}
              onChange={({ target }) => set({ dates: target.value as LogFilters['dates'] })}
            >
              {DATES.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </div>
        </div>
        {filters.dates === 'days' && (
          <div className="days">
            {(['from', 'to'] as const).map((end) => (
              <label key={end}>
                <span>{end === 'from' ? 'From' : 'To, that day included'}</span>
                <input type="date" value={filters[end]} onChange={({ target }) => set({ [end]: target.value })} />
              </label>
            ))}
          </div>
        )}
        <div className="kinds" role="group" aria-label="Show">
          {ALL_KINDS.map((kind) => {
            const shown = !filters.without.includes(kind);
            return (
              <button
                key={kind}
                type="button"
                className={`kind ${MARKS[kind]}`}
                aria-pressed={shown}
                onClick={() =>
                  set({
                    without: shown ? [...filters.without, kind] : filters.without.filter((left) => left !== kind),
                  })
                }
              >
                <Mark mark={MARKS[kind]} /> {LINE_KINDS[kind].label}
              </button>
            );
          })}
          {filters.visit !== '' && <span className="small">Lines of one visit.</span>}
          {filtersSet(filters) > 0 && (
            <button type="button" className="btn quiet" onClick={() => onFilters(everything)}>
              Show every line
            </button>
          )}
        </div>
      </div>
    </div>
  );
}
