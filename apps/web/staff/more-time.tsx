import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import type { MemberId } from '@gatebook/protocol';
import { ask, command, Problem } from '../graphql/ask.ts';
import Dialog from '../parts/dialog.tsx';
import { useLate } from '../parts/late.tsx';
import { useSay } from '../parts/notes.tsx';
import { Draft } from '../parts/signs.tsx';
import { answered, idOf } from '../requests/intents.ts';
import { RequestAccess } from '../requests/operations.ts';
import { Time } from '../time/zone.tsx';
import { leftBehind } from './left-behind.ts';
import { LongestVisitQuery, type MyVisit, type StartError } from './operations.ts';
import { readReason } from './reason.ts';
import { ReasonText } from './reason-field.tsx';
import { NotStarted, type Outcome } from './refusal.tsx';
import { Lengths } from './start-scope.tsx';

const loadWording = () => import('../requests/draft.ts');

/**
 * More time for a visit that runs out: a request for a visit of its own, that goes on where this one ends. The end that was
 * granted stays as it is (policy.md, 2).
 */
export default function MoreTime({
  visit,
  name,
  onClose,
}: {
  readonly visit: MyVisit;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const { id, workspaceId, workspaceName, caseRef } = visit;
  const [reason, setReason] = useState(visit.reason ?? '');
  const [wanted, setWanted] = useState(30);
  const [longest, setLongest] = useState<number>();
  const [closed, setClosed] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const [pressed, setPressed] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const { found: wording, isLost } = useLate(loadWording);
  const field = useRef<HTMLTextAreaElement>(null);
  const say = useSay();
  const reading = readReason(reason);
  const minutes = Math.min(wanted, longest ?? wanted);

  useEffect(() => {
    ask(LongestVisitQuery, {}).then(
      ({ catalogue: { visits, pages } }) => {
        setLongest(visits.capMinutes);
        setClosed(leftBehind(visit.can ?? [], pages));
      },
      // Then the service says what is too long.
      () => setLongest(undefined),
    );
  }, []);
  const line = wording?.draftOfRequest({
    name,
    kind: 'extension',
    caseRef,
    reason: reading.kind === 'specific' ? reading.reason : reason.trim() || '…',
    label: null,
    minutes,
    can: visit.can ?? [],
    cannot: visit.cannot ?? [],
    arguments: null,
    viewAs: visit.viewedAs as MemberId | null,
    viewAsName: visit.viewedAsName,
  });

  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setPressed(true);
    if (reading.kind !== 'specific') return field.current?.focus();
    setBusy(true);
    setOutcome(undefined);
    const wish = { moreTime: id, reason, minutes };
    try {
      const input = { commandId: idOf(wish), workspaceId, kind: 'EXTENSION' as const, extends: id, reason, minutes };
      const { accessRequest, userErrors } = (await command(RequestAccess, { input })).requestAccess;
      const [error] = userErrors;
      if (error?.code !== 'TRY_AGAIN') answered(wish);
      if (!error) {
        say(
          accessRequest?.phase === 'APPROVED'
            ? 'You asked for more time, and nobody has to approve it. Begin it from your requests.'
            : 'You asked for more time. Your requests say what comes of it.',
          'asked',
        );
        return onClose();
      }
      setOutcome({ kind: 'refused', error: error as StartError });
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('failed', 'Something went wrong here.');
      if (problem.kind !== 'signed-out') setOutcome({ kind: 'unknown', problem });
    }
    setBusy(false);
  };

  return (
    <Dialog title={`Ask for more time in ${workspaceName}`} onClose={onClose}>
      <form className="decision" onSubmit={(event) => void send(event)} noValidate>
        <p>
          This visit ends at <Time at={Date.parse(visit.plannedEnd)} shape="shortly" /> all the same: what was granted
          stays as it is. More time is a visit of its own, with the same pages and nothing more. You begin it once it is
          approved, and if you are still in this one, it ends with that.
        </p>
        {closed.length > 0 && (
          <p className="note plain">
            Closed in it: {new Intl.ListFormat('en').format(closed)}. A sensitive page is asked for by name, as it was.
          </p>
        )}
        {visit.action !== null && (
          <p className="note plain">It is to look. Another change is asked for by name, as the first was.</p>
        )}
        {visit.reveal !== null && (
          <p className="note plain">It is to look. A masked value is asked for by name, as this one was.</p>
        )}
        <fieldset>
          <legend>For how much longer</legend>
          <Lengths minutes={minutes} longest={longest} onPick={setWanted} />
        </fieldset>
        <div className="field wide">
          <ReasonText
            label="Why you need it: what is left to find out"
            value={reason}
            reading={reading}
            refused={pressed && reading.kind !== 'specific'}
            field={field}
            onChange={(text) => {
              setReason(text);
              setOutcome(undefined);
            }}
          />
        </div>
        <Draft title="If you ask, this line is written" {...{ isLost }}>
          {line}
        </Draft>
        <NotStarted {...{ outcome, workspaceName }} asks />
        <div className="acts wide">
          <button type="submit" className="btn go" aria-disabled={busy || undefined}>
            {busy ? 'Writing the line …' : 'Ask for more time'}
          </button>
          <button type="button" className="btn" onClick={onClose}>
            Leave it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
