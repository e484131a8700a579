import type { GraphqlDoorOptions } from './options.ts';

/** The tables follow the log within moments; no answer waits for them longer than this. */
const WAIT_MS = 2000;

/** Whether the tables hold a position, or come to it in time. */
export function tablesReach(
  { runner, patience = 1 }: Pick<GraphqlDoorOptions, 'runner' | 'patience'>,
  position: string,
  ms = WAIT_MS,
): Promise<boolean> {
  return runner.waitFor(position, ms * patience);
}
