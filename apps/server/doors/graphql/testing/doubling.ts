import { Kind, parse, type DocumentNode } from 'graphql';

const FRAGMENTS = 60;
/** Enough for whatever looks at each fragment once or twice. */
const MOST_LOOKS = 10;

/**
 * A document of fragments that double each other sixty times, so that the last one stands in it 2 to the power of 60
 * times. `looks` has how often each was looked into; whoever does so for each time that it stands there is told to stop.
 */
export function doublingFragments(): { readonly document: DocumentNode; readonly looks: number[] } {
  const doubling = Array.from({ length: FRAGMENTS }, (_, i) => `fragment f${i} on Thing { ...f${i + 1} ...f${i + 1} }`);
  const document = parse(`{ thing { ...f0 } } ${doubling.join(' ')} fragment f${FRAGMENTS} on Thing { name }`);
  const looks: number[] = [];
  const definitions = document.definitions.map((node) => {
    if (node.kind !== Kind.FRAGMENT_DEFINITION) return node;
    const { selectionSet } = node;
    const at = looks.push(0) - 1;
    return Object.defineProperty({ ...node }, 'selectionSet', {
      enumerable: true,
      get() {
        looks[at]!++;
        if (looks[at]! > MOST_LOOKS)
          throw new Error(`${node.name.value} was looked into more than ${MOST_LOOKS} times.`);
        return selectionSet;
      },
    });
  });
  return { document: { ...document, definitions }, looks };
}
