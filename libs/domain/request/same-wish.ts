import type { CaseId, MemberId, SessionId } from '@gatebook/protocol';
import type { OpenRequest, PlannedAction, PlannedField, RequestKind } from './request.ts';

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
    asked.field?.field === field?.field &&
    (asked.field?.record ?? null) === (field?.record ?? null)
  );
}
