import type { CaseId, MemberId, SessionId } from '@gatebook/protocol';
import type { Grant } from '../grant/grant.ts';
import type { OpenRequest, PlannedAction, PlannedField, RequestKind, Wanted } from './request.ts';

/** What somebody asks for, as far as it tells one request from another. */
export interface Wish {
  readonly kind: RequestKind;
  readonly caseId: CaseId | null;
  readonly viewAs: MemberId | null;
  readonly extends: SessionId | null;
  readonly action: Pick<PlannedAction, 'name' | 'target'> | null;
  readonly field: PlannedField | null;
  /** Those that would open, each once. */
  readonly pages: readonly string[];
}

/** Whether it is what waits already. Other pages that are sensitive, another member’s view and more of another visit are not. */
export function isSameWish({ asked, ...open }: OpenRequest, { pages, action, field, ...wish }: Wish): boolean {
  const otherPages = asked.pages.length !== pages.length || pages.some((page) => !asked.pages.includes(page));
  return (
    open.kind === wish.kind &&
    open.caseId === wish.caseId &&
    open.viewAs === wish.viewAs &&
    open.extends === wish.extends &&
    !(wish.kind === 'sensitive entry' && otherPages) &&
    asked.action?.name === action?.name &&
    (asked.action?.target ?? null) === (action?.target ?? null) &&
    isSameField(asked.field, field)
  );
}

/** A wish with what a start on its grant can't say otherwise. */
interface WishInFull extends Pick<Wish, 'kind' | 'caseId' | 'viewAs' | 'extends'> {
  readonly job: string | null;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly plannedStart: number | null;
}

/** Whether a grant gives all of a wish, so that it need only be begun. More than it gives is a new request. */
export function isGrantedAlready({ granted, shown, ...grant }: Grant, wish: WishInFull, wanted: Wanted): boolean {
  return (
    grant.kind === wish.kind &&
    grant.caseId === wish.caseId &&
    grant.job === wish.job &&
    grant.viewAs === wish.viewAs &&
    grant.extends === wish.extends &&
    grant.plannedStart === wish.plannedStart &&
    shown?.reason === wish.reason &&
    // Its digest is of name, target and arguments.
    granted.action?.digest === wanted.action?.digest &&
    isSameField(granted.field, wanted.field) &&
    granted.minutes >= wanted.minutes &&
    wanted.pages.every((page) => granted.pages.includes(page))
  );
}

/** Of the same record; whatever the catalogue called it at the time. */
function isSameField(one: PlannedField | null, other: PlannedField | null): boolean {
  return one?.field === other?.field && (one?.record ?? null) === (other?.record ?? null);
}
