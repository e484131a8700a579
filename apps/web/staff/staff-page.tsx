import { useEffect, useState } from 'react';
import { ask } from '../graphql/ask.ts';
import type { ResultOf } from '../graphql/graphql.ts';
import { ViewerQuery } from '../owner/operations.ts';
import { Layout, PageHead } from '../parts/layout.tsx';
import { page } from '../session/page.ts';
import { Me, SignedIn } from '../session/signed-in.tsx';
import { Guide } from '../story/guide.tsx';

/** Where staff arrive: who they are. */
export default function StaffPage() {
  return (
    <SignedIn realm="staff">
      <Staff />
      <Guide side="staff" />
    </SignedIn>
  );
}

function Staff() {
  const [viewer, setViewer] = useState<ResultOf<typeof ViewerQuery>['viewer']>();
  useEffect(() => {
    ask(ViewerQuery, {}).then(
      (data) => setViewer(data.viewer),
      () => undefined,
    );
  }, []);
  return (
    <Layout
      title="Your visits"
      where={`${page.productName} staff`}
      me={viewer && <Me name={viewer.name ?? ''} role={viewer.staffRoles.join(', ').toLowerCase()} />}
    >
      <PageHead title={`${page.productName} staff`} lede="Visits start from a support case." />
    </Layout>
  );
}
