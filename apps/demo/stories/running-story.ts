import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { openSqliteLogReader } from '#event-log/sqlite/reader';
import { freePort } from '#server/adapters/oidc/testing/free-port';
import { loadOrMakeKeys } from '#server/config/installation-keys';
import { putKeys } from '#server/testing/made-keys';
import { RunningService } from '#server/testing/running-service';
import { until } from '#server/testing/until';
import { Person } from '../testing/person.ts';

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Of a service that stood still for two seconds, as one does on a machine that others share. */
const TRY_AGAIN = 'This can’t be decided right now. Try again.\n';
const MOST_AGAIN = 20;

/** The service, the demo product and the command, built and each a process of its own: what `npm start` runs. */
export class RunningStory {
  readonly serviceUrl: string;
  readonly demoUrl: string;
  readonly #directory: string;
  readonly #service: RunningService;
  readonly #demo: ChildProcess;

  private constructor(
    serviceUrl: string,
    demoUrl: string,
    directory: string,
    service: RunningService,
    demo: ChildProcess,
  ) {
    this.serviceUrl = serviceUrl;
    this.demoUrl = demoUrl;
    this.#directory = directory;
    this.#service = service;
    this.#demo = demo;
  }

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<RunningStory> {
    const directory = mkdtempSync(join(tmpdir(), 'gatebook-story-'));
    const [port, demoPort] = [await freePort(), await freePort()];
    const serviceUrl = `http://localhost:${port}`;
    const demoUrl = `http://localhost:${demoPort}`;
    await putKeys(directory);
    const { product } = await loadOrMakeKeys(directory);
    const service = await RunningService.start({
      port,
      url: serviceUrl,
      dataDirectory: directory,
      environment: {
        GATEBOOK_PEOPLE: 'apps/demo/people.json',
        GATEBOOK_PRODUCT_URL: demoUrl,
        GATEBOOK_CATALOGUE: 'apps/demo/gatebook.catalogue.yaml',
        ...environment,
      },
    });
    const demo = spawn(process.execPath, ['dist/apps/demo/main.js'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        NODE_NO_WARNINGS: '1',
        DEMO_PORT: String(demoPort),
        DEMO_URL: demoUrl,
        DEMO_DATA_DIR: join(directory, 'demo'),
        GATEBOOK_URL: serviceUrl,
        GATEBOOK_PRODUCT_KEY: product,
      },
    });
    await once(demo, 'message');
    const story = new RunningStory(serviceUrl, demoUrl, directory, service, demo);
    await story.#productHasTold();
    return story;
  }

  /** The demo has told of its workspaces once the last of its cases stands in the log, and then in the tables. */
  async #productHasTold(): Promise<void> {
    await until(async () => (await this.#isInTheLog('CASE-204')) && this.#tablesAreUpToDate());
  }

  async #isInTheLog(text: string): Promise<boolean> {
    const log = openSqliteLogReader({ directory: join(this.#directory, 'log') });
    try {
      for await (const { data } of log.readAll()) if (data.includes(text)) return true;
      return false;
    } finally {
      await log.close();
    }
  }

  async #tablesAreUpToDate(): Promise<boolean> {
    const metrics = await (await fetch(`${this.serviceUrl}/metrics`)).text();
    return /^gatebook_tables_behind_facts 0$/m.test(metrics);
  }

  person(): Person {
    return new Person(this.demoUrl);
  }

  /** `gatebook ...`, as a person types it; once more where it is told to be tried again, as nothing was written. */
  async command(...args: string[]): Promise<CommandResult> {
    for (let times = 0; ; times++) {
      const result = await this.#command(args);
      if (times === MOST_AGAIN || !result.err.endsWith(TRY_AGAIN)) return result;
    }
  }

  async #command(args: readonly string[]): Promise<CommandResult> {
    const all = ['dist/apps/cli/main.js', ...args, '--url', this.serviceUrl, '--data-dir', this.#directory];
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, all);
      return { code: 0, out: stdout, err: stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.#demo, 'exit');
    this.#demo.kill('SIGTERM');
    await ended;
    await this.#service.stop();
    rmSync(this.#directory, { recursive: true });
  }
}
