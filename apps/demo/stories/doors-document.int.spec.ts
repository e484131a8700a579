import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readConfig } from '#server/config/config';
import { InProcess } from '#server/testing/in-process';
import { blocksOf } from './documents.ts';

const [start, ...SHELL] = blocksOf('docs/doors.md').filter(({ language }) => language === 'sh');
const PARTED = '----';

describe('docs/doors.md, typed from beginning to end', () => {
  let service: InProcess;
  /** What each block printed. */
  let printed: readonly string[];
  /** What the stream of ends printed meanwhile. */
  let heard: string;

  beforeAll(async () => {
    const { signIn } = readConfig({});
    service = await InProcess.start({ told: false, config: { signIn, actorToken: 'console' } });
    service.now = Date.now();
    const { href } = new URL('/oidc/members', service.url);
    const maria = { issuer: href, subject: 'maria', name: 'Maria Ortiz', email: 'maria@acme.example' };
    await service.signals(
      { type: 'workspace.registered', workspace: 'acme', name: 'Acme Co' },
      { type: 'member.role-changed', workspace: 'acme', member: 'maria', ...maria, role: 'owner' },
      { type: 'case.opened', workspace: 'acme', case: 'CASE-123', title: 'Failed invoice sync' },
    );
    // Typed where the service runs, as the page has it, but for addresses, data and a build; what runs in the background
    // prints into a window of its own.
    const window_ = join(service.directory, 'ends');
    const script = SHELL.map(({ text }) => text)
      .join(`echo '${PARTED}'\n`)
      .replaceAll('http://localhost:4000', service.url)
      .replaceAll('npm run -s gatebook -- ', 'node --conditions=gatebook apps/cli/main.ts ')
      .replaceAll('.gatebook/', `${service.directory}/`)
      .replace(/(curl -sN .*\/v1\/endings .*) & /, `$1 > ${window_} & `);
    printed = (await typed(script)).split(`${PARTED}\n`);
    heard = readFileSync(window_, 'utf8');
  });
  afterAll(() => service.close());

  async function typed(script: string): Promise<string> {
    // The clock of the service goes with the one of the shell.
    const clock = setInterval(() => (service.now = Date.now()), 20);
    const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`, GATEBOOK_URL: service.url };
    const shell = spawn('bash', ['-euo', 'pipefail'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    let out = '';
    shell.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    shell.stdin.end(`${script}\nkill %1\n`);
    const code = await new Promise<number | null>((resolve) => shell.once('close', resolve));
    clearInterval(clock);
    expect([code, code === 0 ? '' : out]).toEqual([0, '']);
    return out;
  }

  /** What the block with this in it printed, the last line of it as JSON. */
  const said = (text: string): unknown => {
    const lines = (printed[SHELL.findIndex((block) => block.text.includes(text))] ?? '').trim().split('\n');
    return JSON.parse(lines.at(-1) ?? '');
  };

  it('begins with a service that takes the console’s sign-in', () => {
    expect(start?.text).toBe('GATEBOOK_ACTOR_TOKEN=console npm start\n');
  });

  it('enters, looks, and stays', () => {
    expect(said('/oauth/introspect')).toMatchObject({ active: true, staffName: 'Sam Lee', gb_mode: 'write' });
    expect(said('/v1/presence')).toMatchObject({ idleEndsAt: expect.stringMatching(/^20.*Z$/) as unknown });
    expect(said('"record": "INV-88" } },\n    "context": { "input"')).toMatchObject({ decision: true });
    expect(said('/access/v1/evaluations')).toMatchObject({ evaluations: [{ decision: false }, { decision: false }] });
  });

  it('performs the approved action, and reports it', () => {
    expect(printed[SHELL.findIndex(({ text }) => text.includes('"perform"'))]).toMatch(/^act_\w{26}\n$/);
    expect(said('/v1/outcomes')).toMatchObject({ outcome: 'accepted' });
  });

  it('hears of the end, tells a signal, asks by GraphQL, rebuilds, and is well', () => {
    expect(heard).toContain('"cause":"exited"');
    expect(said('/v1/signals')).toMatchObject({ results: [{ outcome: 'accepted' }] });
    expect(said('/graphql')).toMatchObject({ data: { workspaces: { nodes: [{ name: 'Acme Co' }] } } });
    expect(said('/v1/operator/rebuild')).toMatchObject({ comparison: { equal: true } });
    expect(printed.at(-1)).toContain('gatebook_evaluations{outcome="permitted"}');
  });
});
