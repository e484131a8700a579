import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { Issuers } from '#server/testing/callers';
import { openVisits, type OpenVisit } from '#server/testing/open-visits';
import { RunningService, serviceAddress } from '#server/testing/running-service';

const LONGEST_MS = 1000;
const HEALTH_MS = 200;
const MORE_MIB = 64;

const times = (count: number, piece: (number: number) => string) =>
  Array.from({ length: count }, (_, i) => piece(i)).join(' ');
const nested = (open: string, inside: string, close: string, levels: number) =>
  open.repeat(levels) + inside + close.repeat(levels);

interface Hostile {
  /** The body as it is sent. */
  readonly body: string;
  /** Without a token. */
  readonly stranger?: true;
  /** Whether it must be refused: where not, it must be quick. */
  readonly refused: boolean;
}
const document = (query: string, variables: object = {}): string => JSON.stringify({ query, variables });
const LINES =
  'nodes { id number summary parts { text strong } actor { __typename ... on StaffMember { name } } technicalDetail }';
const log = (ws: string, rest: string, fields = LINES) => `visitLog(workspaceId: "${ws}", ${rest}) { ${fields} }`;

const HOSTILE: Readonly<Record<string, (workspace: string) => Hostile>> = {
  'two hundred levels': (ws) => ({
    body: document(`{ visitLog(workspaceId: "${ws}") { ${nested('edges { node { ', 'id', ' } }', 100)} } }`),
    refused: true,
  }),
  'a body of nothing but opening braces': () => ({ body: document('{'.repeat(900_000)), refused: true }),
  'lists inside lists, a hundred thousand deep, in a variable': () => ({
    body: `{"query":"query ($x: [String!]) { viewer { name } }","variables":{"x":${nested('[', '1', ']', 100_000)}}}`,
    refused: true,
  }),
  'a list literal ten thousand deep': (ws) => ({
    body: document(`{ ${log(ws, `filter: { kind: { in: ${nested('[', '"a"', ']', 10_000)} } }`)} }`),
    refused: true,
  }),
  'five thousand aliases': () => ({
    body: document(`{ ${times(5000, (i) => `a${i}: viewer { name }`)} }`),
    refused: true,
  }),
  'sixteen aliases': () => ({ body: document(`{ viewer { ${times(16, (i) => `a${i}: name`)} } }`), refused: true }),
  'a field three hundred times': () => ({
    body: document(`{ viewer { ${times(300, () => 'name')} } }`),
    refused: false,
  }),
  'fields that must be compared with each other': () => ({
    body: document(`{ ${times(10, () => `viewer { ${times(15, () => 'memberships { role workspaceName }')} }`)} }`),
    refused: false,
  }),
  'fragments in a circle': () => ({
    body: document('{ viewer { ...a } } fragment a on Viewer { ...b } fragment b on Viewer { ...a }'),
    refused: true,
  }),
  'fragments that double each other sixty times': () => ({
    body: document(
      `{ viewer { ...f0 } } ${times(60, (i) => `fragment f${i} on Viewer { ...f${i + 1} ...f${i + 1} }`)} fragment f60 on Viewer { name }`,
    ),
    refused: true,
  }),
  'fragments that double each other through fields': () => ({
    body: document(
      `{ __schema { types { ...f0 } } } ${times(12, (i) => `fragment f${i} on __Type { ofType { ...f${i + 1} } a: ofType { ...f${i + 1} } }`)} fragment f12 on __Type { name }`,
    ),
    refused: false,
  }),
  'three hundred directives': () => ({
    body: document(`{ viewer { name ${times(300, () => '@skip(if: false)')} } }`),
    refused: true,
  }),
  'directives that there are not': () => ({
    body: document(`{ viewer { name ${times(10, (i) => `@d${i}`)} } }`),
    refused: true,
  }),
  'a page of a thousand million': (ws) => ({ body: document(`{ ${log(ws, 'first: 1000000000')} }`), refused: true }),
  'ten of the largest pages': (ws) => ({
    body: document(`{ ${times(10, (i) => `a${i}: ${log(ws, 'first: 100')}`)} }`),
    refused: true,
  }),
  'ten searches of the whole book': (ws) => ({
    body: document(
      `{ ${times(10, (i) => `a${i}: ${log(ws, 'first: 20, filter: { search: "zz qq" }', 'nodes { id }')}`)} }`,
    ),
    refused: false,
  }),
  'a search of nine hundred thousand letters': (ws) => ({
    body: document(
      'query ($id: ID!, $s: String) { visitLog(workspaceId: $id, filter: { search: $s }) { nodes { id } } }',
      {
        id: ws,
        s: 'a b '.repeat(225_000),
      },
    ),
    refused: true,
  }),
  'fifty thousand ids in a filter': (ws) => ({
    body: document('query ($id: ID!, $f: LogFilterInput) { visitLog(workspaceId: $id, filter: $f) { nodes { id } } }', {
      id: ws,
      f: { actor: { id: { in: Array.from({ length: 50_000 }, (_, i) => `stf_${i}`) } } },
    }),
    refused: true,
  }),
  'fifty thousand variables that nobody asked for': () => ({
    body: document('{ viewer { name } }', Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`v${i}`, i]))),
    refused: true,
  }),
  'keys that reach for the prototype': () => ({
    body: '{"query":"{ viewer { name } }","variables":{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}}}}',
    refused: true,
  }),
  'a thousand operations in a batch': () => ({
    body: `[${times(1000, () => `${document('{ viewer { name } }')},`).slice(0, -1)}]`,
    refused: true,
  }),
  'a thousand operations in a document': () => ({
    body: document(times(300, (i) => `query q${i} { viewer { name } }`)),
    refused: true,
  }),
  'a body of two million bytes': () => ({
    body: document(`{ viewer { name } } #${'x'.repeat(2_000_000)}`),
    refused: true,
  }),
  'a comment of nine hundred thousand letters': () => ({
    body: document(`{ viewer { name } } #${'x'.repeat(900_000)}`),
    refused: true,
  }),
  'a cursor of nine hundred thousand letters': (ws) => ({
    body: document(`{ ${log(ws, `after: "${'x'.repeat(900_000)}"`)} }`),
    refused: true,
  }),
  'the whole schema, by somebody who is signed in': () => ({ body: document(getIntrospectionQuery()), refused: false }),
  'the whole schema, by a stranger': () => ({ body: document(getIntrospectionQuery()), stranger: true, refused: true }),
  'a deep document, by a stranger': () => ({
    body: document(nested('{ a ', '{ b }', ' }', 100_000)),
    stranger: true,
    refused: true,
  }),
};

describe('Hostile operations at the GraphQL door of a running service (T39, T40)', () => {
  let directory: string;
  let service: RunningService;
  let issuers: Issuers;
  let visit: OpenVisit;
  let url: string;
  let authorization: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-hostile-'));
    const address = await serviceAddress();
    url = address.url;
    issuers = await Issuers.start(url);
    const catalogueFile = 'apps/demo/gatebook.catalogue.yaml';
    const opened = await openVisits({
      dataDirectory: directory,
      publicUrl: url,
      count: 1,
      catalogueFile,
      issuers: issuers.names,
    });
    visit = opened.visits[0]!;
    service = await RunningService.start({ ...address, dataDirectory: directory, environment: issuers.environment });
    const token = await issuers.members.accessToken(
      { sub: visit.owner.subject, name: visit.owner.name },
      { audience: `${url}/graphql` },
    );
    authorization = `Bearer ${token}`;
    // Whatever is loaded with the first calls is no growth.
    for (let call = 0; call < 50; call++) await post({ body: document('{ viewer { name } }'), refused: false });
  });
  afterAll(async () => {
    await service.stop();
    await issuers.close();
    rmSync(directory, { recursive: true });
  });

  async function post({
    body,
    stranger,
  }: Hostile): Promise<{ readonly status: number; readonly failed: boolean; readonly ms: number }> {
    const began = performance.now();
    const headers = { 'content-type': 'application/json', ...(!stranger && { authorization }) };
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
    const text = await response.text();
    const failed = response.status >= 400 || text.includes('"errors"');
    return { status: response.status, failed, ms: performance.now() - began };
  }

  /** Resident memory, MiB (proc_pid_status(5)). */
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))?.[1]) / 1024;

  /** The longest that health took to answer while something went on. */
  async function healthDuring(work: Promise<unknown>): Promise<number> {
    let over = false;
    void work.finally(() => (over = true)).catch(() => undefined);
    let longest = 0;
    do {
      const began = performance.now();
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      longest = Math.max(longest, performance.now() - began);
    } while (!over);
    return longest;
  }

  it.each(Object.entries(HOSTILE))('%s: refused or quick, and health goes on', async (_, make) => {
    const hostile = make(visit.workspaceId);
    const before = memory();
    // A machine that is busy with other things is slow now and then; what is slow by itself is so each time.
    let slowest = { ms: Infinity, health: Infinity };
    for (let time = 0; time < 3 && (slowest.ms >= LONGEST_MS || slowest.health >= HEALTH_MS); time++) {
      const asked = post(hostile);
      const health = await healthDuring(asked);
      const { status, failed, ms } = await asked;
      expect(status).toBeLessThan(500);
      expect(failed).toBe(hostile.refused);
      slowest = { ms, health };
    }
    expect(slowest.ms).toBeLessThan(LONGEST_MS);
    expect(slowest.health).toBeLessThan(HEALTH_MS);
    expect(memory() - before).toBeLessThan(MORE_MIB);
  });

  it('all of them, over and over, leave memory as it was', async () => {
    const all = async () => {
      for (const make of Object.values(HOSTILE)) await post(make(visit.workspaceId));
    };
    // The heap grows to what such a load needs, and stays there.
    for (let round = 0; round < 3; round++) await all();
    const before = memory();
    for (let round = 0; round < 5; round++) await all();
    expect(memory() - before).toBeLessThan(MORE_MIB);
  });
});
