import type { ReactNode } from 'react';
import type { Problem } from '../graphql/ask.ts';
import { Mark } from '../parts/signs.tsx';
import { followed } from '../router.ts';
import type { StartError } from './operations.ts';

/** What came of a start that did not open a door. */
export type Outcome =
  | { readonly kind: 'refused'; readonly error: StartError }
  /** No answer came: nobody here knows whether the visit began. */
  | { readonly kind: 'unknown'; readonly problem: Problem };

/** Where a visit of one’s own stands in the way. */
const IN_A_VISIT = new Set(['staffMemberHasNoOtherVisit']);

export function NotStarted({
  outcome,
  workspaceName,
}: {
  readonly outcome: Outcome | undefined;
  readonly workspaceName: string;
}) {
  // The region is there before its words, or nobody hears them (WCAG 4.1.3).
  return <div role="alert">{outcome && <Note {...{ outcome, workspaceName }} />}</div>;
}

function Note({ outcome, workspaceName }: { readonly outcome: Outcome; readonly workspaceName: string }) {
  if (outcome.kind === 'unknown') {
    return (
      <Framed title={outcome.problem.message}>
        <p>
          It isn’t known here whether your visit began. Start it again with nothing changed: it begins once at most.
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
          Nothing of {workspaceName} is shown. Answer in the case, and ask the owner there to turn staff access on. Then
          start again: what you typed stays here.
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
