import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

import { appendHandler, batchAppendHandler } from './append-calls.ts';
import type { Surroundings } from './call.ts';
import { certificateIn } from './certificate.ts';
import { deleteHandler, tombstoneHandler } from './deletion-calls.ts';
import { gossipService, grpc, serverFeaturesService, streamsService, usersService } from './generated.ts';
import type { GrpcServer } from './generated.ts';
import { gossipHandlers, serverFeaturesHandlers, usersHandlers } from './other-calls.ts';
import { readHandler } from './read-calls.ts';
import type { UserDirectory } from './users.ts';

/**
 * The services, and the port they are reached on. Connections are accepted here rather than by the gRPC library, which
 * can only take leave of its clients politely: a server that crashed does not.
 */
export class Listening {
  readonly #services: GrpcServer;
  readonly #takeIn: (socket: Socket) => void;
  readonly #sockets = new Set<Socket>();
  readonly certificateFile: string | undefined;
  #listener: Server | undefined;
  port = 0;

  constructor(surroundings: Surroundings, users: UserDirectory | undefined, directory: string) {
    const { faults, now, access } = surroundings;
    const server = new grpc.Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
    server.addService(streamsService, {
      read: readHandler(surroundings),
      append: appendHandler(surroundings),
      batchAppend: batchAppendHandler(surroundings),
      delete: deleteHandler(surroundings),
      tombstone: tombstoneHandler(surroundings),
    });
    server.addService(serverFeaturesService, serverFeaturesHandlers(faults, users !== undefined));
    server.addService(
      gossipService,
      gossipHandlers(faults, () => this.port, now),
    );
    if (users) server.addService(usersService, usersHandlers(access, users));
    const certificate = users && certificateIn(directory, Date.now());
    this.certificateFile = certificate?.file;
    const { injectConnection } = server.createConnectionInjector(
      certificate
        ? grpc.ServerCredentials.createSsl(null, [
            { private_key: certificate.key, cert_chain: certificate.certificate },
          ])
        : grpc.ServerCredentials.createInsecure(),
    );
    this.#services = server;
    this.#takeIn = injectConnection;
  }

  async begin(port: number): Promise<void> {
    if (this.#listener) return;
    const listener = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // A connection that breaks is the client's loss.
      socket.on('error', () => undefined);
      this.#takeIn(socket);
    });
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
    this.#listener = listener;
    this.port = (listener.address() as AddressInfo).port;
  }

  /** Every connection breaks off, and no new one is taken. */
  async cut(): Promise<void> {
    const listener = this.#listener;
    if (!listener) return;
    this.#listener = undefined;
    const closed = once(listener, 'close');
    listener.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async end(): Promise<void> {
    await this.cut();
    this.#services.forceShutdown();
  }
}
