import { useEffect, useMemo, useRef, useState } from 'react';
import { ask } from '../graphql/ask.ts';
import { useLive, useMinute, useOwnNews } from '../live.ts';
import { inZone, isWithinPage } from '../owner/book.ts';
import { Sentence } from '../parts/lines.tsx';
import { ProblemNote } from '../parts/notes.tsx';
import { Mark } from '../parts/signs.tsx';
import { Time, useZone } from '../time/zone.tsx';
import { WayOn } from './denials.tsx';
import { VisitLinesQuery, type MyVisit, type VisitLine } from './operations.ts';

/** Lines of one reading. */
const PAGE = 50;

/** Every line of a visit that has ended, as the customer reads them, in written order; below the close, what was tried since. */
export function RecordedLines({ visit }: { readonly visit: MyVisit }) {
  // Nothing of what is written ever changes: only the last page can still grow.
  const [before, setBefore] = useState<{ readonly lines: readonly VisitLine[]; readonly after: string | null }>(NONE);
  const [announcement, setAnnouncement] = useState('');
  const first = useRef<HTMLLIElement>(null);
  const { id } = visit;
  const { after } = before;
  const news = useOwnNews();
  const live = useLive(
    `lines ${id} ${after}`,
    async (minPosition) => (await ask(VisitLinesQuery, { id, first: PAGE, after, minPosition })).myVisitLog,
    news,
  );
  const { data, problem } = live;
  const lines = useMemo(() => [...before.lines, ...(data?.nodes ?? [])], [before, data]);
  const end = lines.findIndex(({ kind }) => kind === 'SessionEnded') + 1;
  const inside = end === 0 ? lines : lines.slice(0, end);
  const since = end === 0 ? [] : lines.slice(end);
  const firstNew = data?.nodes[0]?.id;
  const isFurther = after !== null && firstNew !== undefined;
  const further = data?.nodes.length ?? 0;

  // Who asked for more reads on at the first of them, by keyboard and by ear.
  useEffect(() => {
    if (!isFurther) return;
    first.current?.focus({ preventScroll: true });
    setAnnouncement(further === 1 ? '1 more line' : `${further} more lines`);
    // A page that grows is no reason: only another page is.
  }, [isFurther, after]);

  const more = () => {
    if (data?.pageInfo.endCursor) setBefore({ lines, after: data.pageInfo.endCursor });
  };
  const shown = (list: readonly VisitLine[]) =>
    list.map((line) => (
      <Recorded key={line.id} {...{ line, visit }} place={after !== null && line.id === firstNew ? first : undefined} />
    ));
  return (
    <div className="recorded">
      <h3 className="gap-2" id="lines">
        Line by line
      </h3>
      <p className="vh" role="status">
        {announcement}
      </p>
      {lines.length === 0 && !problem && <p className="small">Opening the book …</p>}
      <ol className="book dated" aria-labelledby="lines">
        {shown(inside)}
      </ol>
      {end > 0 && <div className="double" />}
      {since.length > 0 && (
        <>
          <h4 className="small after" id="lines-after">
            After the end
          </h4>
          <ol className="book dated" aria-labelledby="lines-after">
            {shown(since)}
          </ol>
        </>
      )}
      {problem && <ProblemNote problem={problem} />}
      {after !== null && !data && !problem && <p className="small">Reading more lines …</p>}
      {data?.pageInfo.hasNextPage && (
        <p className="gap">
          <button type="button" className="txt" onClick={more}>
            Show more lines
          </button>
        </p>
      )}
    </div>
  );
}

const NONE = { lines: [], after: null } as const;

function Recorded({
  line,
  visit: { id: sessionId, workspaceId, caseRef },
  place,
}: {
  readonly line: VisitLine;
  readonly visit: MyVisit;
  readonly place: React.RefObject<HTMLLIElement | null> | undefined;
}) {
  const now = useMinute();
  const { zone } = useZone();
  const { parts, detail } = inZone(line, now, zone);
  return (
    <li className={`line ${line.mark}${isWithinPage(line) ? ' within' : ''}`} ref={place} tabIndex={place && -1}>
      <Time at={Date.parse(line.occurredAt)} shape="shortly" />
      <Mark mark={line.mark} />
      <div className="say">
        <p>
          <Sentence parts={parts} />
        </p>
        {detail && <p className="small">{detail}</p>}
        {line.rule !== null && (
          <WayOn refused={{ ...line, sessionId, workspaceId, caseRef, rule: line.rule, because: line.detail ?? '' }} />
        )}
      </div>
    </li>
  );
}
