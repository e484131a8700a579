import { describe, expect, it } from '@jest/globals';
import { main } from './by-hand.ts';
import type { SimulationResult } from './simulation.ts';
import type { Seeds, SeedsRun } from './seeds.ts';

async function asked(args: readonly string[], failed: readonly SimulationResult[] = []) {
  const printed: string[] = [];
  const told: string[] = [];
  const runs: Seeds[] = [];
  const run = async (seeds: Seeds): Promise<SeedsRun> => {
    runs.push(seeds);
    return { failed, counts: { seed: seeds.seed, violations: failed.length } };
  };
  const print = (text: string) => printed.push(text);
  const code = await main(args, { run, print, tell: (line: string) => told.push(line) });
  return { code, printed: printed.join(''), told: told.join('\n'), runs };
}

describe('npm run simulate', () => {
  it('runs for a minute from a seed, or exactly so many seeds, and prints the counts', async () => {
    const { code, printed, runs } = await asked(['--seed', '0']);
    expect([code, printed]).toEqual([0, '{"seed":0,"violations":0}\n']);
    expect(runs).toEqual([{ seed: 0, steps: 20_000, seconds: 60, seeds: undefined, planted: undefined }]);

    const some = await asked(['--seed', '7', '--seeds', '3', '--steps', '500', '--planted', 'late by one']);
    expect(some.runs).toEqual([{ seed: 7, steps: 500, seconds: 60, seeds: 3, planted: 'late by one' }]);
  });

  it('fails where a rule was broken, and tells how to see it again, with all that was asked for', async () => {
    const result: SimulationResult = {
      seed: 8,
      asked: { steps: 500, planted: 'deaf' },
      steps: 17,
      ms: 3,
      digest: 'd1',
      violations: ['a page stands behind the end'],
      at: 17,
      lines: ['first', 'second', 'third'],
      counts: {},
    };
    const { code, told } = await asked(['--seed', '7', '--lines', '2'], [result]);
    expect(code).toBe(1);
    expect(told.split('\n')).toEqual([
      'Seed 8 failed at step 17 (digest d1):',
      '  - a page stands behind the end',
      'The last of what happened:',
      'second',
      'third',
      'To repeat it: npm run -s simulate -- --seed 8 --seeds 1 --steps 500 --planted "deaf"',
    ]);
  });

  it('explains itself, and says what it lists', async () => {
    const { code, printed, runs } = await asked(['--help']);
    expect([code, runs]).toEqual([0, []]);
    expect(printed).toMatch(/^Usage: npm run -s simulate -- /);
    expect(printed).toContain('fresh ids, no clock guard, forgetful log');
  });

  it.each([
    [['--seed', 'abc'], '--seed takes a whole number from 0, not "abc".'],
    [['--steps', '0'], '--steps takes a whole number from 1, not "0".'],
    [['--seeds', '1.5'], '--seeds takes a whole number from 1, not "1.5".'],
    [['--seconds', '5', '--seeds', '5'], 'Either --seconds or --seeds: one of the two says when it is over.'],
    [['--planted', 'mute'], /^--planted takes one of fresh ids, .*, not "mute"\./],
    [['--loud'], /^Unknown option '--loud'/],
  ])('refuses what makes no sense: %s', async (args, sentence) => {
    const { code, told, runs } = await asked(args);
    expect([code, runs]).toEqual([2, []]);
    if (typeof sentence === 'string') expect(told).toBe(`${sentence}\nTry --help.`);
    else expect(told).toMatch(sentence);
  });
});
