import { describe, expect, it } from '@jest/globals';
import { main } from './bench.ts';
import { judge, type Subject } from './check.ts';
import type { Sample } from './load/drive.ts';
import { bar, passes, ratio, spread, type Bar, type Bench } from './report.ts';

describe('figures', () => {
  it('are spread from the least over the middle to the most', () => {
    expect(spread([3, 1, 10])).toEqual({ min: 1, median: 3, max: 10 });
    expect(spread([4, 1, 10, 2])).toEqual({ min: 1, median: 3, max: 10 });
    expect(spread([1, NaN])).toEqual({ min: NaN, median: NaN, max: NaN });
    expect(spread([])).toEqual({ min: NaN, median: NaN, max: NaN });
  });

  it('are compared within each round', () => {
    expect(ratio('a over b', [10, 30, 80], [10, 10, 20])).toEqual({ what: 'a over b', min: 1, median: 3, max: 4 });
  });
});

describe('bars', () => {
  it('are held at the limit, and broken behind it', () => {
    expect(bar('speed', 5, { atLeast: 5 })).toEqual({ what: 'speed', value: 5, atLeast: 5, pass: true });
    expect(bar('speed', 4.99, { atLeast: 5 }).pass).toBe(false);
    expect(bar('wait', 1.3, { atMost: 1.3 }).pass).toBe(true);
    expect(bar('wait', 1.31, { atMost: 1.3 }).pass).toBe(false);
    expect([-1, 0, 2, 3].map((value) => bar('rows', value, { atLeast: 0, atMost: 2 }).pass)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('are not held by what was not measured, nor by none at all', () => {
    expect(bar('speed', NaN, { atLeast: 0 }).pass).toBe(false);
    expect(passes([])).toBe(false);
    expect(passes([bar('a', 1, { atLeast: 1 }), bar('b', 1, { atLeast: 2 })])).toBe(false);
  });
});

describe('the bench "check"', () => {
  const sample = (requestsPerSecond: number, p50: number, p99: number, generatorBusy = 0.5): Sample => ({
    requestsPerSecond,
    p50,
    p99,
    generatorBusy,
    serverMicros: 20,
    elsewhere: 0,
    valid: generatorBusy <= 0.9,
    tally: undefined as never,
  });
  const subject = (name: string, samples: Sample[]): Pick<Subject, 'name' | 'samples' | 'total'> => ({
    name,
    samples: new Map([1, 16, 64, 256].map((connections) => [connections, samples])),
    total: { yes: 100, notYes: 0, unanswered: 2 },
  });
  const world = (changed: { ours?: Sample; echo?: Sample } = {}) => [
    subject('gatebook', [changed.ours ?? sample(30_000, 1.3, 10)]),
    subject('echo', [changed.echo ?? sample(100_000, 0.1, 1)]),
    subject('express-postgres', [sample(6000, 2, 30)]),
    subject('fastify-sqlite', [sample(7500, 1, 30)]),
  ];
  const rows = (ours: number): Map<string, number> =>
    new Map([
      ['gatebook', ours],
      ['echo', 100],
      ['express-postgres', 100],
      ['fastify-sqlite', 100],
    ]);
  const failed = (bars: readonly Bar[]): string[] => bars.filter(({ pass }) => !pass).map(({ what }) => what);

  it('is passed exactly at its bars', () => {
    const { bars, ratios, figures } = judge(world(), rows(102), 1);
    expect(failed(bars)).toEqual([]);
    expect(bars.slice(0, 5).map(({ value }) => value)).toEqual([0.3, 5, 4, 1 / 3, 1.3]);
    expect(ratios).toHaveLength(5 * 4);
    expect(figures).toHaveLength(4 * 4 * 6);
  });

  it.each([
    ['too few requests', { ours: sample(29_999, 1.3, 10) }, 3],
    ['slowest answers too slow', { ours: sample(30_000, 1.3, 10.1) }, 1],
    ['the usual answer too slow', { ours: sample(30_000, 1.31, 10) }, 1],
    ['a generator with no breath left', { echo: sample(100_000, 0.1, 1, 0.91) }, 1],
  ])('is failed by %s', (_, changed, count) => {
    expect(failed(judge(world(changed), rows(100), 1).bars)).toHaveLength(count);
  });

  it('is failed by a yes without its row, and by a row for nothing', () => {
    const what = ['gatebook: rows beyond the views answered yes'];
    expect(failed(judge(world(), rows(99), 1).bars)).toEqual(what);
    expect(failed(judge(world(), rows(103), 1).bars)).toEqual(what);
  });

  it('is failed without the service', () => {
    const { bars, ratios } = judge(world().slice(1), rows(0), 1);
    expect(failed(bars)).toHaveLength(7);
    expect(ratios).toEqual([]);
  });
});

describe('the command', () => {
  async function command(args: string[], value = 1): Promise<{ code: number; out: string; told: string }> {
    const tried: Bench = {
      name: 'tried',
      summary: 'something to try',
      run: async ({ rounds = 7, facts, short, tell }) => {
        tell(`short: ${short}, facts: ${facts}`);
        return {
          rounds,
          figures: [{ subject: 'it', at: 'rest', measure: 'ms', min: 1, median: 2, max: 3 }],
          ratios: [{ what: 'a over b', min: 1, median: 1, max: 1 }],
          bars: [bar('enough', value, { atLeast: 1 })],
        };
      },
    };
    let out = '';
    let told = '';
    const code = await main(args, {
      benches: [tried],
      print: (text: string) => (out += text),
      tell: (line: string) => (told += `${line}\n`),
    });
    return { code, out, told };
  }

  it('exits 0 when every bar is held, 1 when one is not', async () => {
    expect((await command(['tried'])).code).toBe(0);
    const { code, out } = await command(['tried'], 0.5);
    expect(code).toBe(1);
    expect(out).toMatch(/^enough +0\.500 +at least 1 +FAIL$/m);
  });

  it('prints one object with --json, and nothing else', async () => {
    const { out, told } = await command(['tried', '--json', '--short', '--rounds', '2', '--facts', '300']);
    const report = JSON.parse(out);
    expect(Object.keys(report)).toEqual(
      expect.arrayContaining(['name', 'machine', 'rounds', 'figures', 'ratios', 'bars', 'pass']),
    );
    expect(Object.keys(report)).toHaveLength(7);
    expect(report).toMatchObject({ name: 'tried', rounds: 2, pass: true });
    expect(told).toContain('short: true, facts: 300');
  });

  it.each([
    ['an unknown name', ['other'], 'There is no bench "other". Known: tried.'],
    ['two names', ['tried', 'tried'], 'One bench at a time.'],
    ['no rounds', ['tried', '--rounds', '0'], '--rounds takes a whole number from 1, not "0".'],
    ['half a fact', ['tried', '--facts', '0.5'], '--facts takes a whole number from 1, not "0.5".'],
    ['an unknown option', ['tried', '--fast'], "Unknown option '--fast'"],
  ])('exits 2 for %s and says what it knows', async (_, args, sentence) => {
    const { code, out, told } = await command(args);
    expect([code, out]).toEqual([2, '']);
    expect(told).toContain(sentence);
  });

  it('lists what there is, a line for each, where no bench is named', async () => {
    const { code, out } = await command([]);
    expect([code, out]).toEqual([0, 'Benches (npm run -s bench -- NAME):\n  tried      something to try\n']);
  });

  it('explains itself with --help', async () => {
    expect(await command(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('--json') });
  });
});
