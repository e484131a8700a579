import { ask } from '../graphql/ask.ts';
import { useLive, useMinute, type News } from '../live.ts';
import { Section } from '../parts/layout.tsx';
import { Mark } from '../parts/signs.tsx';
import { Time } from '../time/zone.tsx';
import { NotesQuery } from './operations.ts';

const SHOWN = 3;
const DAY = 86_400_000;

/** The notes of the visits of the last days: what support did here, in a sentence each (S4-57). */
export default function AfterVisits({
  workspaceId,
  news,
  onVisit,
  onAll,
}: {
  readonly workspaceId: string;
  readonly news: News;
  /** Shows the lines of one visit in the log. */
  readonly onVisit: (sessionId: string) => void;
  readonly onAll: () => void;
}) {
  const now = useMinute();
  const load = (minPosition: string | null) => ask(NotesQuery, { workspaceId, first: SHOWN + 1, minPosition });
  const { data } = useLive(`notes ${workspaceId}`, load, news);
  if (!data) return null;
  const week = now - 7 * DAY;
  const recent = data.endedSessions.nodes.flatMap(({ id, note, endedAt }) =>
    note !== null && endedAt !== null && Date.parse(endedAt) > week ? [{ id, note, at: Date.parse(endedAt) }] : [],
  );
  return (
    <Section title="After a visit" id="notes" hint="What each visit came to, in the last 7 days.">
      {recent.length === 0 ? (
        <p>
          No visit has ended{data.endedSessions.nodes.length === 0 ? '' : ' in the last 7 days'}. Once one has, a short
          note of it stands here: who came in, for what, for how long, and what they viewed or changed.
        </p>
      ) : (
        <ul className="book refusals">
          {recent.slice(0, SHOWN).map(({ id, note, at }) => (
            <li className="line out" key={id}>
              <Time at={at} shape="shortly" />
              <Mark mark="out" />
              <div className="say">
                <p>{note}</p>
                <p>
                  <button type="button" className="txt" onClick={() => onVisit(id)}>
                    Show its lines<span className="vh"> in the visit log: {note}</span>
                  </button>
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
      {recent.length > SHOWN && (
        <p className="gap">
          <button type="button" className="txt" onClick={onAll}>
            Show every visit in the log
          </button>
        </p>
      )}
    </Section>
  );
}
