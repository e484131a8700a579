import type { MyDenial } from './operations.ts';

export type Refused = Pick<MyDenial, 'rule' | 'because' | 'instead' | 'caseRef' | 'action'> & {
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
const ASKABLE = new Set(['visitIsApproved', 'nothingIsChanged', 'actionIsApproved', 'grantIsUnspent', 'jobIsReadOnly']);
/** Rules about what was asked for already: it can be confirmed, or asked for anew, among one's own requests. */
const ASKED = new Set(['grantIsReady', 'grantIsKnown', 'startIsAsApproved']);
/** Rules behind which a visit can be started instead. */
const STARTABLE = new Set(['pageIsInScope', 'visitHasNotEnded', 'pagesAreWithinBudget', 'entryIsFirst']);
const ANEW = 'Ask anew.';

/** The way from something that was refused to what could be done instead; `undefined`: what is said is all. */
export function wayOn(refused: Refused): WayOn | undefined {
  const { rule, because, instead, action } = refused;
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
    } else wish.set('instead', rule === 'jobIsReadOnly' ? because : instead);
    return { link: 'Ask for it', after: ' with the reason, and somebody there decides.', to: `/staff/ask?${wish}` };
  }
  if (STARTABLE.has(rule)) {
    const after = rule === 'pageIsInScope' ? ' once you have left this one.' : '.';
    return { link: 'Start a new visit', after, to: `/staff/start?${placeOf(refused)}` };
  }
  return undefined;
}

function placeOf({ workspaceId, caseRef }: Refused): URLSearchParams {
  return new URLSearchParams({
    ...(workspaceId !== null && { workspace: workspaceId }),
    ...(caseRef !== null && caseRef !== '' && { case: caseRef }),
  });
}
