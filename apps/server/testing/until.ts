import { setTimeout as passed } from 'node:timers/promises';

/** Only what never comes takes as long as this. */
const LONGEST_MS = 30_000;
const AGAIN_MS = 2;

/**
 * What `look` finds, as soon as it finds something: neither `undefined` nor `false`. While there is ever something else
 * `instead`, it is on its way.
 * @throws it doesn't come; with what there is instead.
 */
export async function until<Found>(
  look: () => Found | Promise<Found>,
  instead: () => unknown = () => '',
): Promise<Exclude<Found, undefined | false>> {
  let deadline = performance.now() + LONGEST_MS;
  let before = JSON.stringify(instead());
  for (;;) {
    const late = performance.now() > deadline;
    const found = await look();
    if (found !== undefined && found !== false) return found as Exclude<Found, undefined | false>;
    // Looked at once more behind the deadline: a machine that stood still may have what is waited for by then.
    if (late) {
      const now = JSON.stringify(instead());
      if (now === before) throw new Error(`It did not come: ${look.toString()} ${now}`);
      [before, deadline] = [now, performance.now() + LONGEST_MS];
    }
    await passed(AGAIN_MS);
  }
}
