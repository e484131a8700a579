import { setImmediate as turn } from 'node:timers/promises';
import type { Patience } from '../express/middleware.ts';

/** So long no machine stands still: where these run out, what was waited for was not to come. */
export const PATIENT: Required<Patience> = { callMs: 60_000, silentMs: 60_000 };

/** Waits for what must come, 30 seconds at most. */
export async function until(condition: () => boolean): Promise<void> {
  const giveUp = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > giveUp) throw new Error('What was waited for did not come.');
    await turn();
  }
}
