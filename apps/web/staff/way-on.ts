import type { MyDenial, MyVisit } from './operations.ts';

export type Refused = Pick<
  MyDenial,
  'rule' | 'because' | 'instead' | 'caseRef' | 'action' | 'page' | 'field' | 'sessionId'
> & {
  readonly workspaceId: string | null;
};

/** Where somebody who was refused can go on, and how the page says so: the link between two pieces of a sentence. */
export interface WayOn {
  readonly before?: string;
  readonly link: string;
  readonly after: string;
  readonly to: string;
}

/** Rules behind which something could be asked for instead. */
const ASKABLE = new Set([
  'visitIsApproved',
  'nothingIsChanged',
  'actionIsApproved',
  'grantIsUnspent',
  'jobIsReadOnly',
  'pageIsViewable',
  'fieldIsApproved',
]);
/** Rules about what was asked for already: it can be confirmed, or asked for anew, among one's own requests. */
const ASKED = new Set(['grantIsReady', 'grantIsKnown', 'startIsAsApproved']);
/** Rules behind which a visit can be started instead. */
const STARTABLE = new Set(['pageIsInScope', 'visitHasNotEnded', 'pagesAreWithinBudget', 'entryIsFirst']);
const ANEW = 'Ask anew.';

/** A refusal with the case of the visit that it was in, where what was tried names none. */
export function withItsCase<Of extends Refused>(refused: Of, visits: readonly Pick<MyVisit, 'id' | 'caseRef'>[]): Of {
  if (refused.caseRef !== null) return refused;
  return { ...refused, caseRef: visits.find(({ id }) => id === refused.sessionId)?.caseRef ?? null };
}

/** What is said beside the way on: what the way on says itself, by what is true now, is left out. */
export function insteadSaid({ rule, instead }: Pick<Refused, 'rule' | 'instead'>): string | null {
  return rule === 'visitHasNotEnded' ? null : instead;
}

/**
 * The way from something that was refused to what could be done instead; `undefined`: what is said is all.
 *
 * @param inside the visit that the staff member is in now, by its id; left out: in none.
 */
export function wayOn(refused: Refused, inside?: string): WayOn | undefined {
  const { rule, because, instead, action, page, field } = refused;
  if (rule === 'staffAccessIsOn' && refused.caseRef !== null)
    return { before: 'Once it is on, ', link: 'start again', after: '.', to: `/staff/start?${placeOf(refused)}` };
  if (instead === null || refused.workspaceId === null) return undefined;
  if (ASKED.has(rule) || instead === ANEW)
    return { link: 'See your requests', after: ' to confirm it or to ask anew.', to: '/staff/requests' };
  if (ASKABLE.has(rule)) {
    const wish = new URLSearchParams(placeOf(refused));
    // What was tried is what is asked for: where it wasn't what is approved, `instead` names another thing.
    if (action) {
      wish.set('action', action.name);
      if (action.target !== null) wish.set('target', action.target);
      if (action.argumentsJson !== null) wish.set('args', action.argumentsJson);
    } else if (field) {
      wish.set('field', field.field);
      if (field.record !== null) wish.set('record', field.record);
    } else if (rule === 'pageIsViewable' && page !== null) wish.set('page', page);
    else wish.set('instead', rule === 'jobIsReadOnly' ? because : instead);
    return { link: 'Ask for it', after: ' with the reason, and somebody there decides.', to: `/staff/ask?${wish}` };
  }
  if (STARTABLE.has(rule)) {
    const to = `/staff/start?${placeOf(refused)}`;
    if (inside !== undefined) {
      const left = inside === refused.sessionId ? 'this one' : 'the one that you are in';
      return { link: 'Start a new visit', after: ` once you have left ${left}.`, to };
    }
    if (rule === 'visitHasNotEnded')
      return { before: 'If there is more to do, ', link: 'start a new visit', after: '.', to };
    return { link: 'Start a new visit', after: '.', to };
  }
  return undefined;
}

function placeOf({ workspaceId, caseRef }: Refused): URLSearchParams {
  return new URLSearchParams({
    ...(workspaceId !== null && { workspace: workspaceId }),
    ...(caseRef !== null && caseRef !== '' && { case: caseRef }),
  });
}
