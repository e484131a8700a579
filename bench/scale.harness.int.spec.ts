import { expect, it } from '@jest/globals';
import { scaleOf } from './scale.ts';

it('the bench "scale" runs from end to end, and measures what its bars name', async () => {
  const told: string[] = [];
  const bench = scaleOf({
    rounds: 1,
    seconds: 0.05,
    facts: [500, 2000],
    streams: [10, 100],
    live: [20, 200],
    livePerWorkspace: 10,
    staff: 5,
    old: 3000,
  });
  const { bars, figures, ratios } = await bench.run({
    rounds: undefined,
    short: true,
    tell: (line) => told.push(line),
  });

  expect(bars.map(({ what, atLeast, atMost }) => [what, atLeast ?? atMost])).toEqual([
    ['appends at 2000 over 500 facts, 10 streams', 0.7],
    ['pages at 2000 over 500 facts, 10 streams', 0.4],
    ['appends at 2000 over 500 facts, 100 streams', 0.7],
    ['pages at 2000 over 500 facts, 100 streams', 0.4],
    ['decisions with 200 over 20 live visits', 0.7],
    ['resident bytes for each live visit more', 600],
    ['decisions that were not accepted', 0],
    ['seconds until a workspace of 3003 facts decides', 1],
  ]);
  expect(bars.map(({ value }) => value)).not.toContain(NaN);
  expect(bars.find(({ what }) => what === 'decisions that were not accepted')?.value).toBe(0);
  expect(ratios).toHaveLength(6);
  expect(figures.map(({ min }) => min > 0)).not.toContain(false);
  expect(told).toContain('20 live visits in 2 workspaces: 68 facts written');
}, 120_000);
