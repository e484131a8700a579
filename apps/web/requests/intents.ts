import { commandId } from '../graphql/ask.ts';

/**
 * Command ids by what they were made for: sent again with nothing changed, a press has its one effect, whatever became of
 * the first answer. Kept for the tab, so that signing in anew brings the same press back.
 */
const KEY = 'gatebook-intents';
const MOST = 20;

type Kept = readonly (readonly [wish: string, id: string])[];

function kept(): Kept {
  return JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as Kept;
}

/** The id of this wish: the one whose answer never came, or a new one. */
export function idOf(wish: object): string {
  const text = JSON.stringify(wish);
  const found = kept().find(([known]) => known === text)?.[1];
  if (found !== undefined) return found;
  const id = commandId();
  sessionStorage.setItem(KEY, JSON.stringify([...kept(), [text, id]].slice(-MOST)));
  return id;
}

/** It was answered: the next press of the same is another one. */
export function answered(wish: object): void {
  const text = JSON.stringify(wish);
  sessionStorage.setItem(KEY, JSON.stringify(kept().filter(([known]) => known !== text)));
}
