import { useId, useRef, useState, type SubmitEvent } from 'react';
import { command, Problem } from '../graphql/ask.ts';
import { useNow } from '../live.ts';
import { useSay } from '../parts/notes.tsx';
import { CanAndCannot, Frame } from '../parts/signs.tsx';
import { Compared } from '../requests/compared.tsx';
import { Exactly } from '../requests/exactly.tsx';
import { askedAnew } from '../requests/asked-anew.ts';
import { answered, idOf } from '../requests/intents.ts';
import {
  ConfirmScope,
  GiveInformation,
  WithdrawAccess,
  type Request,
  type RequestRefusal,
} from '../requests/operations.ts';
import { allowedOf, askedOf, canItems, endOf, exactly, grantEnd, isOpen, whatIsAsked } from '../requests/told.ts';
import { followed } from '../router.ts';
import { useTokens } from '../session/session.ts';
import { span } from '../time/time.ts';
import { Time } from '../time/zone.tsx';
import { enter } from './start-form.tsx';
import { StartSession } from './operations.ts';
import { grouped } from './scope-lists.tsx';
import { StepUp, type StepUpAsked } from './step-up.tsx';
import { caseInWords } from '../parts/case-in-words.ts';
import { ForCase } from '../parts/for-case.tsx';

interface Answered {
  readonly position: string | null;
  readonly userErrors: readonly RequestRefusal[];
}

/** One of one's own requests: how it stands, and the one thing that can be done about it now. */
export function MyRequest({
  request,
  name,
  workspaceName,
  read,
}: {
  readonly request: Request;
  readonly name: string;
  readonly workspaceName: string;
  readonly read: (minPosition?: string | null) => Promise<void>;
}) {
  const { id: requestId, workspaceId, kind, caseRef, reason, asked, scope, change, phase, grant } = request;
  const [busy, setBusy] = useState<string>();
  const [refused, setRefused] = useState<string>();
  const [stepUp, setStepUp] = useState<StepUpAsked>();
  const provedAt = useTokens('staff')?.provedAt;
  const titleId = useId();
  const head = useRef<HTMLHeadingElement>(null);
  const say = useSay();
  const now = useNow();
  const open = isOpen(request);
  const usable = grant?.phase === 'READY' || grant?.phase === 'TO_CONFIRM';
  const what = whatIsAsked({ ...request, scope: usable ? scope : asked });

  /** Sends one command; sent again with nothing changed, it has its one effect. */
  const send = async (label: string, wish: object, how: (commandId: string) => Promise<Answered>) => {
    if (busy !== undefined) return undefined;
    setBusy(label);
    setRefused(undefined);
    try {
      const answer = await how(idOf(wish));
      const error = answer.userErrors[0];
      if (error?.__typename === 'StepUpRequired') setStepUp(error as StepUpAsked);
      else if (error?.code !== 'TRY_AGAIN') answered(wish);
      if (error && error.__typename !== 'StepUpRequired')
        setRefused('instead' in error && error.instead !== null ? `${error.message} ${error.instead}` : error.message);
      if (!error || error.__typename === 'AlreadyDecided') await read(answer.position);
      return error ? undefined : answer;
    } catch (error) {
      const problem = error instanceof Problem ? error.message : 'Something went wrong here.';
      setRefused(`${problem} Press again with nothing changed: it counts once.`);
      return undefined;
    } finally {
      setBusy(undefined);
    }
  };
  const withdraw = async () => {
    const input = { workspaceId, requestId };
    const done = await send('withdraw', { withdraw: requestId }, async (commandId) => {
      return (await command(WithdrawAccess, { input: { ...input, commandId } })).withdrawAccess;
    });
    if (done) say('You took your request back.');
  };
  const start = async () => {
    if (!grant) return;
    if (grant.phase === 'TO_CONFIRM') {
      const confirmed = await send('start', { confirm: requestId }, async (commandId) => {
        return (await command(ConfirmScope, { input: { workspaceId, requestId, commandId } })).confirmScope;
      });
      if (!confirmed) return;
    }
    await send('start', { start: grant.id }, async (commandId) => {
      const input = { workspaceId, grantId: grant.id, commandId };
      const { entryCode, enterUrl, userErrors } = (await command(StartSession, { input })).startSession;
      if (entryCode !== null && enterUrl !== null) enter(enterUrl, entryCode);
      return { position: null, userErrors: userErrors as readonly RequestRefusal[] };
    });
  };

  return (
    <Frame
      mode={kind === 'EXPORT' ? 'export' : kind === 'WRITE' ? 'write' : 'read'}
      title={`${grant?.phase === 'READY' || grant?.phase === 'TO_CONFIRM' ? TITLES[grant.phase] : TITLES[phase]} ${what}`}
      titleId={titleId}
      head={head}
    >
      <p className="small meta">
        {workspaceName}, <ForCase caseRef={caseRef} />. Asked{' '}
        <Time at={Date.parse(request.requestedAt)} shape="shortly" />.{' '}
        {open && <Lapse at={Date.parse(request.lapsesAt)} now={now} />}
        {!open && !usable && `${endOf(request)} ${grantEnd(request)}`}
      </p>
      {reason !== null && (open || usable) && (
        <blockquote>
          {reason}
          <footer>Your reason, word for word</footer>
        </blockquote>
      )}
      {request.message !== null && usable && (
        <blockquote>
          {request.message}
          <footer>{request.decision?.name ?? 'Who decided'}</footer>
        </blockquote>
      )}
      {phase === 'INFORMATION_ASKED' && (
        <Question
          question={request.question ?? ''}
          busy={busy !== undefined}
          onAnswer={async (answer) => {
            const wish = { answer: requestId, digest: request.digest, text: answer };
            const done = await send('answer', wish, async (commandId) => {
              const input = { workspaceId, requestId, answer, commandId };
              return (await command(GiveInformation, { input })).giveInformation;
            });
            if (done) say('Your answer was written. The request waits on.', 'asked');
          }}
        />
      )}
      {phase === 'WAITING' && request.question !== null && (
        <p className="small">
          You were asked “{request.question}” and answered “{request.answer}”.
        </p>
      )}
      {(open || usable) && <Exactly items={exactly(request.scopeArgumentsJson)} />}
      {usable && change && (
        <div>
          <p className="label">It was changed: read what you may do now</p>
          <Compared asked={askedOf(request)} granted={allowedOf(request)} by="Allowed" />
        </div>
      )}
      {(usable || open) && (
        <CanAndCannot
          can={{ title: usable ? 'You can' : 'You could', items: canItems(scope, (opens) => grouped(opens, 'and')) }}
          cannot={{ title: usable ? 'You can’t' : 'You still could not', items: grouped(scope.cannot, 'or') }}
        />
      )}
      {usable && (
        <p>
          Begin it by <Time at={Date.parse(grant.startBy)} shape="day and time" />
          {Date.parse(grant.startBy) > now ? `, in ${span(Date.parse(grant.startBy) - now)}` : ': its time is up'}. It
          lasts {scope.minutes} minutes at most.
        </p>
      )}
      <div role="alert">{refused !== undefined && <p className="note plain">{refused}</p>}</div>
      {(open || usable) && (
        <div className="acts wide">
          {usable && (
            <button
              type="button"
              className="btn go"
              aria-disabled={busy !== undefined || undefined}
              onClick={() => void start()}
            >
              {busy === 'start'
                ? 'Writing the line …'
                : grant.phase === 'TO_CONFIRM'
                  ? 'Confirm and start'
                  : 'Start visit'}
              <span className="vh">: {what}</span>
            </button>
          )}
          <button
            type="button"
            className="btn"
            aria-disabled={busy !== undefined || undefined}
            onClick={() => void withdraw()}
          >
            {usable ? 'Give it back' : 'Take it back'}
            <span className="vh">: {what}</span>
          </button>
        </div>
      )}
      {grant?.phase === 'IN_USE' && grant.sessionId !== null && (
        <p>
          <a href={`/staff/visit/${grant.sessionId}`} onClick={followed}>
            The visit on it goes on
          </a>
        </p>
      )}
      {!open && !usable && phase !== 'APPROVED' && (
        <p>
          <a
            href={`/staff/ask?workspace=${workspaceId}${caseRef === null ? '' : `&case=${encodeURIComponent(caseRef)}`}${again(request)}${askedAnew(request)}`}
            onClick={followed}
          >
            Ask anew
          </a>
        </p>
      )}
      {stepUp && (
        <StepUp
          asked={stepUp}
          provedAt={provedAt}
          line={`${name} comes in ${caseInWords(caseRef)}, to ${what}`}
          onClose={() => setStepUp(undefined)}
        />
      )}
    </Frame>
  );
}

const TITLES = {
  WAITING: 'Waits for an answer: to',
  INFORMATION_ASKED: 'You are asked something about: to',
  APPROVED: 'Approved: to',
  READY: 'Approved, once: to',
  TO_CONFIRM: 'Approved with changes: to',
  DECLINED: 'Declined: to',
  WITHDRAWN: 'Taken back: to',
  LAPSED: 'Lapsed: to',
} as const;

function again({ asked: { action, field }, argumentsJson: args, viewAs }: Request): string {
  const wish = new URLSearchParams({
    ...(action && { action: action.name }),
    ...(action && action.target !== null && { target: action.target }),
    ...(action && args !== null && { args }),
    ...(field && { field: field.field }),
    ...(field && field.record !== null && { record: field.record }),
    ...(viewAs !== null && { viewAs }),
  });
  return wish.size === 0 ? '' : `&${wish}`;
}

function Lapse({ at, now }: { readonly at: number; readonly now: number }) {
  if (at <= now) return <>Its time is up: it lapses.</>;
  return (
    <>
      If nobody answers, it lapses <Time at={at} shape="day and time" />, in {span(at - now)}.
    </>
  );
}

function Question({
  question,
  busy,
  onAnswer,
}: {
  readonly question: string;
  readonly busy: boolean;
  readonly onAnswer: (answer: string) => Promise<void>;
}) {
  const [answer, setAnswer] = useState('');
  const [missing, setMissing] = useState(false);
  const ids = { field: useId(), error: useId() };
  const field = useRef<HTMLTextAreaElement>(null);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (answer.trim() === '') {
      setMissing(true);
      field.current?.focus();
    } else if (!busy) void onAnswer(answer.trim());
  };
  return (
    <form className="decision" onSubmit={submit} noValidate>
      <div className="field wide">
        <label htmlFor={ids.field}>“{question}”</label>
        <textarea
          id={ids.field}
          ref={field}
          rows={2}
          maxLength={500}
          value={answer}
          aria-required="true"
          aria-invalid={missing || undefined}
          aria-describedby={missing ? ids.error : undefined}
          onChange={({ target }) => {
            setAnswer(target.value);
            setMissing(false);
          }}
        />
        <p className="error" id={ids.error} role="alert">
          {missing && 'Write your answer. The customer reads it word for word.'}
        </p>
      </div>
      <div className="acts wide">
        <button type="submit" className="btn" aria-disabled={busy || undefined}>
          Answer
        </button>
      </div>
    </form>
  );
}
