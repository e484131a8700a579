import { setTimeout as passed } from 'node:timers/promises';

const SILENT = 'The log has been silent for more than two seconds.';
const AGAIN_MS = 50;
const MOST = 100;

/**
 * Asks again while the service doesn't know whether it has heard everything, as whoever is told "try again" does. A
 * process that runs specs beside a service stands still for two seconds now and then, on a busy machine.
 */
export async function onceHeard<Answer extends { readonly text: string }>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let times = 0; ; times++) {
    const answer = await ask();
    if (times === MOST || !answer.text.includes(SILENT)) return answer;
    await passed(AGAIN_MS);
  }
}
