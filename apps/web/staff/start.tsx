import { useEffect, useId, useState, type FormEvent } from 'react';
import { ask, command, commandId, Problem } from '../graphql/ask.ts';
import { PageHead, Section } from '../parts/layout.tsx';
import { CanAndCannot, Draft, ModeTag, Sign } from '../parts/signs.tsx';
import { useLocation } from '../router.ts';
import { leaveToSignIn } from '../session/openid.ts';
import { page } from '../session/page.ts';
import { happened } from '../story/run.ts';
import { StartChoicesQuery, StartSession, type StartChoices } from './operations.ts';

/** What was typed, kept for this tab while the person proves who they are. */
const TYPED = 'gatebook-start';

interface Typed {
  readonly workspaceId: string;
  readonly caseRef: string;
  readonly job: string;
  readonly reason: string;
  readonly minutes: number;
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly more: readonly string[];
}

export function Start({ name }: { readonly name: string }) {
  const [choices, setChoices] = useState<StartChoices>();
  const [problem, setProblem] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let over = false;
    setProblem(undefined);
    ask(StartChoicesQuery, {}).then(
      (data) => !over && setChoices(data),
      (error: unknown) => !over && setProblem(error instanceof Problem ? error.message : String(error)),
    );
    return () => {
      over = true;
    };
  }, [attempt]);
  if (choices) return <Form choices={choices} name={name} />;
  return (
    <>
      <PageHead title="Start a visit" lede={problem ? undefined : 'Opening your cases …'} />
      {problem && (
        <div className="note plain" role="alert">
          <p>{problem}</p>
          <button type="button" className="btn" onClick={() => setAttempt(attempt + 1)}>
            Try again
          </button>
        </div>
      )}
    </>
  );
}

function begun(choices: StartChoices, asked: URLSearchParams): Typed {
  const kept = sessionStorage.getItem(TYPED);
  sessionStorage.removeItem(TYPED);
  if (kept !== null) return JSON.parse(kept) as Typed;
  const caseRef = asked.get('case') ?? '';
  const workspaces = choices.workspaces.nodes;
  const workspace =
    workspaces.find(({ id }) => id === asked.get('workspace')) ??
    workspaces.find(({ openCases }) => openCases.includes(caseRef)) ??
    workspaces[0];
  return {
    workspaceId: workspace?.id ?? '',
    caseRef: caseRef || (workspace?.openCases[0] ?? ''),
    job: choices.catalogue.jobs[0]?.id ?? '',
    reason: '',
    minutes: Math.min(30, choices.catalogue.visits.capMinutes),
  };
}

function Form({ choices, name }: { readonly choices: StartChoices; readonly name: string }) {
  const { searchParams } = useLocation();
  const { jobs, pages, actions, visits } = choices.catalogue;
  const [typed, setTyped] = useState(() => begun(choices, searchParams));
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const ids = { workspace: useId(), case: useId(), reason: useId(), minutes: useId(), hint: useId() };
  const workspace = choices.workspaces.nodes.find(({ id }) => id === typed.workspaceId);
  const job = jobs.find(({ id }) => id === typed.job);
  const set = (change: Partial<Typed>) => setTyped({ ...typed, ...change });
  const opened = new Set(job?.pages);
  const lengths = [...new Set([15, 30, 60, visits.capMinutes])]
    .filter((minutes) => minutes <= visits.capMinutes)
    .sort((a, b) => a - b);

  const start = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setRefusal(undefined);
    try {
      const { workspaceId, caseRef, reason, minutes } = typed;
      const input = { commandId: commandId(), workspaceId, caseRef, reason, minutes, job: typed.job || null };
      const { entryCode, enterUrl, userErrors } = (await command(StartSession, { input })).startSession;
      const error = userErrors[0];
      if (error?.code === 'STEP_UP_REQUIRED') {
        sessionStorage.setItem(TYPED, JSON.stringify(typed));
        await leaveToSignIn('staff', `${location.pathname}${location.search}`, { prompt: 'login' });
      } else if (error) {
        if (error.code === 'STAFF_ACCESS_OFF') happened('refused-while-off');
        const more = 'hints' in error ? error.hints : 'instead' in error && error.instead ? [error.instead] : [];
        setRefusal({ code: error.code, message: error.message, more });
      } else if (entryCode !== null && enterUrl !== null) {
        happened('visit-started');
        enter(enterUrl, entryCode);
        return;
      }
    } catch (error) {
      sessionStorage.removeItem(TYPED);
      const message = error instanceof Problem ? error.message : String(error);
      setRefusal({ code: 'FAILED', message, more: ['Nothing opened. What you typed is still here.'] });
    }
    setBusy(false);
  };

  return (
    <form onSubmit={(event) => void start(event)}>
      <PageHead
        title={`Start a visit${workspace ? ` to ${workspace.name}` : ''}${typed.caseRef && ` for ${typed.caseRef}`}`}
        lede="Nothing is open yet. Your visit is written first, then the door opens."
      />
      <Section title="The case" first>
        <div className="lists">
          <p>
            <label htmlFor={ids.workspace}>Workspace</label>
            <select
              id={ids.workspace}
              value={typed.workspaceId}
              onChange={({ target }) => {
                const next = choices.workspaces.nodes.find(({ id }) => id === target.value);
                set({ workspaceId: target.value, caseRef: next?.openCases[0] ?? '' });
              }}
            >
              {choices.workspaces.nodes.map(({ id, name: label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </select>
          </p>
          <p>
            <label htmlFor={ids.case}>Open case</label>
            <select
              id={ids.case}
              value={typed.caseRef}
              required
              onChange={({ target }) => set({ caseRef: target.value })}
            >
              {[...new Set([...(workspace?.openCases ?? []), ...(typed.caseRef ? [typed.caseRef] : [])])].map((ref) => (
                <option key={ref}>{ref}</option>
              ))}
            </select>
          </p>
        </div>
        {workspace?.openCases.length === 0 && <p className="small">This workspace has no open case.</p>}
      </Section>
      <Section title="The job" hint="Take the smallest that does it.">
        <fieldset>
          <legend className="vh">The job</legend>
          {jobs.map(({ id, label, pages: of }) => (
            <label className="job" key={id}>
              <input type="radio" name="job" checked={typed.job === id} onChange={() => set({ job: id })} />
              <span>
                {label}
                <span className="small">{of.length === 1 ? '1 page' : `${of.length} pages`}</span>
              </span>
              <ModeTag mode="read" />
            </label>
          ))}
        </fieldset>
        <CanAndCannot
          can={{
            title: 'You can',
            items: pages
              .filter(({ id, class: risk }) => opened.has(id) && risk === 'view')
              .map((p) => `Open ${p.label}`),
          }}
          cannot={{
            title: 'You can’t',
            items: [
              ...pages
                .filter(({ id, class: risk }) => !opened.has(id) || risk !== 'view')
                .map((p) => `Open ${p.label}`),
              ...actions.map(({ label }) => label),
            ],
          }}
        />
        <p className="small gap">The owner may have left areas out; these stay closed as well.</p>
      </Section>
      <Section title="The reason" hint="The owner reads it word for word.">
        <label htmlFor={ids.reason}>What are you going in to find out?</label>
        <textarea
          id={ids.reason}
          rows={3}
          required
          maxLength={500}
          value={typed.reason}
          aria-describedby={ids.hint}
          aria-invalid={refusal?.code === 'REASON_TOO_VAGUE' || undefined}
          onChange={({ target }) => set({ reason: target.value })}
        />
        <p className="hint" id={ids.hint}>
          Name the fault and the record. “Checking failed invoice sync on INV-88” is good. “Check issue” is refused: it
          could be about anything.
        </p>
      </Section>
      <Section title="Time">
        <label htmlFor={ids.minutes}>For how long</label>
        <select
          id={ids.minutes}
          value={typed.minutes}
          onChange={({ target }) => set({ minutes: Number(target.value) })}
        >
          {lengths.map((minutes) => (
            <option key={minutes} value={minutes}>
              {minutes} minutes
            </option>
          ))}
        </select>
        <p className="hint">It ends sooner after {visits.idleMinutes} minutes without input.</p>
      </Section>
      <Section title="Read, then start">
        <Draft title="This line is written before anything opens">
          {name} came in for {typed.caseRef || 'a case'} to look, for up to {typed.minutes} minutes: “
          {typed.reason || '…'}”.
        </Draft>
        <div role="alert">
          {refusal && (
            <div className="note plain gap">
              <div>
                <p>
                  <b>{refusal.message}</b>
                </p>
                {refusal.more.map((line) => (
                  <p key={line}>{line}</p>
                ))}
                {refusal.code === 'STAFF_ACCESS_OFF' && (
                  <p>
                    Nothing of {workspace?.name ?? 'the workspace'} is shown. Answer in the case, and ask the owner
                    there to turn staff access on.
                  </p>
                )}
              </div>
            </div>
          )}
        </div>
        <div className="acts gap">
          <button type="submit" className="btn go" aria-disabled={busy || undefined}>
            <Sign name="key" /> {busy ? 'Writing the line …' : 'Start the visit'}
          </button>
        </div>
        <p className="small gap">
          The owner sees each page that you open in {page.productName}, and can end the visit.
        </p>
      </Section>
    </form>
  );
}

/** The one-time code goes in a posted form: an address would stand in histories and logs. */
function enter(enterUrl: string, entryCode: string): void {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = enterUrl;
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = 'code';
  field.value = entryCode;
  form.append(field);
  document.body.append(form);
  form.submit();
}
