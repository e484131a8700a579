import { dayBegins } from '../time/time.ts';

/** What the owner chose to see of the book. Empty words and lists mean: everything. */
export interface LogFilters {
  readonly search: string;
  /** Id of a person. */
  readonly person: string;
  /** A case as the help desk writes it. */
  readonly caseRef: string;
  /** Id of one visit, chosen by its note. */
  readonly visit: string;
  /** Kinds of lines that are left out. */
  readonly without: readonly LineKind[];
  /** Days back from now, or two calendar days. */
  readonly dates: '' | '1' | '7' | '30' | '90' | 'days';
  readonly from: string;
  readonly to: string;
}

export type LineKind = 'viewed' | 'changed' | 'refused' | 'visits' | 'rest';

export const everything: LogFilters = {
  search: '',
  person: '',
  caseRef: '',
  visit: '',
  without: [],
  dates: '',
  from: '',
  to: '',
};

/**
 * Kinds of lines as an owner tells them apart, by the marks that stand at them. Views are apart from changes, and both
 * from refusals; an emergency is never left out by a press.
 */
export const LINE_KINDS: Readonly<Record<LineKind, { readonly label: string; readonly marks: readonly string[] }>> = {
  viewed: { label: 'Viewed', marks: ['viewed'] },
  changed: { label: 'Changed', marks: ['changed'] },
  refused: { label: 'Refused', marks: ['refused'] },
  visits: { label: 'Came and left', marks: ['in', 'out'] },
  rest: { label: 'Everything else', marks: ['dot', 'asked', 'approved'] },
};
export const ALL_KINDS = Object.keys(LINE_KINDS) as readonly LineKind[];

/** The GraphQL filter, in the words of LogFilterInput. */
export interface LogFilterVariables {
  sessionId?: string;
  actor?: { id: { in: string[] } };
  mark?: { in: string[] };
  occurredAt?: { gte?: string; lt?: string };
  search?: string;
}

const DAY = 86_400_000;
/** The server looks for words of at least so many letters. */
export const SHORTEST_WORD = 2;

/** `undefined` where nothing is filtered. Days are those of `zone`; `now` is rounded, so that a filter stays one question. */
export function filterVariables(filters: LogFilters, now: number, zone: string): LogFilterVariables | undefined {
  const variables: LogFilterVariables = {};
  // A case stands in the lines of its visits, where the search finds it.
  const words = [filters.search, filters.caseRef].flatMap((text) => text.split(/\s+/));
  const search = words.filter((word) => word.length >= SHORTEST_WORD).join(' ');
  if (search !== '') variables.search = search;
  if (filters.visit !== '') variables.sessionId = filters.visit;
  if (filters.person !== '') variables.actor = { id: { in: [filters.person] } };
  if (filters.without.length > 0) {
    const kept = ALL_KINDS.filter((kind) => !filters.without.includes(kind));
    variables.mark = { in: [...kept.flatMap((kind) => LINE_KINDS[kind].marks), 'emergency'] };
  }
  const occurredAt = spanOf(filters, now, zone);
  if (occurredAt) variables.occurredAt = occurredAt;
  return Object.keys(variables).length > 0 ? variables : undefined;
}

function spanOf({ dates, from, to }: LogFilters, now: number, zone: string): LogFilterVariables['occurredAt'] {
  if (dates === '') return undefined;
  if (dates !== 'days') {
    const minute = Math.floor(now / 60_000) * 60_000;
    return { gte: new Date(minute - Number(dates) * DAY).toISOString() };
  }
  const begins = dayBegins(from, zone);
  const last = dayBegins(to, zone);
  // A day has 23 to 25 hours: the next one begins on the calendar, not 24 hours later.
  const ends = last === undefined ? undefined : dayBegins(dayAfter(to), zone);
  if (begins === undefined && ends === undefined) return undefined;
  return {
    ...(begins !== undefined && { gte: new Date(begins).toISOString() }),
    ...(ends !== undefined && { lt: new Date(ends).toISOString() }),
  };
}

function dayAfter(text: string): string {
  return new Date(Date.parse(`${text}T12:00:00Z`) + DAY).toISOString().slice(0, 10);
}

/** How many filters are set, for the button that folds them on a phone. */
export function filtersSet({ search, person, caseRef, visit, without, dates }: LogFilters): number {
  return [search, person, caseRef, visit, dates].filter((value) => value !== '').length + Number(without.length > 0);
}
