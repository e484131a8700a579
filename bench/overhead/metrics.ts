/** In the place of the health door: the same door, with what prom-client sets up to watch stopped while metrics are off. */
import type { FastifyInstance } from 'fastify';
import { createRequire } from 'node:module';
import type { EvaluationCounts } from '#server/doors/evaluation/evaluation-door';
import { healthDoor as realHealthDoor, type HealthDoorOptions } from '#server/doors/health/health-door';
import { whenSwitched } from './state.ts';

/** The object that prom-client, a CommonJS module, reads them from. */
const hooks = createRequire(import.meta.url)('node:perf_hooks') as typeof import('node:perf_hooks');
let counts: EvaluationCounts | undefined;
/** How many watches are under the switch: the event loop's and the garbage collector's. */
const WATCHES = 2;

export function healthDoor(fastify: FastifyInstance, options: HealthDoorOptions): void {
  counts = options.counts;
  const { monitorEventLoopDelay, PerformanceObserver } = hooks;
  let watches = 0;
  hooks.monitorEventLoopDelay = (...how) => {
    const histogram = monitorEventLoopDelay(...how);
    watches++;
    whenSwitched('metrics', (off) => (off ? histogram.disable() : histogram.enable()));
    return histogram;
  };
  hooks.PerformanceObserver = class extends PerformanceObserver {
    override observe(...what: Parameters<InstanceType<typeof PerformanceObserver>['observe']>): void {
      super.observe(...what);
      watches++;
      whenSwitched('metrics', (off) => (off ? this.disconnect() : super.observe(...what)));
    }
  };
  try {
    realHealthDoor(fastify, options);
  } finally {
    Object.assign(hooks, { monitorEventLoopDelay, PerformanceObserver });
  }
  if (watches !== WATCHES) throw new Error(`The health door sets up ${watches} watches and not ${WATCHES}.`);
}

/** Questions answered since the start. */
export function answered(): number {
  return counts ? Object.values(counts).reduce((sum: number, count: number) => sum + count, 0) : 0;
}
