import { useEffect, type ReactNode } from 'react';
import { timeSpent } from '#wording/time-spent';
import { ask } from '../graphql/ask.ts';
import { useLive, useOwnNews } from '../live.ts';
import { PageHead, Section } from '../parts/layout.tsx';
import { ConnectionNote, useStale } from '../parts/notes.tsx';
import { Mark } from '../parts/signs.tsx';
import { followed } from '../router.ts';
import { page } from '../session/page.ts';
import { happened } from '../story/run.ts';
import { Time } from '../time/zone.tsx';
import { causeOf, meaningOf } from './causes.ts';
import { useFocusAfter } from './focus-after.ts';
import { LiveVisit } from './live-visit.tsx';
import { OneVisitQuery, type MyVisit } from './operations.ts';
import { RecordedLines } from './recorded-lines.tsx';
import { caseInWords, caseShown } from '../parts/case-in-words.ts';
import { Case } from '../parts/for-case.tsx';

/** One visit of the staff member: while it goes on, and above all after it: why it ended, what was recorded, the way back. */
export function OneVisit({ id, name }: { readonly id: string; readonly name: string }) {
  const news = useOwnNews();
  const live = useLive(`visit ${id}`, (minPosition) => ask(OneVisitQuery, { id, minPosition }), news);
  const stale = useStale(live);
  const node = live.data?.node;
  const visit = node?.__typename === 'Session' ? node : undefined;
  const isOver = visit !== undefined && visit.endedAt !== null;
  useFocusAfter(isOver ? undefined : visit?.id, 'main h1');
  useEffect(() => {
    if (isOver) happened('saw-why-it-ended');
  }, [isOver]);
  if (visit && isOver) return <Over visit={visit} />;
  return (
    <>
      <PageHead
        title={visit ? `Your visit to ${visit.workspaceName}` : live.data ? 'No such visit' : 'Your visit'}
        lede={visit ? 'It goes on.' : live.data ? 'There is none of that address, or it is not yours.' : undefined}
      />
      <ConnectionNote live={live} retry={() => void live.read()} />
      {!live.data && !live.problem && <p className="small first-acts">Opening your visit …</p>}
      {visit && (
        <Section title="Now" first id="now">
          <LiveVisit {...{ visit, name, stale }} read={live.read} />
        </Section>
      )}
      {live.data && !visit && (
        <div className="acts first-acts">
          <a className="btn" href="/staff" onClick={followed}>
            Go to your visits
          </a>
        </div>
      )}
    </>
  );
}

function Over({ visit }: { readonly visit: MyVisit }) {
  const { workspaceId, workspaceName, caseRef, reason, letIn, viewedCount, clickedCount, changedCount } = visit;
  const { revealedCount } = visit;
  const [from, to, planned] = [visit.startedAt, visit.endedAt ?? visit.plannedEnd, visit.plannedEnd].map((at) =>
    Date.parse(at),
  ) as [number, number, number];
  const meaning = meaningOf(visit);
  const spent = timeSpent({ spentMs: to - from, givenMs: planned - from });
  return (
    <div className="ended">
      <div className="ended-head out">
        <Mark mark="out" />
        <PageHead title={`Your visit to ${workspaceName} has ended`} />
        <p className="big">
          {causeOf(visit)} Nothing of {workspaceName} is open any more.
        </p>
        {meaning && <p className="small gap">{meaning}</p>}
        <div className="acts gap">
          <a className="btn go" href={page.productUrl}>
            Back to your own account
          </a>
          <a className="btn" href="/staff" onClick={followed}>
            Your visits
          </a>
        </div>
      </div>
      <Section title="What was recorded" first hint="For you and for the customer alike. Nobody can edit or remove it.">
        <dl className="facts record">
          <Fact term="When">
            <Time at={from} shape="day and time" /> to <Time at={to} shape="clock" />, {spent}
          </Fact>
          <Fact term="Case">
            <Case caseRef={caseRef} />
          </Fact>
          {letIn !== null && <Fact term="Let in">{letIn}</Fact>}
          <Fact term="Viewed">
            {viewedCount === 0 ? 'No page' : `${viewedCount} ${viewedCount === 1 ? 'page' : 'pages'}`}
            {clickedCount > 0 && `, ${clickedCount} ${clickedCount === 1 ? 'click' : 'clicks'} within them`}
          </Fact>
          {revealedCount > 0 && (
            <Fact term="Shown">
              {revealedCount === 1 ? '1 masked value' : `${revealedCount} masked values`}, as approved
            </Fact>
          )}
          <Fact term="Changed">{changedCount === 0 ? 'Nothing' : String(changedCount)}</Fact>
        </dl>
        <blockquote>
          {reason ?? 'The reason is erased.'}
          <footer>Your reason, as the customer reads it</footer>
        </blockquote>
        <RecordedLines visit={visit} />
      </Section>
      <Section title={caseRef ? `If ${caseShown(caseRef)} is not solved` : 'If there is more to do'}>
        <p>A visit is never opened again. A new one is a new line, with a new reason.</p>
        <div className="acts gap">
          <a
            className="btn"
            href={`/staff/start?workspace=${workspaceId}${caseRef && `&case=${encodeURIComponent(caseRef)}`}`}
            onClick={followed}
          >
            Start a new visit {caseInWords(caseRef)}
          </a>
        </div>
      </Section>
    </div>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
