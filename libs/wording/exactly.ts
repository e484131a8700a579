import { canonicalJson, visibly } from '@gatebook/protocol';

export { visibly };

const PLAIN_NAME = /^[\w.-]{1,64}$/;

/** A value as JSON that a person can approve: its canonical form (RFC 8785) with everything unseen escaped. */
export function exactText(value: unknown): string {
  return visibly(canonicalJson(value));
}

export interface ArgumentItem {
  readonly name: string;
  /** JSON: a text stands in quotes, so that `"1"` and `1` differ. */
  readonly value: string;
}

/** The arguments of an action one by one, in canonical order; empty: none. */
export function argumentItems(given: Given): ArgumentItem[] {
  const named = Object.entries(given ?? {}).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return named.map(([name, value]) => ({
    name: PLAIN_NAME.test(name) ? name : exactText(name),
    value: exactText(value),
  }));
}

export type Given = Readonly<Record<string, unknown>> | null | undefined;

/** "With exactly: value "20 %"."; `undefined`: there are none. */
export function withExactly(given: Given): string | undefined {
  const items = argumentItems(given);
  return items.length === 0 ? undefined : `With exactly: ${told(items)}.`;
}

/** "Tried with exactly: value "0 %". Approved with exactly: value "20 %"."; `undefined`: both are none, or erased. */
export function triedAndApproved({ tried, approved }: { tried: Given; approved?: Given }): string | undefined {
  const [did, may] = [argumentItems(tried), argumentItems(approved)];
  if (did.length + may.length === 0) return undefined;
  const said = (verb: string, items: readonly ArgumentItem[]) =>
    items.length === 0 ? `${verb} with nothing.` : `${verb} with exactly: ${told(items)}.`;
  return [said('Tried', did), ...(approved === undefined ? [] : [said('Approved', may)])].join(' ');
}

/**
 * The same beside what was asked for (S4-26, S4-47): "With exactly: value "21" where "20 %" was asked for.". What is no
 * JSON value is ours: nothing that is given can look like it.
 */
export function withExactlyInstead(given: Given, asked: Given): string | undefined {
  const before = new Map(argumentItems(asked).map(({ name, value }) => [name, value]));
  const granted = argumentItems(given);
  const items = granted.map(({ name, value }) => {
    const was = before.get(name);
    return { name, value: was === value ? value : `${value} where ${was ?? 'none'} was asked for` };
  });
  const kept = new Set(granted.map(({ name }) => name));
  const left = [...before].filter(([name]) => !kept.has(name));
  const all = [...items, ...left.map(([name, was]) => ({ name, value: `left out where ${was} was asked for` }))];
  return all.length === 0 ? undefined : `With exactly: ${told(all)}.`;
}

function told(items: readonly ArgumentItem[]): string {
  return items.map(({ name, value }) => `${name} ${value}`).join(', ');
}
