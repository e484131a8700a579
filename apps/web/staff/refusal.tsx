import type { ReactNode } from 'react';
import type { Problem } from '../graphql/ask.ts';
import { Mark } from '../parts/signs.tsx';
import { followed } from '../router.ts';
import type { StartError } from './operations.ts';

/** What came of a start that did not open a door, or of asking for access. */
export type Outcome =
  | { readonly kind: 'refused'; readonly error: StartError }
  /** No answer came: nobody here knows whether it was done. */
  | { readonly kind: 'unknown'; readonly problem: Problem };

/** Where a visit of one’s own stands in the way. */
const IN_A_VISIT = new Set(['staffMemberHasNoOtherVisit']);

interface Tried {
  readonly workspaceName: string;
  /** Whether a visit was to begin, or was asked for. */
  readonly asks?: boolean;
}

export function NotStarted({ outcome, ...tried }: Tried & { readonly outcome: Outcome | undefined }) {
  // The region is there before its words, or nobody hears them (WCAG 4.1.3).
  return <div role="alert">{outcome && <Note {...tried} outcome={outcome} />}</div>;
}

function Note({ outcome, workspaceName, asks = false }: Tried & { readonly outcome: Outcome }) {
  if (outcome.kind === 'unknown') {
    return (
      <Framed title={outcome.problem.message}>
        <p>
          {asks
            ? 'It isn’t known here whether your request was written. Ask again with nothing changed: it counts once.'
            : 'It isn’t known here whether your visit began. Start it again with nothing changed: it begins once at most.'}{' '}
          What you typed is still here.
        </p>
      </Framed>
    );
  }
  const { error } = outcome;
  if (error.code === 'STAFF_ACCESS_OFF') {
    return (
      <Framed title={`Staff access to ${workspaceName} is off`} mark="out">
        <p>
          Nothing of {workspaceName} is shown. Answer in the case, and ask the owner there to turn staff access on. Then{' '}
          {asks ? 'ask' : 'start'} again: what you typed stays here.
        </p>
        <p className="small">The attempt was written down. The customer reads it, with your reason.</p>
      </Framed>
    );
  }
  const more = 'hints' in error ? error.hints : 'instead' in error && error.instead !== null ? [error.instead] : [];
  return (
    <Framed title={error.message}>
      {more.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {'rule' in error && IN_A_VISIT.has(error.rule) && (
        <p>
          <a href="/staff" onClick={followed}>
            See the visit that you are in
          </a>
        </p>
      )}
      {'rule' in error && <p className="small">The attempt was written down. Nothing was shown.</p>}
    </Framed>
  );
}

function Framed({
  title,
  mark = 'refused',
  children,
}: {
  readonly title: string;
  readonly mark?: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={`note plain not-started ${mark}`}>
      <Mark mark={mark} />
      <div>
        <p>
          <b>{title}</b>
        </p>
        {children}
      </div>
    </div>
  );
}
