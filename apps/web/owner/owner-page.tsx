import { useCallback, useEffect, useMemo, useState } from 'react';
import { late } from '../parts/late.tsx';
import { ask, Problem } from '../graphql/ask.ts';
import { useLive, useNews } from '../live.ts';
import { Layout, PageHead, type LayoutProps } from '../parts/layout.tsx';
import { ConnectionNote, ProblemNote } from '../parts/notes.tsx';
import { go, useLocation } from '../router.ts';
import { RequestsQuery } from '../requests/operations.ts';
import { page } from '../session/page.ts';
import { Me, SignedIn } from '../session/signed-in.tsx';
import { Guide } from '../story/guide.tsx';
import { settingsOf } from './deciding.ts';
import { Gate } from './gate.tsx';
import { Inside } from './inside.tsx';
import { Refused, Rules } from './lately.tsx';
import { choicesFrom } from './filter-bar.tsx';
import { ALL_KINDS, everything, type LineKind, type LogFilters } from './log-filters.ts';
import { GateQuery, LatelyQuery, LogFacetsQuery, ViewerQuery } from './operations.ts';
import { VisitLog } from './visit-log.tsx';
import type { ResultOf } from '../graphql/graphql.ts';

const Waiting = late(() => import('./waiting.tsx'));
const AfterVisits = late(() => import('./after-visits.tsx'));
const RequestsList = late(() => import('./requests-list.tsx'));

type Viewer = ResultOf<typeof ViewerQuery>['viewer'];
type Membership = Viewer['memberships'][number];

/** Who answers for the workspace reads its book; the others may know how the gate stands, and what they decide about. */
const READERS: readonly string[] = ['OWNER', 'ADMIN', 'MANAGER'];

export default function OwnerPage() {
  return (
    <SignedIn realm="members">
      <Owner />
      <Guide side="owner" />
    </SignedIn>
  );
}

function Owner() {
  const [viewer, setViewer] = useState<Viewer>();
  const [problem, setProblem] = useState<Problem>();
  const [attempt, setAttempt] = useState(0);
  const { searchParams } = useLocation();
  useEffect(() => {
    let over = false;
    setProblem(undefined);
    ask(ViewerQuery, {}).then(
      (data) => {
        if (!over) setViewer(data.viewer);
      },
      (error: unknown) => {
        if (!over) setProblem(error instanceof Problem ? error : new Problem('failed', String(error)));
      },
    );
    return () => {
      over = true;
    };
  }, [attempt]);

  if (!viewer) {
    return (
      <Layout title="Staff access">
        <PageHead title="Staff access" lede={problem ? undefined : 'Opening your workspace …'} />
        {problem && (
          <div className="note plain" role="alert">
            <p>{problem.message}</p>
            <button type="button" className="btn" onClick={() => setAttempt(attempt + 1)}>
              Try again
            </button>
          </div>
        )}
      </Layout>
    );
  }
  const chosen =
    viewer.memberships.find(({ workspaceId }) => workspaceId === searchParams.get('workspace')) ??
    viewer.memberships[0];
  const name = viewer.name ?? viewer.email ?? 'You';
  if (!chosen) {
    return (
      <Layout title="Staff access" me={<Me name={name} role="no workspace" />}>
        <PageHead
          title="Staff access"
          lede={`You are in no workspace that ${page.productName} told Gatebook of. Ask whoever runs yours to invite you.`}
        />
      </Layout>
    );
  }
  return <Workspace key={chosen.workspaceId} membership={chosen} all={viewer.memberships} name={name} />;
}

function Workspace({
  membership: { workspaceId, workspaceName, memberId, role },
  all,
  name,
}: {
  readonly membership: Membership;
  readonly all: readonly Membership[];
  readonly name: string;
}) {
  const reads = READERS.includes(role);
  const [decides, setDecides] = useState(false);
  const readsRequests = reads || decides;
  const news = useNews(workspaceId, reads ? 'book' : decides ? 'requests' : 'gate');
  const gate = useLive(`gate ${workspaceId}`, (minPosition) => ask(GateQuery, { workspaceId, minPosition }), news);
  const lately = useLive(
    `lately ${workspaceId}`,
    // Who may not read the book doesn't try: each try would be a line.
    async (minPosition) => (reads ? ask(LatelyQuery, { workspaceId, minPosition, viewed: ['viewed'] }) : undefined),
    news,
  );
  const requests = useLive(
    `requests ${workspaceId} ${readsRequests}`,
    async (minPosition) => (readsRequests ? ask(RequestsQuery, { workspaceId, minPosition }) : undefined),
    news,
  );
  const [filters, setFilters] = useState<LogFilters>(everything);
  const facets = useLive(
    `facets ${workspaceId}`,
    async (minPosition) => (reads ? ask(LogFacetsQuery, { workspaceId, minPosition }) : undefined),
    news,
  );
  const choices = useMemo(() => choicesFrom(facets.data?.visitLogFacets), [facets.data]);
  const maySwitch: boolean = gate.data?.staffAccess.maySwitch.includes(role) ?? false;
  // By the settings in force: somebody who only decides reads what waits, and nothing else of the book (S2-5).
  const mayDecide: boolean = gate.data?.staffAccess.mayDecide.includes(role) ?? false;
  useEffect(() => setDecides(mayDecide), [mayDecide]);
  // Whoever presses reads the line that it wrote, in the log as well.
  const [written, setWritten] = useState<string | null>(null);
  const onDone = useCallback(
    async (position: string | null) => {
      if (position !== null) setWritten(position);
      await Promise.all([gate.read(position), lately.read(position), requests.read(position)]);
    },
    [gate.read, lately.read, requests.read],
  );
  const showInLog = (filters: Partial<LogFilters>) => {
    setFilters({ ...everything, ...filters });
    document.getElementById('log')?.scrollIntoView();
    document.getElementById('log')?.focus({ preventScroll: true });
  };
  useScrollToHash(gate.data !== undefined && (!reads || requests.data !== undefined || requests.problem !== undefined));

  // As the vendor's preset calls it; until that is known, as most do.
  const panel = gate.data?.staffAccess.panel ?? 'Staff access';
  const layout: Omit<LayoutProps, 'children'> = {
    title: `${panel} · ${workspaceName}`,
    where: workspaceName,
    places: { label: 'Your pages', list: [{ to: '/owner', label: panel }], current: '/owner' },
    me: <Me name={name} role={role.toLowerCase()} />,
    ...(reads && { skipTo: { to: '#log', label: 'Go to the visit log' } }),
  };
  return (
    <Layout {...layout}>
      <PageHead
        title={panel}
        lede={`Who from ${page.productName} may come into ${workspaceName}, and what they did here.`}
      />
      {all.length > 1 && <OtherWorkspaces current={workspaceId} all={all} />}
      <ConnectionNote live={gate} retry={() => void onDone(null)} />
      {gate.problem?.kind === 'refused' && <ProblemNote problem={gate.problem} />}
      {gate.data && (
        <>
          <Gate
            {...{ workspaceId, workspaceName, maySwitch, onDone }}
            myName={name}
            myId={memberId}
            gate={gate.data}
            lately={lately.data}
            cases={[...choices.cases].toSorted()}
          />
          {requests.data && (
            <Waiting
              {...{ mayDecide, onDone }}
              myName={name}
              myId={memberId}
              settingsFor={() => settingsOf(gate.data!)}
              live={requests}
            />
          )}
          <Inside workspaceId={workspaceId} mayEnd={maySwitch} live={gate} onDone={onDone} />
          {lately.data && <Refused lately={lately.data} onAll={() => showInLog({ without: without('refused') })} />}
          {reads && (
            <AfterVisits
              {...{ workspaceId, news }}
              onVisit={(visit) => showInLog({ visit })}
              onAll={() => showInLog({ dates: '7', without: without('visits') })}
            />
          )}
          {reads && (
            <VisitLog
              {...{ workspaceId, workspaceName, filters, choices, written, news }}
              inside={gate.data.activeSessions}
              onFilters={setFilters}
            />
          )}
          {requests.data && (
            <RequestsList requests={requests.data} whoDecides={gate.data.staffAccess.rules.whoDecides} />
          )}
          <Rules gate={gate.data} />
        </>
      )}
      {!gate.data && !gate.problem && <p className="small">Opening the book …</p>}
    </Layout>
  );
}

/** All kinds of lines but one. */
const without = (kept: LineKind) => ALL_KINDS.filter((kind) => kind !== kept);

function OtherWorkspaces({ current, all }: { readonly current: string; readonly all: readonly Membership[] }) {
  return (
    <label className="workspace">
      <span>Workspace</span>
      <select
        value={current}
        onChange={({ target }) => go(`/owner?workspace=${encodeURIComponent(target.value)}`, { replace: true })}
      >
        {all.map(({ workspaceId, workspaceName }) => (
          <option key={workspaceId} value={workspaceId}>
            {workspaceName}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The part that an address names is there only once it is drawn. */
function useScrollToHash(ready: boolean): void {
  const { hash } = useLocation();
  useEffect(() => {
    if (!ready || hash === '') return;
    const target = document.getElementById(hash.slice(1));
    target?.scrollIntoView();
    target?.focus({ preventScroll: true });
  }, [ready, hash]);
}
