/** A queue without anything in it, the same one for all lanes: nearly all of a million have nothing to do just now. */
export const NOBODY: never[] = [];
Object.freeze(NOBODY);

/** The queue with one more in it. */
export function added<One>(queue: One[], one: One): One[] {
  if (queue === NOBODY) return [one];
  queue.push(one);
  return queue;
}

export function joined<One>(first: One[], then: One[]): One[] {
  return first.length + then.length === 0 ? NOBODY : [...first, ...then];
}
