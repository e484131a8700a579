import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { InProcess } from '#server/testing/in-process';

const run = promisify(execFile);

/** A command starts a process of its own for each call: so long a spec of several may take on a machine that is busy. */
export const COMMANDS_MS = 240_000;

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command, as its sources stand, on a service in this process. */
export function gatebook(
  { url }: Pick<InProcess, 'url'>,
  token: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const env = { ...process.env, GATEBOOK_URL: url, GATEBOOK_TOKEN: token, ...more };
  const node = ['--conditions=gatebook', '--no-warnings', 'apps/cli/main.ts', ...args];
  return run(process.execPath, node, { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Said) => ({ code, stdout, stderr }),
  );
}
