import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

describe('docs/requirements.md', () => {
  it('is what scripts/requirements.mjs makes of the names of the tests, and leaves nothing blank', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/requirements.mjs', '--check'], {
      cwd: join(import.meta.dirname, '../../..'),
      encoding: 'utf8',
    });
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' });
  });
});
