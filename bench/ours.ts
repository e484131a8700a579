import { EVALUATION_PATH, VISIT_HEADER, type EvaluationRequest } from '@gatebook/protocol';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openVisits, type OpenVisit } from '#server/testing/open-visits';
import { openSqliteLogReader } from '#event-log/sqlite/reader';
import { freePort } from '#server/adapters/oidc/testing/free-port';
import { evaluationTemplate, type RequestTemplate } from './load/requests.ts';
import { spawnNode } from './processor.ts';

/** The built service under load. */
export interface Ours {
  readonly url: string;
  /** Its children are counted with it. */
  readonly pid: number;
  /** One request for each visit that stands open, ready to be sent with one record after another. */
  requests(): Iterable<RequestTemplate>;
  /** Rows of views in the log, all workspaces together. */
  countViews(): Promise<number>;
  stop(): Promise<void>;
}

/** The service can't be measured yet; a bench may go on without it, and doesn't pass. */
export class NotBuilt extends Error {}

const ENTRY = 'dist/apps/server/main.js';
const CATALOGUE = 'apps/demo/gatebook.catalogue.yaml';
/** At 24,000 views a second each visit opens 240 pages a minute, twice what policy allows a person. */
const VISITS = 6000;

/** Starts the built service on one core, its data in `dataDir` (an empty folder), with visits open. */
export async function startOurs({ core, dataDir }: { readonly core: number; readonly dataDir: string }): Promise<Ours> {
  if (!existsSync(ENTRY)) throw new NotBuilt('the service is not built: npm run build');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { visits, keys } = await openVisits({
    dataDirectory: dataDir,
    publicUrl: url,
    count: VISITS,
    catalogueFile: CATALOGUE,
  });
  writeFileSync(join(dataDir, 'people.json'), JSON.stringify({ members: [], staff: [] }));
  const child = spawnNode(core, ['--enable-source-maps', '--max-semi-space-size=32', ENTRY], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      GATEBOOK_PORT: String(port),
      GATEBOOK_PUBLIC_URL: url,
      GATEBOOK_DATA_DIR: dataDir,
      GATEBOOK_PEOPLE: join(dataDir, 'people.json'),
      GATEBOOK_LOG_LEVEL: 'warn',
    },
  });
  const ready = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => undefined)]);
  if (!ready) throw new Error('The service ended before it was ready.');

  await askOnce(url, keys.product, visits);

  return {
    url,
    pid: child.pid!,
    requests: () =>
      visits.map((visit: OpenVisit) =>
        evaluationTemplate(keys.product, { ...visit, workspace: visit.workspaceId, staff: visit.staffId }),
      ),
    countViews: () => countViews(join(dataDir, 'log')),
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Every visit is asked for once before the clock runs: tokens verified, books read, as in a service that has been up for a minute. */
export async function askOnce(url: string, key: string, visits: readonly OpenVisit[]): Promise<void> {
  const SIDE_BY_SIDE = 50;
  for (let from = 0; from < visits.length; from += SIDE_BY_SIDE) {
    const some = visits.slice(from, from + SIDE_BY_SIDE).map(async ({ staffId, workspaceId, token }) => {
      const question: EvaluationRequest = {
        subject: { type: 'staff', id: staffId },
        action: { name: 'view' },
        resource: { type: 'page', id: 'billing', properties: { workspace: workspaceId } },
        context: { purpose: 'ask' },
      };
      const answer = await fetch(url + EVALUATION_PATH, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, [VISIT_HEADER]: token, 'content-type': 'application/json' },
        body: JSON.stringify(question),
      });
      const { decision } = (await answer.json()) as { decision?: boolean };
      if (decision !== true) throw new Error(`A visit is not open: ${answer.status}.`);
    });
    await Promise.all(some);
  }
}

async function countViews(directory: string): Promise<number> {
  const log = openSqliteLogReader({ directory });
  let views = 0;
  for await (const { type } of log.readAll({ streamPrefixes: ['workspace-'] })) if (type === 'PageViewed') views++;
  await log.close();
  return views;
}
