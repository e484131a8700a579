import { parseArgs } from 'node:util';
import { PLANTED, type Planted } from './planted.ts';
import { told, simulateFor } from './seeds.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    seconds: { type: 'string', default: '60' },
    /** Runs that many seeds, whatever time it takes. */
    seeds: { type: 'string' },
    steps: { type: 'string', default: '20000' },
    planted: { type: 'string' },
    lines: { type: 'string', default: '30' },
    /** Prints everything that happens. */
    trace: { type: 'boolean', default: false },
  },
});

const planted = PLANTED.find((each) => each === values.planted) as Planted | undefined;
const run = await simulateFor({
  seed: Number(values.seed),
  steps: Number(values.steps),
  seconds: Number(values.seconds),
  seeds: values.seeds === undefined ? undefined : Number(values.seeds),
  planted,
  onLine: values.trace ? (line) => console.log(line) : undefined,
});
for (const failed of run.failed) console.error(told(failed, Number(values.lines)));
console.log(JSON.stringify(run.counts));
process.exitCode = run.failed.length === 0 ? 0 : 1;
