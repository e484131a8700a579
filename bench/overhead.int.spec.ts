import { describe, expect, it } from '@jest/globals';
import type { Sample } from './load/drive.ts';
import { ALL, judge, overheadOf, PARTS, type Controls, type Pair } from './overhead.ts';

describe('the bench "overhead"', () => {
  const sample = (serverMicros: number, generatorBusy = 0.5): Sample => ({
    requestsPerSecond: 1e6 / serverMicros,
    p50: 1,
    p99: 2,
    serverMicros,
    generatorBusy,
    elsewhere: 0,
    valid: true,
    tally: undefined as never,
  });
  const fine: Controls = { notYes: 0, kept: 3, keptWithout: 0 };
  /** Microseconds of each answer with the part on, in three rounds; without it they are 100, 200, 100. */
  const failed = (changed: Partial<Record<Pair['part'], number[]>> = {}, controls = fine, generatorBusy = 0.5) => {
    const pairs = PARTS.map((part): Pair => {
      const on = changed[part] ?? (part === ALL ? [125, 250, 125] : [108, 216, 108]);
      return { part, on: on.map((it) => sample(it, generatorBusy)), off: [100, 200, 100].map((it) => sample(it)) };
    });
    return judge(pairs, controls, 64, 3)
      .bars.filter(({ pass }) => !pass)
      .map(({ what }) => what);
  };

  it('is passed at 8% each and 25% together, taken within each round', () => {
    expect(failed()).toEqual([]);
    expect(failed({ validation: [108.1, 216.2, 100] })).toEqual(['server µs per request, validation on over off']);
    expect(failed({ [ALL]: [125.1, 250.2, 100] })).toEqual(['server µs per request, all of them on over off']);
    expect(failed({ metrics: [] })).toEqual(['server µs per request, metrics on over off']);
  });

  it.each([
    ['an answer that is no yes', { ...fine, notYes: 1 }, 0.5],
    ['snapshots that nobody saved', { ...fine, kept: 0 }, 0.5],
    ['snapshots that were saved all the same', { ...fine, keptWithout: 1 }, 0.5],
    ['a generator with no breath left', fine, 0.91],
  ])('is failed by %s', (_, controls, generatorBusy) => {
    expect(failed({}, controls, generatorBusy)).toHaveLength(1);
  });

  it('runs the built service with all parts on and off, and says what off means', async () => {
    const told: string[] = [];
    const found = await overheadOf({
      rounds: 1,
      compileSeconds: 0.1,
      warmSeconds: 0.05,
      seconds: 0.1,
      visits: 8,
      connections: 4,
      parts: [ALL],
    }).run({ rounds: undefined, short: true, tell: (line) => told.push(line) });
    expect(told).toHaveLength(2);
    const measured = found.figures.map(({ subject, measure, min }) => [subject, measure, min > 0]);
    for (const name of ['all of them on', 'all of them off'])
      for (const measure of ['requests per second', 'p50, ms', 'p99, ms'])
        expect(measured).toContainEqual([name, measure, true]);
    expect(found.ratios.map(({ what }) => what)).toEqual([
      'server µs per request, all of them on over off',
      'requests per second, all of them on over off',
    ]);
    expect(found.bars.map(({ what, atLeast, atMost }) => [what, atLeast ?? atMost])).toEqual([
      ['server µs per request, all of them on over off', 1.25],
      ['answers that are no yes, broken connections', 0],
      ['workspaces with a snapshot where they are saved', 1],
      ['workspaces with a snapshot where they are not', 0],
      ['busiest run of the load generator', 0.9],
    ]);
    expect([found.bars[1]?.value, found.bars[3]?.value]).toEqual([0, 0]);
    expect(found.notes?.slice(0, 4).map((note) => note.split(':')[0])).toEqual([
      'validation off',
      'logging off',
      'metrics off',
      'snapshots off',
    ]);
  });
});
