/** The one action of a visit on a write grant, as far as its mode is told by it. */
export interface OneAction {
  /** In words, with its target: "retry the failed invoice sync on INV-88". */
  readonly label: string;
  /** Whether it was used: it can be once. */
  readonly isUsed: boolean;
}

/**
 * What a visit lets change, without a full stop: "Read only", or which one action beside it and whether it was used
 * (S0-24, S1-50). The same words wherever a visit's mode is told.
 */
export function modeInWords(action: OneAction | null): string {
  if (action === null) return 'Read only';
  return `Read only, and one action: ${action.label} (${action.isUsed ? 'used' : 'not used yet'})`;
}
