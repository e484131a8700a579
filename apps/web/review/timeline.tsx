import { useEffect, useState } from 'react';
import { ask, Problem } from '../graphql/ask.ts';
import { graphql, type ResultOf } from '../graphql/graphql.ts';
import { VisitLogQuery, type LogLine } from '../owner/operations.ts';
import { PageHead, Section } from '../parts/layout.tsx';
import { Line } from '../parts/lines.tsx';
import { Time } from '../time/zone.tsx';
import { span } from '../time/time.ts';
import './review.css';

const ReviewedVisitQuery = graphql(`
  query ReviewedVisit($id: ID!) {
    node(id: $id) {
      __typename
      ... on Session {
        id
        workspaceId
        staffName
        caseRef
        reason
        job
        approverName
        startedAt
        plannedEnd
        endedAt
      }
    }
  }
`);
type Reviewed = Extract<NonNullable<ResultOf<typeof ReviewedVisitQuery>['node']>, { __typename: 'Session' }>;

/** A gap is told of from here on. */
const GAP_MS = 2 * 60_000;
/** So many lines are read of one visit. */
const LINES = 100;

interface Read {
  readonly visit: Reviewed | undefined;
  /** In written order. */
  readonly lines: readonly LogLine[];
  readonly hasMore: boolean;
}

/** One visit as a timeline: what it came to, its time to scale, its lines in order. */
export function VisitTimeline({ id }: { readonly id: string }) {
  const [read, setRead] = useState<Read>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let over = false;
    const load = async (): Promise<Read> => {
      const { node } = await ask(ReviewedVisitQuery, { id });
      if (node?.__typename !== 'Session') return { visit: undefined, lines: [], hasMore: false };
      const filter = { sessionId: id };
      const { visitLog } = await ask(VisitLogQuery, { workspaceId: node.workspaceId, first: LINES, filter });
      return { visit: node, lines: visitLog.nodes.toReversed(), hasMore: visitLog.pageInfo.hasNextPage };
    };
    load().then(
      (now) => !over && setRead(now),
      (error: unknown) => !over && setProblem(error instanceof Problem ? error.message : String(error)),
    );
    return () => {
      over = true;
    };
  }, [id]);
  if (problem !== undefined)
    return (
      <p className="note plain" role="alert">
        {problem}
      </p>
    );
  if (!read) return <PageHead title="A visit" lede="Reading the book …" />;
  if (!read.visit) return <PageHead title="No such visit" lede="There is none, or it is not yours to see." />;
  return <Told visit={read.visit} lines={read.lines} hasMore={read.hasMore} />;
}

function Told({ visit, lines, hasMore }: Read & { readonly visit: Reviewed }) {
  const from = Date.parse(visit.startedAt);
  const to = Date.parse(visit.plannedEnd);
  const ended = visit.endedAt === null ? Math.min(Date.now(), to) : Date.parse(visit.endedAt);
  const count = (mark: string) => lines.filter((line) => line.mark === mark).length;
  const [viewed, changed, refused] = [count('viewed'), count('changed'), count('refused')];
  const x = (at: number) => Math.min(Math.max((at - from) / Math.max(to - from, 1), 0), 1) * 1000;
  const who = visit.staffName ?? 'A staff member';
  return (
    <>
      <PageHead
        title={`${who} viewed ${viewed} ${viewed === 1 ? 'page' : 'pages'} for ${visit.caseRef}; ${changed === 0 ? 'nothing was changed' : `${changed} changed`}.`}
        lede={`${span(ended - from)} of ${span(to - from)} used, ${refused === 0 ? 'nothing' : refused} refused.`}
      />
      <Section title="Who and why" first>
        <dl className="facts">
          {(
            [
              ['Who', who],
              ['Case', visit.caseRef],
              ['Reason', visit.reason ?? 'Erased'],
              ['Let in by', visit.approverName ?? 'Erased'],
              ['Job', visit.job ?? 'All that a visit may see'],
            ] as const
          ).map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section title="To scale">
        <svg
          className="axis"
          viewBox="0 -20 1000 40"
          preserveAspectRatio="none"
          role="img"
          aria-label={`${span(ended - from)} used of ${span(to - from)} allowed`}
        >
          <line x1={0} x2={x(ended)} y1={0} y2={0} />
          <line className="unused" x1={x(ended)} x2={1000} y1={0} y2={0} />
          {lines.map(({ id, occurredAt, mark }) => {
            const at = x(Date.parse(occurredAt));
            return <line key={id} className={mark} x1={at} x2={at} y1={-14} y2={14} />;
          })}
        </svg>
        <p className="small ends">
          <span>
            Came in <Time at={from} shape="day and time" />
          </span>
          <span>
            Allowed until <Time at={to} shape="shortly" />
          </span>
        </p>
      </Section>
      <Section title="What happened" hint="In order.">
        {hasMore && <p className="small">The last {LINES} lines; the visit has more before them.</p>}
        <ol className="book">
          {lines.map((line, index) => {
            const at = Date.parse(line.occurredAt);
            const before = lines[index - 1];
            const gap = before ? at - Date.parse(before.occurredAt) : 0;
            const { mark, number, parts, detail } = line;
            return (
              <Line key={line.id} {...{ at, mark, number, parts, detail }}>
                {gap >= GAP_MS && at <= ended && (
                  <p className="small">After {span(gap)} in which nothing was written.</p>
                )}
              </Line>
            );
          })}
        </ol>
      </Section>
    </>
  );
}
