import { join } from 'node:path';
import { LogLocked, LogUnavailable } from '#event-log/port';
import { startStandIn } from '#event-log/stand-in/stand-in';
import type { StandIn, StandInOptions } from '#event-log/stand-in/stand-in';
import { CommandFailed, EXIT } from './exit.ts';
import { say, sayJson } from './printed.ts';

interface Options {
  readonly port: number;
  readonly dataDir: string;
  readonly json: boolean;
}

/** Serves the embedded log of a data directory to clients of EventStoreDB, until it is told to stop. */
export async function devEventStoreDb({ port, dataDir, json }: Options): Promise<void> {
  if (!(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    throw new CommandFailed(EXIT.usage, 'A port is a whole number up to 65535; 0 is any that is free.');
  }
  const directory = join(dataDir, 'log');
  const { standIn, readOnly } = await started({ directory, port });
  const { connectionString } = standIn;
  if (json) sayJson({ connectionString, port: standIn.port, readOnly });
  else {
    say(`The log in ${directory} is served as EventStoreDB serves one, on this machine only:`);
    say(`  ${connectionString}`);
    if (readOnly) say('A running service writes this log, so it is read-only here: appends are refused.');
    say('Ctrl-C stops it.');
  }
  await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await standIn.stop();
}

async function started(options: StandInOptions): Promise<{ standIn: StandIn; readOnly: boolean }> {
  try {
    return { standIn: await startStandIn(options), readOnly: false };
  } catch (error) {
    if (!(error instanceof LogLocked)) throw failure(error, options);
  }
  try {
    return { standIn: await startStandIn({ ...options, readOnly: true }), readOnly: true };
  } catch (error) {
    throw failure(error, options);
  }
}

function failure(error: unknown, { port }: StandInOptions): unknown {
  if (error instanceof LogUnavailable) return new CommandFailed(EXIT.failed, error.message);
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    return new CommandFailed(EXIT.failed, `Port ${port} is taken: choose another one with --port.`);
  }
  return error;
}
