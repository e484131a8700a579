import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { freePort } from '#server/adapters/oidc/testing/free-port';
import { readConfig } from '#server/config/config';
import { KEYS_FILE } from '#server/config/installation-keys';
import { startService, type Service } from '#server/service';

export interface ClockedInstanceOptions {
  /** Where the installation's keys are. */
  readonly keysDirectory: string;
  /** Its own; may be the same. */
  readonly dataDirectory: string;
  readonly publicUrl: string;
  readonly logUrl?: string;
  /** The true time, epoch milliseconds. */
  readonly now: () => number;
}

/** Nobody signs in here, and making keys for issuers of its own takes a service longer than all the rest. */
const SOMEBODY_ELSES = Object.fromEntries([
  ['GATEBOOK_SIGN_IN', 'oidc'],
  ...['MEMBERS', 'STAFF'].flatMap((realm) => [
    [`GATEBOOK_${realm}_ISSUER`, `http://127.0.0.1:9/${realm}`],
    [`GATEBOOK_${realm}_JWKS_URI`, `http://127.0.0.1:9/${realm}/jwks`],
    [`GATEBOOK_${realm}_AUDIENCE`, 'gatebook'],
  ]),
]) as Readonly<Record<string, string>>;

/** The whole service in this process, with a clock that can be put wrong. */
export class ClockedInstance {
  /** The clock is ahead of the true time by so much, milliseconds. */
  aheadMs = 0;
  #service!: Service;

  static async start(options: ClockedInstanceOptions): Promise<ClockedInstance> {
    const { keysDirectory, dataDirectory, publicUrl, logUrl, now } = options;
    const instance = new ClockedInstance();
    mkdirSync(dataDirectory, { recursive: true });
    if (dataDirectory !== keysDirectory) copyFileSync(join(keysDirectory, KEYS_FILE), join(dataDirectory, KEYS_FILE));
    instance.#service = await startService({
      config: readConfig({
        GATEBOOK_PORT: String(await freePort()),
        GATEBOOK_PUBLIC_URL: publicUrl,
        GATEBOOK_DATA_DIR: dataDirectory,
        ...SOMEBODY_ELSES,
        GATEBOOK_LOG_URL: logUrl,
      }),
      logger: pino({ level: 'silent' }),
      clock: { now: () => now() + instance.aheadMs },
      onFatal: (error) => {
        throw error;
      },
    });
    return instance;
  }

  get url(): string {
    return this.#service.url;
  }

  close(): Promise<void> {
    return this.#service.close();
  }
}
