import { forCase } from '#domain/workspace/for-case';

/** What a visit or a request is for, in words: "for CASE-123", "without a case". */
export const caseInWords = (caseRef: string | null | undefined): string => forCase(caseRef || null);
