import { setTimeout as passed } from 'node:timers/promises';

/** Only what never comes takes as long as this. */
const LONGEST_MS = 30_000;
const AGAIN_MS = 2;

/**
 * What `look` finds, as soon as it finds something: neither `undefined` nor `false`.
 * @throws it doesn't come; with what there is instead.
 */
export async function until<Found>(
  look: () => Found | Promise<Found>,
  instead: () => unknown = () => '',
): Promise<Exclude<Found, undefined | false>> {
  const deadline = performance.now() + LONGEST_MS;
  for (;;) {
    const late = performance.now() > deadline;
    const found = await look();
    if (found !== undefined && found !== false) return found as Exclude<Found, undefined | false>;
    // Looked at once more behind the deadline: a machine that stood still may have what is waited for by then.
    if (late) throw new Error(`It did not come: ${look.toString()} ${JSON.stringify(instead())}`);
    await passed(AGAIN_MS);
  }
}
