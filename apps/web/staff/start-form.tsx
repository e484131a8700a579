import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { flushSync } from 'react-dom';
import { command, commandId, Problem } from '../graphql/ask.ts';
import { useMinute } from '../live.ts';
import { caseShown } from '../parts/case-in-words.ts';
import { useLate } from '../parts/late.tsx';
import { PageHead, Section } from '../parts/layout.tsx';
import { Draft, Sign } from '../parts/signs.tsx';
import { useSay } from '../parts/notes.tsx';
import { RequestAccess } from '../requests/operations.ts';
import { wrongId } from '../requests/wrong-id.ts';
import { go, useLocation } from '../router.ts';
import { page } from '../session/page.ts';
import { useTokens } from '../session/session.ts';
import { happened } from '../story/run.ts';
import { Time } from '../time/zone.tsx';
import {
  actionOf,
  argumentsOf,
  askedScope,
  chosen,
  fieldAsked,
  gaveWay,
  isAsked,
  jobAsked,
  kindOf,
  labelOf,
  missingArgument,
  pagesAsked,
  viewedAs,
  type Action,
} from './ask.ts';
import { ActionSection } from './ask-section.tsx';
import { forget, intentOf, keep, kept, type Intent, type Typed } from './intent.ts';
import { StartSession, type StartChoices, type StartError } from './operations.ts';
import { readReason } from './reason.ts';
import { ReasonField } from './reason-field.tsx';
import { NotStarted, type Outcome } from './refusal.tsx';
import { CaseSection, firstTyped } from './start-case.tsx';
import { JobSection, SensitiveSection, TimeSection } from './start-scope.tsx';
import { RevealSection } from './reveal-section.tsx';
import { StepUp, type StepUpAsked } from './step-up.tsx';

const MINUTE = 60_000;

export function StartForm({
  choices,
  name,
  subject,
}: {
  readonly choices: StartChoices;
  readonly name: string;
  readonly subject: string;
}) {
  const here = useLocation();
  const at = here.pathname + here.search;
  const [before] = useState(() => kept(subject, at));
  const [typed, setTyped] = useState<Typed>(
    () => before?.typed ?? firstTyped(choices, here.searchParams, here.pathname === '/staff/ask'),
  );
  const [unanswered, setUnanswered] = useState<Intent | undefined>(before?.unanswered);
  const [busy, setBusy] = useState<'no' | 'writing' | 'opening'>('no');
  const [pressed, setPressed] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const [stepUp, setStepUp] = useState<StepUpAsked>();
  const { found: wording, isLost } = useLate(loadWording);
  const say = useSay();
  const targetField = useRef<HTMLInputElement & HTMLSelectElement>(null);
  const valueField = useRef<HTMLSelectElement>(null);
  const recordField = useRef<HTMLInputElement>(null);
  const provedAt = useTokens('staff')?.provedAt;
  const reasonField = useRef<HTMLTextAreaElement>(null);
  const memberField = useRef<HTMLInputElement>(null);
  const caseField = useRef<HTMLSelectElement>(null);
  const workspace = choices.workspaces.nodes.find(({ id }) => id === typed.workspaceId);
  const reading = readReason(typed.reason);
  const asks = isAsked(choices.catalogue, typed);
  const action = actionOf(choices.catalogue, typed);
  const longest = action ? choices.catalogue.visits.writeCapMinutes : choices.catalogue.visits.capMinutes;
  const minutes = Math.min(typed.minutes, longest);
  const scope = asks
    ? askedScope(choices.catalogue, { ...typed, minutes }, action)
    : wording?.start.scopeOf(choices.catalogue, typed.job);
  const said = {
    ...typed,
    minutes,
    name,
    caseRef: typed.caseRef || (choices.catalogue.visits.caseRequired ? '…' : null),
    reason: reading.kind === 'specific' ? reading.reason : typed.reason.trim() || '…',
  };
  const line = asks
    ? wording?.request.draftOfRequest({
        ...said,
        kind: kindOf(action, typed),
        label: action ? labelOf(action, typed) : null,
        field: action ? null : fieldSaid(choices.catalogue, typed),
        can: scope?.can ?? [],
        cannot: scope?.cannot ?? [],
        arguments: action ? (argumentsOf(typed) ?? null) : null,
        viewAs: viewedAs(typed) ?? null,
      })
    : wording?.start.draftOfStart(said);

  const set = (change: Partial<Typed>) => {
    const after = chosen(choices.catalogue, typed, change);
    setTyped(after);
    setOutcome(undefined);
    const gone = gaveWay(typed, after);
    if (gone !== undefined) say(gone);
  };
  // Signing in anew, a reload, a look at another page: what was typed is there again.
  useEffect(() => {
    if (busy !== 'opening') keep({ subject, at, typed, ...(unanswered && { unanswered }) });
  }, [busy, subject, at, typed, unanswered]);
  // Back from the product, with the page as it was left.
  useEffect(() => {
    const again = ({ persisted }: PageTransitionEvent) => persisted && setBusy('no');
    window.addEventListener('pageshow', again);
    return () => window.removeEventListener('pageshow', again);
  }, []);

  const start = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy !== 'no') return;
    setPressed(true);
    if (typed.workspaceId === '' || (typed.caseRef === '' && choices.catalogue.visits.caseRequired))
      return caseField.current?.focus();
    const value = fieldAsked(choices.catalogue, typed);
    const isWrong = value?.record != null && wrongId(value.record, 'record') !== undefined;
    if (kindOf(action, typed) === 'reveal' && (value === null || isWrong))
      return (value ? recordField : valueField).current?.focus();
    if (asks && !isNamed(choices.catalogue, typed, action)) return targetField.current?.focus();
    if (reading.kind !== 'specific') return reasonField.current?.focus();
    if (asks && viewedAs(typed) === undefined) return memberField.current?.focus();
    setBusy('writing');
    setOutcome(undefined);
    const intent = intentOf(typed, unanswered, commandId);
    setUnanswered(intent);
    try {
      const { workspaceId, caseRef, job, reason } = typed;
      if (asks) return await ask(intent.commandId);
      const input = {
        commandId: intent.commandId,
        workspaceId,
        caseRef: caseRef || null,
        reason,
        minutes,
        job: job || null,
      };
      const { entryCode, enterUrl, userErrors } = (await command(StartSession, { input })).startSession;
      const error = userErrors[0];
      if (entryCode !== null && enterUrl !== null) {
        setBusy('opening');
        forget();
        happened('visit-started');
        return enter(enterUrl, entryCode);
      }
      if (error?.__typename === 'StepUpRequired') {
        // Nothing was written: it is the same start after it.
        setStepUp(error);
      } else if (error) {
        if (error.code !== 'TRY_AGAIN') setUnanswered(undefined);
        if (error.code === 'STAFF_ACCESS_OFF') happened('refused-while-off');
        setOutcome({ kind: 'refused', error });
      }
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('failed', 'Something went wrong here.');
      if (problem.kind !== 'signed-out') setOutcome({ kind: 'unknown', problem });
    }
    setBusy('no');
  };

  const ask = async (id: string) => {
    const { workspaceId, caseRef, reason } = typed;
    const target = action?.target == null ? null : (typed.target ?? '').trim();
    const kind = kindOf(action, typed);
    const given = Object.entries(argumentsOf(typed) ?? {});
    const value = fieldAsked(choices.catalogue, typed);
    const argumentsJson = given.length === 0 ? null : JSON.stringify(Object.fromEntries(given));
    const input = {
      commandId: id,
      workspaceId,
      caseRef: caseRef || null,
      reason,
      minutes,
      job: jobAsked(choices.catalogue, typed),
      kind: KINDS[kind],
      ...(kind === 'sensitive entry' && { pages: [...pagesAsked(choices.catalogue, typed, action)] }),
      action: action ? { name: action.id, target, argumentsJson } : null,
      field: kind === 'reveal' && value ? { field: value.field, record: value.record } : null,
      viewAs: viewedAs(typed),
    };
    const [error] = (await command(RequestAccess, { input })).requestAccess.userErrors;
    if (!error) {
      setBusy('opening');
      forget();
      say('You asked for access. It waits for an answer.', 'asked');
      return go('/staff/requests');
    }
    if (error.code !== 'TRY_AGAIN') setUnanswered(undefined);
    setOutcome({ kind: 'refused', error: error as StartError });
    setBusy('no');
  };
  const couldAsk =
    outcome?.kind === 'refused' && 'rule' in outcome.error && outcome.error.rule === 'visitIsApproved' && !asks;
  const title = asks ? 'Ask for access' : 'Start a visit';

  return (
    <form onSubmit={(event) => void start(event)} noValidate>
      <PageHead
        title={`${title}${workspace ? ` to ${workspace.name}` : ''}${typed.caseRef && ` for ${caseShown(typed.caseRef)}`}`}
        lede={
          asks
            ? `Nothing of ${workspace?.name ?? 'any customer'} opens by asking. Somebody there reads what you ask and why, and decides.`
            : `Nothing of ${workspace?.name ?? 'any customer'} is open yet. Your visit is written first, then the door opens.`
        }
      />
      <CaseSection {...{ choices, typed, pressed, set }} asked={here.searchParams.get('case')} field={caseField} />
      <JobSection {...{ choices, typed, set, scope, isLost }} />
      {isReading(choices.catalogue, typed) && <SensitiveSection {...{ choices, typed, set, asks }} />}
      {isReading(choices.catalogue, typed) && (
        <RevealSection
          {...{ choices, typed, set, pressed }}
          asked={asks ? here.searchParams.get('field') : null}
          fields={{ field: valueField, record: recordField }}
        />
      )}
      {asks && !isReading(choices.catalogue, typed) && (
        <ActionSection {...{ choices, typed, set, action, pressed }} field={targetField} />
      )}
      <ReasonField
        value={typed.reason}
        reading={reading}
        refused={pressed && reading.kind !== 'specific'}
        field={reasonField}
        onChange={(reason) => set({ reason })}
      />
      <TimeSection
        {...{ choices, set, longest, asks, pressed }}
        field={memberField}
        onAsMember={() => {
          flushSync(() => set({ asks: true, viewAs: '' }));
          memberField.current?.focus();
        }}
        typed={{ ...typed, minutes }}
        workspaceName={workspace?.name ?? 'the workspace'}
      />
      <Section title={asks ? 'Read, then ask' : 'Read, then start'}>
        {!asks && <Identity provedAt={provedAt} maxAgeSeconds={choices.catalogue.visits.identityMaxAgeSeconds} />}
        <Draft
          title={asks ? 'If you ask, this line is written' : 'This line is written before anything opens'}
          {...{ isLost }}
        >
          {line}
        </Draft>
        <NotStarted {...{ outcome, asks }} workspaceName={workspace?.name ?? 'the workspace'} />
        {couldAsk && (
          <div className="acts wide gap">
            <button type="button" className="btn" onClick={() => set({ asks: true })}>
              Ask for access instead
            </button>
          </div>
        )}
        <div className="acts wide gap">
          <button type="submit" className="btn go" aria-disabled={busy !== 'no' || undefined}>
            {asks ? (
              BUSY_ASKING[busy]
            ) : (
              <>
                <Sign name="key" /> {BUSY[busy]}
              </>
            )}
          </button>
        </div>
        <p className="small gap">
          {asks
            ? 'The visit begins later, by you, once it is approved. What was approved may be less than you asked; you confirm it then.'
            : `The customer’s owner sees each page that you open in ${page.productName}, and can end the visit at any moment.`}
        </p>
      </Section>
      {stepUp && <StepUp asked={stepUp} provedAt={provedAt} line={line ?? ''} onClose={() => setStepUp(undefined)} />}
    </form>
  );
}

const BUSY_ASKING = { no: 'Ask for access', writing: 'Writing the line …', opening: 'Asked' } as const;
const KINDS = {
  read: 'READ',
  write: 'WRITE',
  reveal: 'REVEAL',
  export: 'EXPORT',
  'sensitive entry': 'SENSITIVE_ENTRY',
} as const;

/** As far as it is named yet, for the line. */
function fieldSaid(catalogue: StartChoices['catalogue'], typed: Typed) {
  if (typed.field === undefined) return null;
  const named = typed.record?.trim() === '' ? { ...typed, record: '…' } : typed;
  return fieldAsked(catalogue, named) ?? { field: '…', record: typed.record === undefined ? null : '…' };
}

/** A job that only looks, which is asked for all the same. */
function isReading({ jobs }: StartChoices['catalogue'], { job, action }: Typed): boolean {
  return job === '' ? action === undefined : jobs.some(({ id, readOnly }) => id === job && readOnly);
}

/** What is asked for is named whole: the action, and what it is about. */
function isNamed(catalogue: StartChoices['catalogue'], typed: Typed, action: Action | undefined): boolean {
  if (isReading(catalogue, typed)) return true;
  if (action === undefined || missingArgument(action, typed) !== undefined) return false;
  return action.target === null || wrongId((typed.target ?? '').trim(), action.target) === undefined;
}

const BUSY = { no: 'Start support session', writing: 'Writing the line …', opening: 'Opening the door …' } as const;

/** When the person proved who they are, and whether that will do. */
function Identity({
  provedAt,
  maxAgeSeconds,
}: {
  readonly provedAt: number | undefined;
  readonly maxAgeSeconds: number;
}) {
  const now = useMinute();
  if (provedAt === undefined) return null;
  const isLate = now - provedAt > maxAgeSeconds * 1000 - MINUTE;
  return (
    <p className="identity">
      <Sign name="key" />
      <span>
        You proved who you are at <Time at={provedAt} shape="shortly" />.
        {isLate && ' That is a while ago: starting asks for it again, and keeps what you typed.'}
      </span>
    </p>
  );
}

async function loadWording() {
  const [start, request] = await Promise.all([import('./draft.ts'), import('../requests/draft.ts')]);
  return { start, request };
}

/** The one-time code goes in a posted form: an address would stand in histories and logs. */
export function enter(enterUrl: string, entryCode: string): void {
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
