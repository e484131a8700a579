import { describe, expect, it } from '@jest/globals';
import { rebuild } from './rebuild.ts';

describe('the bench "rebuild"', () => {
  it('runs with few facts, and reports each subject with each measure', async () => {
    const told: string[] = [];
    const found = await rebuild.run({ rounds: 1, facts: 3000, short: true, tell: (line) => told.push(line) });
    expect(found.rounds).toBe(1);
    const subjects = ['scan and parse', 'rebuild on SQLite', 'rebuild on PostgreSQL'];
    const measures = ['facts per second', 'own processor µs per fact', 'own peak memory, MiB', 'cores busy elsewhere'];
    expect(found.figures.map(({ at, subject, measure }) => [at, subject, measure])).toEqual(
      subjects.flatMap((subject) => measures.map((measure) => ['3,000 facts', subject, measure])),
    );
    for (const { measure, median } of found.figures.slice(0, 3)) expect([measure, median > 0]).toEqual([measure, true]);
    expect(found.ratios.map(({ what }) => what)).toEqual([
      'rebuild on SQLite over scan and parse',
      'rebuild on PostgreSQL over scan and parse',
    ]);
    expect(found.bars[1]).toEqual({
      what: 'facts that one run or other missed or had twice',
      value: 0,
      atMost: 0,
      pass: true,
    });
    expect(told).toHaveLength(4);
  });
});
