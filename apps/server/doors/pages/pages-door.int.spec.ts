import { afterEach, describe, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pagesDoor, type PagesDoorOptions } from './pages-door.ts';

const DOCUMENT = '<!doctype html><script type="application/json" id="gatebook-page">\n null\n</script><p>page</p>';
const signIn = (issuer: string) => ({
  issuer,
  clientId: 'pages',
  scope: 'openid',
  resource: 'https://g.example/graphql',
});

describe('The pages’ door', () => {
  const made: (() => unknown)[] = [];
  afterEach(async () => {
    for (const undo of made.splice(0)) await undo();
  });

  const open = async (given: Partial<PagesDoorOptions> = {}, document = DOCUMENT): Promise<FastifyInstance> => {
    const directory = mkdtempSync(join(tmpdir(), 'gatebook-pages-'));
    mkdirSync(join(directory, 'assets'));
    writeFileSync(join(directory, 'index.html'), document);
    writeFileSync(join(directory, 'assets', 'main-abc.js'), 'export {};');
    writeFileSync(join(directory, 'trusted-documents.json'), '{}');
    const fastify = Fastify();
    made.push(
      () => fastify.close(),
      () => rmSync(directory, { recursive: true }),
    );
    expect(
      pagesDoor(fastify, {
        publicUrl: 'https://g.example',
        product: { name: 'Fernway', url: 'https://fernway.example' },
        timeZone: 'Europe/Berlin',
        signIn: { members: signIn('https://customers.example/oidc'), staff: signIn('https://staff.example/') },
        people: undefined,
        directory,
        ...given,
      }),
    ).toBe(true);
    await fastify.ready();
    return fastify;
  };

  it('serves one document for all pages, which no cache keeps', async () => {
    const fastify = await open();
    for (const url of ['/', '/owner', '/owner/anything', '/staff/start?case=CASE-1', '/review', '/signed-in?code=x']) {
      const { statusCode, headers, body } = await fastify.inject(url);
      expect([statusCode, headers['cache-control']]).toEqual([200, 'no-store']);
      expect(body).toContain('<p>page</p>');
    }
  });

  it('answers for its own addresses and files only', async () => {
    const fastify = await open();
    const found = await fastify.inject('/assets/main-abc.js');
    expect([found.statusCode, found.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    for (const url of [
      '/ownership',
      '/assets/',
      '/assets/other.js',
      '/assets/../index.html',
      '/assets/..%2findex.html',
      '/assets/..%2ftrusted-documents.json',
      '/trusted-documents.json',
      '/index.html',
    ])
      expect([url, (await fastify.inject(url)).statusCode]).toEqual([url, 404]);
    expect((await fastify.inject({ method: 'POST', url: '/owner' })).statusCode).toBe(404);
  });

  it('lets the page run own scripts only, and talk to the service and the issuers', async () => {
    const fastify = await open();
    const { headers } = await fastify.inject('/owner');
    expect(String(headers['content-security-policy']).split('; ')).toEqual([
      `default-src 'none'`,
      `script-src 'self'`,
      `style-src 'self'`,
      `img-src 'self'`,
      `connect-src 'self' wss://g.example https://customers.example https://staff.example`,
      `form-action 'self' https://fernway.example`,
      `base-uri 'none'`,
      `frame-ancestors 'none'`,
      `require-trusted-types-for 'script'`,
    ]);
  });

  it('tells the page what it has to know, and no name ends the element that it stands in', async () => {
    const fastify = await open({ product: { name: '</script><script>alert(1)//$&', url: 'https://fernway.example' } });
    const { body } = await fastify.inject('/');
    expect(body.match(/<script/g)).toHaveLength(1);
    const facts = JSON.parse(/id="gatebook-page">(.*)<\/script>/s.exec(body)![1]!) as object;
    expect(facts).toMatchObject({
      productName: '</script><script>alert(1)//$&',
      timeZone: 'Europe/Berlin',
      people: null,
    });
  });

  it('is not there where the pages were not built', () => {
    expect(
      pagesDoor(Fastify(), {
        publicUrl: 'https://g.example',
        product: { name: 'Fernway', url: 'https://fernway.example' },
        timeZone: 'Europe/Berlin',
        signIn: { members: signIn('https://a.example'), staff: signIn('https://b.example') },
        people: undefined,
        directory: '/nowhere',
      }),
    ).toBe(false);
  });

  it('does not start with pages of another make', async () => {
    await expect(open({}, '<p>no place</p>')).rejects.toThrow('have no place for what the service tells them');
  });
});
