import { useState } from 'react';
import { ask } from '../graphql/ask.ts';
import { useLive, useOwnNews } from '../live.ts';
import { PageHead, Section } from '../parts/layout.tsx';
import { ConnectionNote, Freshness, ProblemNote, useStale } from '../parts/notes.tsx';
import { Mark, Sign } from '../parts/signs.tsx';
import { followed } from '../router.ts';
import { Time } from '../time/zone.tsx';
import { causeOf } from './causes.ts';
import { Denials } from './denials.tsx';
import { useFocusAfter } from './focus-after.ts';
import { LiveVisit } from './live-visit.tsx';
import { MyVisitsQuery, type MyVisit } from './operations.ts';
import { caseOrNone } from '../parts/case-in-words.ts';

const FIRST = 20;
/** The most that one page of a list holds at Gatebook. */
const MOST = 100;

/** The staff member's own page: where they are, where they were, and what was refused. */
export function MyVisits({ name }: { readonly name: string }) {
  const [visits, setVisits] = useState(FIRST);
  const [denials, setDenials] = useState(FIRST);
  const news = useOwnNews();
  const live = useLive('my visits', (minPosition) => ask(MyVisitsQuery, { visits, denials, minPosition }), news);
  const stale = useStale(live);
  const { data, problem } = live;
  const all = data?.myVisits.nodes ?? [];
  const open = all.filter(({ endedAt }) => endedAt === null);
  const ended = all.filter(({ endedAt }) => endedAt !== null);
  useFocusAfter(open[0]?.id, '#now');
  const more = (shown: number, show: (count: number) => void) => () => {
    show(MOST);
    if (shown < MOST) setTimeout(() => void live.read());
  };
  return (
    <>
      <PageHead
        title="Your visits"
        lede="A visit starts from a support case. Each page is a line in the customer’s book before it opens."
      />
      <ConnectionNote live={live} retry={() => void live.read()} />
      {problem?.kind === 'refused' && <ProblemNote problem={problem} />}
      {!data && !problem && <p className="small first-acts">Opening your visits …</p>}
      {data && (
        <>
          <Section
            title="Now"
            first
            id="now"
            hint={
              <>
                <span role="status">{open.length === 0 ? 'No visit.' : '1 visit.'}</span> <Freshness {...live} />
              </>
            }
          >
            {open.length === 0 && <Nowhere isFirst={all.length === 0} />}
            {open.map((visit) => (
              <LiveVisit key={visit.id} visit={visit} name={name} stale={stale} read={live.read} />
            ))}
          </Section>
          <Section title="Ended" hint="Why each ended, and what was recorded.">
            {ended.length === 0 ? (
              <p>No visit of yours has ended yet.</p>
            ) : (
              <ul className="book dated loose">
                {ended.map((visit) => (
                  <Ended key={visit.id} visit={visit} />
                ))}
              </ul>
            )}
            {data.myVisits.pageInfo.hasNextPage && visits < MOST && (
              <p className="gap">
                <button type="button" className="txt" onClick={more(visits, setVisits)}>
                  Show older visits
                </button>
              </p>
            )}
          </Section>
          <Section title="Refused" id="refused" hint="What you tried and may not do. Nothing was shown.">
            <Denials
              denials={data.myDenials.nodes}
              visits={all}
              nothing="Nothing was refused. What the rules don’t let you do stands here, with what to do instead."
            />
            {data.myDenials.pageInfo.hasNextPage && denials < MOST && (
              <p className="gap">
                <button type="button" className="txt" onClick={more(denials, setDenials)}>
                  Show older refusals
                </button>
              </p>
            )}
          </Section>
        </>
      )}
    </>
  );
}

/** Nobody is inside: what a visit is, where there never was one. */
function Nowhere({ isFirst }: { readonly isFirst: boolean }) {
  return (
    <>
      <p className="big">You are in no customer’s workspace.</p>
      {isFirst && (
        <p className="gap">
          You come in with a reason that the customer reads, for one open case where their settings ask for one, and for
          as long as you say at most. You look; a change is asked for first.
        </p>
      )}
      <div className="acts gap">
        <a className="btn go" href="/staff/start" onClick={followed}>
          <Sign name="key" /> Start a visit
        </a>
      </div>
    </>
  );
}

function Ended({ visit }: { readonly visit: MyVisit }) {
  const { id, workspaceName, caseRef, startedAt, endedAt, viewedCount, refusedCount } = visit;
  const came = [
    viewedCount === 0 ? 'no page viewed' : `${viewedCount} ${viewedCount === 1 ? 'page' : 'pages'} viewed`,
    ...(refusedCount > 0 ? [`${refusedCount} refused`] : []),
  ].join(', ');
  return (
    <li className="line out">
      <Time at={Date.parse(endedAt ?? startedAt)} shape="shortly" />
      <Mark mark="out" />
      <div className="say">
        <p>
          <a href={`/staff/visit/${id}`} onClick={followed}>
            {workspaceName}, {caseOrNone(caseRef)}
          </a>
        </p>
        <p className="small">
          {causeOf(visit)} Begun <Time at={Date.parse(startedAt)} shape="shortly" />, {came}.
        </p>
      </div>
    </li>
  );
}
