import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ById } from './by-id.ts';

interface Thing {
  readonly id: string;
  readonly value: number;
}

describe('Things by their ids', () => {
  it('are as a map has them, whatever comes and goes; and none is changed by another', () => {
    const step = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.nat(), goes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const map = new Map<string, Thing>();
        let things = ById.of<string, Thing>([]);
        for (const { id, value, goes } of steps) {
          const before = things;
          const stood = [...before.all];
          if (goes) map.delete(id);
          else map.set(id, { id, value });
          things = goes ? things.without(id) : things.with({ id, value });
          expect(things.all).toStrictEqual([...map.values()]);
          expect(things.get(id)).toStrictEqual(map.get(id));
          expect(before.all).toStrictEqual(stood);
        }
      }),
    );
  });
});
