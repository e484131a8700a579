import { describe, expect, it } from '@jest/globals';
import { ALL, NOTHING, overheadOf } from './overhead.ts';

describe('the bench "overhead"', () => {
  it('switches the parts of the built service while it answers, and says what off means', async () => {
    const told: string[] = [];
    const found = await overheadOf({
      rounds: 2,
      processes: 1,
      passes: 1,
      trySeconds: 0.1,
      settleSeconds: 0.02,
      turnSeconds: 0.05,
      visits: 8,
      connections: 4,
      parts: [NOTHING, ALL],
    }).run({ rounds: 1, short: true, tell: (line) => told.push(line) });
    expect(told.filter((line) => line.startsWith('process 1 of 1, round 1 of 1: '))).toHaveLength(1);
    const measured = found.figures.map(({ subject, measure, min }) => [subject, measure, min > 0]);
    for (const subject of ['all on', 'nothing off', 'all of them off'])
      for (const measure of ['requests per second', 'server µs per request'])
        expect(measured).toContainEqual([subject, measure, true]);
    for (const measure of ['p50, ms', 'p99, ms']) expect(measured).toContainEqual(['all turns', measure, true]);
    expect(found.ratios.map(({ what }) => what)).toEqual([
      'server µs per request, nothing on over off',
      'server µs per request, all of them on over off',
      'requests per second, nothing on over off',
      'requests per second, all of them on over off',
    ]);
    expect(found.bars.map(({ what, atLeast, atMost }) => [what, atLeast, atMost])).toEqual([
      ['server µs per request, nothing on over off', 0.97, 1.03],
      ['server µs per request, all of them on over off', undefined, 1.25],
      ['answers that are no yes, broken connections', undefined, 0],
      ['snapshots saved in turns with them', 1, undefined],
      ['snapshots saved in turns without them', undefined, 0],
      ['busiest run of the load generator', undefined, 0.9],
    ]);
    expect([found.bars[2]?.value, found.bars[4]?.value]).toEqual([0, 0]);
    expect(found.notes?.slice(0, 4).map((note) => note.split(':')[0])).toEqual([
      'validation off',
      'logging off',
      'metrics off',
      'snapshots off',
    ]);
    expect(found.notes?.at(-1)).toMatch(/^The data is in /);
  });
});
