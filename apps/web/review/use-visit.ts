import { useEffect, useRef, useState } from 'react';
import { ask, Problem } from '../graphql/ask.ts';
import { useLive, useNews, type Live } from '../live.ts';
import { VisitLogQuery, type LogLine } from '../owner/operations.ts';
import { ASKING, requestLines, type LogPage } from './asked-before.ts';
import { CatalogueQuery, ReviewedVisitQuery, VisitsQuery, type Declared, type ReviewedVisit } from './operations.ts';
import { requestOf } from './timeline.ts';
import { variablesOf, type WeekView } from './week-filters.ts';

/** So many lines are read of one visit; whoever needs more reads the workspace's book. */
const LINES = 1000;
const AT_ONCE = 100;

export interface VisitRead {
  readonly visit: ReviewedVisit;
  /** In written order. */
  readonly lines: readonly LogLine[];
  /** Whether older lines than these were left out. */
  readonly hasMore: boolean;
  /** What let the staff member in, in written order: the owner's switch, and what was asked, answered and approved. */
  readonly before: readonly LogLine[];
}

export async function visitById(id: string): Promise<ReviewedVisit | undefined> {
  const { node } = await ask(ReviewedVisitQuery, { id });
  return node?.__typename === 'Session' ? node : undefined;
}

/** A visit with its lines, read anew whenever a line is written in its workspace. */
export function useVisit(found: ReviewedVisit): Live<VisitRead> {
  const { id, workspaceId } = found;
  const news = useNews(workspaceId, 'book');
  // Lines never change: what was read once is read no more.
  const kept = useRef<{ lines: readonly LogLine[]; hasMore: boolean; before?: readonly LogLine[] }>({
    lines: [],
    hasMore: false,
  });
  return useLive<VisitRead>(
    id,
    async (minPosition) => {
      const { node } = await ask(ReviewedVisitQuery, { id, minPosition });
      if (node?.__typename !== 'Session')
        throw new Problem('refused', 'There is no such visit, or it is not yours to see.');
      const { lines, hasMore } = await newer(workspaceId, id, kept.current.lines);
      // As long as its first line isn't there, nobody knows what it began on.
      const start = kept.current.before ? undefined : await startOf(found, lines);
      const before = kept.current.before ?? (start && (await letIn(found, start)));
      kept.current = { lines, hasMore: hasMore || kept.current.hasMore, ...(before && { before }) };
      return { visit: node, lines, hasMore: kept.current.hasMore, before: before ?? [] };
    },
    news,
  );
}

async function newer(workspaceId: string, sessionId: string, known: readonly LogLine[]) {
  const last = known.at(-1)?.id;
  const found: LogLine[] = [];
  for (let after: string | null = null; ;) {
    const { visitLog }: { visitLog: LogPage } = await ask(VisitLogQuery, {
      workspaceId,
      first: AT_ONCE,
      after,
      filter: { sessionId },
    });
    const met = visitLog.nodes.findIndex(({ id }) => id === last);
    found.push(...(met < 0 ? visitLog.nodes : visitLog.nodes.slice(0, met)));
    after = visitLog.pageInfo.endCursor;
    const more = met < 0 && visitLog.pageInfo.hasNextPage && after !== null;
    if (!more || found.length >= LINES)
      return { lines: [...(more ? [] : known), ...found.toReversed()], hasMore: more };
  }
}

/** The first line of a visit, also where it has more lines than are shown. */
async function startOf({ id, workspaceId }: ReviewedVisit, lines: readonly LogLine[]): Promise<LogLine | undefined> {
  const shown = lines.find(({ kind }) => kind === 'SessionStarted');
  if (shown) return shown;
  const filter = { sessionId: id, kind: { in: ['SessionStarted'] } };
  return (await ask(VisitLogQuery, { workspaceId, first: 1, filter })).visitLog.nodes[0];
}

async function letIn({ workspaceId, startedAt }: ReviewedVisit, start: LogLine): Promise<readonly LogLine[]> {
  const lt = new Date(Date.parse(startedAt) + 1).toISOString();
  const earlier = async (kinds: readonly string[], first: number, after: string | null = null) => {
    const filter = { kind: { in: [...kinds] }, occurredAt: { lt } };
    return (await ask(VisitLogQuery, { workspaceId, first, after, filter })).visitLog;
  };
  const requestId = requestOf(start);
  const [switches, asking] = await Promise.all([
    earlier(['StaffAccessEnabled'], 1),
    requestId === undefined ? [] : requestLines(requestId, (after) => earlier(ASKING, AT_ONCE, after)),
  ]);
  return [...switches.nodes, ...asking].toSorted((a, b) => a.number - b.number);
}

/** The catalogue's names; without them pages are called as the lines call them. */
export function useDeclared(): Declared {
  const [declared, setDeclared] = useState<Declared>({ areas: [], pages: [], fields: [], jobs: [] });
  useEffect(() => {
    let over = false;
    ask(CatalogueQuery, {}).then(
      ({ catalogue }) => !over && setDeclared(catalogue),
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, []);
  return declared;
}

export interface Neighbours {
  /** Its place in the list, from 1. */
  readonly place: number;
  /** How many the list has. */
  readonly of: number;
  readonly previous: string | undefined;
  readonly next: string | undefined;
}

/** Where a visit stands in the list that it was opened from, as far as that list is one page long. */
export function useNeighbours(id: string, view: WeekView, zone: string): Neighbours | undefined {
  const [found, setFound] = useState<Neighbours>();
  const { filter, order } = variablesOf(view, zone);
  const key = JSON.stringify([id, filter, order]);
  useEffect(() => {
    let over = false;
    const look = async () => {
      const { visits } = await ask(VisitsQuery, { filter, order, first: AT_ONCE });
      const at = visits.nodes.findIndex((visit) => visit.id === id);
      if (over || at < 0) return;
      const [previous, next] = [visits.nodes[at - 1]?.id, visits.nodes[at + 1]?.id];
      setFound({ place: at + 1, of: visits.totalCount ?? visits.nodes.length, previous, next });
    };
    look().catch(() => undefined);
    return () => {
      over = true;
    };
  }, [key]);
  return found;
}
