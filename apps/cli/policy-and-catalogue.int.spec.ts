import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PRESETS } from '#domain/policy/presets';
import { COMMANDS_MS } from './testing/gatebook.ts';

// A process for each call.
jest.setTimeout(COMMANDS_MS);

const HOW_TO = readFileSync(join(import.meta.dirname, '../../docs/how-to/policy-and-catalogue.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'gatebook-how-to-'));
for (const [, name = '', text = ''] of HOW_TO.matchAll(/^```yaml ([a-z-]+)\n([^]*?)^```$/gm)) {
  writeFileSync(join(folder, `${name}.yaml`), text);
}
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command in the folder of the page's files. */
function gatebook(...args: string[]) {
  const main = join(import.meta.dirname, 'main.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=gatebook', main, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Every call on the page, with what the page says comes of it. */
const CALLS = [...HOW_TO.matchAll(/^```console\n([^]*?)^```$/gm)].flatMap(([, shown = '']) =>
  shown
    .split(/^\$ /m)
    .slice(1)
    .map((call): [call: string, output: string] => {
      const [command = '', ...lines] = call.split('\n');
      return [command, lines.join('\n')];
    }),
);

describe('docs/how-to/policy-and-catalogue.md', () => {
  it('has calls of each command', () => {
    expect(CALLS.map(([call]) => call.split(' ').slice(1, 3).join(' '))).toStrictEqual([
      'policy check',
      'policy diff',
      'policy check',
      'catalogue lint',
      'catalogue lint',
    ]);
  });

  it.each(CALLS)('shows what comes of %s', (call, output) => {
    expect(gatebook(...call.split(' ').slice(1)).stdout).toBe(output);
  });
});

describe('gatebook policy and gatebook catalogue', () => {
  it('end with 0 for what can be used, 1 for what can’t, and 2 where the call is wrong', () => {
    expect(gatebook('policy', 'check', 'policy.yaml').status).toBe(0);
    expect(gatebook('policy', 'check', 'wrong-policy.yaml')).toMatchObject({
      status: 1,
      stderr: 'wrong-policy.yaml can’t be used as it is.\n',
    });
    expect(gatebook('catalogue', 'lint', 'doubtful-catalogue.yaml').status).toBe(0);
    expect(gatebook('catalogue', 'lint', '--strict', 'doubtful-catalogue.yaml').status).toBe(1);
    expect(gatebook('catalogue', 'lint', 'missing.yaml')).toMatchObject({
      status: 2,
      stderr: 'missing.yaml can’t be read: ENOENT.\n',
    });
    expect(gatebook('policy', 'presets', 'lenient')).toMatchObject({
      status: 2,
      stderr: 'There is no preset “lenient”. There are default, day-pass, traceable, by-request, switch, per-ticket.\n',
    });
  });

  it('print JSON for scripts', () => {
    expect(JSON.parse(gatebook('policy', 'presets', 'day-pass', '--json').stdout)).toStrictEqual(PRESETS['day-pass']);
    expect(JSON.parse(gatebook('policy', 'check', 'wrong-policy.yaml', '--json').stdout)).toStrictEqual({
      ok: false,
      file: 'wrong-policy.yaml',
      remarks: [
        {
          severity: 'error',
          at: 'consent.windowMinutes',
          message: 'must be at most longestWindowMinutes',
          line: 3,
          column: 18,
        },
        { severity: 'error', at: 'session.idelMinutes', message: 'there is no such setting', line: 5, column: 16 },
      ],
    });
    expect(JSON.parse(gatebook('policy', 'diff', 'default', 'default', '--json').stdout)).toStrictEqual({
      differences: [],
    });
  });

  it('say where a file is no YAML, and where a catalogue doesn’t hold together', () => {
    writeFileSync(join(folder, 'broken.yaml'), 'areas: { billing: [\n');
    expect(gatebook('catalogue', 'lint', 'broken.yaml').stdout).toMatch(/^broken\.yaml:2:1 error: /);
    writeFileSync(
      join(folder, 'apart.yaml'),
      'areas: {}\npages: {}\nactions:\n  portal.open: { label: open it, class: never }\nfields: {}\njobs:\n  j: { label: J, pages: [gone], actions: [portal.open], mode: edit }\n',
    );
    expect(gatebook('catalogue', 'lint', 'apart.yaml').stdout).toBe(
      'apart.yaml:7:26 error: jobs.j.pages.0: "gone" is not among the pages.\n' +
        'apart.yaml:7:43 error: jobs.j.actions.0: "portal.open" is of class never, which no job opens.\n',
    );
  });
});
