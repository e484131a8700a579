import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { InProcess, START } from '#server/testing/in-process';
import { COMMANDS_MS, gatebook } from './testing/gatebook.ts';

jest.setTimeout(COMMANDS_MS);

describe('The command that reads the log itself', () => {
  let service: InProcess;
  beforeAll(async () => {
    service = await InProcess.start();
    service.now = START + 60_000;
    await service.enable();
    service.now = START + 120_400;
    await service.disable();
  });
  afterAll(() => service.close());

  const replay = (...args: readonly string[]) =>
    gatebook(service, '', ['replay', ...args, '--data-dir', service.directory], { TZ: 'UTC' });
  const clocks = async (...args: readonly string[]) =>
    (await replay('acme', ...args)).stdout.match(/^[\d-]+ [\d:]+/gm)?.map((clock) => clock.slice(11)) ?? [];
  const at = (clock: string) => `2026-11-21T${clock}`;

  it('has the lines of both seconds that it is told, as they are shown', async () => {
    expect(await clocks('--from', at('09:01:00Z'), '--to', at('09:02:00Z'))).toEqual(['09:01:00', '09:02:00']);
    expect(await clocks('--from', at('10:01:01+01:00'))).toEqual(['09:02:00']);
    expect(await clocks('--from', at('09:01:00Z'), '--to', at('09:02:00.399Z'))).toEqual(['09:01:00']);
  });

  it('takes what only resembles a time for no place, in place of giving the whole log', async () => {
    for (const option of ['--from', '--to'])
      expect(await replay('acme', `${option}=12.5`)).toEqual({
        code: 2,
        stdout: '',
        stderr: `${option}: "12.5" is neither a revision (12) nor a time with its zone (2026-11-21T09:00:00Z).\n`,
      });
  });

  it('takes no range that ends before it begins, and says where nothing stands', async () => {
    const backwards = { code: 2, stdout: '', stderr: '--from lies behind --to.\n' };
    expect(await replay('acme', '--from', '3', '--to', '2')).toEqual(backwards);
    expect(await replay('acme', '--from', at('09:02:00Z'), '--to', at('09:01:00Z'))).toEqual(backwards);
    const nothing = { code: 0, stdout: '', stderr: 'No fact of this workspace stands there.\n' };
    expect(await replay('acme', '--from', '999')).toEqual(nothing);
  });

  it('knows a workspace by either id, and none that the log doesn’t have', async () => {
    const id = service.workspaceId('acme');
    expect((await replay(id)).stdout).toBe((await replay('acme')).stdout);
    expect(await replay('ws_nowhere')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The log has no workspace “ws_nowhere”.'),
    });
  });

  it('says of each line whose it is, where it follows all workspaces', async () => {
    const node = ['--conditions=gatebook', '--no-warnings', 'apps/cli/main.ts'];
    const child = spawn(process.execPath, [...node, 'tail', '--data-dir', service.directory]);
    try {
      await once(child.stderr, 'data');
      const line = once(createInterface(child.stdout), 'line');
      service.now = START + 180_000;
      await service.enable();
      expect(await line).toEqual([expect.stringMatching(/ {2}acme: Maria Ortiz turned staff access on until /)]);
    } finally {
      child.kill('SIGTERM');
    }
  });
});
