import { useEffect, useId, useRef, useState } from 'react';
import { command, commandId, Problem } from '../graphql/ask.ts';
import { useNow } from '../live.ts';
import { Section } from '../parts/layout.tsx';
import { useSay } from '../parts/notes.tsx';
import { Switch } from '../parts/switch.tsx';
import { page } from '../session/page.ts';
import { happened } from '../story/run.ts';
import { Time } from '../time/zone.tsx';
import { span } from '../time/time.ts';
import { AccessForm, type AccessWish } from './access-form.tsx';
import { DisableStaffAccess, EnableStaffAccess, type Gate as GateNow, type Lately } from './operations.ts';
import { caseOrNone } from '../parts/case-in-words.ts';

export interface GateProps {
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly maySwitch: boolean;
  readonly myName: string;
  /** As the book has it. */
  readonly myId: string;
  readonly gate: GateNow;
  readonly lately: Lately | undefined;
  readonly cases: readonly string[];
  readonly onDone: (position: string | null) => Promise<void>;
}

/** The owner's switch: what it is now, what a press does, and what opening would write. */
export function Gate({ workspaceId, workspaceName, maySwitch, myName, myId, gate, lately, cases, onDone }: GateProps) {
  const { staffAccess, activeSessions } = gate;
  const {
    switchLabel,
    rules,
    on,
    until,
    since,
    reminder,
    by,
    onlyCase,
    askEach,
    withoutAreas,
    areas,
    windowMinutes,
    longestWindowMinutes,
  } = staffAccess;
  const [choosing, setChoosing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const say = useSay();
  const effectId = useId();
  const formId = useId();
  const opener = useRef<HTMLDivElement>(null);
  const leftOut = areas.filter(({ id }) => withoutAreas.includes(id)).map(({ label }) => label);
  const ends = until === null ? null : Date.parse(until);

  // Whoever else turned it on or off while the form stood open: the form is of another moment now.
  const [seen, setSeen] = useState(on);
  if (seen !== on) {
    setSeen(on);
    setChoosing(false);
  }
  useEffect(() => {
    if (!choosing) setRefused(undefined);
  }, [choosing]);

  const send = async (what: () => Promise<{ position: string | null; userErrors: { message: string }[] }>) => {
    setBusy(true);
    setRefused(undefined);
    try {
      const { position, userErrors } = await what();
      if (userErrors[0]) return setRefused(userErrors[0].message);
      setChoosing(false);
      await onDone(position);
      return true;
    } catch (error) {
      setRefused(error instanceof Problem ? `${error.message} Nothing was changed, as far as we know.` : String(error));
    } finally {
      setBusy(false);
    }
    return false;
  };
  const turnOff = async () => {
    const input = { workspaceId, commandId: commandId() };
    const ended = activeSessions.length;
    if (await send(async () => (await command(DisableStaffAccess, { input })).disableStaffAccess)) {
      say(
        `Staff access is off.${ended === 0 ? '' : ` ${ended === 1 ? '1 visit has' : `${ended} visits have`} ended.`}`,
      );
      happened('access-off');
    }
  };
  const turnOn = async (wish: AccessWish) => {
    const input = { workspaceId, commandId: commandId(), ...wish };
    if (await send(async () => (await command(EnableStaffAccess, { input })).enableStaffAccess)) {
      say(on ? 'Staff access was set anew.' : 'Staff access is on.');
      happened('access-on');
      opener.current?.querySelector<HTMLElement>('[role=switch]')?.focus();
    }
  };
  const close = () => {
    setChoosing(false);
    opener.current?.querySelector<HTMLElement>('[role=switch]')?.focus();
  };
  const change = maySwitch && !choosing && (
    <button type="button" className="txt" onClick={() => setChoosing(true)}>
      Change
    </button>
  );

  return (
    <Section title="The gate" first id="gate">
      <div className="gate-row" ref={opener}>
        <div>
          <p className="big">
            {on ? (
              <>On until {ends === null ? 'you turn it off' : <Time at={ends} shape="day and time" />}.</>
            ) : (
              <>
                Off. Nobody from {page.productName} can open {workspaceName}.
              </>
            )}
          </p>
          {on && <p className="gap">{rules.whileOn}</p>}
          {on ? (
            <p className="small gap">
              {ends !== null && <Left until={ends} />}
              {by && ` ${by.id === myId ? 'You' : (by.name ?? 'A member whose name is erased')} turned it on`}
              {by && since !== null && (
                <>
                  {' '}
                  <Time at={Date.parse(since)} shape="day and time" />
                </>
              )}
              {by && '.'}
            </p>
          ) : (
            <LastServed lately={lately} />
          )}
        </div>
        <Switch
          label={switchLabel}
          on={on}
          disabled={!maySwitch || busy}
          describedBy={effectId}
          expands={on ? undefined : { id: formId, open: choosing }}
          onPress={() => (on ? void turnOff() : setChoosing(true))}
        />
      </div>
      <div role="status">
        {reminder !== null && (
          <div className="note plain gap">
            <p>{reminder}</p>
            {maySwitch && (
              <button type="button" className="btn" aria-disabled={busy || undefined} onClick={() => void turnOff()}>
                Turn staff access off
              </button>
            )}
          </div>
        )}
      </div>
      {on && (
        <dl className="facts">
          <div>
            <dt>Ask me for each visit</dt>
            <dd>
              {askEach ? 'Yes.' : 'No.'} {change}
            </dd>
          </div>
          <div>
            <dt>Only one case</dt>
            <dd>
              {onlyCase === null ? 'No, any open case.' : <span className="id">{onlyCase}</span>} {change}
            </dd>
          </div>
          <div>
            <dt>Left out</dt>
            <dd>
              {leftOut.length === 0 ? 'Nothing.' : leftOut.join(', ')} {change}
            </dd>
          </div>
        </dl>
      )}
      <p className="small effect" id={effectId}>
        {!maySwitch ? (
          `${rules.whoSwitches} You can see how it stands.`
        ) : on ? (
          <OffEffect gate={gate} />
        ) : (
          'Nothing opens at the first press: you choose for how long and for what, and read the line first.'
        )}
      </p>
      {busy && <p className="small">Writing the line …</p>}
      <div role="alert">{refused && <p className="note plain">{refused}</p>}</div>
      {choosing && (
        <AccessForm
          id={formId}
          areas={areas}
          cases={cases}
          {...{ myName, windowMinutes, longestWindowMinutes }}
          already={on ? { withoutAreas, onlyCase, askEach, open: activeSessions.length } : undefined}
          busy={busy}
          onDone={turnOn}
          onCancel={close}
        />
      )}
    </Section>
  );
}

function Left({ until }: { readonly until: number }) {
  const now = useNow();
  return <>{until > now ? `${span(until - now)} left.` : 'Its time is up.'}</>;
}

function OffEffect({ gate: { activeSessions } }: { readonly gate: GateNow }) {
  if (activeSessions.length === 0) return <>If you turn it off, nobody has to leave: no visit is open.</>;
  const who = activeSessions
    .map(({ staffName, caseRef }) => `${staffName ?? 'a staff member'}, ${caseOrNone(caseRef)}`)
    .join('; ');
  const many = activeSessions.length;
  return (
    <>
      If you turn it off, {many} {many === 1 ? 'visit ends' : 'visits end'} at once: {who}.
    </>
  );
}

/** After an off: when the last page was served, and what was refused since (design, promise 2). */
function LastServed({ lately }: { readonly lately: Lately | undefined }) {
  const last = lately?.lastViewed.nodes[0];
  if (!lately) return null;
  if (!last) return <p className="small gap">No page was ever opened in a visit.</p>;
  const at = Date.parse(last.occurredAt);
  const since = lately.denials.nodes.filter(({ occurredAt }) => Date.parse(occurredAt) > at);
  const tried = since.reduce((sum, { times }) => sum + times, 0);
  const more = since.length === lately.denials.nodes.length && lately.denials.pageInfo.hasNextPage;
  return (
    <p className="small gap">
      The last page was opened <Time at={at} shape="day and time" />.{' '}
      {tried === 0
        ? 'Nothing was tried since.'
        : `${tried}${more ? ' or more' : ''} ${tried === 1 ? 'attempt was' : 'attempts were'} refused since.`}
    </p>
  );
}
