/** What something was done for, as it follows a verb: "for CASE-123", "without a case". */
export function forCase(caseRef: string | null): string {
  return caseRef === null ? 'without a case' : `for ${caseRef}`;
}
