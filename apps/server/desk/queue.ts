/** A queue without anything in it, the same one for all lanes: nearly all of a million have nothing to do just now. */
export const NOBODY: never[] = [];
Object.freeze(NOBODY);

/**
 * Queues that are used again and again. Were each made for its turn, every decision would leave an old lane pointing at a
 * young queue, and the collector look at each of those lanes, far apart in memory, as often as it collects what is young.
 */
const spare: unknown[][] = [];
const SPARE_MAX = 1024;

/** The queue with one more in it. */
export function added<One>(queue: One[], one: One): One[] {
  const longer = queue === NOBODY ? ((spare.pop() as One[] | undefined) ?? []) : queue;
  longer.push(one);
  return longer;
}

/** The queue is done with: whoever had it has copied what was in it, and keeps it no longer. */
export function leave(queue: unknown[]): void {
  if (queue === NOBODY || spare.length >= SPARE_MAX) return;
  queue.length = 0;
  spare.push(queue);
}

export function joined<One>(first: One[], then: One[]): One[] {
  return first.length + then.length === 0 ? NOBODY : [...first, ...then];
}
