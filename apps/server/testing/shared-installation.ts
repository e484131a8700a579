import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { openEventStoreLog } from '#event-log/eventstoredb/log';
import type { EventLog, LogReader } from '#event-log/port';
import { startStandInProcess, type StandInProcess } from '#event-log/stand-in/process';
import type { MadeKeys } from '#server/config/installation-keys';
import { KEYS_FILE } from '#server/config/installation-keys';
import { TestPostgres } from '../../../projections/testing/postgres.ts';
import type { WrittenFact } from '../harness/judge-load.ts';
import { Callers, Issuers } from './callers.ts';
import { openVisits, type OpenVisit } from './open-visits.ts';
import { RunningService, serviceAddress, type ServiceAddress } from './running-service.ts';

export interface SharedInstallationOptions {
  /** So many visits stand open when it starts. */
  readonly visits: number;
  readonly instances: number;
  /** Tables in PostgreSQL; else each instance has a file of its own. */
  readonly postgres?: boolean;
  readonly seed: number;
  readonly pagesPerMinute?: number;
}

/** Instances of the built service on one log, which a stand-in in a process of its own keeps, and perhaps one database. */
export class SharedInstallation {
  readonly directory: string;
  readonly standIn: StandInProcess;
  readonly postgres: TestPostgres | undefined;
  readonly issuers: Issuers;
  readonly visits: readonly OpenVisit[];
  readonly keys: MadeKeys;
  readonly addresses: readonly ServiceAddress[];
  readonly services: RunningService[] = [];
  readonly #publicUrl: string;

  private constructor(
    parts: Pick<SharedInstallation, 'directory' | 'standIn' | 'postgres' | 'issuers' | 'visits' | 'keys' | 'addresses'>,
    publicUrl: string,
  ) {
    this.directory = parts.directory;
    this.standIn = parts.standIn;
    this.postgres = parts.postgres;
    this.issuers = parts.issuers;
    this.visits = parts.visits;
    this.keys = parts.keys;
    this.addresses = parts.addresses;
    this.#publicUrl = publicUrl;
  }

  static async start(options: SharedInstallationOptions): Promise<SharedInstallation> {
    const directory = mkdtempSync(join(tmpdir(), 'gatebook-shared-'));
    const standIn = await startStandInProcess({
      directory: join(directory, 'log'),
      synchronous: 'off',
      seed: options.seed,
    });
    const postgres = options.postgres ? await TestPostgres.start() : undefined;
    const publicUrl = 'http://localhost:4000';
    const issuers = await Issuers.start(publicUrl);
    const { visits, keys } = await openVisits({
      dataDirectory: directory,
      publicUrl,
      count: options.visits,
      catalogueFile: 'apps/demo/gatebook.catalogue.yaml',
      openLog: () => openEventStoreLog({ connectionString: standIn.connectionString }),
      issuers: issuers.names,
      ...(options.pagesPerMinute !== undefined && { pagesPerMinute: options.pagesPerMinute }),
    });
    const addresses: ServiceAddress[] = [];
    for (let number = 0; number < options.instances; number++) addresses.push(await serviceAddress());
    const installation = new SharedInstallation(
      { directory, standIn, postgres, issuers, visits, keys, addresses },
      publicUrl,
    );
    await Promise.all(addresses.map((_, number) => installation.startInstance(number)));
    return installation;
  }

  async startInstance(number: number): Promise<void> {
    const dataDirectory = this.dataDirectory(number);
    mkdirSync(dataDirectory, { recursive: true });
    copyFileSync(join(this.directory, KEYS_FILE), join(dataDirectory, KEYS_FILE));
    this.services[number] = await RunningService.start({
      port: this.addresses[number]!.port,
      url: this.#publicUrl,
      dataDirectory,
      environment: {
        ...this.issuers.environment,
        GATEBOOK_LOG_URL: this.standIn.connectionString,
        ...(this.postgres && { GATEBOOK_TABLES_URL: this.postgres.url }),
      },
    });
  }

  /** As whoever watches over a service does: one that ends, or doesn't come up in time, is started again. */
  async startUntilUp(number: number): Promise<void> {
    for (;;) {
      const up = await this.startInstance(number).then(
        () => true,
        () => false,
      );
      if (up) return;
      await passed(500);
    }
  }

  dataDirectory(number: number): string {
    return join(this.directory, `instance-${number}`);
  }

  /** Who call each instance in turn. */
  callers(patienceMs?: number): Callers {
    const addresses = this.addresses.map(({ url }) => url);
    return new Callers({ addresses, keys: this.keys, issuers: this.issuers, ...(patienceMs && { patienceMs }) });
  }

  /** Who call one instance, and wait so long for its answer. */
  callersAt(number: number, patienceMs: number): Callers {
    return new Callers({
      addresses: [this.addresses[number]!.url],
      keys: this.keys,
      issuers: this.issuers,
      patienceMs,
    });
  }

  openLog(): Promise<EventLog> {
    return openEventStoreLog({ connectionString: this.standIn.connectionString });
  }

  async close(): Promise<void> {
    for (const service of this.services) await service.kill();
    await this.standIn.stop();
    await this.postgres?.stop();
    await this.issuers.close();
    rmSync(this.directory, { recursive: true });
  }
}

/** The facts of workspaces' books, as the judge of a load reads them. */
export async function booksOf(log: LogReader): Promise<WrittenFact[]> {
  const written: WrittenFact[] = [];
  for await (const fact of log.readAll({ streamPrefixes: ['workspace-'] })) {
    const { id, type, stream, revision, data, metadata, recordedAt } = fact;
    const { commandId } = JSON.parse(metadata) as { commandId?: string };
    const { record } = JSON.parse(data) as { record?: string };
    written.push({ id, type, stream, revision, commandId, record, recordedAt });
  }
  return written;
}
