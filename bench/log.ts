/** The visit log of a large workspace, as its owner filters and searches it: through the API of the built service. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLog } from '#event-log/sqlite/log';
import { Issuers } from '#server/testing/callers';
import { openVisits, type OpenVisit } from '#server/testing/open-visits';
import { RunningService, serviceAddress } from '#server/testing/running-service';
import { bar, spread, type Bench, type BenchOptions, type Figure, type Findings } from './report.ts';
import { encoded, view } from './scale/facts.ts';

const LINES = 100_000;
const SHORT_LINES = 5000;
const TIMES = 40;
const AT_ONCE = 5000;
const P95_MS = 200;

const DOCUMENT = `query Lines($id: ID!, $filter: LogFilterInput, $after: String, $minPosition: String) {
  visitLog(workspaceId: $id, first: 20, after: $after, filter: $filter, minPosition: $minPosition) {
    nodes { id number summary occurredAt recordedAt mark kind outcome parts { text strong } actor { __typename ... on StaffMember { name } } }
    pageInfo { endCursor hasNextPage }
  }
}`;

export const log: Bench = {
  name: 'log',
  summary: 'a visit log of 100,000 lines in one workspace, filtered and searched through the API (--facts N)',
  run: async (options) => {
    const folder = mkdtempSync(join(tmpdir(), 'gatebook-bench-'));
    const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
    try {
      return await measure(folder, closing, options);
    } finally {
      for (const close of closing.reverse()) await close();
    }
  },
};

async function measure(folder: string, closing: (() => unknown)[], options: BenchOptions): Promise<Findings> {
  const { tell } = options;
  const lines = options.facts ?? (options.short ? SHORT_LINES : LINES);
  const rounds = options.rounds ?? (options.short ? 1 : 3);
  const address = await serviceAddress();
  const issuers = await Issuers.start(address.url);
  closing.push(() => issuers.close());
  const catalogueFile = 'apps/demo/gatebook.catalogue.yaml';
  const { visits } = await openVisits({
    dataDirectory: folder,
    publicUrl: address.url,
    count: 1,
    catalogueFile,
    issuers: issuers.names,
  });
  const visit = visits[0]!;
  tell(`writing ${lines.toLocaleString('en')} views`);
  const head = await write(folder, visit, lines);
  const service = await RunningService.start({ ...address, dataDirectory: folder, environment: issuers.environment });
  closing.push(() => service.stop());

  const ask = async (filter: object | null, more: object = {}): Promise<Lines> => {
    const token = await issuers.members.accessToken(
      { sub: visit.owner.subject, name: visit.owner.name },
      { audience: `${address.url}/graphql` },
    );
    const body = JSON.stringify({ query: DOCUMENT, variables: { id: visit.workspaceId, filter, ...more } });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const began = performance.now();
    const answer = await fetch(`${address.url}/graphql`, { method: 'POST', headers, body });
    const { data, errors } = (await answer.json()) as { data?: { visitLog: Lines }; errors?: unknown };
    const ms = performance.now() - began;
    if (!data?.visitLog) throw new Error(`The log was not answered: ${JSON.stringify(errors)}`);
    return { ...data.visitLog, ms };
  };
  tell('waiting for the tables');
  for (;;) if (await ask(null, { minPosition: head }).catch(() => undefined)) break;

  const { nodes } = await ask(null);
  const middle = nodes[0]?.occurredAt;
  const questions: readonly (readonly [string, object | null])[] = [
    ['newest lines', null],
    ['by mark', { mark: { in: ['viewed'] } }],
    ['by a kind that is rare', { kind: { in: ['StaffAccessEnabled'] } }],
    ['by an outcome that is not there', { outcome: { in: ['REFUSED'] } }],
    ['by visit', { sessionId: visit.sessionId }],
    ['by actor', { actor: { id: { in: [visit.staffId] } } }],
    ['before a time', { occurredAt: { lt: middle } }],
    ['search, a word of every line', { search: 'Failed invoice' }],
    ['search, a word of one line', { search: `R${Math.floor(lines / 2)}` }],
    ['search, a word of the oldest lines', { search: 'R7' }],
    ['search, a word of none', { search: 'giraffe' }],
    ['search and filter', { search: 'billing', mark: { in: ['viewed'] } }],
  ];
  const samples = questions.map(() => [] as number[]);
  for (let round = 1; round <= rounds; round++) {
    for (const [at, [what, filter]] of questions.entries()) {
      const took: number[] = [];
      for (let time = 0; time < TIMES; time++) took.push((await ask(filter)).ms);
      const p95 = took.toSorted((a, b) => a - b)[Math.ceil(TIMES * 0.95) - 1]!;
      samples[at]!.push(p95);
      tell(`round ${round} of ${rounds}, ${what}: p95 ${p95.toFixed(1)} ms`);
    }
  }
  const figures: Figure[] = questions.map(([what], at) => ({
    subject: what,
    at: `${lines.toLocaleString('en')} lines`,
    measure: 'p95, ms',
    ...spread(samples[at]!),
  }));
  const slowest = Math.max(...figures.map(({ median }) => median));
  const bars = [bar('slowest filter or search, p95 ms', slowest, { atMost: P95_MS })];
  return { rounds, figures, ratios: [], bars, pinned: false };
}

interface Lines {
  readonly nodes: readonly { readonly occurredAt: string }[];
  readonly ms: number;
}

/** Views of the visit that stands open; resolves with the position of the last. */
async function write(folder: string, visit: OpenVisit, lines: number): Promise<string> {
  const books = openSqliteLog({ directory: join(folder, 'log'), synchronous: 'off' });
  const stream = `workspace-${visit.workspaceId}`;
  const now = Date.now();
  for (let from = 0; from < lines; from += AT_ONCE) {
    const appends = Array.from({ length: Math.min(AT_ONCE, lines - from) }, (_, i) => {
      const fact = view(0, from + i, now);
      const data = { ...fact.data, sessionId: visit.sessionId };
      return books.append(stream, 'any', [
        encoded({ ...fact, data } as typeof fact, now, visit.staffId, visit.sessionId),
      ]);
    });
    await Promise.all(appends);
  }
  const head = await books.head();
  await books.close();
  return head;
}
