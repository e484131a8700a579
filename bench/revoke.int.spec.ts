import { describe, expect, it } from '@jest/globals';
import { judge, type Off, type OffOfOurs } from './revoke.ts';

const bare = (lastMs: number): Off => ({ lastMs, p99Ms: lastMs / 2 });
/** Somebody else has the core for half a second each time. */
const off = (lastMs: number, ownMs = 1): OffOfOurs => ({ ...bare(lastMs), ownMs, wallMs: ownMs + 500 });

describe('The bench of off', () => {
  it('asks for the median ratio to a bare close, for the 99th of 200 instead, and for no standstill of its own doing', () => {
    const { bars, ratios } = judge(
      [
        { sockets: 200, ours: [off(30), off(60), off(40)], bare: [bare(20), bare(20), bare(20)] },
        { sockets: 1000, ours: [off(100), off(100, 21), off(100, 22)], bare: [bare(100), bare(50), bare(100)] },
      ],
      3,
    );
    expect(ratios.map(({ median }) => median)).toEqual([2, 1]);
    expect(bars.map(({ what, value, pass }) => [what, value, pass])).toEqual([
      ['off over a bare close, 1,000 sockets', 1, true],
      ['ms to 99 in 100 of 200 sockets', 20, true],
      ['longest standstill by its own doing, ms, 200 sockets', 1, true],
      ['longest standstill by its own doing, ms, 1,000 sockets', 21, false],
    ]);
  });
});
