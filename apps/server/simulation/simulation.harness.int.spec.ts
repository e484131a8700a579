import { describe, expect, it, jest } from '@jest/globals';
import { PLANTED, type Planted } from './planted.ts';
import { simulateFor, told } from './seeds.ts';
import { simulate } from './simulation.ts';

/** About 20 s of simulated instances; the full count is run by `npm run test:long`, longer ones by `npm run -s simulate`. */
const LONG = process.env['GATEBOOK_LONG'] !== undefined;
const SECONDS = LONG ? 60 : 10;
const STEPS = 20_000;
const SEED = Number(process.env['GATEBOOK_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const STEPS_A_MINUTE = 100_000;
/** Seeds that are tried until a planted fault shows; each shows in some of them only. */
const CONTROL_SEEDS = 25;

jest.setTimeout(30 * 60_000);

describe('A simulation of instances, log, clocks and crashes', () => {
  it('finds nothing wrong, whatever happens (S0-19, S3-7, S3-15)', async () => {
    const { failed, counts } = await simulateFor({ seed: SEED, steps: STEPS, seconds: SECONDS });
    console.log(JSON.stringify({ harness: 'simulation', ...counts }));
    expect(failed.map((result) => told(result)).join('\n')).toBe('');
    // Beside other tests the machine is not its own.
    if (LONG) expect(counts['stepsAMinute']).toBeGreaterThan(STEPS_A_MINUTE);
    // A world in which nobody visits and nothing breaks proves nothing.
    const seeds = counts['seeds'] ?? 0;
    expect(counts['accepted']).toBeGreaterThan(100 * seeds);
    if (seeds >= 5) for (const what of ['unsettled', 'crash', 'calmOffs']) expect(counts[what]).toBeGreaterThan(0);
  });

  it('is the same run for the same seed', async () => {
    const [first, second] = [await simulate({ seed: SEED, steps: 5000 }), await simulate({ seed: SEED, steps: 5000 })];
    expect(second).toEqual(first);
    const other = await simulate({ seed: SEED + 1, steps: 5000 });
    expect(other.digest).not.toBe(first.digest);
  });

  /** How each planted fault shows, from a seed at which it does so early. */
  const SHOWS: Readonly<Record<Planted, readonly [number, RegExp]>> = {
    'fresh ids': [5, /has two effects|a fact that stands nowhere/],
    'no clock guard': [2, /the true one|before its time/],
    'forgetful log': [1, /an acknowledged append .* is lost/],
    'off not forced': [9, /an off lost 4 races/],
    'old state': [3, /yes after an off was acknowledged|another book|done, and then refused/],
    'late by one': [3, /stands (0 ms )?behind its (visit’s )?end/],
    'denials dropped': [1, /the denial of .* stands nowhere/],
    deaf: [6, /though the staff member was disabled/],
  };

  it.each(PLANTED)('catches the planted fault “%s”', async (planted) => {
    const [seed, shows] = SHOWS[planted];
    const { failed } = await simulateFor({ seed, steps: STEPS, seconds: 0, seeds: CONTROL_SEEDS, planted });
    const [result] = failed;
    expect(result?.violations.join('\n')).toMatch(shows);
    expect(failed.map((found) => told(found)).join()).toContain(
      `npm run -s simulate -- --seed ${result?.seed} --seeds 1 --steps ${STEPS} --planted "${planted}"`,
    );
  });
});
