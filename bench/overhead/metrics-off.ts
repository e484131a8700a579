/** In the place of the health door: it tells that the process runs, and counts nothing. */
import type { FastifyInstance } from 'fastify';

export function healthDoor(fastify: FastifyInstance): void {
  fastify.get('/healthz', (_request, reply) => reply.send({ status: 'ok' }));
}
