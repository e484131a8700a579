import { spawn } from 'node:child_process';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A program of the repository in a process of its own, with what a person answers when they are asked. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, answer = ''): Promise<Said> {
  const node = ['--conditions=gatebook', '--no-warnings', ...args];
  const child = spawn(process.execPath, node, {
    env: { PATH: process.env['PATH'], TZ: 'UTC', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  child.stdin.on('error', () => undefined).end(answer);
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? -1)));
  return { code, ...said };
}

/** `gatebook ...`, as a person types it, on a service at an address. */
export function gatebook(url: string, directory: string, args: readonly string[], answer = ''): Promise<Said> {
  const all = [...args, ...(args.includes('--data-dir') ? [] : ['--data-dir', directory])];
  return run(['apps/cli/main.ts', ...all], { GATEBOOK_URL: url }, answer);
}
