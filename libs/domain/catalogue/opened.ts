import type { Catalogue, CatalogueMistake } from './catalogue.ts';
import { choiceLoosened } from './choices.ts';

const CLASSES = ['view', 'change', 'sensitive', 'restricted', 'never'] as const;
/** Masks that leave nothing to be read. */
const WHOLE: readonly string[] = ['secret', 'hidden', 'personal-id'];

type Entry = Catalogue['pages'][string] | Catalogue['actions'][string];

/**
 * The first thing that one catalogue opens and another doesn't; `undefined` where the second only closes. What a page or an
 * action is called counts too: who approves goes by it. Jobs only gather what is open anyhow.
 */
export function openedBy(from: Catalogue, to: Catalogue): CatalogueMistake | undefined {
  for (const group of ['pages', 'actions'] as const) {
    const before: Readonly<Record<string, Entry>> = from[group];
    for (const [id, entry] of Object.entries(to[group]) as [string, Entry][]) {
      const was = Object.hasOwn(before, id) ? before[id] : undefined;
      if (!was) return { path: [group, id], message: 'is declared anew' };
      const message = looserIn(was, entry);
      if (message !== undefined) return { path: [group, id], message };
    }
  }
  for (const [id, { mask }] of Object.entries(to.fields)) {
    const was = Object.hasOwn(from.fields, id) ? from.fields[id] : undefined;
    if (mask !== was?.mask && !WHOLE.includes(mask)) return { path: ['fields', id], message: 'would show more' };
  }
  return undefined;
}

function looserIn(was: Entry, is: Entry): string | undefined {
  if (CLASSES.indexOf(is.class) < CLASSES.indexOf(was.class)) return `would no longer be of class ${was.class}`;
  if (is.label !== was.label) return 'would be called otherwise';
  if (is.area !== was.area) return 'would be in another area';
  const lost = effectsOf(was).find((effect) => !effectsOf(is).includes(effect));
  if (lost !== undefined) return `would no longer have the effect “${lost}”`;
  const free = takesOf(was).find((name) => !takesOf(is).includes(name));
  if (free !== undefined) return `would no longer need the argument “${free}”`;
  const loose = choiceLoosened(choicesOf(was), choicesOf(is));
  if (loose !== undefined) return `would let the argument “${loose}” have more values`;
  return rowsOf(is) < rowsOf(was) ? 'would count fewer rows' : undefined;
}

const effectsOf = (entry: Entry) => ('effects' in entry ? (entry.effects ?? []) : []);
const takesOf = (entry: Entry) => ('takes' in entry ? (entry.takes ?? []) : []);
const choicesOf = (entry: Entry) => ('choices' in entry ? entry : {});
const rowsOf = (entry: Entry) => ('rows' in entry ? (entry.rows ?? 0) : 0);
