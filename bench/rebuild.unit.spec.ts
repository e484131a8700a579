import { describe, expect, it } from '@jest/globals';
import { judge, type Sample, type Samples } from './rebuild.ts';
import { longStory } from './rebuild/story.ts';

describe('the bench "rebuild"', () => {
  const sample = (seconds: number, facts = 1000): Sample => ({
    facts,
    seconds,
    processorSeconds: seconds,
    peakMiB: 100,
    elsewhere: 0,
  });
  const samples = (changed: Partial<Samples> = {}): Samples => ({
    scan: [sample(1), sample(2)],
    sqlite: [sample(2), sample(4)],
    postgres: [sample(9), sample(9)],
    ...changed,
  });
  const failed = (found: Samples) => judge(found, 1000, 2).bars.filter(({ pass }) => !pass);

  it('is passed at half the speed of scan and parse, taken within each round', () => {
    expect(failed(samples())).toEqual([]);
    expect(failed(samples({ sqlite: [sample(2.1), sample(4.1)] })).map(({ what }) => what)).toEqual([
      'rebuild on SQLite over scan and parse',
    ]);
  });

  it('is failed by a fact too few or too many', () => {
    for (const facts of [999, 1001])
      expect(failed(samples({ postgres: [sample(9), sample(9, facts)] }))).toHaveLength(1);
  });

  it('is failed where nothing was measured', () => {
    expect(failed({ scan: [], sqlite: [], postgres: [] })).toHaveLength(2);
  });
});

describe('the long story', () => {
  it('is the same each time for one seed, and another for another', () => {
    const text = (seed: number) => JSON.stringify([...longStory(2000, seed)]);
    expect(text(7)).toBe(text(7));
    expect(text(7)).not.toBe(text(8));
  });
});
