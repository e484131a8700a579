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
export function argumentItems(given: Readonly<Record<string, unknown>> | null | undefined): ArgumentItem[] {
  const named = Object.entries(given ?? {}).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return named.map(([name, value]) => ({
    name: PLAIN_NAME.test(name) ? name : exactText(name),
    value: exactText(value),
  }));
}

/** "With exactly: value "20 %"."; `undefined`: there are none. */
export function withExactly(given: Readonly<Record<string, unknown>> | null | undefined): string | undefined {
  const items = argumentItems(given);
  if (items.length === 0) return undefined;
  return `With exactly: ${items.map(({ name, value }) => `${name} ${value}`).join(', ')}.`;
}
