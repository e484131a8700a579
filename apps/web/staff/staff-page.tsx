import { useEffect, useState } from 'react';
import { ask } from '../graphql/ask.ts';
import type { ResultOf } from '../graphql/graphql.ts';
import { ViewerQuery } from '../owner/operations.ts';
import { Layout } from '../parts/layout.tsx';
import { useLocation } from '../router.ts';
import { page } from '../session/page.ts';
import { useTokens } from '../session/session.ts';
import { Me, SignedIn } from '../session/signed-in.tsx';
import { Guide } from '../story/guide.tsx';
import { OneVisit } from './ended.tsx';
import { MyRequests } from './my-requests.tsx';
import { MyVisits } from './my-visits.tsx';
import { Start } from './start.tsx';
import { ToDecide } from './to-decide.tsx';
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
  { to: '/staff/requests', label: 'My requests' },
];
/** For whom the settings name to decide for the vendor. */
const TO_DECIDE = { to: '/staff/decide', label: 'To decide' };

function Staff() {
  const [viewer, setViewer] = useState<ResultOf<typeof ViewerQuery>['viewer']>();
  const tokens = useTokens('staff');
  const { pathname, search } = useLocation();
  useEffect(() => {
    ask(ViewerQuery, {}).then(
      (data) => setViewer(data.viewer),
      () => undefined,
    );
  }, []);
  const starts = pathname === '/staff/start' || pathname === '/staff/ask';
  const visit = /^\/staff\/visit\/([^/]+)$/.exec(pathname)?.[1];
  const name = viewer?.name ?? tokens?.name ?? 'You';
  return (
    <Layout
      title={
        pathname === '/staff/ask'
          ? 'Ask for access'
          : starts
            ? 'Start a visit'
            : pathname === '/staff/requests'
              ? 'Your requests'
              : pathname === TO_DECIDE.to
                ? TO_DECIDE.label
                : visit === undefined
                  ? 'Your visits'
                  : 'Your visit'
      }
      where={`${page.productName} staff`}
      places={{
        label: 'Staff pages',
        list: viewer?.decidesForVendor ? [...PLACES, TO_DECIDE] : PLACES,
        current: pathname,
      }}
      me={viewer && <Me name={name} role={viewer.staffRoles.join(', ').toLowerCase() || 'no role'} />}
    >
      {starts && tokens ? (
        <Start key={pathname + search} name={name} subject={tokens.subject} />
      ) : visit !== undefined ? (
        <OneVisit key={visit} id={visit} name={name} />
      ) : pathname === '/staff/requests' ? (
        <MyRequests name={name} />
      ) : pathname === TO_DECIDE.to ? (
        viewer && <ToDecide name={name} mayDecide={viewer.decidesForVendor} />
      ) : (
        <MyVisits name={name} />
      )}
    </Layout>
  );
}
