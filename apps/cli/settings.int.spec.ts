import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InProcess } from '#server/testing/in-process';
import { COMMANDS_MS, gatebook } from './testing/gatebook.ts';

jest.setTimeout(COMMANDS_MS);

describe('The command that shows and changes settings', () => {
  let service: InProcess;
  beforeAll(async () => {
    service = await InProcess.start();
  });
  // The command makes its ids by the system's clock.
  beforeEach(() => void (service.now = Date.now()));
  afterAll(() => service.close());

  const said = async (token: string, ...args: readonly string[]) => {
    const { code, stdout, stderr } = await gatebook(service, token, ['policy', ...args]);
    return { code, text: code === 0 ? stdout : stderr };
  };
  interface Setting {
    readonly name: string;
    readonly value: string;
    readonly source: string;
  }
  const capOf = async (token: string, ...more: readonly string[]) => {
    const { text } = await said(token, 'show', 'acme', '--json', ...more);
    const { settings } = JSON.parse(text) as { settings: readonly Setting[] };
    const { value, source } = settings.find(({ name }) => name === 'session.capMinutes')!;
    return [value, source];
  };

  it('shows to each side what is in force, and where it comes from', async () => {
    const maria = await service.memberToken('maria');
    const { code, text } = await said(maria, 'show', 'acme');
    expect(code).toBe(0);
    expect(text).toContain('A visit lasts 60 minutes at most.');
    expect(await capOf(maria)).toEqual(['60', 'PRESET']);
    expect(await capOf(await service.staffToken('sam'), '--staff')).toEqual(['60', 'PRESET']);
  });

  it('makes a workspace’s own settings stricter, never looser, and goes back', async () => {
    const maria = await service.memberToken('maria');
    expect(await said(maria, 'tighten', 'acme', '--set', 'session.capMinutes=30')).toMatchObject({ code: 0 });
    expect(await capOf(maria)).toEqual(['30', 'WORKSPACE']);
    expect(await said(maria, 'tighten', 'acme', '--set', 'session.capMinutes=61')).toEqual({
      code: 3,
      text: 'session.capMinutes would be looser than the installation’s own setting, which is 60.\n',
    });
    expect(await said(maria, 'tighten', 'acme', '--clear', 'session.capMinutes')).toMatchObject({ code: 0 });
    expect(await capOf(maria)).toEqual(['60', 'PRESET']);
  });

  it('reads a value as it would stand in a file, and says of one that can’t be read what and where', async () => {
    const maria = await service.memberToken('maria');
    const list = 'consent.maySwitch=[owner]';
    expect(await said(maria, 'tighten', 'acme', '--set', list)).toMatchObject({ code: 0 });
    expect(await said(maria, 'tighten', 'acme', '--clear', 'consent.maySwitch')).toMatchObject({ code: 0 });
    const broken = (setting: string) => said(maria, 'tighten', 'acme', '--set', setting);
    expect(await broken('consent.maySwitch=[owner')).toEqual({
      code: 2,
      text: 'consent.maySwitch:1:7: a sign is missing here or before: a colon, a quote, a comma or a bracket.\n',
    });
    expect(await broken('approval.asked={export: both, export: vendor}')).toEqual({
      code: 2,
      text: 'approval.asked:1:16: this name stands here twice.\n',
    });
    for (const none of ['session.capMinutes=', 'session.capMinutes=*ten', '=30', '30'])
      expect(await broken(none)).toEqual({ code: 2, text: `"${none}" is no setting: session.capMinutes=30.\n` });
  });

  it('makes the installation’s settings stricter at once for a lead, and for nobody else', async () => {
    const file = join(service.directory, 'policy.yaml');
    writeFileSync(file, 'preset: default\nsession:\n  capMinutes: 45\n');
    expect(await said(await service.staffToken('sam'), 'change', file)).toMatchObject({ code: 3 });
    expect(await capOf(await service.memberToken('maria'))).toEqual(['60', 'PRESET']);
    const lead = await service.staffToken('priya');
    expect(await said(lead, 'change', file)).toEqual({ code: 0, text: 'The policy is changed.\n' });
    expect(await capOf(await service.memberToken('maria'))).toEqual(['45', 'INSTALLATION']);
  });
});
