import type { Wish } from '../requests/told.ts';
import type { Gate } from './operations.ts';

/** What the workspace's settings say of deciding, to whom. */
export interface Settings {
  /** Whose approval the reader gives. */
  readonly side: 'customer' | 'vendor';
  /** Roles that decide for that side. */
  readonly deciders: readonly string[];
  /** `undefined`: not read yet. */
  readonly startByMinutes: number | undefined;
  /** Whether an approval may be for another target or with other arguments; `undefined`: not read yet. */
  readonly mayWiden: boolean | undefined;
}

export function settingsOf({ staffAccess: { mayDecide, startByMinutes, mayWiden } }: Gate): Settings {
  return { side: 'customer', deciders: mayDecide.map((role) => role.toLowerCase()), startByMinutes, mayWiden };
}

/** What the reader is about to do about a request. */
export interface Step {
  readonly kind: 'approve' | 'trim' | 'decline' | 'ask';
  /** As far as it was filled in. */
  readonly message?: string;
  readonly wish?: Wish;
}

/** Proving anew who one is leaves the page: what was being decided is there again behind it, for this tab. */
const KEY = 'gatebook-deciding';

interface Kept {
  readonly requestId: string;
  readonly step: Step;
}

export function keepStep(requestId: string, step: Step): void {
  sessionStorage.setItem(KEY, JSON.stringify({ requestId, step } satisfies Kept));
}

export function keptStep(requestId: string): Step | undefined {
  const text = sessionStorage.getItem(KEY);
  const kept = text === null ? undefined : (JSON.parse(text) as Kept);
  return kept?.requestId === requestId ? kept.step : undefined;
}

export function forgetStep(): void {
  sessionStorage.removeItem(KEY);
}
