import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isUuidV7, type Signal, type SignalsAnswer } from '@gatebook/protocol';
import { Outbox } from './outbox.ts';
import { Store } from './store.ts';

/** What the service answers to a post: a status, or an outcome for each signal. */
type Reply = number | ((signal: Signal) => Omit<SignalsAnswer['results'][number], 'id'>);
const ACCEPTED: Reply = () => ({ outcome: 'accepted' });

let server: Server;
let posts: { key: string | undefined; signals: Signal[] }[];
let replies: Reply[];
let faults: string[];
let store: Store;
let outbox: Outbox;

beforeEach(async () => {
  [posts, replies, faults] = [[], [], []];
  server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { signals } = JSON.parse(Buffer.concat(chunks).toString()) as { signals: Signal[] };
      posts.push({ key: req.headers.authorization, signals });
      const reply = replies.shift() ?? ACCEPTED;
      if (typeof reply === 'number') return res.writeHead(reply).end('{}');
      return res.end(JSON.stringify({ results: signals.map((signal) => ({ id: signal.id, ...reply(signal) })) }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  store = new Store({
    dataDirectory: ':memory:',
    people: 'apps/demo/people.json',
    membersIssuer: 'http://localhost:4000/oidc/members',
  });
  outbox = new Outbox({
    store,
    service: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    productKey: 'the-product-key',
    onFault: (sentence) => faults.push(sentence),
    firstDelayMs: 5,
  });
});
afterEach(async () => {
  outbox.close();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  store.close();
});

const waiting = () =>
  store.one<{ count: number }>("select count(*) as count from outbox where state = 'waiting'")?.count ?? -1;
async function everythingTold() {
  while (waiting() > 0) await new Promise((next) => setImmediate(next));
}
const close = (ref: string) => store.change(() => store.tell({ type: 'case.closed', workspace: 'acme', case: ref }));

describe('What the demo tells Gatebook', () => {
  it('is at first its workspaces, then their members, then their cases, each once', async () => {
    outbox.start();
    await everythingTold();
    expect(posts).toHaveLength(1);
    const { key, signals } = posts[0]!;
    expect(key).toBe('Bearer the-product-key');
    expect(signals.every(({ id }) => isUuidV7(id))).toBe(true);
    expect(signals.map(({ type }) => type)).toEqual([
      ...Array<string>(2).fill('workspace.registered'),
      ...Array<string>(10).fill('member.role-changed'),
      ...Array<string>(3).fill('case.opened'),
    ]);
    expect(signals[0]).toEqual({
      id: signals[0]!.id,
      type: 'workspace.registered',
      workspace: 'acme',
      name: 'Acme Co',
    });
    expect(signals[2]).toEqual({
      id: signals[2]!.id,
      type: 'member.role-changed',
      workspace: 'acme',
      member: 'maria',
      issuer: 'http://localhost:4000/oidc/members',
      subject: 'maria',
      name: 'Maria Ortiz',
      email: 'maria@acme.example',
      role: 'owner',
    });
  });

  it('is sent again with the same ids until it is answered, and the trouble is said once', async () => {
    replies = [503, 401, 500];
    outbox.start();
    await everythingTold();
    expect(posts).toHaveLength(4);
    for (const { signals } of posts) expect(signals).toEqual(posts[0]!.signals);
    expect(faults).toEqual(['Gatebook could not be told of changes yet: it answered 503.']);
  });

  it('tells of a change after it, in order, and of nothing when the change is undone', async () => {
    outbox.start();
    await everythingTold();
    expect(() =>
      store.change(() => {
        store.tell({ type: 'case.closed', workspace: 'acme', case: 'CASE-131' });
        throw new Error('the change failed');
      }),
    ).toThrow('the change failed');
    close('CASE-123');
    await everythingTold();
    expect(posts.slice(1).flatMap(({ signals }) => signals)).toMatchObject([{ type: 'case.closed', case: 'CASE-123' }]);
  });

  it('gives a signal that is refused as stale a new id, and sends it again', async () => {
    outbox.start();
    await everythingTold();
    replies = [() => ({ outcome: 'refused', because: 'This command is older than 24 hours, or its id is no UUID.' })];
    close('CASE-123');
    await everythingTold();
    const [first, second] = posts.slice(1).map(({ signals }) => signals[0]!);
    expect(second).toEqual({ ...first, id: second!.id });
    expect(second!.id).not.toBe(first!.id);
    expect(isUuidV7(second!.id)).toBe(true);
  });

  it('gives a signal that has waited for a day a new id before it is sent, and keeps its place', async () => {
    const [first] = store.all<{ id: string }>('select id from outbox order by sequence');
    store.run('update outbox set id = ? where id = ?', '0192a000-0000-7000-8000-000000000000', first!.id);
    outbox.start();
    await everythingTold();
    expect(posts).toHaveLength(1);
    expect(posts[0]!.signals[0]).toMatchObject({ type: 'workspace.registered', workspace: 'acme' });
    expect(posts[0]!.signals[0]!.id).not.toBe('0192a000-0000-7000-8000-000000000000');
  });

  it('holds up no other when one is refused for good, and says which', async () => {
    replies = [400, () => ({ outcome: 'refused', because: 'Acme Co is closed.' })];
    outbox.start();
    await everythingTold();
    expect(posts.map(({ signals }) => signals.length).slice(0, 3)).toEqual([15, 1, 1]);
    expect(faults).toEqual(['Gatebook refused signal 1: Acme Co is closed.']);
    expect(store.all('select sequence, because from outbox where state = ?', 'refused')).toEqual([
      { sequence: 1, because: 'Acme Co is closed.' },
    ]);
  });
});
