import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '#server/adapters/oidc/testing/free-port';

export interface ServiceAddress {
  readonly port: number;
  /** Its public address too. */
  readonly url: string;
}

export async function serviceAddress(): Promise<ServiceAddress> {
  const port = await freePort();
  return { port, url: `http://127.0.0.1:${port}` };
}

export interface RunningServiceOptions extends ServiceAddress {
  readonly dataDirectory: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** A command that runs the service, `strace -f`; default: none. */
  readonly under?: readonly string[];
}

const ENTRY = 'dist/apps/server/main.js';
const READY_MS = 60_000;
/** So many characters of what it logged are kept. */
const LOGGED = 4000;

/** The built service as a process of its own: what `npm start` runs, on real files. */
export class RunningService {
  readonly #child: ChildProcess;
  /** The last that it logged. */
  readonly #logged: () => string;

  private constructor(child: ChildProcess, logged: () => string) {
    this.#child = child;
    this.#logged = logged;
  }

  static async start({
    port,
    url,
    dataDirectory,
    environment = {},
    under = [],
  }: RunningServiceOptions): Promise<RunningService> {
    const people = join(dataDirectory, 'people.json');
    writeFileSync(people, JSON.stringify({ members: [], staff: [] }));
    const command = [...under, process.execPath, ENTRY];
    const child = spawn(command[0]!, command.slice(1), {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        NODE_NO_WARNINGS: '1',
        GATEBOOK_PORT: String(port),
        GATEBOOK_PUBLIC_URL: url,
        GATEBOOK_DATA_DIR: dataDirectory,
        GATEBOOK_PEOPLE: people,
        GATEBOOK_LOG_LEVEL: 'error',
        ...environment,
      },
    });
    let logged = '';
    child.stdout!.setEncoding('utf8').on('data', (lines: string) => (logged = (logged + lines).slice(-LOGGED)));
    const late = AbortSignal.timeout(READY_MS);
    const first = await Promise.race([
      once(child, 'message', { signal: late }).then(() => 'ready' as const),
      once(child, 'exit').then(([code]) => `ended with ${String(code)}`),
    ]).catch(() => `was not ready after ${READY_MS} ms`);
    if (first !== 'ready') {
      child.kill('SIGKILL');
      throw new Error(`The service ${first}. It logged: ${logged || 'nothing'}`);
    }
    return new RunningService(child, () => logged);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** The signal that ended it, or its exit code; waits until it ends, `undefined` where it doesn't within `ms`. */
  async ended(ms: number): Promise<NodeJS.Signals | number | undefined> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, 'exit', { signal: AbortSignal.timeout(ms) }).catch(() => undefined);
    }
    return this.#child.signalCode ?? this.#child.exitCode ?? undefined;
  }

  /** `kill -9`. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** As an operator stops it; rejects when it doesn't end well. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    if (this.#child.exitCode !== 0)
      throw new Error(
        `The service ended with ${this.#child.exitCode ?? this.#child.signalCode}. It logged: ${this.#logged() || 'nothing'}`,
      );
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}
