import { useEffect, useState, type ReactNode } from 'react';
import { late } from '../parts/late.tsx';
import { Problem } from '../graphql/ask.ts';
import { useNow } from '../live.ts';
import { VisitLogQuery } from '../owner/operations.ts';
import { PageHead } from '../parts/layout.tsx';
import { ConnectionNote, Freshness, ProblemNote, useSay } from '../parts/notes.tsx';
import { followed, go } from '../router.ts';
import { page } from '../session/page.ts';
import { ago, span } from '../time/time.ts';
import { Time } from '../time/zone.tsx';
import { KeysNote, useKeys } from './keys.tsx';
import type { ReviewedVisit } from './operations.ts';
import { headline, lede, standsOut, who } from './told.ts';
import { scopeOf, timelineOf } from './timeline.ts';
import { useDeclared, useNeighbours, useVisit, visitById, type VisitRead } from './use-visit.ts';
import { VisitLines } from './visit-lines.tsx';
import { VisitScale } from './visit-scale.tsx';
import { VisitSide } from './visit-side.tsx';
import { fromFront, queryOf, type WeekView } from './week-filters.ts';
import { weekName, weekOf } from './week.ts';
import { caseInWords, caseShown } from '../parts/case-in-words.ts';
import { Case } from '../parts/for-case.tsx';

const GraphqlDialog = late(() => import('../owner/graphql-dialog.tsx'));

/** Where the log doesn't say it: the idle limit that policy has by itself. */
const IDLE_MS = 15 * 60_000;

interface VisitPageProps {
  readonly id: string;
  readonly view: WeekView;
  /** Whether the address says which week; otherwise it is that of the visit. */
  readonly asked: boolean;
  readonly onTitle: (words: string) => void;
}

/** One visit as a timeline: what it came to, its time to scale, its lines in order, and what it left alone. */
export function VisitPage({ id, view, asked, onTitle }: VisitPageProps) {
  const [found, setFound] = useState<ReviewedVisit | null>();
  const [problem, setProblem] = useState<Problem>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let over = false;
    setProblem(undefined);
    visitById(id).then(
      (visit) => !over && setFound(visit ?? null),
      (error: unknown) =>
        !over && setProblem(error instanceof Problem ? error : new Problem('failed', 'Something went wrong here.')),
    );
    return () => {
      over = true;
    };
  }, [id, attempt]);
  const back = `/review${queryOf(fromFront(view, {}), Date.now(), page.timeZone)}`;
  if (found) {
    const week = asked ? view.week : weekOf(Date.parse(found.startedAt), page.timeZone);
    return <Told found={found} view={{ ...view, week }} onTitle={onTitle} />;
  }
  return (
    <>
      <PageHead
        title={found === null ? 'No such visit' : 'A visit'}
        lede={
          found === null
            ? 'There is none of this address, or it is not yours to see.'
            : problem
              ? undefined
              : 'Reading the book …'
        }
      />
      <div className="acts first-acts">
        {problem && (
          <div className="note plain" role="alert">
            <p>{problem.message}</p>
            <button type="button" className="btn" onClick={() => setAttempt(attempt + 1)}>
              Try again
            </button>
          </div>
        )}
        <a className="btn" href={back} onClick={followed}>
          Go to the list
        </a>
      </div>
    </>
  );
}

function Told({
  found,
  view,
  onTitle,
}: {
  readonly found: ReviewedVisit;
  readonly view: WeekView;
  readonly onTitle: (words: string) => void;
}) {
  const live = useVisit(found);
  const now = useNow();
  const read: VisitRead = live.data ?? { visit: found, lines: [], hasMore: false, before: [] };
  const { visit, lines } = read;
  const declared = useDeclared();
  const scope = scopeOf(lines, declared, read.before);
  const job = declared.jobs.find(({ id }) => id === found.job)?.label ?? found.job;
  const idleMs = scope.idleMs ?? IDLE_MS;
  const began = Date.parse(visit.startedAt);
  const allowedTo = Date.parse(visit.plannedEnd);
  const isOpen = visit.endedAt === null;
  const ended = visit.endedAt === null ? Math.min(now, allowedTo) : Date.parse(visit.endedAt);
  const used = { spentMs: ended - began, givenMs: allowedTo - began };
  const timeline = timelineOf(lines, idleMs, isOpen ? now : undefined);
  useEffect(() => onTitle(`${who(visit)} ${caseInWords(visit.caseRef)}`), [onTitle, visit.staffName, visit.caseRef]);
  return (
    <>
      <Walk id={visit.id} view={view} why={standsOut(visit)} />
      <PageHead title={<Unbroken words={headline(visit)} id={caseShown(visit.caseRef)} />} lede={lede(visit, used)} />
      <ConnectionNote live={live} retry={() => void live.read()} />
      {live.problem?.kind === 'refused' && <ProblemNote problem={live.problem} />}
      <Facts
        visit={visit}
        job={job}
        reveals={scope.reveal !== undefined}
        began={began}
        ended={isOpen ? undefined : ended}
        now={now}
      />
      <VisitScale {...{ lines, idleMs, began, ended, allowedTo, isOpen, visit }} />
      <div className="cols">
        <section className={isOpen ? 'told going' : 'told done'} aria-labelledby="told">
          <header className="split">
            <h2 id="told">What happened, in order</h2>
            {isOpen && (
              <span className="small">
                <Freshness {...live} />
              </span>
            )}
          </header>
          {live.data === undefined && !live.problem && <p className="small">Reading the lines …</p>}
          {read.hasMore && (
            <p className="note plain">
              The last {lines.length} lines; the visit has more before them, in the book of {visit.workspaceName}.
            </p>
          )}
          <VisitLines
            timeline={timeline}
            before={read.before}
            idleMs={idleMs}
            {...(isOpen && { going: { page: visit.currentPage, leftMs: Math.max(allowedTo - now, 0) } })}
          />
        </section>
        <VisitSide scope={scope} visit={visit} used={used} />
      </div>
      <Foot visit={visit} summary={`${headline(visit)} ${lede(visit, used)}`} />
    </>
  );
}

/** A case's id is never broken over two lines. */
function Unbroken({ words, id }: { readonly words: string; readonly id: string }) {
  const [before = '', ...after] = words.split(id);
  return (
    <>
      {before}
      {after.length > 0 && <span className="id">{id}</span>}
      {after.join(id)}
    </>
  );
}

/** Through the week without going back: which visit this is, why it is here, and the ones beside it. */
function Walk({ id, view, why }: { readonly id: string; readonly view: WeekView; readonly why: string | undefined }) {
  const beside = useNeighbours(id, view, page.timeZone);
  const query = `?${new URLSearchParams([...new URLSearchParams(queryOf(fromFront(view, {}), Date.now(), page.timeZone)), ['week', weekName(view.week)]])}`;
  const address = (other: string | undefined) => other && `/review/visit/${other}${query}`;
  const [previous, next] = [address(beside?.previous), address(beside?.next)];
  const back = `/review${query}`;
  const keys = useKeys({
    ...(next && { j: () => go(next) }),
    ...(previous && { k: () => go(previous) }),
    Escape: () => go(back),
  });
  return (
    <div className="queue">
      <nav className="weeks" aria-label="Visits of the week">
        <a href={back} onClick={followed}>
          Week {view.week.week}
          <span className="vh">, all its visits</span>
        </a>
        {beside && (
          <span className="small">
            {beside.place} of {beside.of}
          </span>
        )}
        <Beside to={previous} words="Previous" />
        <Beside to={next} words="Next" />
      </nav>
      {why !== undefined && <p className="small why">{why}</p>}
      <KeysNote keys={keys} back />
    </div>
  );
}

function Beside({ to, words }: { readonly to: string | undefined; readonly words: string }) {
  if (to === undefined) return null;
  return (
    <a href={to} onClick={followed}>
      {words}
      <span className="vh"> visit</span>
    </a>
  );
}

function Facts({
  visit,
  job,
  reveals,
  began,
  ended,
  now,
}: {
  readonly visit: ReviewedVisit;
  /** It is for one masked value. */
  readonly reveals: boolean;
  /** By its name; `null`: the value's own pages or, without one, all that a visit may see. */
  readonly job: string | null;
  readonly began: number;
  readonly ended: number | undefined;
  readonly now: number;
}) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      'Who',
      <>
        <b>{who(visit)}</b>
        {visit.staffEmail && <span className="small block">{visit.staffEmail}</span>}
      </>,
    ],
    [
      'Where',
      <>
        {visit.workspaceName},{' '}
        {visit.viewedAs === null ? 'as support' : `viewing as ${visit.viewedAsName ?? 'a member whose name is erased'}`}
      </>,
    ],
    ['Case', <Case caseRef={visit.caseRef} />],
    ...(visit.letIn === null ? [] : [['Let in', visit.letIn] as const]),
    [
      'When',
      <>
        <Time at={began} shape="day and time" />
        {ended === undefined ? ', still inside' : ' to '}
        {ended !== undefined && <Time at={ended} />}
        <span className="small block">{ended === undefined ? `for ${span(now - began)}` : ago(now - ended)}</span>
      </>,
    ],
  ];
  return (
    <>
      <dl className="who">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <blockquote className="reason">
        “{visit.reason ?? 'The reason was erased'}”
        <footer>
          The reason, word for word.{' '}
          {job === null
            ? `The scope was ${reveals ? 'one masked value, on the pages for it' : 'all that a visit may see'}.`
            : `The job was “${job}”.`}
        </footer>
      </blockquote>
    </>
  );
}

function Foot({ visit, summary }: { readonly visit: ReviewedVisit; readonly summary: string }) {
  const [asGraphql, setAsGraphql] = useState(false);
  const say = useSay();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(`${summary}\n${location.origin}/review/visit/${visit.id}`);
      say('The summary is copied.');
    } catch {
      say('The browser didn’t let it be copied.');
    }
  };
  return (
    <div className="end visit-end">
      <div className="acts">
        <button type="button" className="btn" onClick={() => void copy()}>
          Copy the summary
        </button>
        <button type="button" className="btn quiet" onClick={() => setAsGraphql(true)}>
          Copy as GraphQL
        </button>
      </div>
      {asGraphql && (
        <GraphqlDialog
          title="The lines of this visit, as GraphQL"
          document={VisitLogQuery}
          variables={{ workspaceId: visit.workspaceId, first: 100, filter: { sessionId: visit.id } }}
          onClose={() => setAsGraphql(false)}
        />
      )}
    </div>
  );
}
