import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LIMITS } from './limits.ts';
import { hashOf, oneForm } from './trusted-documents.ts';
import { playDoor, type Answer, type PlayedDoor } from './testing/played-door.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** What an answer says went wrong: status and codes. */
const faultsOf = ({ status, body }: Answer) => ({
  status,
  codes: body.errors?.map(({ extensions }) => extensions['code']),
  data: body.data,
});
const refusedWith = (status: number, code: string) => ({ status, codes: [code], data: undefined });
const times = (count: number, piece: (number: number) => string) =>
  Array.from({ length: count }, (_, i) => piece(i)).join(' ');

describe('Documents at the GraphQL door', () => {
  let door: PlayedDoor;
  beforeAll(async () => {
    door = await playDoor();
  });
  afterAll(() => door.close());

  const authorization = async () => ({ authorization: `Bearer ${await door.token('owner')}` });
  const get = async (query: string, headers: Readonly<Record<string, string>>) => {
    const response = await fetch(`${door.url}?query=${encodeURIComponent(query)}`, { headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text };
  };
  const enable = () =>
    `mutation { enableStaffAccess(input: { commandId: "${door.commandId()}", workspaceId: "${door.acme}" }) { position } }`;

  it('are refused when they are larger than the limits, whatever they ask for (T39, T40)', async () => {
    const documents: readonly (readonly [string, string])[] = [
      [
        `{ visitLog(workspaceId: "x") { edges { node { ${'parts { '.repeat(6)}text${' }'.repeat(6)} } } } }`,
        'more than 8 levels',
      ],
      [`{ viewer { ${times(LIMITS.aliases + 1, (i) => `a${i}: name`)} } }`, 'more than 15 aliases'],
      [`{ viewer { name ${times(LIMITS.directives + 1, () => '@skip(if: false)')} } }`, 'more than 10 directives'],
      [`{ ${times(LIMITS.rootFields + 1, () => 'viewer { name }')} }`, 'more than 10 fields at its root'],
      [`{ viewer { ${times(LIMITS.tokens, () => 'name')} } }`, 'more that 1000 tokens'],
    ];
    for (const [document, sentence] of documents) {
      const { status, body } = await door.send('owner', document);
      expect(status).toBe(400);
      expect(body.errors?.map(({ message }) => message).join(' ')).toContain(sentence);
      expect(body.data).toBeUndefined();
    }
  });

  it('that no parser understands, or that ask for what there is not, get a typed error without stack and without "did you mean" (T33)', async () => {
    const misspelt = await door.send('owner', '{ viewer { nmae } }');
    expect(faultsOf(misspelt)).toEqual(refusedWith(400, 'GRAPHQL_VALIDATION_FAILED'));
    expect(misspelt.text).not.toMatch(/did you mean|stacktrace|node_modules|\.ts:/i);
    const asked =
      'query ($id: ID!, $filter: LogFilterInput) { visitLog(workspaceId: $id, filter: $filter) { nodes { id } } }';
    const unknown = await door.send('owner', asked, { id: door.acme, filter: { kinds: [] } });
    expect(faultsOf(unknown)).toEqual(refusedWith(400, 'BAD_USER_INPUT'));
    expect(unknown.text).not.toMatch(/did you mean|stacktrace|node_modules|\.ts:/i);
    const broken = await door.send('owner', '{ viewer {');
    expect(faultsOf(broken)).toEqual(refusedWith(400, 'GRAPHQL_PARSE_FAILED'));
    expect(broken.text).not.toMatch(/stacktrace|node_modules|\.ts:/i);
  });

  it('in a body larger than any operation needs are not read', async () => {
    const headers = { ...JSON_TYPE, ...(await authorization()) };
    const query = '{ viewer { name } }';
    const sized = (bytes: number) => JSON.stringify({ query, operationName: null }).padEnd(bytes, ' ');
    expect((await door.post(sized(LIMITS.bytes), headers)).status).toBe(200);
    expect(faultsOf(await door.post(sized(LIMITS.bytes + 1), headers))).toEqual(refusedWith(413, 'BAD_REQUEST'));
  });

  it('in circles are refused', async () => {
    const circle = '{ viewer { ...a } } fragment a on Viewer { ...b } fragment b on Viewer { ...a }';
    expect((await door.send('owner', circle)).status).toBe(400);
  });

  it('by GET change nothing, and read only with a header that no form can send (T41)', async () => {
    const preflighted = { ...(await authorization()), 'apollo-require-preflight': 'true' };
    const mutation = await get(enable(), preflighted);
    expect(mutation.status).toBe(405);
    expect(mutation.headers.get('allow')).toBe('POST');
    expect(await door.types(`workspace-${door.acme}`)).not.toContain('StaffAccessEnabled');
    expect((await get('{ viewer { name } }', preflighted)).status).toBe(200);
    expect((await get('{ viewer { name } }', await authorization())).status).toBe(400);
  });

  it('of a form are refused: no page of another origin can post one without a preflight (T41)', async () => {
    const body = JSON.stringify({ query: enable() });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await door.post(body, { ...(await authorization()), 'content-type': type });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.text).not.toMatch(/stacktrace|node_modules|\.ts:/i);
    }
    expect(await door.types(`workspace-${door.acme}`)).not.toContain('StaffAccessEnabled');
  });

  it('come one at a time: a batch is refused whole', async () => {
    const batch = JSON.stringify([{ query: enable() }, { query: enable() }]);
    const answer = await door.post(batch, { ...JSON_TYPE, ...(await authorization()) });
    expect(answer.status).toBe(400);
    expect(await door.types(`workspace-${door.acme}`)).not.toContain('StaffAccessEnabled');
  });

  it.each([
    ['no JSON', '{"query":'],
    ['a number', '7'],
    ['nothing', ''],
    ['a query that is no text', '{"query":{"a":1}}'],
    ['variables that are no object', '{"query":"{ viewer { name } }","variables":"x"}'],
    ['an operation that is not there', '{"query":"query a { viewer { name } }","operationName":"b"}'],
  ])('in a body of %s get a typed refusal', async (_, body) => {
    const answer = await door.post(body, { ...JSON_TYPE, ...(await authorization()) });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toMatch(/stacktrace|node_modules|\.ts:/i);
  });

  it('and their answers are kept by no cache, errors too', async () => {
    for (const answer of [
      await door.send('owner', '{ viewer { name } }'),
      await door.send(null, '{ viewer { name } }'),
      await door.send('owner', '{ nothing }'),
    ])
      expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('leave no fault of the door behind', () => {
    expect(door.faults).toEqual([]);
  });
});

describe('The GraphQL door in production', () => {
  let door: PlayedDoor;
  beforeAll(async () => {
    door = await playDoor({ production: true });
  });
  afterAll(() => door.close());

  it('tells nothing of its schema', async () => {
    const asked = await door.send('owner', '{ __schema { queryType { name } } }');
    expect(asked.status).toBe(400);
    expect(asked.body.data).toBeUndefined();
    expect((await door.send('owner', '{ __type(name: "Session") { name } }')).body.data).toBeUndefined();
    expect((await door.send('owner', '{ viewer { name } }')).body.data).toEqual({ viewer: { name: 'Owner Example' } });
  });
});

describe('The GraphQL door that serves browsers trusted documents only', () => {
  const own = 'query Who { viewer { name } }';
  let door: PlayedDoor;
  beforeAll(async () => {
    door = await playDoor({ trustedDocuments: new Map([[hashOf(oneForm(own)), oneForm(own)]]) });
  });
  afterAll(() => door.close());
  const browser = { headers: { origin: 'http://pages.test' } };

  it('answers the pages’ own, refuses any other, and leaves programs as they are', async () => {
    expect((await door.send('owner', own, {}, browser)).body.data).toEqual({ viewer: { name: 'Owner Example' } });
    const other = '{ viewer { name email } }';
    expect(faultsOf(await door.send('owner', other, {}, browser))).toEqual(refusedWith(403, 'FORBIDDEN'));
    expect((await door.send('owner', other)).status).toBe(200);
  });

  it('asks who calls first: without a sign-in nothing is told of documents', async () => {
    expect(faultsOf(await door.send(null, own, {}, browser))).toEqual(refusedWith(401, 'UNAUTHENTICATED'));
  });
});
