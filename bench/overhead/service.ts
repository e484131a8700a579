/** Starts the built service with its parts under switches, and does what the bench orders over IPC. */
import { registerHooks } from 'node:module';
import { switchOff } from './state.ts';
import { REPLACED, type Edge, type Order } from './switches.ts';

const BUILD = new URL('../../dist/', import.meta.url).href;
const waiting = new Map(REPLACED.map((each) => [`${BUILD}${each.in} ${each.specifier}`, each]));

registerHooks({
  resolve(specifier, context, next) {
    const place = `${context.parentURL} ${specifier}`;
    const replaced = waiting.get(place);
    if (!replaced) return next(specifier, context);
    waiting.delete(place);
    return { url: new URL(replaced.by, import.meta.url).href, shortCircuit: true };
  },
});

await import(`${BUILD}apps/server/main.js`);
// The build was rearranged: what is switched off here would be on all the same.
for (const place of waiting.keys()) throw new Error(`Nothing is imported so: ${place}`);

// Not before: they import what was to be replaced.
const { say } = await import('./logging.ts');
const { answered } = await import('./metrics.ts');

process.on('message', (order: Order) => {
  if (order !== 'tell') {
    if ('off' in order) switchOff(order.off);
    else say(order.say);
  }
  const { user, system } = process.cpuUsage();
  const edge: Edge = { at: performance.now(), micros: user + system, answers: answered() };
  process.send!(edge);
});
// The bench is gone.
process.on('disconnect', () => process.exit());
