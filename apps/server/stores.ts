import { join } from 'node:path';
import type { Envelope } from '#event-log/envelope';
import type { EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { openPostgresTables, openTables, rebuild, type Tables } from '#projections/index';
import type { Config } from './config/config.ts';
import type { Clock } from './desk/clock.ts';

/** The log, as configured: an EventStoreDB, or the embedded one in the data directory. */
export async function openLog(
  { dataDirectory }: Config,
  clock: Clock,
  onFatal: (error: unknown) => void,
): Promise<EventLog> {
  const now = () => clock.now();
  return openSqliteLog({ directory: join(dataDirectory, 'log'), now, onFatal });
}

/** The tables, as configured: in PostgreSQL for any number of instances, or in a file of the data directory. */
export async function openConfiguredTables(
  { tablesUrl, dataDirectory }: Config,
  onError: (error: unknown) => void,
): Promise<Tables> {
  if (tablesUrl !== undefined) return openPostgresTables({ url: tablesUrl, onError });
  return openTables({ directory: join(dataDirectory, 'tables') });
}

/** The log ends before what the tables of this installation have seen: an older copy was put in its place. */
export class LogWasPutBack extends Error {
  override readonly name = 'LogWasPutBack';

  constructor(head: string, seen: string) {
    super(
      `The log ends at ${head}, and the tables have seen it up to ${seen}: an older copy was put in its place, or the ` +
        'settings name another log. What people and products were told since is not in it. If that is what you want, ' +
        'start once with GATEBOOK_RESTORED_LOG=accept: tables and snapshots are then made anew from the log as it is.',
    );
  }
}

/**
 * Holds the log to what the tables have seen of it.
 * @throws {LogWasPutBack} unless the configuration accepts a restored log.
 */
export async function ensureNothingIsMissing(
  { restoredLog }: Config,
  { log, tables, envelope }: { log: EventLog; tables: Tables; envelope: Envelope },
): Promise<void> {
  const [head, { position: seen }] = [await log.head(), await tables.stand()];
  if (seen <= head) return;
  if (restoredLog === 'refuse') throw new LogWasPutBack(head, seen);
  await rebuild({ log, envelope, tables });
}
