import { useEffect, useState } from 'react';
import { ask, Problem } from '../graphql/ask.ts';
import { graphql, type ResultOf } from '../graphql/graphql.ts';
import { ViewerQuery, VisitLogQuery, type LogLine } from '../owner/operations.ts';
import { Layout, PageHead, Section } from '../parts/layout.tsx';
import { Line } from '../parts/lines.tsx';
import { followed, useLocation } from '../router.ts';
import { Me, SignedIn } from '../session/signed-in.tsx';
import { Time } from '../time/zone.tsx';
import { VisitTimeline } from './timeline.tsx';

const WEEK_MS = 7 * 24 * 3_600_000;

const WorkspacesQuery = graphql(`
  query ReviewedWorkspaces {
    workspaces(first: 100) {
      nodes {
        id
        name
      }
    }
  }
`);
type Workspaces = ResultOf<typeof WorkspacesQuery>['workspaces']['nodes'];

/** Where reviewers read the visits of a week, and one visit from its first line to its last. */
export default function ReviewPage() {
  return (
    <SignedIn realm="staff">
      <Review />
    </SignedIn>
  );
}

function Review() {
  const [viewer, setViewer] = useState<ResultOf<typeof ViewerQuery>['viewer']>();
  const [workspaces, setWorkspaces] = useState<Workspaces>();
  const [problem, setProblem] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  const { pathname, searchParams } = useLocation();
  useEffect(() => {
    let over = false;
    setProblem(undefined);
    Promise.all([ask(ViewerQuery, {}), ask(WorkspacesQuery, {})]).then(
      ([who, where]) => {
        if (over) return;
        setViewer(who.viewer);
        setWorkspaces(where.workspaces.nodes);
      },
      (error: unknown) => !over && setProblem(error instanceof Problem ? error.message : String(error)),
    );
    return () => {
      over = true;
    };
  }, [attempt]);
  const visit = /^\/review\/visit\/([^/]+)$/.exec(pathname)?.[1];
  const mayReview = viewer?.staffRoles.includes('REVIEWER');
  const chosen = workspaces?.find(({ id }) => id === searchParams.get('workspace')) ?? workspaces?.[0];
  return (
    <Layout
      title={visit === undefined ? 'The visits of this week' : 'A visit'}
      where="Review"
      places={{ label: 'Review', list: [{ to: '/review', label: 'This week' }], current: pathname }}
      me={viewer && <Me name={viewer.name ?? ''} role={viewer.staffRoles.join(', ').toLowerCase()} />}
    >
      {problem !== undefined ? (
        <div className="note plain" role="alert">
          <p>{problem}</p>
          <button type="button" className="btn" onClick={() => setAttempt(attempt + 1)}>
            Try again
          </button>
        </div>
      ) : !viewer || !workspaces ? (
        <PageHead title="Review" lede="Opening the visits …" />
      ) : !mayReview ? (
        <PageHead title="This page is for reviewers" lede="Your roles don’t let you read visits of others." />
      ) : !chosen ? (
        <PageHead title="No workspace yet" lede="No visit can have been made." />
      ) : visit === undefined ? (
        <Week key={chosen.id} workspace={chosen} all={workspaces} />
      ) : (
        <VisitTimeline key={visit} id={visit} />
      )}
    </Layout>
  );
}

function Week({ workspace, all }: { readonly workspace: Workspaces[number]; readonly all: Workspaces }) {
  const [lines, setLines] = useState<readonly LogLine[]>();
  const [problem, setProblem] = useState<string>();
  const [person, setPerson] = useState('');
  useEffect(() => {
    let over = false;
    const since = new Date(Date.now() - WEEK_MS).toISOString();
    const filter = { kind: { in: ['SessionStarted'] }, occurredAt: { gte: since } };
    ask(VisitLogQuery, { workspaceId: workspace.id, first: 100, filter }).then(
      (data) => !over && setLines(data.visitLog.nodes),
      (error: unknown) => !over && setProblem(error instanceof Problem ? error.message : String(error)),
    );
    return () => {
      over = true;
    };
  }, [workspace.id]);
  const nameOf = ({ actor }: LogLine) =>
    actor.__typename === 'StaffMember' ? (actor.name ?? 'Erased') : 'A staff member';
  const people = [...new Set(lines?.map(nameOf))];
  const shown = lines?.filter((line) => person === '' || nameOf(line) === person) ?? [];
  return (
    <>
      <PageHead title={`The visits of the last seven days to ${workspace.name}`} lede="Reading only." />
      <Section title="Which" first>
        <div className="lists">
          <nav aria-label="Workspaces">
            <ul className="acts">
              {all.map(({ id, name }) => (
                <li key={id}>
                  <a
                    className="btn"
                    href={`/review?workspace=${id}`}
                    aria-current={id === workspace.id || undefined}
                    onClick={followed}
                  >
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <label>
            Staff member
            <select value={person} onChange={({ target }) => setPerson(target.value)}>
              <option value="">Everybody</option>
              {people.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        </div>
      </Section>
      <Section title="Visits" hint={lines && <span role="status">{shown.length} shown.</span>}>
        {problem !== undefined && (
          <p className="note plain" role="alert">
            {problem}
          </p>
        )}
        {!lines && problem === undefined && <p>Reading the book …</p>}
        {lines && shown.length === 0 && <p>Nobody came in during these seven days.</p>}
        <ol className="book">
          {shown.map((line) => (
            <Line
              key={line.id}
              at={Date.parse(line.occurredAt)}
              mark={line.mark}
              number={line.number}
              parts={line.parts}
              detail={line.detail}
            >
              <p className="small">
                <Time at={Date.parse(line.occurredAt)} shape="day and time" />.{' '}
                <a href={`/review/visit/${line.sessionId}`} onClick={followed}>
                  Read this visit<span className="vh"> by {nameOf(line)}</span>
                </a>
              </p>
            </Line>
          ))}
        </ol>
      </Section>
    </>
  );
}
