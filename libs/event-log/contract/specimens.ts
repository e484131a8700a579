import { randomUUID } from 'node:crypto';

import type { NewFact } from '../port.ts';

/** A new fact; its data has at least so many bytes. */
export function newFact(bytes = 0, title = 'Billing'): NewFact {
  const filling = 'x'.repeat(bytes);
  return {
    id: randomUUID(),
    type: 'PageViewed',
    data: JSON.stringify({ page: 'billing', title, filling }),
    metadata: JSON.stringify({ schemaVersion: 1 }),
  };
}

export const newFacts = (count: number, bytes = 0) => Array.from({ length: count }, () => newFact(bytes));

export const ids = (facts: readonly NewFact[]) => facts.map(({ id }) => id);

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** What the promise was rejected with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It should have been refused.');
}
