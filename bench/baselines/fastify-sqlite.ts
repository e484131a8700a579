/**
 * The service as one would write it on SQLite: Fastify, and for each view one transaction that checks product key,
 * switch and session and inserts a row, flushed (`synchronous=FULL`) before the answer. The view table has no index
 * beside its key, though an owner's log would need one: the comparison errs in its favour.
 */
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import fastify from 'fastify';
import {
  EVALUATION_PATH,
  EVALUATION_REQUEST_SCHEMA,
  VISIT_HEADER,
  type EvaluationAnswer,
  type EvaluationRequest,
} from '@gatebook/protocol';
import { announce } from './announce.ts';
import { ENDS_AT, permitted, refusal, refused, sha256, worldOf, type FoundVisit } from './answer.ts';

const [, , templatesFile, folder] = process.argv as [string, string, string, string];

const database = new DatabaseSync(join(folder, 'views.sqlite'), { timeout: 5000 });
database.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA cache_size = -65536;
  PRAGMA temp_store = MEMORY;
  CREATE TABLE product (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE workspace (id TEXT PRIMARY KEY, customer TEXT NOT NULL, accessUntil INTEGER) STRICT, WITHOUT ROWID;
  CREATE TABLE session (
    token TEXT PRIMARY KEY, id TEXT NOT NULL, workspace TEXT NOT NULL, staff TEXT NOT NULL, staffName TEXT NOT NULL,
    caseRef TEXT NOT NULL, approval TEXT NOT NULL, plannedEnd INTEGER NOT NULL, endedAt INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE view (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, session TEXT NOT NULL, workspace TEXT NOT NULL, staff TEXT NOT NULL,
    page TEXT NOT NULL, record TEXT, at INTEGER NOT NULL
  ) STRICT;
`);

const world = worldOf(templatesFile);
const until = Date.parse(ENDS_AT);
database.exec('BEGIN');
database.prepare('INSERT INTO product VALUES (?)').run(world.productKey);
const insertWorkspace = database.prepare('INSERT INTO workspace VALUES (?, ?, ?)');
const insertSession = database.prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)');
for (const row of world.rows) {
  insertWorkspace.run(row.workspace, row.customer, until);
  insertSession.run(row.token, row.session, row.workspace, row.staff, row.staffName, row.caseRef, row.approval, until);
}
database.exec('COMMIT');

const begin = database.prepare('BEGIN IMMEDIATE');
const commit = database.prepare('COMMIT');
const rollback = database.prepare('ROLLBACK');
const findProduct = database.prepare('SELECT 1 FROM product WHERE key = ?');
const findVisit = database.prepare(`
  SELECT session.id AS session, session.workspace, session.staff, session.endedAt, session.plannedEnd,
         workspace.accessUntil, session.staffName, workspace.customer, session.caseRef, session.approval
  FROM session JOIN workspace ON workspace.id = session.workspace WHERE session.token = ?`);
const insertView = database.prepare(
  'INSERT INTO view (id, session, workspace, staff, page, record, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
);
const countViews = database.prepare('SELECT count(*) AS views FROM view');

function decide(key: string, token: string, asked: EvaluationRequest): EvaluationAnswer {
  const now = Date.now();
  begin.run();
  try {
    if (!findProduct.get(key)) throw new Error('unknown product');
    const found = findVisit.get(token) as unknown as FoundVisit | undefined;
    const rule = found ? refusal(found, asked, now) : 'visitIsKnown';
    if (!found || rule) {
      rollback.run();
      return refused(rule!);
    }
    const view = randomUUID();
    const { id: page, properties } = asked.resource;
    const { lastInsertRowid } = insertView.run(
      view,
      found.session,
      found.workspace,
      found.staff,
      page,
      properties.record ?? null,
      now,
    );
    commit.run();
    return permitted(found, view, String(lastInsertRowid));
  } catch (error) {
    if (database.isTransaction) rollback.run();
    throw error;
  }
}

const app = fastify({ logger: false });
app.post<{ Body: EvaluationRequest }>(
  EVALUATION_PATH,
  { schema: { body: EVALUATION_REQUEST_SCHEMA } },
  async (request) => {
    const key = sha256((request.headers.authorization ?? '').slice('Bearer '.length));
    return decide(key, sha256(String(request.headers[VISIT_HEADER])), request.body);
  },
);
app.get('/count', async () => countViews.get());

await app.listen({ host: '127.0.0.1', port: 0 });
announce([(app.server.address() as AddressInfo).port], () => database.close());
