import { useCallback, useEffect, useState } from 'react';
import { ask, Problem } from '../graphql/ask.ts';
import type { ResultOf } from '../graphql/graphql.ts';
import { ViewerQuery } from '../owner/operations.ts';
import { Layout, PageHead } from '../parts/layout.tsx';
import { useLocation } from '../router.ts';
import { page } from '../session/page.ts';
import { Me, SignedIn } from '../session/signed-in.tsx';
import { Guide } from '../story/guide.tsx';
import { WorkspacesQuery, type Workspaces } from './operations.ts';
import { VisitPage } from './visit-page.tsx';
import { viewOf } from './week-filters.ts';
import { WeekPage } from './week-page.tsx';
import './review.css';

/** Where reviewers read the visits of a week, and one visit from its first line to its last. */
export default function ReviewPage() {
  return (
    <SignedIn realm="staff">
      <Review />
      <Guide side="staff" />
    </SignedIn>
  );
}

interface Opened {
  readonly viewer: ResultOf<typeof ViewerQuery>['viewer'];
  readonly workspaces: Workspaces;
}

function Review() {
  const [opened, setOpened] = useState<Opened>();
  const [problem, setProblem] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  const { pathname, searchParams } = useLocation();
  // Under a visit's title while it is read; the visit's own words once it is there.
  const [title, setTitle] = useState('A visit');
  const onTitle = useCallback((words: string) => setTitle(words), []);
  useEffect(() => {
    let over = false;
    setProblem(undefined);
    const open = async (): Promise<Opened> => {
      const { viewer } = await ask(ViewerQuery, {});
      const { workspaces } = await ask(WorkspacesQuery, {});
      return { viewer, workspaces: workspaces.nodes };
    };
    open().then(
      (now) => !over && setOpened(now),
      (error: unknown) => !over && setProblem(error instanceof Problem ? error.message : String(error)),
    );
    return () => {
      over = true;
    };
  }, [attempt]);
  const visit = /^\/review\/visit\/([^/]+)$/.exec(pathname)?.[1];
  const view = viewOf(searchParams, Date.now(), page.timeZone);
  const { viewer, workspaces } = opened ?? {};
  return (
    <Layout
      title={visit === undefined ? 'Visits of a week' : title}
      where="Review"
      places={{ label: 'Review', list: [{ to: '/review', label: 'This week' }], current: pathname }}
      me={viewer && <Me name={viewer.name ?? 'You'} role={viewer.staffRoles.join(', ').toLowerCase() || 'no role'} />}
      {...(visit === undefined && opened && { skipTo: { to: '#visits', label: 'Go to the visits' } })}
    >
      {problem !== undefined ? (
        <>
          <PageHead title="Review" />
          <div className="note plain" role="alert">
            <p>{problem}</p>
            <button type="button" className="btn" onClick={() => setAttempt(attempt + 1)}>
              Try again
            </button>
          </div>
        </>
      ) : !viewer || !workspaces ? (
        <PageHead title="Review" lede="Opening the books …" />
      ) : !viewer.staffRoles.includes('REVIEWER') ? (
        <PageHead
          title="This page is for reviewers"
          lede="Visits of others are read by staff with the role reviewer. Your own visits stand under “My visits”."
        />
      ) : visit === undefined ? (
        <WeekPage view={view} workspaces={workspaces} />
      ) : (
        <VisitPage key={visit} id={visit} view={view} asked={searchParams.has('week')} onTitle={onTitle} />
      )}
    </Layout>
  );
}
