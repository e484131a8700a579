/**
 * A list of 20 as the owner's page asks for it: the built service's GraphQL against the same query of the same tables as
 * plain REST, and against stock Nest, Apollo and Express. All are up at once on the servers' core and take turns.
 */
import { isDeepStrictEqual } from 'node:util';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIRST, graphqlRequest, restRequest, WHOLE, type Asking } from './graphql/question.ts';
import { prepare, startBaseline, startOurs, type Server } from './graphql/running.ts';
import { BUSIEST, Driver, type Sample } from './load/drive.ts';
import { saveTemplates, type RequestTemplate } from './load/requests.ts';
import { settleDisk } from './processor.ts';
import { bar, ratio, spread, type Bench, type BenchOptions, type Findings } from './report.ts';

export const OURS = 'gatebook';
export const REST = 'REST on Fastify';
export const STOCK = 'stock Nest, Apollo, Express';
const OVER_REST = 0.55;
const OVER_STOCK = 2.5;
const PATIENCE_MS = 2000;
/** Cores busy elsewhere from which a figure is worth a second look. */
const DISTURBED = 0.1;

/** How much of everything; a test brings smaller ones. */
export interface GraphqlSizes {
  readonly rounds: number;
  /** Each server is under load for so long before the first round. */
  readonly compileSeconds: number;
  readonly warmSeconds: number;
  readonly seconds: number;
  readonly workspaces: number;
  readonly lines: number;
  readonly connections: number;
}

const FULL: GraphqlSizes = {
  rounds: 9,
  compileSeconds: 5,
  warmSeconds: 0.3,
  seconds: 2,
  workspaces: 20,
  lines: 60,
  connections: 64,
};
const SHORT: GraphqlSizes = { ...FULL, rounds: 1, compileSeconds: 1, warmSeconds: 0.2, seconds: 0.5 };

/** A server under measurement, with all that was measured of it so far. */
export interface Subject {
  readonly name: string;
  readonly samples: Sample[];
  /** Every answer counts, those of warming up too: not the whole list, or none. */
  notWhole: number;
}

interface Running extends Subject {
  readonly server: Server;
  readonly driver: Driver;
}

const MEASURES: readonly (readonly [string, (sample: Sample) => number])[] = [
  ['requests per second', (it) => it.requestsPerSecond],
  ['p50, ms', (it) => it.p50],
  ['p99, ms', (it) => it.p99],
  ['server µs per request', (it) => it.serverMicros],
  ['generator busy', (it) => it.generatorBusy],
  ['cores busy elsewhere', (it) => it.elsewhere],
];

export const graphql: Bench = graphqlOf();

/** The bench at its own sizes, or at those given. */
export function graphqlOf(given?: GraphqlSizes): Bench {
  return {
    name: 'graphql',
    summary: 'a list of 20 through GraphQL, against plain REST and against stock Nest, Apollo and Express',
    run: async (options) => {
      const folder = mkdtempSync(join(tmpdir(), 'gatebook-bench-'));
      const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
      try {
        return await measure(folder, closing, given ?? (options.short ? SHORT : FULL), options);
      } finally {
        for (const close of closing.reverse()) await close();
      }
    },
  };
}

async function measure(
  folder: string,
  closing: (() => unknown)[],
  sizes: GraphqlSizes,
  { rounds = sizes.rounds, tell }: BenchOptions,
): Promise<Findings> {
  const prepared = await prepare(join(folder, 'ours'), sizes.workspaces, sizes.lines);
  closing.push(() => prepared.issuers.close());
  const { asking } = prepared;
  // Once to fill the tables, which the baselines get a copy of.
  const first = await startOurs(prepared);
  await tablesHold(prepared.head, first.url, asking[0]!).finally(() => first.stop());

  const running: Running[] = [];
  const add = async (name: string, server: Server, ask: (asking: Asking) => RequestTemplate): Promise<void> => {
    closing.push(() => server.stop());
    const file = join(folder, `requests-${running.length}`);
    saveTemplates(file, asking.map(ask));
    const driver = await Driver.start(file);
    closing.push(() => driver.stop());
    running.push({ name, server, driver, samples: [], notWhole: 0 });
  };
  const rest = await startBaseline('rest', prepared, join(folder, 'rest'));
  await add(REST, rest, restRequest);
  const stock = await startBaseline('stock', prepared, join(folder, 'stock'));
  await add(STOCK, stock, graphqlRequest);
  const ours = await startOurs(prepared);
  await add(OURS, ours, graphqlRequest);

  let different = 0;
  for (const each of asking) {
    const plain = await answer(rest.url, restRequest(each));
    for (const { url } of [stock, ours]) {
      const { data } = (await answer(url, graphqlRequest(each))) as { data?: { visitLog?: unknown } };
      if (!isWhole(plain) || !isDeepStrictEqual(data?.visitLog, plain)) different++;
    }
  }

  const run = async (each: Running, warmSeconds: number, seconds: number): Promise<Sample> => {
    settleDisk();
    const plan = { connections: sizes.connections, warmSeconds, seconds, yes: WHOLE };
    const sample = await each.driver.run(each.server, plan);
    const { ok, other, yes, broken } = sample.tally.whole;
    each.notWhole += ok + other - yes + broken;
    return sample;
  };
  // What was just compiled is slow, and that is not what is asked for.
  for (const each of running) await run(each, 0, sizes.compileSeconds);
  for (let round = 1; round <= rounds; round++) {
    // Each goes first in turn.
    for (const each of [...running.slice(round % running.length), ...running.slice(0, round % running.length)]) {
      const sample = await run(each, sizes.warmSeconds, sizes.seconds);
      each.samples.push(sample);
      tell(
        `round ${round} of ${rounds}, ${each.name}: ${Math.round(sample.requestsPerSecond)} requests per second, ` +
          `${sample.serverMicros.toFixed(0)} µs of the server each` +
          (sample.elsewhere > DISTURBED ? ` (disturbed: ${sample.elsewhere.toFixed(2)} cores busy elsewhere)` : ''),
      );
    }
  }
  return judge(running, different, sizes.connections, rounds);
}

async function tablesHold(position: string, url: string, { workspaceId, token }: Asking): Promise<void> {
  const query = `query ($id: ID!, $position: String) { workspace(id: $id, minPosition: $position) { id } }`;
  const body = JSON.stringify({ query, variables: { id: workspaceId, position } });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  for (let tries = 0; tries < 30; tries++) {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
    const { errors } = (await response.json()) as { errors?: unknown };
    if (!errors) return;
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS / 10));
  }
  throw new Error('The tables did not come to hold what was written.');
}

/** The answer to a request as the generator sends it. */
async function answer(url: string, { bytes }: RequestTemplate): Promise<unknown> {
  const [head = '', body = ''] = bytes.toString('utf8').split('\r\n\r\n');
  const [line = '', ...headers] = head.split('\r\n');
  const [method = '', path = ''] = line.split(' ');
  const sent = headers.map((header) => header.split(': ') as [string, string]);
  const kept = sent.filter(([name]) => name !== 'host' && name !== 'content-length');
  return (await fetch(url + path, { method, headers: kept, ...(body && { body }) })).json();
}

function isWhole(list: unknown): boolean {
  const { nodes, pageInfo } = list as { nodes?: unknown[]; pageInfo?: { hasNextPage?: boolean } };
  return nodes?.length === FIRST && pageInfo?.hasNextPage === true;
}

/** Figures, ratios and bars of what was measured. A ratio is taken within each round; a bar asks for the median of the rounds. */
export function judge(subjects: readonly Subject[], different: number, connections: number, rounds: number): Findings {
  const figures = subjects.flatMap(({ name, samples }) =>
    MEASURES.map(([measure, of]) => ({
      subject: name,
      at: `${connections} connections`,
      measure,
      ...spread(samples.map(of)),
    })),
  );
  const speeds = (name: string): number[] =>
    (subjects.find((it) => it.name === name)?.samples ?? []).map((it) => it.requestsPerSecond);
  const ratios = [REST, STOCK].map((name) => ratio(`requests per second over ${name}`, speeds(OURS), speeds(name))) as [
    ReturnType<typeof ratio>,
    ReturnType<typeof ratio>,
  ];
  const [overRest, overStock] = ratios;
  const busiest = spread(subjects.flatMap(({ samples }) => samples.map((it) => it.generatorBusy))).max;
  const bars = [
    bar(overRest.what, overRest.median, { atLeast: OVER_REST }),
    bar(overStock.what, overStock.median, { atLeast: OVER_STOCK }),
    bar('lists that are not the same as REST’s', different, { atMost: 0 }),
    ...subjects.map(({ name, notWhole }) =>
      bar(`${name}: answers that are not the whole list, broken connections`, notWhole, { atMost: 0 }),
    ),
    bar('busiest run of the load generator', busiest, { atMost: BUSIEST }),
  ];
  const notes = [
    'Each of the three checks the token and the asker’s role, and asks the tables by the same code, what it remembers included.',
  ];
  return { rounds, figures, ratios, bars, notes };
}
