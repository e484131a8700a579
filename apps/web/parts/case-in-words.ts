import { caseInWords as inWords } from '@gatebook/protocol';

/** What a visit or a request is for, in words; an empty text is no case, as a visit's own field says it. */
export const caseInWords = (caseRef: string | null | undefined): string => inWords(caseRef || null);
