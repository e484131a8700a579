import { ApolloServer } from '@apollo/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { playDoor, START, type Answer, type PlayedDoor } from '../testing/played-door.ts';

const QUERY = `query Log($id: ID!, $first: Int) {
  visitLog(workspaceId: $id, first: $first) {
    nodes { id summary technicalDetail actor { __typename ... on WorkspaceMember { name } } }
    pageInfo { endCursor hasNextPage }
  }
}`;
const PAGES =
  'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed';

let door: PlayedDoor;
/** What Apollo was asked. */
let apollo: ReturnType<typeof jest.spyOn>;

beforeAll(async () => {
  door = await playDoor({ isPlanned: ({ headers }) => !headers['x-by-graphql-js'] });
  const input = { commandId: door.commandId(), workspaceId: door.acme };
  const document = 'mutation ($input: EnableStaffAccessInput!) { enableStaffAccess(input: $input) { position } }';
  await door.send('owner', document, { input });
  await door.caughtUp();
  apollo = jest.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');
  await ask();
});
afterAll(() => door.close());
beforeEach(() => {
  apollo.mockClear();
  door.now = START;
});

interface Sent {
  readonly as?: Parameters<PlayedDoor['token']>[0];
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask({ as = 'owner', body = {}, headers = {} }: Sent = {}): Promise<Answer> {
  const sent = { query: QUERY, variables: { id: door.acme, first: 5 }, ...body };
  const authorization = `Bearer ${await door.token(as)}`;
  return door.post(JSON.stringify(sent), { 'content-type': 'application/json', authorization, ...headers });
}

const told = ({ status, headers, text }: Answer) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => name !== 'date').toSorted(),
});

describe('A query that was answered before', () => {
  it.each([undefined, '*/*', 'application/json', PAGES])(
    'is answered without Apollo, in Apollo’s own letters, where %s is accepted',
    async (accept) => {
      const headers: Record<string, string> = accept === undefined ? {} : { accept };
      const short = await ask({ headers });
      expect(apollo).not.toHaveBeenCalled();
      const long = await ask({ headers: { ...headers, 'x-by-graphql-js': '1' } });
      expect(apollo).toHaveBeenCalledTimes(1);
      expect(told(short)).toEqual(told(long));
      expect(short.status).toBe(200);
      expect(short.body.data.visitLog.nodes).toHaveLength(5);
    },
  );

  it('is answered the same when its lines were written before', async () => {
    const answers = [await ask(), await ask(), await ask()].map(told);
    expect(apollo).not.toHaveBeenCalled();
    const long = told(await ask({ headers: { 'x-by-graphql-js': '1' } }));
    expect(answers).toEqual([long, long, long]);
  });

  it.each<[string, Sent]>([
    ['another text', { body: { query: `${QUERY} ` } }],
    ['a name that it doesn’t have', { body: { operationName: 'Other' } }],
    ['extensions', { body: { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } } }],
    ['a variable of the wrong type', { body: { variables: { id: 'ws_1', first: 'five' } } }],
    ['a variable too few', { body: { variables: {} } }],
    ['variables as a text', { body: { variables: '{}' } }],
    ['variables as a list', { body: { variables: [] } }],
    ['an accept header that names nothing of ours', { headers: { accept: 'text/html' } }],
    ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['a page that is too long', { body: { variables: { id: 'ws_1', first: 101 } } }],
  ])('goes to Apollo with %s, whose answer it is', async (_, sent) => {
    const given = told(await ask(sent));
    expect(apollo.mock.calls.length).toBeLessThanOrEqual(1);
    const byGraphqlJs = told(await ask({ ...sent, headers: { ...sent.headers, 'x-by-graphql-js': '1' } }));
    expect(given).toEqual(byGraphqlJs);
  });

  it('is not answered to who isn’t signed in, and counts once', async () => {
    const before = door.refusals.length;
    const none = await door.post(JSON.stringify({ query: QUERY, variables: { id: door.acme } }), {
      'content-type': 'application/json',
    });
    expect(none.status).toBe(401);
    const token = await door.token('owner');
    door.now = START + 3_600_000;
    expect((await ask({ headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    expect(door.refusals.slice(before)).toEqual(['missing', 'expired']);
  });

  it('is refused to whom it is nothing of, and stands once among the denials', async () => {
    const { body } = await ask({ as: 'viewer' });
    expect(body.errors?.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN']);
    expect(await door.types(`denials-${door.acme}`)).toEqual(['AttemptDenied']);
  });

  it('is another one for another who asks', async () => {
    const [theirs, foreign] = [await ask({ as: 'admin' }), await ask({ as: 'neighbour' })];
    expect(theirs.body.data.visitLog.nodes).toHaveLength(5);
    expect(foreign.body.data).toBeNull();
  });
});
