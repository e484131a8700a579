import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { Faults } from './faults.ts';
import type { FaultCommand } from './main.ts';
import type { StandInOptions } from './stand-in.ts';

/** The switches of a stand-in in another process: each resolves when it is set. */
export type ProcessFaults = {
  readonly [Name in keyof Faults]: (...values: Parameters<Faults[Name]>) => Promise<void>;
};

export interface StandInProcess {
  readonly connectionString: string;
  readonly port: number;
  /** Undefined while it is dead. */
  readonly pid: number | undefined;
  /** `freeze` stops the process itself (SIGSTOP): even a connection's keepalive goes unanswered. */
  readonly faults: ProcessFaults;
  /** Ends it at once, as a crash would. */
  kill9(): Promise<void>;
  /** Starts it again on its directory and port, after killing it if it lives. Faults are off again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Nothing that runs in a process of its own can be handed a clock. */
export type StandInProcessOptions = Omit<StandInOptions, 'now'>;

/** @throws {Error} it ended before it was ready; what it said last is in the message. */
export async function startStandInProcess(options: StandInProcessOptions): Promise<StandInProcess> {
  let running = await start(options);
  const { connectionString, port } = running;
  const command = (fault: keyof Faults) => (value?: number | boolean) => running.command(fault, value);
  const signal = (name: NodeJS.Signals) => async () => void running.child.kill(name);
  const kill9 = () => running.end(() => running.child.kill('SIGKILL'));

  return {
    connectionString,
    port,
    get pid() {
      return running.child.exitCode === null && running.child.signalCode === null ? running.child.pid : undefined;
    },
    faults: {
      dropAppendAnswers: command('dropAppendAnswers'),
      delayAnswers: command('delayAnswers'),
      reorderAnswers: command('reorderAnswers'),
      freeze: signal('SIGSTOP'),
      thaw: signal('SIGCONT'),
      unreachable: command('unreachable'),
      reachable: command('reachable'),
      failAppends: command('failAppends'),
      breakSubscriptions: command('breakSubscriptions'),
    },
    kill9,
    async restart() {
      await kill9();
      running = await start({ ...options, port });
    },
    // A frozen process would never notice that its input has ended.
    stop: () =>
      running.end(() => {
        running.child.kill('SIGCONT');
        running.child.stdin?.end();
      }),
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly connectionString: string;
  readonly port: number;
  command(fault: string, value: number | boolean | undefined): Promise<void>;
  end(how: () => void): Promise<void>;
}

async function start(options: StandInProcessOptions): Promise<Running> {
  // The sources run as they are, the build as it was built.
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const flags = ending === 'ts' ? ['--conditions=gatebook', '--no-warnings'] : [];
  const main = fileURLToPath(new URL(`./main.${ending}`, import.meta.url));
  const child = spawn(process.execPath, [...flags, main, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
  // Writing to a process that is gone is told by its end, not here.
  child.stdin.on('error', () => undefined);

  const waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  const ready = Promise.withResolvers<{ connectionString: string; port: number }>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as { id?: number; error?: string; connectionString: string; port: number };
    if (said.id === undefined) return ready.resolve(said);
    const asked = waiting.get(said.id);
    waiting.delete(said.id);
    if (said.error === undefined) asked?.resolve();
    else asked?.reject(new Error(said.error));
  });
  void exited.then(() => {
    const gone = new Error(`The stand-in's process ended. ${complaint}`.trim());
    ready.reject(gone);
    for (const { reject } of waiting.values()) reject(gone);
  });
  const { connectionString, port } = await ready.promise;

  let asked = 0;
  return {
    child,
    connectionString,
    port,
    command: (fault, value) =>
      new Promise((resolve, reject) => {
        const command: FaultCommand = { id: asked++, fault, value };
        waiting.set(command.id, { resolve, reject });
        child.stdin.write(`${JSON.stringify(command)}\n`);
      }),
    async end(how) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      how();
      await exited;
    },
  };
}
