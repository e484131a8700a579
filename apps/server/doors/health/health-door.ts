import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { EvaluationCounts } from '../evaluation/evaluation-door.ts';

/** A condition of readiness: why not, as a sentence for the operator, or `undefined` where it holds. */
export type Condition = () => Promise<string | undefined> | string | undefined;

export interface HealthDoorOptions {
  readonly conditions: Readonly<Record<string, Condition>>;
  readonly counts: EvaluationCounts;
  readonly gauges: Readonly<Record<string, { readonly help: string; readonly read: () => number }>>;
}

/**
 * `/healthz`: the process runs. `/readyz`: it can decide and record. `/metrics`: Prometheus' text, with no label that
 * names a workspace or a person (threat T68).
 */
export function healthDoor(fastify: FastifyInstance, { conditions, counts, gauges }: HealthDoorOptions): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // Plain numbers are counted on the hot path and read here.
  new Gauge({
    name: 'gatebook_evaluations',
    help: 'Answers of the evaluation door since the start, by outcome.',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      for (const [outcome, count] of Object.entries(counts)) this.set({ outcome }, count);
    },
  });
  for (const [name, { help, read }] of Object.entries(gauges)) {
    new Gauge({
      name: `gatebook_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }

  fastify.get('/healthz', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));

  fastify.get('/readyz', async (_request, reply) => {
    const checks = await Promise.all(
      Object.entries(conditions).map(async ([name, condition]) => {
        const problem = await (async () => condition())().catch(() => 'It can’t be told.');
        return [name, problem ?? 'ok'] as const;
      }),
    );
    const ready = checks.every(([, state]) => state === 'ok');
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'not ready', checks: Object.fromEntries(checks) });
  });

  fastify.get('/metrics', async (_request, reply) =>
    reply
      .header('content-type', registry.contentType)
      .header('cache-control', 'no-store')
      .send(await registry.metrics()),
  );
}
