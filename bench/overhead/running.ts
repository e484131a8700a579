import { EVALUATION_PATH, VISIT_HEADER } from '@gatebook/protocol';
import { once } from 'node:events';
import { closeSync, cpSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '#server/adapters/oidc/testing/free-port';
import { openVisits, type OpenVisit } from '#server/testing/open-visits';
import { WORKSPACE_PREFIX } from '#server/desk/desk';
import { openSqliteLog } from '#event-log/sqlite/log';
import { evaluationTemplate, type RequestTemplate } from '../load/requests.ts';
import { askOnce, NotBuilt } from '../ours.ts';
import { processorSeconds, SERVER_CORE, spawnNode } from '../processor.ts';
import { encoded } from '../scale/facts.ts';
import type { Switch } from './without.ts';

const CATALOGUE = 'apps/demo/gatebook.catalogue.yaml';
/** So many facts of a workspace lie between two of its snapshots. */
const KEPT_EVERY = 2000;

/** A data directory with visits open, of which each service gets a copy: all answer the same bytes. */
export interface Prepared {
  readonly directory: string;
  readonly publicUrl: string;
  readonly productKey: string;
  readonly visits: readonly OpenVisit[];
  readonly requests: readonly RequestTemplate[];
}

/** @throws {NotBuilt} */
export async function prepare(directory: string, count: number): Promise<Prepared> {
  if (!existsSync('dist/apps/server/main.js')) throw new NotBuilt('the service is not built: npm run build');
  mkdirSync(directory);
  const publicUrl = 'http://127.0.0.1:4000';
  const { visits, keys } = await openVisits({
    dataDirectory: directory,
    publicUrl,
    count,
    catalogueFile: CATALOGUE,
  });
  await stagger(directory, visits);
  writeFileSync(join(directory, 'people.json'), JSON.stringify({ members: [], staff: [] }));
  const requests = visits.map((visit) =>
    evaluationTemplate(keys.product, { ...visit, workspace: visit.workspaceId, staff: visit.staffId }),
  );
  return { directory, publicUrl, productKey: keys.product, visits, requests };
}

/** Each workspace is as far from its next snapshot as none of the others: at any time as many are saved as at any other. */
async function stagger(directory: string, visits: readonly OpenVisit[]): Promise<void> {
  const log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
  for (const [number, { workspaceId, sessionId, staffId }] of visits.entries()) {
    const stream = WORKSPACE_PREFIX + workspaceId;
    let revision = -1;
    for await (const last of log.readStream(stream, { direction: 'backwards', limit: 1 })) revision = last.revision;
    const data = { sessionId, page: 'billing', label: 'Billing', area: null, masked: [], input: true };
    const facts = Array.from({ length: Math.floor((number * KEPT_EVERY) / visits.length) }, (_, i) =>
      encoded(
        { type: 'PageViewed', data: { ...data, record: `EARLIER-${i}`, catalogueRevision: 0 } },
        Date.now(),
        staffId,
        sessionId,
      ),
    );
    for (let from = 0; from < facts.length; from += 1000) {
      const some = facts.slice(from, from + 1000);
      ({ revision } = await log.append(stream, revision, some));
    }
  }
  await log.close();
}

/** The built service with some parts off, in a process of its own on the servers' core. */
export interface RunningWithout {
  readonly off: readonly Switch[];
  readonly url: string;
  readonly pid: number;
  readonly dataDirectory: string;
  /** As Prometheus does it; nothing where metrics are off. */
  scrape(): Promise<void>;
  /** Resolves once what the load left to do in the background is done. */
  calm(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it on a copy of what was prepared, in `dataDirectory`. */
export async function startWithout(
  off: readonly Switch[],
  { directory, publicUrl, productKey, visits }: Prepared,
  dataDirectory: string,
): Promise<RunningWithout> {
  cpSync(directory, dataDirectory, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const output = join(dataDirectory, 'output.ndjson');
  const written = openSync(output, 'w');
  const entry = join(import.meta.dirname, 'service.ts');
  const child = spawnNode(SERVER_CORE, ['--enable-source-maps', '--max-semi-space-size=32', entry, ...off], {
    stdio: ['ignore', written, 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      NODE_NO_WARNINGS: '1',
      GATEBOOK_PORT: String(port),
      GATEBOOK_PUBLIC_URL: publicUrl,
      GATEBOOK_DATA_DIR: dataDirectory,
      GATEBOOK_PEOPLE: join(dataDirectory, 'people.json'),
      GATEBOOK_LOG_LEVEL: off.includes('logging') ? 'silent' : 'info',
    },
  });
  closeSync(written);
  const ended = once(child, 'exit');
  const ready = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  if (!ready) throw new Error(`The service without ${off.join(', ') || 'nothing'} ended before it was ready.`);
  const hasMetrics = !off.includes('metrics');
  const running: RunningWithout = {
    off,
    url,
    pid: child.pid!,
    dataDirectory,
    async scrape() {
      if (hasMetrics) await (await fetch(`${url}/metrics`)).text();
    },
    async calm() {
      const until = performance.now() + MOST_CALMING_MS;
      let before = processorSeconds(child.pid!);
      while (performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, CALM_MS));
        const now = processorSeconds(child.pid!);
        // Unknown is not busy.
        if (!(now - before > BUSY * (CALM_MS / 1000))) return;
        before = now;
      }
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await ended;
    },
  };
  try {
    await askOnce(url, productKey, visits);
    await ensureOff(running, productKey, visits[0]!);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return running;
}

const CALM_MS = 250;
const BUSY = 0.1;
const MOST_CALMING_MS = 30_000;

/** A switch that does nothing would be found to cost nothing. */
async function ensureOff({ off, url }: RunningWithout, key: string, visit: OpenVisit): Promise<void> {
  const { status: metrics } = await fetch(`${url}/metrics`);
  if ((metrics === 200) === off.includes('metrics')) throw new Error(`/metrics answers ${metrics}.`);
  const { status } = await fetch(url + EVALUATION_PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, [VISIT_HEADER]: visit.token, 'content-type': 'application/json' },
    body: JSON.stringify({
      subject: { type: 'staff', id: visit.staffId },
      action: { name: 'view' },
      resource: { type: 'page', id: 'billing', properties: { workspace: visit.workspaceId } },
      context: { purpose: 'ask', input: 'neither true nor false' },
    }),
  });
  if ((status === 400) === off.includes('validation')) throw new Error(`A body against its schema has ${status}.`);
}
