import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GENERATOR_CORE, machineSeconds, processorSeconds, spawnNode } from '../processor.ts';
import type { Report, Run, Tally } from './generator.ts';

/** Above this the generator, and not the server, may be what is measured. */
export const BUSIEST = 0.9;

/** What one run against one server showed. Times in milliseconds. */
export interface Sample {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of processor time, the server's with all its children, for each request; NaN where unknown. */
  readonly serverMicros: number;
  /** Processor time of the generator over wall time. */
  readonly generatorBusy: number;
  /** Cores kept busy by neither server nor generator: the rest of the machine, the kernel's own threads; NaN where unknown. */
  readonly elsewhere: number;
  /** False when the generator was busier than {@link BUSIEST}. */
  readonly valid: boolean;
  readonly tally: Tally;
}

export interface Target {
  readonly url: string;
  /** Of the server; its children are counted with it. */
  readonly pid: number;
}

/** The generator's process, seen from the bench. One run at a time. */
export class Driver {
  readonly #child: ChildProcess;
  #record = 1;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(templatesFile: string): Promise<Driver> {
    const file = fileURLToPath(new URL('./generator.ts', import.meta.url));
    const args = ['--conditions=gatebook', '--no-warnings', file, templatesFile];
    const child = spawnNode(GENERATOR_CORE, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const driver = new Driver(child);
    await driver.#heard((report) => report === 'ready');
    return driver;
  }

  async run(
    target: Target,
    plan: { connections: number; warmSeconds: number; seconds: number; yes?: string },
  ): Promise<Sample> {
    const { hostname, port } = new URL(target.url);
    const run: Run = { ...plan, host: hostname, port: Number(port), firstRecord: this.#record };
    const read = () => ({ server: processorSeconds(target.pid), machine: machineSeconds() });
    let before = read();
    let after = before;
    const done = this.#heard((report) => {
      if (report === 'began') before = read();
      if (report === 'ended') after = read();
      return typeof report === 'object';
    });
    this.#child.send(run);
    const { done: tally } = (await done) as { done: Tally };
    this.#record += tally.whole.sent;

    const { measured } = tally;
    const server = after.server - before.server;
    const answered = measured.ok + measured.other;
    return {
      requestsPerSecond: answered / measured.seconds,
      // Nothing was answered in time: through JSON, "no number" has become null.
      p50: measured.p50 ?? Number.NaN,
      p99: measured.p99 ?? Number.NaN,
      serverMicros: (server * 1e6) / answered,
      generatorBusy: measured.busy,
      // Ticks are coarse: a little below nothing is nothing.
      elsewhere: Math.max(0, (after.machine - before.machine - server) / measured.seconds - measured.busy),
      valid: measured.busy <= BUSIEST,
      tally,
    };
  }

  /** Ends the measured time of the run that goes on before its seconds are over. */
  enough(): void {
    this.#child.send('enough');
  }

  stop(): void {
    this.#child.disconnect();
  }

  #heard(isLast: (report: Report) => boolean): Promise<Report> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the load generator ended (code ${code})`));
      const listen = (report: Report): void => {
        if (!isLast(report)) return;
        this.#child.off('message', listen).off('exit', ended);
        resolve(report);
      };
      this.#child.on('message', listen).once('exit', ended);
    });
  }
}
