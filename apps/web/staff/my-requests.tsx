import { ask } from '../graphql/ask.ts';
import { useLive, useOwnRequestNews } from '../live.ts';
import { PageHead, Section } from '../parts/layout.tsx';
import { ConnectionNote, Freshness, ProblemNote } from '../parts/notes.tsx';
import { MyRequestsQuery } from '../requests/operations.ts';
import { isOpen } from '../requests/told.ts';
import { followed } from '../router.ts';
import { MyRequest } from './my-request.tsx';
import '../requests/requests.css';

/** The staff member's own requests: what waits, what can be begun, and how the others ended. */
export function MyRequests({ name }: { readonly name: string }) {
  const news = useOwnRequestNews();
  const live = useLive('my requests', (minPosition) => ask(MyRequestsQuery, { minPosition }), news);
  const { data, problem } = live;
  const names = new Map((data?.workspaces.nodes ?? []).map(({ id, name: called }) => [id, called]));
  const all = data?.myRequests.nodes ?? [];
  const usable = all.filter(({ grant }) => grant?.phase === 'READY' || grant?.phase === 'TO_CONFIRM');
  const now = [...usable, ...all.filter(isOpen)];
  const others = all.filter((request) => !now.includes(request));
  const shown = (list: typeof all) => (
    <ul className="asked-list">
      {list.map((request) => (
        <li key={request.id}>
          <MyRequest
            {...{ request, name }}
            workspaceName={names.get(request.workspaceId) ?? 'the workspace'}
            read={live.read}
          />
        </li>
      ))}
    </ul>
  );
  return (
    <>
      <PageHead
        title="Your requests"
        lede="What you asked for, what became of it, and what you can begin now. An approval starts nothing by itself."
      />
      <ConnectionNote live={live} retry={() => void live.read()} />
      {problem?.kind === 'refused' && <ProblemNote problem={problem} />}
      {!data && !problem && <p className="small first-acts">Opening your requests …</p>}
      {data && (
        <>
          <Section
            title="Now"
            first
            id="now"
            hint={
              <>
                <span role="status">
                  {now.length === 0 ? 'Nothing waits.' : now.length === 1 ? '1 request.' : `${now.length} requests.`}
                </span>{' '}
                <Freshness {...live} />
              </>
            }
          >
            {now.length === 0 ? (
              <>
                <p className="big">Nothing of yours waits for an answer.</p>
                <p className="gap">
                  To change something for a customer, ask for the one action on the one thing, and to see what is masked
                  for the one value of the one record, with the reason. Whoever decides by their settings approves it,
                  approves less, asks you back or declines.
                </p>
                <div className="acts gap">
                  <a className="btn" href="/staff/ask" onClick={followed}>
                    Ask for access
                  </a>
                </div>
              </>
            ) : (
              shown(now)
            )}
          </Section>
          {others.length > 0 && (
            <Section title="Before" hint="How each ended.">
              {shown(others)}
              {data.myRequests.pageInfo.hasNextPage && (
                <p className="gap meta">These are the newest 50. Older ones stand in each workspace’s visit log.</p>
              )}
            </Section>
          )}
        </>
      )}
    </>
  );
}
