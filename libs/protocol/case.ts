import { visibly } from './visibly.ts';

/**
 * What a visit or a request is for, as it follows a verb: "for CASE-123", "without a case". Everything unseen in it is
 * escaped: logs can be older than the rule that no case is called so (threat T52).
 */
export function caseInWords(caseRef: string | null): string {
  return caseRef === null ? 'without a case' : `for ${visibly(caseRef)}`;
}
