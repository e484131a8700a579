import { createInterface } from 'node:readline';

import { startStandIn } from './stand-in.ts';
import type { StandInOptions } from './stand-in.ts';

// A stand-in as a process of its own, so that it can be killed. Its one argument is its options as JSON; a line on
// standard output says that it is ready; each line on standard input switches a fault; the end of input ends it.

export interface FaultCommand {
  /** Comes back in the answer. */
  readonly id: number;
  readonly fault: string;
  readonly value?: number | boolean;
}

const standIn = await startStandIn(JSON.parse(process.argv[2] ?? '{}') as StandInOptions);
const { connectionString, port } = standIn;
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
say({ connectionString, port });

const stop = () => void standIn.stop().then(() => process.exit(0));
process.on('SIGTERM', stop).on('SIGINT', stop);

for await (const line of createInterface({ input: process.stdin })) {
  const { id, fault, value } = JSON.parse(line) as FaultCommand;
  const known = Object.hasOwn(standIn.faults, fault);
  const switched = known && (standIn.faults as unknown as Record<string, (value: unknown) => unknown>)[fault];
  if (switched) await switched(value);
  say(switched ? { id } : { id, error: `There is no fault "${fault}".` });
}
stop();
