import type { MyVisit } from './operations.ts';

type Cause = NonNullable<MyVisit['endCause']>;

/** Why a visit ended, as the staff member is told. */
const CAUSES: Readonly<Record<Cause, string>> = {
  CASE_CLOSED: 'Its support case was closed.',
  CASE_REASSIGNED: 'Its support case belongs to somebody else now.',
  ENDED_BY_OWNER: 'The customer ended this visit.',
  EXITED: 'You left.',
  IDLE: 'Nobody used it for a while.',
  REACHED_ITS_CAP: 'Its time was up.',
  REVOKED: 'The customer turned staff access off.',
  SCOPE_CHANGED: 'You went on in another visit.',
  STAFF_DISABLED: 'You may no longer visit workspaces.',
  TOO_FAST: 'More was opened than a visit’s budget allows.',
  WINDOW_ENDED: 'The time for which the customer had let support in was over.',
  WORKSPACE_CLOSED: 'The workspace was closed.',
};

/** What it means for the one who was inside. */
const MEANING: Partial<Readonly<Record<Cause, string>>> = {
  REVOKED: 'You did nothing wrong: a customer may close the gate at any time, and needs no reason.',
  ENDED_BY_OWNER: 'You did nothing wrong: a customer may end a visit at any time, and needs no reason.',
  WINDOW_ENDED: 'You did nothing wrong: staff access goes off by itself at its time.',
  IDLE: 'An open visit that nobody uses is a door left open. Start a new one when you go on.',
  TOO_FAST: 'Somebody will look at this visit. Open what the case needs, page by page.',
};

export function causeOf({ endCause }: Pick<MyVisit, 'endCause'>): string {
  return (endCause && CAUSES[endCause]) ?? 'It is over.';
}

export function meaningOf({ endCause }: Pick<MyVisit, 'endCause'>): string | undefined {
  return endCause === null ? undefined : MEANING[endCause];
}
