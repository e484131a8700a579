import { useEffect, useState } from 'react';
import { ask } from '../graphql/ask.ts';
import type { ResultOf } from '../graphql/graphql.ts';
import { ViewerQuery } from '../owner/operations.ts';
import { Layout } from '../parts/layout.tsx';
import { useLocation } from '../router.ts';
import { page } from '../session/page.ts';
import { Me, SignedIn } from '../session/signed-in.tsx';
import { Guide } from '../story/guide.tsx';
import { Start } from './start.tsx';
import { MyVisits, VisitEnded } from './visits.tsx';
import './staff.css';

/** Where staff start visits from a case, and see their own. */
export default function StaffPage() {
  return (
    <SignedIn realm="staff">
      <Staff />
      <Guide side="staff" />
    </SignedIn>
  );
}

const PLACES = [
  { to: '/staff', label: 'My visits' },
  { to: '/staff/start', label: 'Start a visit' },
];

function Staff() {
  const [viewer, setViewer] = useState<ResultOf<typeof ViewerQuery>['viewer']>();
  const { pathname } = useLocation();
  useEffect(() => {
    ask(ViewerQuery, {}).then(
      (data) => setViewer(data.viewer),
      () => undefined,
    );
  }, []);
  const starts = pathname === '/staff/start';
  const visit = /^\/staff\/visit\/([^/]+)$/.exec(pathname)?.[1];
  return (
    <Layout
      title={starts ? 'Start a visit' : 'Your visits'}
      where={`${page.productName} staff`}
      places={{ label: 'Staff pages', list: PLACES, current: pathname }}
      me={viewer && <Me name={viewer.name ?? ''} role={viewer.staffRoles.join(', ').toLowerCase()} />}
    >
      {starts ? <Start name={viewer?.name ?? 'You'} /> : visit !== undefined ? <VisitEnded id={visit} /> : <MyVisits />}
    </Layout>
  );
}
