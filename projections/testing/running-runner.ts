import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RunnerState } from '../index.ts';
import type { RunnerProcessOptions } from './runner-process.ts';
import { until } from './world.ts';

const ENTRY = fileURLToPath(new URL('./runner-process.ts', import.meta.url));

/** A runner in a process of its own, which is loaded and waits to be told to begin. */
export class RunningRunner {
  readonly #child: ChildProcess;
  readonly errors: string[] = [];
  state: RunnerState | undefined;

  constructor(options: RunnerProcessOptions) {
    this.#child = spawn(process.execPath, ['--conditions=gatebook', ENTRY, JSON.stringify(options)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1' },
    });
    this.#child.on('message', ({ state, error }: { state?: RunnerState; error?: string }) => {
      if (state !== undefined) this.state = state;
      if (error !== undefined) this.errors.push(error);
    });
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it said of itself, for whoever waits in vain. */
  get told(): string {
    return `${this.alive ? (this.state ?? 'silent') : 'dead'}${this.errors.map((error) => `; ${error}`).join('')}`;
  }

  begin(): void {
    this.#child.send('begin');
  }

  async is(...states: RunnerState[]): Promise<void> {
    await until(
      () => !this.alive || states.some((state) => state === this.state),
      () => `${states.join(' or ')} (${this.told})`,
    );
  }

  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  wake(): void {
    this.#child.kill('SIGCONT');
  }

  /** SIGKILL: it has no moment to put anything in order. */
  async kill(): Promise<void> {
    if (!this.alive) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  async ended(): Promise<void> {
    if (this.alive) await once(this.#child, 'exit');
  }
}
