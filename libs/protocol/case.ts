/** What a visit or a request is for, as it follows a verb: "for CASE-123", "without a case". */
export function caseInWords(caseRef: string | null): string {
  return caseRef === null ? 'without a case' : `for ${caseRef}`;
}
