import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { InProcess, START } from '#server/testing/in-process';
import { COMMANDS_MS, gatebook } from './testing/gatebook.ts';

jest.setTimeout(COMMANDS_MS);

describe('The command that asks about the past and about refusals', () => {
  let service: InProcess;
  let sessionId: string;
  beforeAll(async () => {
    service = await InProcess.start();
    await service.startVisit();
    service.now = START + 60_000;
    await service.enable();
    service.now = START + 120_000;
    ({ sessionId } = await service.enter());
    service.now = START + 180_000;
    await service.disable();
  });
  afterAll(() => service.close());

  const said = (token: string, ...args: readonly string[]) => saidIn('UTC', token, ...args);
  const saidIn = async (zone: string, token: string, ...args: readonly string[]) => {
    const { code, stdout, stderr } = await gatebook(service, token, args, { TZ: zone });
    return { code, text: code === 0 ? stdout : stderr };
  };
  const instant = (minutes: number) => new Date(START + minutes * 60_000).toISOString();

  it('says who could enter and who was inside at a time', async () => {
    const maria = await service.memberToken('maria');
    const { code, text } = await said(maria, 'at', 'acme', instant(2));
    expect([code, text.split('\n').slice(0, 6)]).toEqual([
      0,
      [
        expect.stringMatching(/^Acme Co, 2026-11-21 09:02:00 UTC, revision \d+$/),
        'Staff access was on, by Maria Ortiz, until Sun 22 Nov, 09:01 UTC.',
        'Could enter:',
        ...['priya', 'dana'].map((sub) => `  ${service.staffId(sub)} for CASE-123`),
        'Inside:',
      ],
    ]);
    expect(text).toContain(`  Sam Lee for CASE-123, since Sat 21 Nov, 09:02 UTC   ${sessionId}\n`);
    expect((await said(maria, 'at', 'acme', instant(3))).text).toContain('Staff access was off.\nNobody could enter.');
    const json = JSON.parse((await said(maria, 'at', 'acme', instant(2), '--json')).text) as { inside: unknown[] };
    expect(json.inside).toMatchObject([{ id: sessionId }]);
  });

  it('names the times inside of lines in the zone of the times before them', async () => {
    const { text } = await saidIn('Europe/Berlin', await service.memberToken('maria'), 'log', 'acme');
    expect(text).toContain('2026-11-21 10:01:00 CET  Maria Ortiz turned staff access on until Sun 22 Nov, 10:01 CET\n');
  });

  it('says of the log only the lines of one visit, or of one case', async () => {
    const maria = await service.memberToken('maria');
    const log = async (...args: readonly string[]) =>
      (await said(maria, 'log', 'acme', ...args)).text
        .split('\n')
        .flatMap((line) => /^\S+ \S+ UTC {2}(.*)$/.exec(line)?.slice(1) ?? [])
        .reverse();
    expect((await log('--visit', sessionId)).map((line) => line.split(' for ')[0])).toEqual([
      'Sam Lee came in',
      'Sam Lee arrived in the workspace',
      'Sam Lee’s visit ended: staff access was turned off',
    ]);
    const ofCase = await log('--case', 'CASE-123');
    expect(ofCase).toEqual(expect.arrayContaining(await log('--visit', sessionId)));
    expect(ofCase).not.toContainEqual(expect.stringContaining('turned staff access on'));
    const none = await said(maria, 'log', 'acme', '--case', 'CASE-999');
    expect(none).toEqual({ code: 0, text: 'No line of this workspace’s book is one of these.\n' });
    expect(await said(maria, 'log', 'acme', '--case', '1')).toMatchObject({ code: 2 });
  });

  it('names who is a member of what id, for viewing as them', async () => {
    const { text } = await said(await service.memberToken('maria'), 'log', 'acme', '--first', '100');
    expect(text).toMatch(/ is now an admin\n {25}Member id: mem_\w+\.\n/);
  });

  it('takes no moment that is none', async () => {
    const maria = await service.memberToken('maria');
    expect(await said(maria, 'at', 'acme', '2026-13-99')).toMatchObject({ code: 2 });
    expect(await said(maria, 'at', 'acme', instant(60))).toEqual({ code: 2, text: 'This time lies ahead.\n' });
  });

  it('says what was refused by person and rule, to reviewers (S1-68, S1-73)', async () => {
    const { code, text } = await said(await service.staffToken('jonas'), 'denials', '--group');
    expect([
      code,
      text
        .split('\n')
        .slice(0, 2)
        .map((line) => line.slice('2026-11-21 09:00:00 UTC  '.length)),
    ]).toEqual([
      0,
      [
        'Refused: Sam Lee tried to start a visit for CASE-123',
        'staffAccessIsOn: 1 time in 1 workspace; 1 not looked at',
      ],
    ]);
    expect(await said(await service.staffToken('sam'), 'denials', '--group')).toMatchObject({ code: 3 });
    expect(await said(await service.staffToken('jonas'), 'denials')).toMatchObject({ code: 2 });
  });
});
