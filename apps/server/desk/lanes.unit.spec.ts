import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lanes } from './lanes.ts';

// Many with the same tail, so the same number; short ones, and ones that end as others do.
const ids = fc.oneof(
  fc.constantFrom('', '1', 'a12345678', 'b12345678', '12345678', 'ab12345678', '2345678'),
  fc.string({ maxLength: 3 }),
);
const steps = fc.array(fc.tuple(fc.constantFrom('add', 'delete', 'delete another'), ids), { maxLength: 40 });

describe('Lanes by what their streams are about', () => {
  it('has what a map by the streams’ names would have, whatever ids have in common', () => {
    fc.assert(
      fc.property(steps, ids, (played, asked) => {
        const lanes = new Lanes<{ readonly stream: string }>('workspace-');
        const map = new Map<string, { readonly stream: string }>();
        for (const [step, id] of played) {
          const lane = { stream: `workspace-${id}` };
          if (step === 'add') {
            lanes.add(lane);
            map.set(id, lane);
          } else {
            // One that was put there by somebody else since stays.
            const there = step === 'delete' ? map.get(id) : undefined;
            lanes.delete(there ?? lane);
            if (there) map.delete(id);
          }
          for (const [known, there] of map) expect(lanes.get(known)).toBe(there);
          expect(lanes.get(asked)).toBe(map.get(asked));
          expect(lanes.size).toBe(map.size);
        }
        expect(new Set(lanes)).toStrictEqual(new Set(map.values()));
      }),
      // One takes the place of itself, where the one that had its number first is gone.
      {
        examples: [
          [
            [
              ['add', 'a12345678'],
              ['add', 'b12345678'],
              ['delete', 'a12345678'],
              ['add', 'b12345678'],
            ],
            'b12345678',
          ],
        ],
      },
    );
  });
});
