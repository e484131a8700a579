import { describe, expect, it } from '@jest/globals';
import { added, joined, leave, NOBODY } from './queue.ts';

describe('A queue of a lane', () => {
  it('is the same nothing for all that have nothing to do, and stays so', () => {
    expect(joined(NOBODY, [])).toBe(NOBODY);
    leave(NOBODY);
    const one = added(NOBODY, 1);
    const other = added(NOBODY, 2);
    expect([NOBODY, one, other]).toStrictEqual([[], [1], [2]]);
  });

  it('keeps its order, and what comes behind another follows it', () => {
    expect(joined(added(added(NOBODY, 1), 2), added(NOBODY, 3))).toStrictEqual([1, 2, 3]);
  });

  it('is used again once it is done with, empty', () => {
    const first = added<unknown>(NOBODY, { large: true });
    leave(first);
    const next = added<unknown>(NOBODY, 2);
    expect(next).toBe(first);
    expect(next).toStrictEqual([2]);
  });
});
