import { describe, expect, it } from '@jest/globals';
import { judge, type Off } from './revoke.ts';

const off = (lastMs: number, stallMs = 1): Off => ({ lastMs, p99Ms: lastMs / 2, stallMs });

describe('The bench of off', () => {
  it('asks for the median ratio to a bare close, for the 99th of 200, and for no standstill', () => {
    const { bars, ratios } = judge(
      [
        { sockets: 200, ours: [off(30), off(60), off(40)], bare: [off(20), off(20), off(20)] },
        { sockets: 1000, ours: [off(100), off(100, 21), off(100, 22)], bare: [off(100), off(50), off(100)] },
      ],
      3,
    );
    expect(ratios.map(({ median }) => median)).toEqual([2, 1]);
    expect(bars.map(({ what, value, pass }) => [what, value, pass])).toEqual([
      ['off over a bare close, 200 sockets', 2, false],
      ['off over a bare close, 1,000 sockets', 1, true],
      ['ms to 99 in 100 of 200 sockets', 20, true],
      ['longest standstill, ms, 200 sockets', 1, true],
      ['longest standstill, ms, 1,000 sockets', 21, false],
    ]);
  });
});
