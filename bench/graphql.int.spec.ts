import { describe, expect, it } from '@jest/globals';
import { judge, OURS, REST, STOCK, type Subject } from './graphql.ts';
import type { Sample } from './load/drive.ts';

const sample = (requestsPerSecond: number, generatorBusy = 0.5): Sample => ({
  requestsPerSecond,
  p50: 1,
  p99: 2,
  generatorBusy,
  serverMicros: 100,
  elsewhere: 0,
  valid: generatorBusy <= 0.9,
  tally: undefined as never,
});

const subject = (name: string, speeds: number[], notWhole = 0): Subject => ({
  name,
  samples: speeds.map((speed) => sample(speed)),
  notWhole,
});

const failed = (subjects: readonly Subject[], different = 0): string[] =>
  judge(subjects, different, 64, 3)
    .bars.filter(({ pass }) => !pass)
    .map(({ what }) => what);

const rest = subject(REST, [1000, 2000, 1000]);
const stock = subject(STOCK, [220, 440, 220]);
const ours = subject(OURS, [550, 1100, 550]);

describe('the bench "graphql"', () => {
  it('is passed at 55% of REST and 2.5 times stock, taken within each round', () => {
    expect(failed([rest, stock, ours])).toEqual([]);
    const { ratios } = judge([rest, stock, ours], 0, 64, 3);
    expect(ratios.map(({ median }) => median)).toEqual([0.55, 2.5]);
    expect(failed([rest, stock, subject(OURS, [549, 1099, 5000])])).toEqual([
      `requests per second over ${REST}`,
      `requests per second over ${STOCK}`,
    ]);
  });

  it.each([
    ['a list that is not the same', [rest, stock, ours], 1, 'lists that are not the same as REST’s'],
    [
      'an answer that is not the whole list',
      [rest, stock, { ...ours, notWhole: 1 }],
      0,
      `${OURS}: answers that are not the whole list, broken connections`,
    ],
    [
      'a generator that had no time left',
      [rest, stock, { ...ours, samples: [sample(550, 0.91), ...ours.samples.slice(1)] }],
      0,
      'busiest run of the load generator',
    ],
  ])('is failed by %s', (_, subjects, different, what) => {
    expect(failed(subjects, different)).toEqual([what]);
  });

  it('is not passed by what was not measured', () => {
    expect(failed([rest, stock])).toEqual([`requests per second over ${REST}`, `requests per second over ${STOCK}`]);
  });
});
