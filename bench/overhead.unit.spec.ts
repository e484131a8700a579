import { describe, expect, it } from '@jest/globals';
import { ALL, judge, NOTHING, PARTS, type Controls, type Load, type Pair, type Turn } from './overhead.ts';

describe('the bench "overhead"', () => {
  const turn = (serverMicros: number): Turn => ({ serverMicros, requestsPerSecond: 1e6 / serverMicros });
  const load = (generatorBusy: number): Load => ({ p50: 1, p99: 2, generatorBusy, elsewhere: 0 });
  const fine: Controls = { notYes: 0, kept: 3, keptWithout: 0 };
  /** Microseconds of each answer with the part on, in three rounds; without it they are 100, 200, 100. */
  const failed = (changed: Partial<Record<Pair['part'], number[]>> = {}, controls = fine, generatorBusy = 0.5) => {
    const usual = (part: Pair['part']) => (part === ALL ? [125, 250, 125] : [108, 216, 108]);
    const pairs = PARTS.map((part): Pair => {
      const on = changed[part] ?? (part === NOTHING ? [103, 206, 103] : usual(part));
      return { part, on: on.map(turn), off: [100, 200, 100].map(turn) };
    });
    return judge(pairs, [load(0.5), load(generatorBusy)], controls, 64, 3)
      .bars.filter(({ pass }) => !pass)
      .map(({ what }) => what);
  };

  it('is passed at 8% each and 25% together, taken within each round', () => {
    expect(failed()).toEqual([]);
    expect(failed({ validation: [108.1, 216.2, 100] })).toEqual(['server µs per request, validation on over off']);
    expect(failed({ [ALL]: [125.1, 250.2, 100] })).toEqual(['server µs per request, all of them on over off']);
    expect(failed({ metrics: [] })).toEqual(['server µs per request, metrics on over off']);
  });

  it('is failed where nothing seems to cost or to spare more than 3%', () => {
    const what = ['server µs per request, nothing on over off'];
    expect(failed({ [NOTHING]: [103.1, 206.2, 100] })).toEqual(what);
    expect(failed({ [NOTHING]: [97, 194, 97] })).toEqual([]);
    expect(failed({ [NOTHING]: [96.9, 193.8, 100] })).toEqual(what);
  });

  it.each([
    ['an answer that is no yes', { ...fine, notYes: 1 }, 0.5],
    ['snapshots that nobody saved', { ...fine, kept: 0 }, 0.5],
    ['snapshots that were saved all the same', { ...fine, keptWithout: 1 }, 0.5],
    ['a generator with no breath left', fine, 0.91],
  ])('is failed by %s', (_, controls, generatorBusy) => {
    expect(failed({}, controls, generatorBusy)).toHaveLength(1);
  });
});
