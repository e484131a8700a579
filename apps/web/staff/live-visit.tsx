import { useEffect, useState } from 'react';
import { late } from '../parts/late.tsx';
import { timeSpent } from '#wording/time-spent';
import { command, commandId, Problem } from '../graphql/ask.ts';
import { useNow } from '../live.ts';
import { useSay } from '../parts/notes.tsx';
import { lookOf, Meter, modeOf, ModeOfVisit, Sign } from '../parts/signs.tsx';
import { page } from '../session/page.ts';
import { span } from '../time/time.ts';
import { Time } from '../time/zone.tsx';
import { ConfirmPresence, ExitSession, type MyVisit } from './operations.ts';
import { ScopeLists } from './scope-lists.tsx';
import { caseInWords, caseOrNone } from '../parts/case-in-words.ts';

const warning = () => import('../parts/dialog.tsx');
const Dialog = late(warning);
const MoreTime = late(() => import('./more-time.tsx'));

/** From when on the idle end is said as a warning (WCAG 2.2.1). */
const WARN_MS = 60_000;

/** The visit that the staff member is in: where, until when, exactly what it allows, and the way out. */
export function LiveVisit({
  visit,
  name,
  stale,
  read,
}: {
  readonly visit: MyVisit;
  /** The staff member's own. */
  readonly name: string;
  readonly stale: boolean;
  readonly read: (position?: string | null) => Promise<void>;
}) {
  const { id, workspaceId, workspaceName, caseRef, reason, currentPage, letIn, action, can, cannot } = visit;
  const [refused, setRefused] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [asksMore, setAsksMore] = useState(false);
  const say = useSay();
  const now = useNow();
  const [from, to] = [Date.parse(visit.startedAt), Date.parse(visit.plannedEnd)];
  const idle = visit.idleEndsAt === null ? to : Date.parse(visit.idleEndsAt);
  const idling = idle < to && idle - now <= WARN_MS && idle > now;

  // It is there when it is needed, even if the network isn't.
  useEffect(() => void warning().catch(() => undefined), []);

  const send = async (
    what: () => Promise<{ position: string | null; userErrors: { message: string }[] }>,
    done: string,
    mark?: string,
  ) => {
    if (busy) return;
    setBusy(true);
    setRefused(undefined);
    try {
      const { position, userErrors } = await what();
      if (userErrors[0]) setRefused(userErrors[0].message);
      else say(done, mark);
      await read(position);
      if (mark === 'out') document.getElementById('now')?.focus({ preventScroll: true });
    } catch (error) {
      setRefused(error instanceof Problem ? `${error.message} Press again.` : String(error));
    } finally {
      setBusy(false);
    }
  };
  const input = () => ({ workspaceId, sessionId: id, commandId: commandId() });
  const exit = () =>
    void send(
      async () => (await command(ExitSession, { input: input() })).exitSession,
      `You have left ${workspaceName}.`,
      'out',
    );
  const stay = () =>
    void send(
      async () => (await command(ConfirmPresence, { input: input() })).confirmPresence,
      'You stay. The idle clock begins anew.',
    );
  return (
    <article
      className={`live ${lookOf(modeOf(action))}${stale ? ' stale' : ''}`}
      aria-label={`${workspaceName} ${caseInWords(caseRef)}`}
    >
      <div>
        <p className="whoat">
          <b>{workspaceName}</b> <span className="small id">{caseOrNone(caseRef)}</span>
        </p>
        {visit.viewedAs !== null && (
          <p>
            Viewing as <b>{visit.viewedAsName ?? 'a member whose name is erased'}</b>
          </p>
        )}
        <p className="now">
          {currentPage === null ? (
            'You have opened no page yet.'
          ) : (
            <>
              You look at <b>{currentPage}</b>
            </>
          )}
        </p>
        {reason !== null && (
          <blockquote>
            {reason}
            <footer>Your reason, as the customer reads it</footer>
          </blockquote>
        )}
        {can && cannot && (
          <details className="fold">
            <summary>What you can and can’t do</summary>
            <ScopeLists can={can} cannot={cannot} />
          </details>
        )}
      </div>
      <div className="side">
        <ModeOfVisit action={action} reveal={visit.reveal} />
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
            or at <Time at={idle} shape="shortly" />, if you do nothing
          </p>
        )}
        {letIn !== null && <p className="small">{letIn} The customer sees each page.</p>}
        {stale && <p className="small">This may have changed: no news for a while.</p>}
        <div className="acts">
          <button type="button" className="btn" aria-disabled={busy || undefined} onClick={exit}>
            <Sign name="exit" /> Exit this visit
          </button>
          <a className="btn" href={page.productUrl}>
            Go on in {page.productName}
          </a>
          {idle < to && (
            <button type="button" className="btn quiet" aria-disabled={busy || undefined} onClick={stay}>
              Stay in it
            </button>
          )}
          <button type="button" className="btn quiet" onClick={() => setAsksMore(true)}>
            Ask for more time
          </button>
        </div>
        <div role="alert">{refused && !idling && <p className="small">{refused}</p>}</div>
      </div>
      {asksMore && <MoreTime {...{ visit, name }} onClose={() => setAsksMore(false)} />}
      {idling && (
        <Dialog title="Are you still there?" mustAnswer onClose={() => undefined}>
          <p>
            Nobody has used your visit to {workspaceName} for a while. It ends by itself at{' '}
            <Time at={idle} shape="shortly" />, in {span(idle - now)}, unless you stay. Staying is written in the
            customer’s book.
          </p>
          <div role="alert">{refused && <p className="note plain">{refused}</p>}</div>
          <div className="acts">
            {/* One key stays: it has the focus. */}
            <button type="button" className="btn go" autoFocus aria-disabled={busy || undefined} onClick={stay}>
              Stay in this visit
            </button>
            <button type="button" className="btn" aria-disabled={busy || undefined} onClick={exit}>
              <Sign name="exit" /> Exit this visit
            </button>
          </div>
        </Dialog>
      )}
    </article>
  );
}
