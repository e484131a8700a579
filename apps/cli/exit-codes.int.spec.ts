import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Asking } from '#server/testing/asking';
import { InProcess } from '#server/testing/in-process';
import { COMMANDS_MS, gatebook as run } from './testing/gatebook.ts';

jest.setTimeout(COMMANDS_MS);
const SIGN_IN = /^You are not signed in: .* Name a built-in person with --as, or set a newer GATEBOOK_TOKEN\.\n$/;

describe('What scripts and terminals get of the command', () => {
  let service: InProcess;
  let tokens: Record<'maria' | 'sam', string>;
  let request: string;
  beforeAll(async () => {
    service = await InProcess.start();
    service.now = Date.now();
    await service.enable();
    tokens = { maria: await service.memberToken('maria'), sam: await service.staffToken('sam') };
    const asking = new Asking(service);
    const wish = { kind: 'WRITE', action: { name: 'invoice.retrySync', target: 'INV-88' } };
    request = (await asking.ask('sam', wish)).id;
  });
  // The command makes its ids by the system's clock.
  beforeEach(() => void (service.now = Date.now()));
  afterAll(() => service.close());

  function gatebook(token: string, ...args: readonly string[]) {
    const key = service.bearer('directory').authorization.slice('Bearer '.length);
    return run(service, token, args, { GATEBOOK_DIRECTORY_KEY: key });
  }

  it.each<[string, (token: string) => readonly string[], RegExp]>([
    [
      'a question without words',
      () => ['ask', request, ''],
      /^question must be longer than or equal to 1 characters\.\n$/,
    ],
    ['no minutes at all', () => ['access', 'on', 'acme', '--for', '0'], /^minutes must not be less than 1\.\n$/],
    [
      'an id that is none',
      () => ['sessions', 'end', 'acme', 'ses_x'],
      /^sessionId must be an id that begins with ses_\.\n$/,
    ],
    ['no lines', () => ['log', 'acme', '--first', '0'], /^“0” is no number of lines from 1 to 100\.\n$/],
    ['lines that are no number', () => ['requests', 'acme', '--first', 'abc'], /^“abc” is no number of lines/],
    [
      'a day in words',
      () => ['at', 'acme', 'yesterday'],
      /^“yesterday” is no time \(.*\), and no position of the log \(20 digits/,
    ],
    ['a moment that is none', () => ['at', 'acme', 'x'], /^“x” is no time /],
    ['an address that is none', () => ['log', 'acme', '--url', 'not a url'], /^“not a url” is no address of a service/],
    ['an option that is none', () => ['log', 'acme', '--frist', '3'], /^error: unknown option '--frist'/],
  ])('ends with 2 for %s, says why, and to programs as JSON', async (_, args, said) => {
    const { code, stdout, stderr } = await gatebook(tokens.maria, ...args(tokens.maria));
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(said)]);
    const forPrograms = await gatebook(tokens.maria, ...args(tokens.maria), '--json');
    expect(forPrograms.code).toBe(2);
    const json = JSON.parse(forPrograms.stdout);
    if ('error' in json) expect(json).toMatchObject({ error: { code: 'usage', exitCode: 2 } });
    else expect(json.userErrors).toMatchObject([{ code: 'INVALID_INPUT' }]);
  });

  it('ends with 2 where nobody is signed in, with 3 where somebody may not, and with 4 where nothing answers', async () => {
    const unknown = await gatebook('no-token', 'log', 'acme');
    expect([unknown.code, unknown.stdout, unknown.stderr]).toEqual([2, '', expect.stringMatching(SIGN_IN)]);
    const nowhere = await gatebook(tokens.maria, 'log', 'acme', '--json', '--url', 'http://127.0.0.1:9');
    expect([nowhere.code, JSON.parse(nowhere.stdout)]).toMatchObject([
      4,
      { error: { code: 'unreachable', exitCode: 4, message: expect.stringContaining('Nothing answers') } },
    ]);
    const foreign = await gatebook(tokens.sam, 'denials', '--group', '--json');
    expect([foreign.code, JSON.parse(foreign.stdout)]).toMatchObject([3, { error: { code: 'refused', exitCode: 3 } }]);
    const missing = await gatebook(tokens.maria, 'log', 'nowhere', '--json');
    expect([missing.code, JSON.parse(missing.stdout)]).toMatchObject([1, { error: { code: 'failed', exitCode: 1 } }]);
  });

  it('says that nobody was disabled where the directory told of nobody by that name', async () => {
    const issuer = ['--issuer', 'https://staff.example'];
    const typo = await gatebook('', 'staff', 'disable', 'nobdy', ...issuer);
    expect(typo).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Nobody was disabled: the directory never told of “nobdy” of https://staff.example. “gatebook staff list” says who there is.\n',
    });
    const told = ['--name', 'Nora', '--email', 'nora@vendor.example', '--roles', 'agent'];
    expect(await gatebook('', 'staff', 'enable', 'nora', ...issuer, ...told)).toMatchObject({ code: 0 });
    for (const _ of ['once', 'and again'])
      expect(await gatebook('', 'staff', 'disable', 'nora', ...issuer)).toMatchObject({ code: 0, stderr: '' });
  });

  it('says where a policy is broken before anything is sent', async () => {
    const file = join(service.directory, 'broken.yaml');
    writeFileSync(file, 'preset: default\n---\npreset: day-pass\n');
    for (const args of [
      ['change', file],
      ['diff', 'default', file],
    ]) {
      const { stderr } = await gatebook(tokens.sam, 'policy', ...args);
      expect(stderr).toBe(
        `${file}:2:1: only one document can stand here: take out the line with ---, and what belongs to another file.\n`,
      );
    }
  });

  it('prints nothing that a terminal obeys, whatever is said to it (T25, T52)', async () => {
    const hostile = await gatebook(tokens.maria, 'log', 'a\u001b[2J\u202eb');
    expect(hostile.stderr).toContain('There is no workspace “a\\u001b[2J\\u202eb” for you.');
  });

  it('prints through the one place that escapes, and nowhere else', () => {
    const here = readdirSync('apps/cli').filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
    const past = here.filter((name) => /console\.|stdout\.write/.test(readFileSync(join('apps/cli', name), 'utf8')));
    expect(past).toEqual(['printed.ts']);
  });
});
