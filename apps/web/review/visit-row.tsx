import { timeSpent } from '#wording/time-spent';
import { useMinute } from '../live.ts';
import { Mark } from '../parts/signs.tsx';
import { followed } from '../router.ts';
import { page } from '../session/page.ts';
import { span } from '../time/time.ts';
import { Time } from '../time/zone.tsx';
import type { ReviewedVisit } from './operations.ts';
import { ending, endStandsOut, standsOut, who } from './told.ts';
import { sentenceCase } from '../parts/sentence-case.ts';
import { ForCase } from '../parts/for-case.tsx';

/** One visit of a week: who came where and why, what it came to, and how it ended. */
export function VisitRow({
  visit,
  to,
  onOpen,
}: {
  readonly visit: ReviewedVisit;
  readonly to: string;
  readonly onOpen: () => void;
}) {
  const now = useMinute();
  const { id, workspaceName, caseRef, reason, endedAt } = visit;
  const began = Date.parse(visit.startedAt);
  const plannedEnd = Date.parse(visit.plannedEnd);
  const why = standsOut(visit);
  const mark = markOf(visit);
  return (
    <li className={`line ${mark}`}>
      <Time at={began} shape="day and time" />
      <Mark mark={mark} />
      <div className="say">
        <p>
          <a
            className="visit-link"
            id={`open-${id}`}
            href={to}
            onClick={(event) => {
              onOpen();
              followed(event);
            }}
          >
            <b>{who(visit)}</b> visited {workspaceName || `a workspace of ${page.productName}`}{' '}
            <ForCase caseRef={caseRef} />
          </a>
        </p>
        <p className="small">“{reason ?? 'The reason was erased'}”</p>
        {why !== undefined && (
          <p className="small why">
            <b>{why}</b>
          </p>
        )}
      </div>
      <div className="came-to">
        <Tally visit={visit} />
        <p className="small">
          {endedAt === null ? (
            <>
              <b>Inside now</b>, {span(Math.max(plannedEnd - now, 0))} left at most
            </>
          ) : (
            <>
              {sentenceCase(timeSpent({ spentMs: Date.parse(endedAt) - began, givenMs: plannedEnd - began }))} used.
              {!endStandsOut(visit) && ` ${sentenceCase(ending(visit))}.`}
            </>
          )}
        </p>
      </div>
    </li>
  );
}

function markOf({ changedCount, refusedCount, endedAt }: ReviewedVisit): string {
  if (changedCount > 0) return 'changed';
  if (refusedCount > 0) return 'refused';
  return endedAt === null ? 'in' : 'viewed';
}

/** Views apart from changes and refusals, by mark and word. */
export function Tally({ visit }: { readonly visit: ReviewedVisit }) {
  const { viewedCount, changedCount, refusedCount } = visit;
  return (
    <ul className="tally">
      {(
        [
          ['viewed', viewedCount],
          ['changed', changedCount],
          ['refused', refusedCount],
        ] as const
      ).map(([mark, count]) => (
        <li key={mark} className={count === 0 ? `${mark} none` : mark}>
          <Mark mark={mark} /> {count} {mark}
        </li>
      ))}
    </ul>
  );
}
