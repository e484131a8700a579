import { join } from 'node:path';
import type { Command } from 'commander';
import { openEventStoreLog } from '#event-log/eventstoredb/log';
import { checkMigration, HoldsOtherFacts, migrateLog, type MigrationProgress } from '#event-log/migrate/migrate';
import { LogLocked, LogUnavailable, OutcomeUnknown, type EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { openSqliteLogReader } from '#event-log/sqlite/reader';
import { ensureNoPassword } from './bootstrap.ts';
import { CommandFailed, EXIT } from './exit.ts';
import { say, sayJson } from './printed.ts';

/** Nobody waits for a page here: what takes its time on a busy machine is no reason to end. */
const TIMEOUTS = { connectTimeoutMs: 10_000, appendTimeoutMs: 10_000, readTimeoutMs: 30_000 } as const;

interface Options {
  readonly to: string;
  readonly dataDir: string;
  readonly checkOnly: boolean;
  readonly json: boolean;
}

/** Copies the embedded log into an EventStoreDB, or goes on with it, and holds the copy against the original. */
export async function migrateToEventStoreDb(
  { to: connectionString, dataDir, checkOnly, json }: Options,
  command?: Command,
): Promise<void> {
  if (command?.getOptionValueSource('to') === 'cli') ensureNoPassword('--to', connectionString, 'GATEBOOK_LOG_URL');
  const stop = new AbortController();
  const ended = () => stop.abort(new CommandFailed(EXIT.failed, 'Ended. Run it again to go on where it was.'));
  process.once('SIGINT', ended).once('SIGTERM', ended);
  let from: EventLog | undefined;
  let to: EventLog | undefined;
  try {
    from = await openEmbedded(join(dataDir, 'log'));
    to = await openEventStoreLog({ connectionString, ...TIMEOUTS });
    const { signal } = stop;
    const logs = { from, to, signal };
    const copied = checkOnly ? 0 : (await migrateLog({ ...logs, onProgress: shown('copied') })).copied;
    const { facts, difference } = await checkMigration({ ...logs, onProgress: shown('checked') });
    if (json) sayJson({ facts, copied, same: difference === undefined, difference });
    if (difference !== undefined) throw new CommandFailed(EXIT.failed, difference);
    if (!json) say(`${facts} facts are the same in both logs, in the same order; ${copied} were copied just now.`);
  } catch (error) {
    throw failure(error);
  } finally {
    process.off('SIGINT', ended).off('SIGTERM', ended);
    if (process.stderr.isTTY) process.stderr.write('\n');
    await to?.close();
    await from?.close();
  }
}

/** With the right to write, so that no service appends to it meanwhile. */
async function openEmbedded(directory: string): Promise<EventLog> {
  await openSqliteLogReader({ directory }).close();
  return openSqliteLog({ directory });
}

const shown = (what: string) => {
  let last = 0;
  return ({ facts, position, end }: MigrationProgress) => {
    const isEnd = position === end;
    // A line for a person every so often; a script that reads what is printed gets it from standard output.
    if (!isEnd && performance.now() - last < 200) return;
    last = performance.now();
    const share = Number(end) === 0 ? 100 : Math.floor((100 * Number(position)) / Number(end));
    const line = `${what}: ${facts} facts, ${share} %`;
    process.stderr.write(process.stderr.isTTY ? `\r${line}` : `${line}\n`);
  };
};

function failure(error: unknown): unknown {
  if (error instanceof HoldsOtherFacts) return new CommandFailed(EXIT.refused, error.message);
  if (error instanceof LogLocked) {
    return new CommandFailed(
      EXIT.refused,
      `${error.message} Stop the service first: nothing may be appended meanwhile.`,
    );
  }
  if (error instanceof LogUnavailable || error instanceof OutcomeUnknown) {
    return new CommandFailed(EXIT.unreachable, `${error.message} Run it again to go on where it was.`);
  }
  return error;
}
