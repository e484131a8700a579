import type { EventLog, LogReader } from '../port.ts';
import { openSqliteLog } from '../sqlite/log.ts';
import { openSqliteLogReader } from '../sqlite/reader.ts';
import { Access } from './access.ts';
import { FaultSwitches } from './faults.ts';
import type { Faults } from './faults.ts';
import { Listening } from './listening.ts';
import { Reading } from './reading.ts';
import { StreamStates } from './stream-states.ts';
import { UserDirectory } from './users.ts';
import type { GivenUser } from './users.ts';
import { Writer } from './writer.ts';

export interface StandInOptions {
  /** Where the embedded log is; made when it doesn't exist. */
  readonly directory: string;
  /** Default 0: any that is free. */
  readonly port?: number;
  /**
   * Turns authentication on, and with it TLS, over which alone clients send passwords. The group `$admins` may do
   * everything. The connection string carries the first of them.
   */
  readonly users?: Readonly<Record<string, GivenUser>>;
  /** Where all chance of the faults comes from. Default: 1. */
  readonly seed?: number;
  /** The log's clock, epoch milliseconds, whole. Default: `Date.now`. */
  readonly now?: () => number;
  /** Default: `full`. `off` is quicker, and safe against the end of the process, not of the machine. */
  readonly synchronous?: 'full' | 'off';
  /** An empty log begins with system events, as a real node's does. Default: false, the log holds what clients append. */
  readonly systemEvents?: boolean;
  /** Beside the process that writes the log: reads and subscriptions only. */
  readonly readOnly?: boolean;
}

export interface StandIn {
  /** `esdb://127.0.0.1:2113?tls=false`, as clients of EventStoreDB take it. */
  readonly connectionString: string;
  readonly port: number;
  readonly faults: Faults;
  /** Answers the appends that were taken in, ends all calls, and closes the log. */
  stop(): Promise<void>;
  /** Cuts every connection at once; what was not taken in yet is lost. */
  kill(): Promise<void>;
}

/**
 * Starts a server on 127.0.0.1 that speaks EventStoreDB's protocol over the embedded log, and behaves as an EventStoreDB
 * 23.10 node does where the protocol lets one see it.
 * @throws {LogLocked} another process writes to this log.
 * @throws {LogUnavailable} there is no log to read, or it can't be opened.
 */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const { directory, now = Date.now, synchronous, readOnly = false, users: given, seed = 1 } = options;
  const writable: EventLog | undefined = readOnly
    ? undefined
    : openSqliteLog({ directory, now, synchronous, takesAnything: true });
  const log: LogReader = writable ?? openSqliteLogReader({ directory });
  try {
    const faults = new FaultSwitches(seed);
    const states = new StreamStates(log, !readOnly);
    const reading = new Reading(log, states, now);
    const writer = new Writer(writable, states, faults);
    const users = given && new UserDirectory(reading, writer, now);
    await users?.load(given!);
    const access = new Access(users, states, reading);
    const listening = new Listening({ log, reading, writer, access, faults, now }, users, directory);
    await listening.begin(options.port ?? 0);
    if (options.systemEvents) await beginAsNode(reading, writer, listening.port);
    return standIn(listening, log, writer, faults, options);
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** What a node writes when it first starts: metadata of its own streams. */
async function beginAsNode(reading: Reading, writer: Writer, port: number): Promise<void> {
  for await (const _ of reading.all(false, 'start')) return;
  const metadata = {
    [`$stats-127.0.0.1:${port}`]: { $maxAge: 86_400 },
    $scavenges: { $maxAge: 31_536_000 },
    $persistentSubscriptionConfig: { $maxCount: 2 },
  };
  for (const [stream, of] of Object.entries(metadata)) await writer.setMetadata(stream, JSON.stringify(of));
}

function standIn(
  listening: Listening,
  log: LogReader,
  writer: Writer,
  faults: FaultSwitches,
  options: StandInOptions,
): StandIn {
  const { port } = listening;
  const end = async () => {
    await listening.end();
    await log.close();
  };
  return {
    port,
    connectionString: connectionString(port, listening.certificateFile, options.users),
    faults: {
      dropAppendAnswers: (share) => faults.dropAppendAnswers(share),
      delayAnswers: (ms) => faults.delayAnswers(ms),
      reorderAnswers: (on) => faults.reorderAnswers(on),
      freeze: () => faults.freeze(),
      thaw: () => faults.thaw(),
      failAppends: (share) => faults.failAppends(share),
      breakSubscriptions: () => faults.breakSubscriptions(),
      unreachable: () => listening.cut(),
      reachable: () => listening.begin(port),
    },
    async stop() {
      await writer.idle();
      await end();
    },
    kill: end,
  };
}

function connectionString(port: number, certificateFile: string | undefined, users: StandInOptions['users']): string {
  if (certificateFile === undefined) return `esdb://127.0.0.1:${port}?tls=false`;
  const [first] = Object.entries(users ?? {});
  const signIn = first ? `${encodeURIComponent(first[0])}:${encodeURIComponent(first[1].password)}@` : '';
  return `esdb://${signIn}127.0.0.1:${port}?tls=true&tlsCAFile=${encodeURIComponent(certificateFile)}`;
}
