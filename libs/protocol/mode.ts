/** The one action of a visit on a write grant, as far as its mode is told by it. */
export interface OneAction {
  /** In words, with its target: "retry the failed invoice sync on INV-88". */
  readonly label: string;
  /** Whether it was used: it can be once. */
  readonly isUsed: boolean;
}

/** The one masked value of a visit on a reveal, as far as its mode is told by it. */
export interface OneValue {
  /** In words, with its record: "customer.email of inq_1". */
  readonly label: string;
  /** Whether it was shown: it can be once. */
  readonly isShown: boolean;
}

/**
 * What a visit lets change, without a full stop: "Read only", or which one action or one masked value beside it and
 * whether it was used (S0-24, S1-44, S1-50). The same words wherever a visit's mode is told.
 */
export function modeInWords(action: OneAction | null, value: OneValue | null = null): string {
  if (action === null && value !== null)
    return `Read only, and one masked value: ${value.label} (${value.isShown ? 'shown' : 'not shown yet'})`;
  if (action === null) return 'Read only';
  return `Read only, and one action: ${action.label} (${action.isUsed ? 'used' : 'not used yet'})`;
}
