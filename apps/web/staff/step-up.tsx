import { useState } from 'react';
import { late } from '../parts/late.tsx';
import { Draft } from '../parts/signs.tsx';
import { leaveToSignIn } from '../session/openid.ts';
import { Time } from '../time/zone.tsx';
import type { StartError } from './operations.ts';

const Dialog = late(() => import('../parts/dialog.tsx'));

export type StepUpAsked = Extract<StartError, { readonly __typename: 'StepUpRequired' }>;

/** Why identity is asked for again, the line that waits for it, and the way there and back to the same form. */
export function StepUp({
  asked: { maxAge, acrValues },
  provedAt,
  line,
  onClose,
}: {
  readonly asked: StepUpAsked;
  /** Epoch milliseconds; `undefined`: the sign-in doesn't say. */
  readonly provedAt: number | undefined;
  readonly line: string;
  readonly onClose: () => void;
}) {
  const [problem, setProblem] = useState(false);
  const minutes = Math.floor(maxAge / 60);
  const leave = () => {
    setProblem(false);
    // The form is kept for this tab: it comes back as it is.
    leaveToSignIn('staff', `${location.pathname}${location.search}`, { maxAge, acrValues }).catch(() =>
      setProblem(true),
    );
  };
  return (
    <Dialog title="Prove who you are again" onClose={onClose}>
      <p>
        A visit starts within {minutes < 1 ? 'a minute' : minutes === 1 ? '1 minute' : `${minutes} minutes`} of a proof
        of who you are.{' '}
        {provedAt !== undefined && (
          <>
            Yours is from <Time at={provedAt} shape="shortly" />.
          </>
        )}{' '}
        Nothing was written, and what you typed stays here.
      </p>
      <Draft title="This line waits for it">{line}</Draft>
      <div role="alert">{problem && <p className="note plain">The sign-in can’t be reached. Try again.</p>}</div>
      <div className="acts">
        <button type="button" className="btn go" onClick={leave}>
          Sign in again
        </button>
        <button type="button" className="btn" onClick={onClose}>
          Not now
        </button>
      </div>
    </Dialog>
  );
}
