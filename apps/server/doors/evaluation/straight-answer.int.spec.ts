import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { connect } from 'node:net';
import { answerStraight } from './straight-answer.ts';

const PATH = '/ask';

describe('The straight answer', () => {
  let server: FastifyInstance;
  let port: number;

  beforeEach(async () => {
    server = fastify();
    server.post(PATH, (request) => ({ by: 'route', body: request.body }));
    answerStraight(server, {
      path: PATH,
      bodyBytes: 100,
      take: ({ headers }) =>
        headers['x-unusual'] === undefined
          ? (body, response) => {
              if (typeof body !== 'object' || body === null || !('usual' in body)) return false;
              response.end(JSON.stringify({ by: 'straight', body }));
              return true;
            }
          : undefined,
    });
    port = Number(new URL(await server.listen({ port: 0, host: '127.0.0.1' })).port);
  });
  afterEach(() => server.close());

  const post = async (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) => {
    const answer = await fetch(`http://127.0.0.1:${port}${PATH}`, { method: 'POST', headers, body });
    return (await answer.json()) as { by?: string; body?: unknown; statusCode?: number };
  };

  it('is given to the usual request', async () => {
    expect(await post('{"usual":1}')).toEqual({ by: 'straight', body: { usual: 1 } });
  });

  it.each<[string, string, object, Record<string, string>?]>([
    ['that the taker leaves by its body', '{"other":1}', { other: 1 }],
    ['that the taker leaves by its head', '{"usual":1}', { usual: 1 }, { 'x-unusual': '1' }],
    ['that is longer than the bound', JSON.stringify({ usual: 'x'.repeat(100) }), { usual: 'x'.repeat(100) }],
  ])('hands a request on, its body whole, %s', async (_, body, parsed, more: Record<string, string> = {}) => {
    expect(await post(body, { 'content-type': 'application/json', ...more })).toEqual({ by: 'route', body: parsed });
  });

  it.each(['{"usual":', '{"usual":1,"__proto__":{"x":1}}', ''])('leaves it to the route to refuse %j', async (body) => {
    expect(await post(body)).toMatchObject({ statusCode: 400 });
  });

  it('hands a body on that comes in pieces, or without its length', async () => {
    const head = `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n`;
    const inPieces = [`${head}content-length: 11\r\n\r\n{"usu`, 'al":1}'];
    const chunked = [`${head}transfer-encoding: chunked\r\n\r\nb\r\n{"usual":1}\r\n0\r\n\r\n`];
    for (const pieces of [inPieces, chunked]) {
      const answer = await new Promise<string>((resolve) => {
        const socket = connect(port, '127.0.0.1');
        let text = '';
        socket.setNoDelay().on('data', (data) => (text += data.toString()));
        socket.on('end', () => resolve(text));
        const [first = '', second] = pieces;
        // The second piece leaves once the server has the first.
        if (second !== undefined) server.server.once('request', () => setImmediate(() => socket.write(second)));
        socket.write(first);
      });
      expect(answer).toContain('{"by":"route","body":{"usual":1}}');
    }
  });

  it('serves many requests on one connection, usual and not, in turn', async () => {
    const answers: unknown[] = [];
    for (let i = 0; i < 20; i++) answers.push((await post(i % 2 === 0 ? '{"usual":1}' : '{"other":1}')).by);
    expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 'straight' : 'route')));
  });

  it('leaves everything to the routes once the server is closing', async () => {
    const closing = server.close();
    await expect(post('{"usual":1}')).rejects.toThrow();
    await closing;
  });
});
