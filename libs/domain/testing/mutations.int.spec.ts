import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '../../..');

describe('npm run test:mutations', () => {
  it('plants faults in a copy of the domain, and the domain’s specs find each: the short form', () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['scripts/mutations.mjs', '--short'], {
      cwd: repository,
      encoding: 'utf8',
    });
    const told = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as {
      tests: number;
      rows: { fault: string; outcome: string }[];
    };
    expect({ rows: told.rows.map(({ fault, outcome }) => ({ fault, outcome })), stderr }).toStrictEqual({
      rows: ['approve after decline', 'a grant used twice', 'off that leaves a grant alive'].map((fault) => ({
        fault,
        outcome: 'caught',
      })),
      stderr,
    });
    expect(told.tests).toBeGreaterThan(1_000);
  }, 180_000);
});
