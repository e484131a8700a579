import { useEffect, useId, useRef, useState } from 'react';
import { useNow } from '../live.ts';
import { CanAndCannot, Frame } from '../parts/signs.tsx';
import type { Request } from '../requests/operations.ts';
import { Compared } from '../requests/compared.tsx';
import { Exactly } from '../requests/exactly.tsx';
import {
  allowedOf,
  askedOf,
  canItems,
  called,
  changedBetween,
  changeOf,
  exactly,
  first,
  isAnother,
} from '../requests/told.ts';
import { grouped } from '../staff/scope-lists.tsx';
import { span } from '../time/time.ts';
import { Time } from '../time/zone.tsx';
import { page } from '../session/page.ts';
import { keptStep, type Settings, type Step } from './deciding.ts';
import { DecisionForm } from './decision-form.tsx';
import { PlannedAndAs } from './planned-and-as.tsx';
import { isOwnAct, isTurnOf } from './turn.ts';
import { caseOrNone } from '../parts/case-in-words.ts';
import { ForCase } from '../parts/for-case.tsx';

/** One request that waits: what, why, the exact lists, whose approval; and the four things that can be done about it. */
export function RequestCard({
  myName,
  myId,
  mayDecide,
  request,
  settings,
  onDone,
}: {
  readonly myName: string;
  /** As the book has the reader; left out: decides for the vendor. */
  readonly myId?: string | undefined;
  readonly mayDecide: boolean;
  readonly request: Request;
  readonly settings: Settings;
  readonly onDone: (position: string | null) => Promise<void>;
}) {
  const { id, kind, staffName, staffEmail, workspaceName, caseRef, reason, scope, requestedAt } = request;
  const titleId = useId();
  const head = useRef<HTMLHeadingElement>(null);
  const [step, setStep] = useState<Step | undefined>(() => keptStep(id));
  // What the reader has read: whatever another says meanwhile is told before anything can be pressed.
  const [read, setRead] = useState(request);
  const [changes, setChanges] = useState<readonly string[]>([]);
  if (read.digest !== request.digest) {
    setRead(request);
    // Nobody is warned of their own press, wherever they made it.
    setChanges(isOwnAct(myId, read, request) ? [] : changedBetween(read, request));
    setStep(undefined);
  }
  // The form is gone, and with it the place of who was in it.
  useEffect(() => {
    if (changes.length > 0 && document.activeElement === document.body) head.current?.focus({ preventScroll: true });
  }, [changes]);
  const now = useNow();
  const lapses = Date.parse(request.lapsesAt);
  const who = first(staffName);
  const allowedFirst = changeOf(askedOf(request), allowedOf(request));
  const lapsed = lapses <= now;
  const open = (to: Step) => {
    setChanges([]);
    setStep(to);
  };
  const close = () => {
    setStep(undefined);
    head.current?.focus({ preventScroll: true });
    // What folds away under a long form leaves its reader at the card, and not in what stood below it.
    head.current?.scrollIntoView({ block: 'nearest' });
  };
  // Back from the sign-in: where it was left.
  useEffect(() => {
    if (keptStep(id)) head.current?.closest('article')?.scrollIntoView({ block: 'start' });
  }, [id]);

  return (
    <Frame
      mode={kind === 'EXPORT' ? 'export' : kind === 'WRITE' ? 'write' : 'read'}
      title={request.heading}
      titleId={titleId}
      head={head}
    >
      <p className="small meta">
        {called(staffName)}
        {staffEmail !== null && `, ${staffEmail}`}. {settings.side === 'vendor' && `To ${workspaceName}. `}
        <ForCase caseRef={caseRef} begins />. Asked <Time at={Date.parse(requestedAt)} shape="shortly" />.{' '}
        {lapsed ? (
          'Its time is up: it lapses, and nothing happens.'
        ) : (
          <>
            If nobody answers, it lapses <Time at={lapses} shape="day and time" />, in {span(lapses - now)}, and nothing
            happens.
          </>
        )}
      </p>
      <PlannedAndAs request={request} />
      {reason !== null && (
        <blockquote>
          {reason}
          <footer>{called(staffName)}, unchanged</footer>
        </blockquote>
      )}
      {request.question !== null && (
        <dl className="asked-back">
          <div>
            <dt>Asked back</dt>
            <dd>“{request.question}”</dd>
          </div>
          <div>
            <dt>{who} answered</dt>
            <dd>
              {request.answer === null
                ? 'Nothing yet. The request waits on, and its time runs.'
                : `“${request.answer}”`}
            </dd>
          </div>
        </dl>
      )}
      <div role="alert">
        {changes.length > 0 && (
          <div className="note plain">
            <p>
              <b>It is another request than you were reading.</b> Read it again, then decide.
            </p>
            <ul>
              {changes.map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
      <CanAndCannot
        can={{
          title: `${who} could`,
          items: [
            ...canItems(scope, (opens) => grouped(opens, 'and')),
            `stay for ${scope.minutes} minutes, then it ends by itself`,
          ],
        }}
        cannot={{ title: `${who} still could not`, items: grouped(scope.cannot, 'or') }}
      />
      <Exactly items={exactly(request.scopeArgumentsJson)} />
      {request.argumentsJson !== request.scopeArgumentsJson && (
        <Exactly items={exactly(request.argumentsJson)} title="Asked for with" />
      )}
      {allowedFirst !== null && (
        <div>
          <p className="label">
            {request.firstApproval?.name ?? 'Who approved it first'} allowed{' '}
            {isAnother(askedOf(request), allowedOf(request)) ? 'another thing' : 'less'} than was asked
          </p>
          <Compared asked={askedOf(request)} granted={allowedOf(request)} by="Allowed first" />
        </div>
      )}
      <p className="small">{whose(request, settings)}</p>
      {step && mayDecide ? (
        <DecisionForm
          {...{ myName, request, step, settings, onDone }}
          key={step.kind}
          onStep={setStep}
          onClose={close}
        />
      ) : mayDecide && !lapsed ? (
        <div className="acts deciding">
          {isTurnOf(settings.side, request) && (
            <>
              <button type="button" className="btn go" onClick={() => open({ kind: 'approve' })}>
                Approve once<span className="vh">: {caseOrNone(caseRef)}</span>
              </button>
              <button type="button" className="btn" onClick={() => open({ kind: 'trim' })}>
                Approve with changes
              </button>
            </>
          )}
          <button type="button" className="btn" onClick={() => open({ kind: 'decline' })}>
            Decline
          </button>
          {request.question === null || request.answer !== null ? (
            <button type="button" className="btn quiet" onClick={() => open({ kind: 'ask' })}>
              Ask {who} a question
            </button>
          ) : null}
        </div>
      ) : (
        !mayDecide && <p className="small">You see what waits. {listed(settings.deciders)} decide about it.</p>
      )}
    </Frame>
  );
}

function whose(request: Request, { side }: Settings): string {
  const { asks, firstApproval, waitsAgain } = request;
  const vendor = page.productName;
  const isTurn = isTurnOf(side, request);
  if (side === 'vendor') {
    if (!isTurn)
      return `${waitsAgain ?? 'The customer decides about it first.'} Once they have approved it, it is for ${vendor} to decide. You can decline it.`;
    return firstApproval
      ? `${firstApproval.name ?? 'Somebody'} approved it first, for the customer. It needs one more approval: yours, or that of another who decides for ${vendor}. Approving starts nothing; the visit begins when they come in.`
      : `It needs one approval: yours, or that of another who decides for ${vendor}. Approving starts nothing; the visit begins when they come in.`;
  }
  if (asks === 'BOTH') {
    if (!isTurn)
      return `${firstApproval?.name ?? 'Somebody'} approved it first. Now a second person of ${vendor} decides; you can still decline it.`;
    const again = waitsAgain === null ? '' : `${waitsAgain} `;
    return `${again}It needs two approvals: yours first, then that of a second person of ${vendor}.`;
  }
  if (asks === 'VENDOR') return `A second person of ${vendor} decides about it. You can decline it.`;
  return 'It needs one approval: yours, or that of another who decides for your workspace. Approving starts nothing; the visit begins when they come in.';
}

function listed(roles: readonly string[]): string {
  const named = roles.map((role) => `${role}s`);
  const words = named.length < 2 ? (named[0] ?? 'others') : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
