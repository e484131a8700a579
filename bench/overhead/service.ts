/** Starts the built service without what its arguments name. */
import { registerHooks } from 'node:module';
import { REPLACED, type Replaced, type Switch } from './without.ts';

const BUILD = new URL('../../dist/', import.meta.url).href;
const off = process.argv.slice(2) as Switch[];
const waiting = new Map<string, Replaced>();
for (const name of off)
  if (name !== 'logging') for (const each of REPLACED[name]) waiting.set(`${BUILD}${each.in} ${each.specifier}`, each);

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
// The build was rearranged: what is off here would be on all the same.
for (const place of waiting.keys()) throw new Error(`Nothing is imported so: ${place}`);
