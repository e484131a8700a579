import { describe, expect, it } from '@jest/globals';
import { judge, LANES, ONE_BY_ONE, type LanesSample, type LanesSubject } from './lanes.ts';

describe('the bench "lanes"', () => {
  const sample = (viewsPerSecond: number): LanesSample => ({
    viewsPerSecond,
    p50: 1,
    p99: 2,
    refusedOf100: 0,
    viewsPerAppend: 1,
    elsewhere: 0,
  });
  const subject = (
    name: LanesSubject['name'],
    speeds: number[],
    changed: Partial<LanesSubject> = {},
  ): LanesSubject => ({
    name,
    workspaces: 4,
    viewers: 3,
    samples: speeds.map(sample),
    total: { yes: 100, facts: 110, notYes: 0 },
    refusedByLog: 0,
    inLog: 110,
    ...changed,
  });
  const failed = (ours: LanesSubject, on: 'server' | 'stand-in' = 'server') =>
    judge([ours, subject(ONE_BY_ONE, [1000, 2000, 1000])], 3, on)
      .bars.filter(({ pass }) => !pass)
      .map(({ what }) => what);

  it('is passed at twice the views, taken within each round, and that is asked for on a server alone', () => {
    expect(failed(subject(LANES, [2000, 4000, 2000]))).toEqual([]);
    const slow = subject(LANES, [1999, 3998, 4000]);
    expect(failed(slow)).toEqual(['views per second, lanes over one append a view, 4 workspaces, 3 viewers each']);
    expect(failed(slow, 'stand-in')).toEqual([]);
  });

  it.each([
    ['a view that was put off', { total: { yes: 99, facts: 110, notYes: 1 } }],
    ['an append that the log refused', { refusedByLog: 1 }],
    ['a view that is not in the log', { inLog: 109 }],
    ['a view that is there twice', { inLog: 111 }],
    ['a log that was not read', { inLog: NaN }],
  ])('is failed by %s', (_, changed) => {
    expect(failed(subject(LANES, [2000, 4000, 2000], changed))).toHaveLength(1);
    expect(failed(subject(LANES, [2000, 4000, 2000], changed), 'stand-in')).toHaveLength(1);
  });
});
