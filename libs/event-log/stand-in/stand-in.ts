import { mkdirSync } from 'node:fs';

import type { EventLog, LogReader } from '../port.ts';
import { openSqliteLog } from '../sqlite/log.ts';
import { openSqliteLogReader } from '../sqlite/reader.ts';
import { Access } from './access.ts';
import { appendHandler, batchAppendHandler } from './append-calls.ts';
import type { Surroundings } from './call.ts';
import { certificateIn } from './certificate.ts';
import { deleteHandler, tombstoneHandler } from './deletion-calls.ts';
import { FaultSwitches } from './faults.ts';
import type { Faults } from './faults.ts';
import { gossipService, grpc, serverFeaturesService, streamsService, usersService } from './generated.ts';
import type { GrpcServer } from './generated.ts';
import { gossipHandlers, serverFeaturesHandlers, usersHandlers } from './other-calls.ts';
import { readHandler } from './read-calls.ts';
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
  /** Beside the process that writes the log: reads and subscriptions only. */
  readonly readOnly?: boolean;
}

export interface StandIn {
  /** `esdb://127.0.0.1:2113?tls=false`, as clients of EventStoreDB take it. */
  readonly connectionString: string;
  readonly port: number;
  readonly faults: Faults;
  /** Ends all calls, and closes the log. */
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
    const listening = new Listening({ log, reading, writer, access, faults, now }, users, options);
    await listening.begin(options.port ?? 0);
    return standIn(listening, log, faults, options);
  } catch (error) {
    await log.close();
    throw error;
  }
}

function standIn(listening: Listening, log: LogReader, faults: FaultSwitches, options: StandInOptions): StandIn {
  const { port } = listening;
  const end = async () => {
    listening.cut();
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
      unreachable: async () => listening.cut(),
      reachable: () => listening.begin(port),
    },
    stop: end,
    kill: end,
  };
}

/** The server, which can be cut off and come back on its port while the log stays open. */
class Listening {
  readonly #surroundings: Surroundings;
  readonly #users: UserDirectory | undefined;
  readonly #credentials: object;
  readonly certificateFile: string | undefined;
  #server: GrpcServer | undefined;
  port = 0;

  constructor(surroundings: Surroundings, users: UserDirectory | undefined, { directory }: StandInOptions) {
    this.#surroundings = surroundings;
    this.#users = users;
    if (users) {
      mkdirSync(directory, { recursive: true });
      const { key, certificate, file } = certificateIn(directory, Date.now());
      this.#credentials = grpc.ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: certificate }]);
      this.certificateFile = file;
    } else {
      this.#credentials = grpc.ServerCredentials.createInsecure();
    }
  }

  async begin(port: number): Promise<void> {
    if (this.#server) return;
    const { faults, now, access } = this.#surroundings;
    const server = new grpc.Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
    server.addService(streamsService, {
      read: readHandler(this.#surroundings),
      append: appendHandler(this.#surroundings),
      batchAppend: batchAppendHandler(this.#surroundings),
      delete: deleteHandler(this.#surroundings),
      tombstone: tombstoneHandler(this.#surroundings),
    });
    server.addService(serverFeaturesService, serverFeaturesHandlers(faults));
    server.addService(
      gossipService,
      gossipHandlers(faults, () => this.port, now),
    );
    if (this.#users) server.addService(usersService, usersHandlers(access, this.#users));
    this.port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${port}`, this.#credentials, (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    this.#server = server;
  }

  cut(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }
}

function connectionString(port: number, certificateFile: string | undefined, users: StandInOptions['users']): string {
  if (certificateFile === undefined) return `esdb://127.0.0.1:${port}?tls=false`;
  const [first] = Object.entries(users ?? {});
  const signIn = first ? `${encodeURIComponent(first[0])}:${encodeURIComponent(first[1].password)}@` : '';
  return `esdb://${signIn}127.0.0.1:${port}?tls=true&tlsCAFile=${encodeURIComponent(certificateFile)}`;
}
