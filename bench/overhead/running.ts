import { EVALUATION_PATH, VISIT_HEADER } from '@gatebook/protocol';
import { once } from 'node:events';
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '#server/adapters/oidc/testing/free-port';
import { openVisits, type OpenVisit } from '#server/testing/open-visits';
import { WORKSPACE_PREFIX } from '#server/desk/desk';
import { readSealedRows } from '#event-log/snapshots/reader';
import { SNAPSHOTS_FOLDER } from '#event-log/snapshots/snapshots';
import { openSqliteLog } from '#event-log/sqlite/log';
import { evaluationTemplate, type RequestTemplate } from '../load/requests.ts';
import { askOnce, NotBuilt } from '../ours.ts';
import { SERVER_CORE, spawnNode } from '../processor.ts';
import { encoded } from '../scale/facts.ts';
import type { Edge, Order, Switch } from './switches.ts';

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

/** The built service, its parts under switches, in a process of its own on the servers' core. */
export interface Running {
  readonly url: string;
  readonly pid: number;
  /** From now on these are off and all others on. */
  switchOff(off: readonly Switch[]): Promise<void>;
  edge(): Promise<Edge>;
  /** As Prometheus does it: the values by name, labels included. */
  scrape(): Promise<ReadonlyMap<string, number>>;
  /** The revision of each workspace's snapshot, as it stands in the file. */
  snapshots(): ReadonlyMap<string, number>;
  /** Which signs of its parts are seen within so many seconds under load. */
  signs(seconds: number): Promise<ReadonlySet<Sign>>;
  stop(): Promise<void>;
}

/** What shows that a part works, and which part that is. */
export const SIGNS = {
  'refuses a body against its schema': 'validation',
  'writes a line': 'logging',
  'watches the event loop': 'metrics',
  'watches the garbage collector': 'metrics',
  'saves snapshots': 'snapshots',
} as const satisfies Record<string, Switch>;
export type Sign = keyof typeof SIGNS;

/**
 * Old garbage is collected every half minute and not every three seconds: each time it takes as much as a whole turn,
 * whichever turn that falls into. Young garbage is collected as in a usual service, some three times a turn.
 */
const SELDOM_COLLECTED = ['--heap-growing-percent=2000', '--max-old-space-size=3000'];

/** Starts it on a copy of what was prepared, in `dataDirectory`. */
export async function startSwitched(prepared: Prepared, dataDirectory: string): Promise<Running> {
  const { directory, publicUrl, productKey, visits } = prepared;
  cpSync(directory, dataDirectory, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const output = join(dataDirectory, 'output.ndjson');
  const written = openSync(output, 'w');
  const entry = join(import.meta.dirname, 'service.ts');
  const flags = ['--enable-source-maps', '--max-semi-space-size=32', ...SELDOM_COLLECTED];
  const child = spawnNode(SERVER_CORE, [...flags, entry], {
    stdio: ['ignore', written, 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      NODE_NO_WARNINGS: '1',
      GATEBOOK_PORT: String(port),
      GATEBOOK_PUBLIC_URL: publicUrl,
      GATEBOOK_DATA_DIR: dataDirectory,
      GATEBOOK_PEOPLE: join(dataDirectory, 'people.json'),
      GATEBOOK_LOG_LEVEL: 'info',
    },
  });
  closeSync(written);
  const ended = once(child, 'exit');
  const heard = async (): Promise<unknown> => {
    const [message] = await Promise.race([once(child, 'message'), ended.then(() => [])]);
    if (message === undefined) throw new Error('The service ended before it was told to.');
    return message;
  };
  await heard();
  /** One order at a time. */
  const ask = async (order: Order): Promise<Edge> => {
    const answer = heard();
    child.send(order);
    return (await answer) as Edge;
  };
  let lines = 0;
  const running: Running = {
    url,
    pid: child.pid!,
    switchOff: async (off) => void (await ask({ off })),
    edge: () => ask('tell'),
    async scrape() {
      const text = await (await fetch(`${url}/metrics`)).text();
      const values = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      return new Map(
        values.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
      );
    },
    snapshots: () =>
      new Map([...readSealedRows(join(dataDirectory, SNAPSHOTS_FOLDER))].map((row) => [row.stream, row.revision])),
    async signs(seconds) {
      // Reading the delays of the event loop forgets them.
      const before = { metrics: await running.scrape(), snapshots: running.snapshots() };
      const line = `A line to look for: ${++lines}.`;
      await ask({ say: line });
      await sleep(seconds);
      const after = { metrics: await running.scrape(), snapshots: running.snapshots() };
      const seen: Record<Sign, boolean> = {
        'refuses a body against its schema': await refusesMisfit(url, prepared),
        'writes a line': readFileSync(output, 'utf8').includes(line),
        'watches the event loop': Number.isFinite(after.metrics.get('nodejs_eventloop_lag_mean_seconds')),
        'watches the garbage collector': collections(after.metrics) > collections(before.metrics),
        'saves snapshots': savedBetween(before.snapshots, after.snapshots) > 0,
      };
      return new Set((Object.keys(seen) as Sign[]).filter((sign) => seen[sign]));
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await ended;
    },
  };
  try {
    await askOnce(url, productKey, visits);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return running;
}

const sleep = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

/** How many snapshots are there that were not there before. */
export function savedBetween(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number {
  return [...after].filter(([stream, revision]) => before.get(stream) !== revision).length;
}

function collections(metrics: ReadonlyMap<string, number>): number {
  return [...metrics].reduce((sum, [name, value]) => sum + (name.startsWith(COLLECTIONS) ? value : 0), 0);
}
const COLLECTIONS = 'nodejs_gc_duration_seconds_count';

async function refusesMisfit(url: string, { productKey, visits }: Prepared): Promise<boolean> {
  const { token, staffId, workspaceId } = visits[0]!;
  const { status } = await fetch(url + EVALUATION_PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${productKey}`, [VISIT_HEADER]: token, 'content-type': 'application/json' },
    body: JSON.stringify({
      subject: { type: 'staff', id: staffId },
      action: { name: 'view' },
      resource: { type: 'page', id: 'billing', properties: { workspace: workspaceId } },
      context: { purpose: 'ask', input: 'neither true nor false' },
    }),
  });
  return status === 400;
}

/** How long a part that is on may take to show a sign, under load. */
const SIGN_SECONDS = 20;

/**
 * Switches, and looks whether everything is as it should be: a switch that does nothing would be found to cost nothing.
 * Under load, for at least so many seconds.
 */
export async function ensureOff(
  running: Pick<Running, 'switchOff' | 'signs'>,
  off: readonly Switch[],
  seconds: number,
  mostSeconds = SIGN_SECONDS,
): Promise<void> {
  await running.switchOff(off);
  // What was on its way is not what is asked about.
  await sleep(SETTLING_SECONDS);
  const wanted = (Object.keys(SIGNS) as Sign[]).filter((sign) => !off.includes(SIGNS[sign]));
  const seen = new Set<Sign>();
  const until = performance.now() + mostSeconds * 1000;
  do {
    for (const sign of await running.signs(seconds)) seen.add(sign);
  } while (wanted.some((sign) => !seen.has(sign)) && performance.now() < until);
  const wrong = (Object.keys(SIGNS) as Sign[]).filter((sign) => seen.has(sign) !== wanted.includes(sign));
  if (wrong.length === 0) return;
  const told = wrong.map((sign) => (seen.has(sign) ? `${sign} all the same` : `never ${sign}`));
  throw new Error(`The service without ${off.join(', ') || 'nothing'}: ${told.join('; ')}.`);
}
const SETTLING_SECONDS = 0.05;
