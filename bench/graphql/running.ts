import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '#server/adapters/oidc/testing/free-port';
import { Issuers } from '#server/testing/callers';
import { readConfig } from '#server/config/config';
import { installationKeys } from '#server/config/installation-keys';
import { openVisits, type OpenVisit } from '#server/testing/open-visits';
import { openSqliteLog } from '#event-log/sqlite/log';
import type { Target } from '../load/drive.ts';
import { NotBuilt } from '../ours.ts';
import { SERVER_CORE, spawnNode } from '../processor.ts';
import { encoded, view } from '../scale/facts.ts';
import type { Told } from './list.ts';
import type { Asking } from './question.ts';

const ENTRY = 'dist/apps/server/main.js';
const CATALOGUE = 'apps/demo/gatebook.catalogue.yaml';
const LIFE_SECONDS = 12 * 3600;
/** All three have the same. */
const FLAGS = ['--enable-source-maps', '--max-semi-space-size=32', '--no-warnings'];

/** A server under measurement. */
export interface Server extends Target {
  stop(): Promise<void>;
}

/** Workspaces whose logs hold some lines, with an owner each who asks for them. */
export interface Prepared {
  readonly directory: string;
  readonly url: string;
  readonly port: number;
  readonly issuers: Issuers;
  readonly asking: readonly Asking[];
  readonly cursorKey: Uint8Array;
  /** The log's last position. */
  readonly head: string;
}

/** @throws {NotBuilt} */
export async function prepare(directory: string, workspaces: number, lines: number): Promise<Prepared> {
  if (!existsSync(ENTRY)) throw new NotBuilt('the service is not built: npm run build');
  mkdirSync(directory);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const issuers = await Issuers.start(url);
  const { visits } = await openVisits({
    dataDirectory: directory,
    publicUrl: url,
    count: workspaces,
    catalogueFile: CATALOGUE,
    issuers: issuers.names,
  });
  const head = await write(directory, visits, lines);
  writeFileSync(join(directory, 'people.json'), JSON.stringify({ members: [], staff: [] }));
  const keys = await installationKeys(readConfig(environment({ directory, url, port, issuers })));
  const asking = visits.map(async ({ workspaceId, owner: { subject, name } }) => ({
    workspaceId,
    token: await issuers.members.accessToken({ sub: subject, name }, { lifeSec: LIFE_SECONDS }),
  }));
  return { directory, url, port, issuers, asking: await Promise.all(asking), cursorKey: keys.cursors, head };
}

async function write(directory: string, visits: readonly OpenVisit[], lines: number): Promise<string> {
  const log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
  const now = Date.now();
  for (const { workspaceId, sessionId, staffId } of visits) {
    const facts = Array.from({ length: lines }, (_, number) => {
      const fact = view(0, number, now);
      return encoded({ ...fact, data: { ...fact.data, sessionId } } as typeof fact, now, staffId, sessionId);
    });
    await log.append(`workspace-${workspaceId}`, 'any', facts);
  }
  const head = await log.head();
  await log.close();
  return head;
}

function environment({ directory, url, port, issuers }: Pick<Prepared, 'directory' | 'url' | 'port' | 'issuers'>) {
  return {
    GATEBOOK_PORT: String(port),
    GATEBOOK_PUBLIC_URL: url,
    GATEBOOK_DATA_DIR: directory,
    GATEBOOK_PEOPLE: join(directory, 'people.json'),
    ...issuers.environment,
  };
}

/** The built service, with what it logs thrown away. */
export async function startOurs(prepared: Prepared): Promise<Server> {
  const { url } = prepared;
  const child = spawnNode(SERVER_CORE, [...FLAGS, ENTRY], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'], ...environment(prepared) },
  });
  const ended = once(child, 'exit');
  const ready = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  if (!ready) throw new Error('The service ended before it was ready.');
  return {
    url,
    pid: child.pid!,
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A baseline on a copy of the tables as the service left them. The service must not run while they are copied. */
export async function startBaseline(name: 'rest' | 'stock', prepared: Prepared, directory: string): Promise<Server> {
  cpSync(join(prepared.directory, 'tables'), directory, { recursive: true });
  const { members } = prepared.issuers;
  const told: Told = {
    tablesDirectory: directory,
    issuer: members.issuer,
    jwksUri: members.jwksUri,
    audience: members.audience,
    cursorKey: Buffer.from(prepared.cursorKey).toString('base64url'),
  };
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child = spawnNode(SERVER_CORE, [...FLAGS, file, JSON.stringify(told)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
  });
  const ended = once(child, 'exit');
  const first = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  if (!first) throw new Error(`The baseline "${name}" did not start.`);
  const [{ ports }] = first as [{ ports: number[] }];
  return {
    url: `http://127.0.0.1:${ports[0]}`,
    pid: child.pid!,
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
