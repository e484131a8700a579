import { useEffect, useState } from 'react';
import { ask, command, commandId, Problem } from '../graphql/ask.ts';
import { useLive, useNow } from '../live.ts';
import { PageHead, Section } from '../parts/layout.tsx';
import { ConnectionNote, Freshness, useSay } from '../parts/notes.tsx';
import { Mark, Meter, ModeTag } from '../parts/signs.tsx';
import { followed } from '../router.ts';
import { page } from '../session/page.ts';
import { happened } from '../story/run.ts';
import { span } from '../time/time.ts';
import { Time } from '../time/zone.tsx';
import { ConfirmPresence, ExitSession, OneVisitQuery, StaffQuery, type MyVisit } from './operations.ts';

type Cause = NonNullable<MyVisit['endCause']>;

/** Why a visit ended, as the staff member is told. */
const CAUSES: Readonly<Record<Cause, string>> = {
  CASE_CLOSED: 'Its support case was closed.',
  CASE_REASSIGNED: 'Its support case belongs to somebody else now.',
  ENDED_BY_OWNER: 'The customer ended this visit.',
  EXITED: 'You left.',
  IDLE: 'Nobody used it for a while.',
  REACHED_ITS_CAP: 'Its time was up.',
  REVOKED: 'Staff access was turned off.',
  STAFF_DISABLED: 'You may no longer visit workspaces.',
  TOO_FAST: 'More pages were opened than policy allows.',
  WINDOW_ENDED: 'The time for which the owner had let staff in was over.',
  WORKSPACE_CLOSED: 'The workspace was closed.',
};
const MINUTE = 60_000;

export function MyVisits() {
  const live = useLive('staff', (minPosition) => ask(StaffQuery, { minPosition }));
  const { data } = live;
  const names = new Map(data?.workspaces.nodes.map(({ id, name }) => [id, name]));
  const where = ({ workspaceId }: MyVisit) => names.get(workspaceId) ?? 'a workspace';
  const visits = data?.myVisits.nodes ?? [];
  const open = visits.filter(({ endedAt }) => endedAt === null);
  const ended = visits.filter(({ endedAt }) => endedAt !== null);
  return (
    <>
      <PageHead title="Your visits" lede="A visit starts from a support case. Everything you open is a line first." />
      <ConnectionNote live={live} retry={() => void live.read()} />
      <Section title="Now" first id="now" hint={<Freshness {...live} />}>
        {open.length === 0 && data && (
          <>
            <p>You are in no workspace.</p>
            <div className="acts gap">
              <a className="btn go" href="/staff/start" onClick={followed}>
                Start a visit
              </a>
            </div>
          </>
        )}
        {open.map((visit) => (
          <LiveVisit key={visit.id} visit={visit} where={where(visit)} read={live.read} />
        ))}
      </Section>
      <Section title="Ended">
        {ended.length === 0 && data && <p>No visit of yours has ended yet.</p>}
        <ul className="book">
          {ended.map((visit) => (
            <li className="line out" key={visit.id}>
              <Time at={Date.parse(visit.startedAt)} shape="clock" />
              <Mark mark="out" />
              <div className="say">
                <p>
                  <a href={`/staff/visit/${visit.id}`} onClick={followed}>
                    {where(visit)}, {visit.caseRef}
                  </a>
                </p>
                <p className="small">
                  {visit.endCause && CAUSES[visit.endCause]}{' '}
                  <Time at={Date.parse(visit.endedAt!)} shape="day and time" />
                </p>
              </div>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Refused" hint="What you tried and were not let.">
        {data?.myDenials.nodes.length === 0 && <p>Nothing was refused.</p>}
        <ul className="book">
          {data?.myDenials.nodes.map(({ id, occurredAt, summary, because, instead, times }) => (
            <li className="line refused" key={id}>
              <Time at={Date.parse(occurredAt)} shape="clock" />
              <Mark mark="refused" />
              <div className="say">
                <p>
                  {summary}
                  {times > 1 && `, ${times} times`}
                </p>
                <p className="small">
                  {because} {instead}
                </p>
              </div>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

function LiveVisit({
  visit,
  where,
  read,
}: {
  readonly visit: MyVisit;
  readonly where: string;
  readonly read: (position?: string | null) => Promise<void>;
}) {
  const [refused, setRefused] = useState<string>();
  const [busy, setBusy] = useState(false);
  const say = useSay();
  const now = useNow();
  const [from, to] = [Date.parse(visit.startedAt), Date.parse(visit.plannedEnd)];
  const idle = visit.idleEndsAt === null ? to : Date.parse(visit.idleEndsAt);
  const input = () => ({ workspaceId: visit.workspaceId, sessionId: visit.id, commandId: commandId() });
  const send = async (
    what: () => Promise<{ position: string | null; userErrors: { message: string }[] }>,
    done: string,
  ) => {
    if (busy) return;
    setBusy(true);
    setRefused(undefined);
    try {
      const { position, userErrors } = await what();
      if (userErrors[0]) return setRefused(userErrors[0].message);
      say(done);
      await read(position);
    } catch (error) {
      setRefused(error instanceof Problem ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <article className="live" aria-label={`${where}, ${visit.caseRef}`}>
      <div>
        <p className="whoat">
          <b>{where}</b> <span className="id">{visit.caseRef}</span>
        </p>
        <p className="now">{visit.currentPage === null ? 'No page opened yet.' : `Looking at ${visit.currentPage}`}</p>
        {visit.reason !== null && <blockquote>{visit.reason}</blockquote>}
      </div>
      <div className="side">
        <ModeTag mode="read" />
        <Meter used={now - from} of={to - from} label={`${Math.floor((now - from) / MINUTE)} minutes used`} />
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
        <div className="acts">
          <button
            type="button"
            className="btn"
            aria-disabled={busy || undefined}
            onClick={() =>
              void send(async () => (await command(ExitSession, { input: input() })).exitSession, 'You have left.')
            }
          >
            Exit this visit
          </button>
          <button
            type="button"
            className="btn quiet"
            aria-disabled={busy || undefined}
            onClick={() =>
              void send(
                async () => (await command(ConfirmPresence, { input: input() })).confirmPresence,
                'You stay. The idle clock began anew.',
              )
            }
          >
            Stay in it
          </button>
        </div>
        <div role="alert">{refused && <p className="small">{refused}</p>}</div>
      </div>
    </article>
  );
}

/** Why a visit ended, what is known of it, and the way back. */
export function VisitEnded({ id }: { readonly id: string }) {
  const live = useLive(`visit ${id}`, (minPosition) => ask(OneVisitQuery, { id, minPosition }));
  const node = live.data?.node;
  const visit = node?.__typename === 'Session' ? node : undefined;
  const isOver = visit !== undefined && visit.endedAt !== null;
  useEffect(() => {
    if (isOver) happened('saw-why-it-ended');
  }, [isOver]);
  const missing = live.data && !visit;
  const title = isOver
    ? 'Your visit has ended'
    : visit
      ? 'Your visit goes on'
      : missing
        ? 'No such visit'
        : 'Your visit';
  return (
    <>
      <PageHead
        title={title}
        lede={
          visit?.endCause
            ? `${CAUSES[visit.endCause]} Nothing of the workspace is open any more.`
            : missing && 'There is none, or it is not yours.'
        }
      />
      <ConnectionNote live={live} retry={() => void live.read()} />
      {visit && (
        <Section title="What was recorded" first>
          <dl className="facts">
            <div>
              <dt>Case</dt>
              <dd>{visit.caseRef}</dd>
            </div>
            <div>
              <dt>Reason</dt>
              <dd>{visit.reason ?? 'Erased'}</dd>
            </div>
            <div>
              <dt>From</dt>
              <dd>
                <Time at={Date.parse(visit.startedAt)} shape="day and time" />
              </dd>
            </div>
            <div>
              <dt>{isOver ? 'Ended' : 'Ends'}</dt>
              <dd>
                <Time at={Date.parse(visit.endedAt ?? visit.plannedEnd)} shape="day and time" />
              </dd>
            </div>
            <div>
              <dt>Let in by</dt>
              <dd>{visit.approverName ?? 'Erased'}</dd>
            </div>
          </dl>
          <p className="small gap">Every page that you opened is a line in the customer’s visit log, too.</p>
        </Section>
      )}
      <div className="acts gap">
        <a className="btn go" href={page.productUrl}>
          Back to your own account
        </a>
        {visit && (
          <a
            className="btn"
            href={`/staff/start?case=${encodeURIComponent(visit.caseRef)}&workspace=${visit.workspaceId}`}
            onClick={followed}
          >
            Start a new visit for {visit.caseRef}
          </a>
        )}
      </div>
    </>
  );
}
