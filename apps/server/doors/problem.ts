import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import { BROKEN_TEXT, brokenTextIn } from './well-formed.ts';

/** Typed errors of the REST doors (RFC 9457). The types are stable; titles and details are for people. */
export const PROBLEMS = {
  'invalid-request': [400, 'The request is not what this door takes.'],
  unauthenticated: [401, 'The key or token is missing or not valid.'],
  'visit-unknown': [401, 'The visit’s token is missing, too old or not valid.'],
  forbidden: [403, 'This key does not open this door.'],
  'not-found': [404, 'There is nothing here.'],
  'too-large': [413, 'The request is too large.'],
  'unsupported-media-type': [415, 'This door takes no content of this type.'],
  'not-now': [503, 'This can’t be decided right now. Try again.'],
  internal: [500, 'Something went wrong here.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemType = keyof typeof PROBLEMS;

/** What a status means that the server gave before a door's own code ran. */
export function problemOf(status: number): ProblemType {
  if (status === 404) return 'not-found';
  if (status === 413) return 'too-large';
  if (status === 415) return 'unsupported-media-type';
  return status < 500 ? 'invalid-request' : 'internal';
}

/** Says of a 400 that came before a door's own code what it was; the parser's own words repeat parts of the body. */
export function unreadBody(status: number): Extra {
  return status === 400 ? { detail: 'The body is empty, broken off or otherwise no JSON.' } : {};
}

interface Extra {
  readonly detail?: string;
  readonly errors?: readonly { pointer: string; detail: string }[];
}

export function sendProblem(reply: FastifyReply, type: ProblemType, extra: Extra = {}): FastifyReply {
  const { status, headers, text } = problem(type, extra);
  return reply.code(status).headers(headers).send(text);
}

/** The same answer where no Fastify reply is at hand. */
export function writeProblem(response: ServerResponse, type: ProblemType): void {
  const { status, headers, text } = problem(type, {});
  response.writeHead(status, headers).end(text);
}

function problem(type: ProblemType, extra: Extra) {
  const [status, title] = PROBLEMS[type];
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(type === 'not-now' && { 'retry-after': '1' }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    text: JSON.stringify({ type: `urn:gatebook:problem:${type}`, title, status, ...extra }),
  };
}

/** Refuses JSON with text that can't be stored, at every door but GraphQL, which has errors of its own. */
export function refuseBrokenText(fastify: FastifyInstance): void {
  fastify.addHook('preValidation', (request, reply, done) => {
    if (request.url.startsWith('/graphql')) return done();
    const path = brokenTextIn(request.body);
    if (!path) return done();
    const detail = `${BROKEN_TEXT}.`;
    void sendProblem(reply, 'invalid-request', { detail, errors: [{ pointer: `/${path.join('/')}`, detail }] });
  });
}
