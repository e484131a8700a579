import { caseInWords as inWords, visibly } from '@gatebook/protocol';

/** What a visit or a request is for, in words; an empty text is no case, as a visit's own field says it. */
export const caseInWords = (caseRef: string | null | undefined): string => inWords(caseRef || null);

/** A case by its own id as people read it: logs can hold ids that turn a line around, or show less than they are (T52). */
export const caseShown = (caseRef: string): string => visibly(caseRef);

/** The same, or that there is none. */
export const caseOrNone = (caseRef: string | null | undefined): string =>
  caseRef ? caseShown(caseRef) : caseInWords(null);
