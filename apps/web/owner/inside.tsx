import { useState } from 'react';
import { timeSpent } from '#wording/time-spent';
import { command, commandId, Problem } from '../graphql/ask.ts';
import { useNow, type Live } from '../live.ts';
import { Section } from '../parts/layout.tsx';
import { Freshness, useSay, useStale } from '../parts/notes.tsx';
import { CanAndCannot, lookOf, Meter, modeOf, ModeOfVisit } from '../parts/signs.tsx';
import { happened } from '../story/run.ts';
import { Time } from '../time/zone.tsx';
import { span } from '../time/time.ts';
import { EndSession, type Gate, type LiveSession } from './operations.ts';
import { caseOrNone } from '../parts/case-in-words.ts';
import { ForCase } from '../parts/for-case.tsx';

/** Who is inside now: page, reason, time left, and the one press that ends a visit. */
export function Inside({
  workspaceId,
  mayEnd,
  live,
  onDone,
}: {
  readonly workspaceId: string;
  readonly mayEnd: boolean;
  readonly live: Live<Gate>;
  readonly onDone: (position: string | null) => Promise<void>;
}) {
  const sessions = live.data?.activeSessions ?? [];
  const stale = useStale(live);
  const count = sessions.length === 1 ? '1 visit' : sessions.length === 0 ? 'Nobody' : `${sessions.length} visits`;
  return (
    <Section
      title="Right now"
      id="now"
      hint={
        <>
          <span role="status">{count}.</span> <Freshness {...live} />
        </>
      }
    >
      {sessions.length === 0 ? (
        <p>
          Nobody from outside is in your workspace.
          {live.data?.staffAccess.on && ' Who comes in stands here at once, with the page that they look at.'}
        </p>
      ) : (
        <ul>
          {sessions.map((session) => (
            <li key={session.id}>
              <LiveRow {...{ workspaceId, mayEnd, session, stale, onDone }} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function LiveRow({
  workspaceId,
  mayEnd,
  session,
  stale,
  onDone,
}: {
  readonly workspaceId: string;
  readonly mayEnd: boolean;
  readonly session: LiveSession;
  readonly stale: boolean;
  readonly onDone: (position: string | null) => Promise<void>;
}) {
  const { staffName, staffEmail, caseRef, reason, currentPage, startedAt, plannedEnd, idleEndsAt, action } = session;
  const as = session.viewedAs === null ? null : (session.viewedAsName ?? 'a member whose name is erased');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const say = useSay();
  const now = useNow();
  const [from, to] = [Date.parse(startedAt), Date.parse(plannedEnd)];
  const idle = idleEndsAt === null ? to : Date.parse(idleEndsAt);
  const who = staffName ?? 'A staff member whose name is erased';
  const first = who.split(' ')[0];

  const end = async () => {
    if (busy) return;
    setBusy(true);
    setRefused(undefined);
    try {
      const input = { workspaceId, sessionId: session.id, commandId: commandId() };
      const { endSession } = await command(EndSession, { input });
      if (endSession.userErrors[0]) return setRefused(endSession.userErrors[0].message);
      say(`${who}’s visit has ended.`, 'out');
      happened('visit-ended');
      await onDone(endSession.position);
      // The button is gone: the focus goes where the next row, or the empty place, is.
      document.getElementById('now')?.focus({ preventScroll: true });
    } catch (error) {
      setRefused(error instanceof Problem ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <article
      className={`live ${lookOf(modeOf(action))}${stale ? ' stale' : ''}`}
      aria-label={`${who}, ${caseOrNone(caseRef)}`}
    >
      <div>
        <p className="whoat">
          <b>{who}</b>
          {as !== null && (
            <>
              , viewing as <b>{as}</b>
            </>
          )}{' '}
          {staffEmail && <span className="small">{staffEmail}</span>}
        </p>
        <p className="now">
          {currentPage === null ? (
            'Came in, and has opened no page yet.'
          ) : (
            <>
              Looking at <b>{currentPage}</b>
            </>
          )}
        </p>
        {reason !== null && (
          <blockquote>
            {reason}
            <footer>
              Reason given <ForCase caseRef={caseRef} />
            </footer>
          </blockquote>
        )}
        {session.can && session.cannot && (
          <details className="fold">
            <summary>What {first} can and can’t do</summary>
            <CanAndCannot
              can={{ title: `${first} can`, items: session.can }}
              cannot={{ title: `${first} can’t`, items: session.cannot }}
            />
          </details>
        )}
      </div>
      <div className="side">
        <ModeOfVisit action={action} reveal={session.reveal} />
        <Meter
          used={now - from}
          of={to - from}
          label={`${timeSpent({ spentMs: now - from, givenMs: to - from })} used`}
        />
        <p>
          <b>{to > now ? `${span(to - now)} left` : 'Its time is up'}</b>{' '}
          <span className="small">
            ends <Time at={to} shape="shortly" />
          </span>
        </p>
        {idle < to && idle > now && (
          <p className="small">
            or at <Time at={idle} shape="shortly" />, if {first} does nothing
          </p>
        )}
        {stale && <p className="small">This may have changed: no news for a while.</p>}
        {mayEnd && (
          <div className="acts">
            <button
              type="button"
              className="btn"
              aria-label={`${busy ? 'Ending' : 'End this visit now'}: ${who}`}
              aria-disabled={busy || undefined}
              onClick={() => void end()}
            >
              {busy ? 'Ending …' : 'End this visit now'}
            </button>
          </div>
        )}
        <div role="alert">{refused && <p className="small">{refused}</p>}</div>
      </div>
    </article>
  );
}
