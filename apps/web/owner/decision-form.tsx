import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react';
import { late, useLate } from '../parts/late.tsx';
import { command, Problem } from '../graphql/ask.ts';
import { useMinute } from '../live.ts';
import { useSay } from '../parts/notes.tsx';
import { Draft } from '../parts/signs.tsx';
import { Compared } from '../requests/compared.tsx';
import { Exactly } from '../requests/exactly.tsx';
import { useChoices } from '../requests/action-choices.ts';
import { argumentsWished } from '../requests/arguments.ts';
import { notTaken } from '../requests/choices.ts';
import { answered, idOf } from '../requests/intents.ts';
import { wrongId } from '../requests/wrong-id.ts';
import {
  ApproveAccess,
  AskForInformation,
  DeclineAccess,
  type Request,
  type RequestRefusal,
} from '../requests/operations.ts';
import {
  allowedOf,
  askedOf,
  changeOf,
  exactly,
  first,
  isAnother,
  wished,
  type Terms,
  type Wish,
} from '../requests/told.ts';
import { leaveToSignIn } from '../session/openid.ts';
import { dayAndTime } from '../time/time.ts';
import { useZone } from '../time/zone.tsx';
import { forgetStep, keepStep, type Settings, type Step } from './deciding.ts';
import { PlannedAndAs } from './planned-and-as.tsx';
import { TrimFields } from './trim-fields.tsx';

const Dialog = late(() => import('../parts/dialog.tsx'));
const MESSAGE_MAX = 500;

export interface DecisionProps {
  readonly myName: string;
  readonly request: Request;
  readonly step: Step;
  readonly settings: Settings;
  readonly onStep: (step: Step) => void;
  readonly onClose: () => void;
  readonly onDone: (position: string | null) => Promise<void>;
}

/** The review behind a button: the exact effect, the line that is written, a message; and then one press. */
export function DecisionForm(props: DecisionProps) {
  const { request, step, settings, onStep, onClose, onDone } = props;
  const { id: requestId, workspaceId, scope, digest } = request;
  const [message, setMessage] = useState(step.message ?? '');
  const [wish, setWish] = useState<Wish>(
    step.wish ?? { pages: scope.pages, minutes: scope.minutes, target: scope.action?.target ?? null },
  );
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);
  const [outcome, setOutcome] = useState<string>();
  const [stepUp, setStepUp] = useState<Extract<RequestRefusal, { readonly __typename: 'StepUpRequired' }>>();
  const say = useSay();
  const head = useRef<HTMLHeadingElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const ids = { message: useId(), error: useId(), head: useId() };
  const who = first(request.staffName);
  const [asked, allowed] = [askedOf(request), allowedOf(request)];
  const granted = step.kind === 'trim' ? wished(allowed, wish) : allowed;
  const args = argumentsWished(allowed.argumentsJson, step.kind === 'trim' ? wish.args : undefined);
  const isSecond = request.firstApproval !== null && request.waitsAgain === null;
  const mayChange = settings.mayWiden === true && !isSecond;
  const choices = useChoices(requestId, step.kind === 'trim' && mayChange && allowed.action !== null);
  const mistakes = 'mistakes' in args ? args.mistakes : notTaken(choices, granted.action?.target ?? null, args.json);
  const change = changeOf(allowed, granted);
  const lessBefore = changeOf(asked, allowed) !== null;
  // A masked value is shown on a page, so that without one nothing would be.
  const left = granted.pages.length > 0 || granted.action !== null;
  const target = step.kind === 'trim' ? granted.action?.target : undefined;
  const wrongTarget = target == null ? undefined : wrongId(target.trim(), 'one');
  const canPress =
    left && mistakes.size === 0 && wrongTarget === undefined && (step.kind !== 'trim' || change !== null);
  const { found: wording, isLost } = useLate(loadWording);
  const draft = useDraft(wording, { ...props, message: message.trim() === '' ? null : message.trim(), granted });
  const words = WORDS[step.kind];
  // The safe place: nothing that opens anything has the focus by itself.
  useEffect(() => {
    head.current?.focus({ preventScroll: true });
    head.current?.closest('form')?.scrollIntoView({ block: 'nearest' });
  }, []);

  const send = async () => {
    const said = message.trim() === '' ? null : message.trim();
    const about = { workspaceId, requestId };
    if (step.kind === 'ask') {
      const wishText = { ask: about, question: said };
      const input = { ...about, commandId: idOf(wishText), question: said ?? '' };
      return { wishText, answer: (await command(AskForInformation, { input })).askForInformation };
    }
    if (step.kind === 'decline') {
      const wishText = { decline: about, message: said };
      const input = { ...about, commandId: idOf(wishText), message: said };
      return { wishText, answer: (await command(DeclineAccess, { input })).declineAccess };
    }
    const otherwise = change && {
      ...(granted.pages.length !== scope.pages.length && { pages: [...granted.pages] }),
      ...(change.minutes && { minutes: granted.minutes }),
      ...(granted.action?.target !== scope.action?.target && { target: granted.action?.target ?? null }),
      ...(granted.argumentsJson !== allowed.argumentsJson && { argumentsJson: granted.argumentsJson ?? null }),
    };
    const wishText = { approve: about, digest, granted: otherwise, message: said };
    const input = { ...about, commandId: idOf(wishText), digest, granted: otherwise, message: said };
    return { wishText, answer: (await command(ApproveAccess, { input })).approveAccess };
  };

  const decide = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    if (step.kind === 'ask' && message.trim() === '') {
      setMissing(true);
      return field.current?.focus();
    }
    setBusy(true);
    setOutcome(undefined);
    try {
      const { wishText, answer } = await send();
      const error = answer.userErrors[0];
      if (error?.__typename === 'StepUpRequired') return setStepUp(error);
      if (error?.code !== 'TRY_AGAIN') answered(wishText);
      if (error) {
        setOutcome(inWords(error));
        // What is on the screen is behind: it is read anew, and says what changed.
        if (error.__typename === 'RequestHasChanged' || error.__typename === 'AlreadyDecided') await onDone(null);
        return;
      }
      forgetStep();
      say(words.done(who), step.kind === 'decline' ? 'refused' : step.kind === 'ask' ? 'asked' : 'approved');
      onClose();
      await onDone(answer.position);
    } catch (error) {
      const problem = error instanceof Problem ? error.message : 'Something went wrong here.';
      setOutcome(
        `${problem} It isn’t known here whether it was written. Press again with nothing changed: it counts once.`,
      );
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className="decision" onSubmit={(event) => void decide(event)} aria-labelledby={ids.head} noValidate>
      <h4 id={ids.head} tabIndex={-1} ref={head}>
        {words.title(who)}
      </h4>
      {step.kind === 'trim' && (
        // What the first of two allowed, the second makes only less.
        <TrimFields
          {...{ scope: allowed, wish, who, mistakes, choices, isSecond, mayChange, wrongTarget }}
          onWish={setWish}
        />
      )}
      {(step.kind === 'trim' || step.kind === 'approve') && (
        <div>
          <p className="label">
            {step.kind === 'approve'
              ? lessBefore
                ? 'You allow what was allowed first'
                : 'You allow what was asked'
              : change
                ? isAnother(allowed, granted)
                  ? 'You allow another thing than was asked'
                  : `You allow less than was ${lessBefore ? 'allowed first' : 'asked'}`
                : 'Nothing is changed yet'}
          </p>
          <Compared asked={asked} granted={granted} by="You allow" />
          {granted.action && (
            <Exactly items={exactly(granted.argumentsJson ?? null)} title="You allow it with exactly" />
          )}
        </div>
      )}
      {(step.kind === 'trim' || step.kind === 'approve') && <PlannedAndAs request={request} />}
      <div className="field wide">
        <label htmlFor={ids.message}>
          {step.kind === 'ask' ? `Your question to ${who}` : `Message to ${who}`}
          {step.kind !== 'ask' && <span className="hint"> (if you like)</span>}
        </label>
        <textarea
          id={ids.message}
          ref={field}
          rows={2}
          maxLength={MESSAGE_MAX}
          value={message}
          aria-required={step.kind === 'ask' || undefined}
          aria-invalid={missing || undefined}
          aria-describedby={missing ? ids.error : undefined}
          onChange={({ target }) => {
            setMessage(target.value);
            setMissing(false);
          }}
        />
        <p className="error" id={ids.error} role="alert">
          {missing && `Write what you want to know, for example: “Which invoice is it?”`}
        </p>
      </div>
      {/* What can't be pressed writes nothing. */}
      {canPress && (
        <Draft title="If you press, this line is written" {...{ isLost }}>
          {draft}
        </Draft>
      )}
      {change && (
        <p className="small">
          {who} confirms these limits before coming in.
          {settings.side === 'customer' && ' You can end the visit at any moment.'}
        </p>
      )}
      <div role="alert">
        {outcome !== undefined && <p className="note plain">{outcome}</p>}
        {!left && <p className="note plain">Nothing would be left of the request. Decline it instead.</p>}
      </div>
      <div className="acts deciding stuck">
        <button type="button" className="btn" onClick={onClose}>
          Go back
        </button>
        <button
          type="submit"
          className={step.kind === 'approve' || step.kind === 'trim' ? 'btn go' : 'btn'}
          aria-disabled={busy || !canPress || undefined}
          onClick={(event) => {
            if (!canPress) event.preventDefault();
          }}
        >
          {busy ? 'Writing the line …' : words.press}
        </button>
      </div>
      {stepUp && (
        <Dialog title="Prove who you are again" onClose={() => setStepUp(undefined)}>
          <p>
            Approving needs a proof of who you are from the last {Math.max(1, Math.floor(stepUp.maxAge / 60))} minutes.
            Nothing was written, and what you filled in stays here.
          </p>
          <Draft title="This line waits for it">{draft ?? ''}</Draft>
          <div className="acts">
            <button
              type="button"
              className="btn go"
              onClick={() => {
                keepStep(requestId, { ...step, message, wish });
                onStep({ ...step, message, wish });
                const asked = { maxAge: stepUp.maxAge, acrValues: stepUp.acrValues };
                if (settings.side === 'vendor') void leaveToSignIn('staff', '/staff/decide#waiting', asked);
                else
                  void leaveToSignIn('members', `/owner?workspace=${encodeURIComponent(workspaceId)}#waiting`, asked);
              }}
            >
              Sign in again
            </button>
            <button type="button" className="btn" onClick={() => setStepUp(undefined)}>
              Not now
            </button>
          </div>
        </Dialog>
      )}
    </form>
  );
}

const WORDS = {
  approve: {
    title: () => 'Read, then approve',
    press: 'Approve once',
    done: (who: string) => `You approved ${who}’s request.`,
  },
  trim: {
    title: (who: string) => `What ${who} may do`,
    press: 'Approve with changes',
    done: (who: string) => `You approved ${who}’s request with changes.`,
  },
  decline: {
    title: () => 'Decline the request',
    press: 'Decline',
    done: (who: string) => `You declined ${who}’s request.`,
  },
  ask: {
    title: (who: string) => `Ask ${who} a question`,
    press: 'Ask the question',
    done: (who: string) => `${who} was asked.`,
  },
} as const;

function inWords(error: RequestRefusal): string {
  switch (error.__typename) {
    case 'RequestHasChanged':
      return 'It is no longer what you were shown. It was read anew: look at what changed, then decide.';
    case 'AlreadyDecided':
      return 'It was decided already, or taken back. What became of it stands here.';
    case 'SelfApproval':
      return 'You asked for this yourself, so somebody else decides about it.';
    default:
      return 'instead' in error && error.instead !== null ? `${error.message} ${error.instead}` : error.message;
  }
}

const loadWording = () => import('../requests/draft.ts');

function useDraft(
  wording: Awaited<ReturnType<typeof loadWording>> | undefined,
  {
    request,
    myName: name,
    step,
    settings,
    message,
    granted,
  }: DecisionProps & { readonly message: string | null; readonly granted: Terms },
): string | undefined {
  const now = useMinute();
  const { zone } = useZone();
  if (!wording) return undefined;
  const decided = { request, name, message };
  if (step.kind === 'decline') return wording.draftOfDecline(decided);
  if (step.kind === 'ask') return wording.draftOfQuestion(decided, message ?? '…');
  if (request.asks === 'BOTH' && settings.side === 'customer') return wording.draftOfFirstApproval(decided, granted);
  const { startByMinutes } = settings;
  if (startByMinutes === undefined) return undefined;
  return wording.draftOfApproval(decided, granted, { now, startByMinutes }, (at) => dayAndTime(at, now, zone));
}
