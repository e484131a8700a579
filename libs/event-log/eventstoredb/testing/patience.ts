import { newFact } from '../../contract/specimens.ts';
import { WrongRevision } from '../../port.ts';
import type { EventLog } from '../../port.ts';
import { openEventStoreLog } from '../log.ts';
import type { EventStoreLogOptions } from '../log.ts';

/** So long no machine stands still: where these run out, what was waited for was not to come. */
export const PATIENT = {
  connectTimeoutMs: 60_000,
  appendTimeoutMs: 60_000,
  readTimeoutMs: 60_000,
  healthTimeoutMs: 60_000,
} as const;

/** A log for everything that must be answered, however slow the machine. */
export const openPatientLog = (connectionString: string, more: Partial<EventStoreLogOptions> = {}): Promise<EventLog> =>
  openEventStoreLog({ connectionString, ...PATIENT, ...more });

/**
 * A log whose own time-outs are short, to be seen running out. It has been answered before: what it appends then is sent
 * in the same turn, so that its outcome is unknown and never a certain no.
 */
export async function openHastyLog(
  connectionString: string,
  short: Pick<EventStoreLogOptions, 'appendTimeoutMs' | 'readTimeoutMs'>,
): Promise<EventLog> {
  const log = await openPatientLog(connectionString, short);
  for (;;) {
    const answer = await log.append('nowhere', 0, [newFact()]).catch((error: unknown) => error);
    if (answer instanceof WrongRevision) return log;
  }
}
