import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

import type * as Gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type * as GossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type * as ServerFeatures from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type * as ServerFeaturesService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type * as Shared from '@eventstore/db-client/generated/shared_pb.js';
import type * as Status from '@eventstore/db-client/generated/status_pb.js';
import type * as Streams from '@eventstore/db-client/generated/streams_pb.js';
import type * as StreamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type * as Users from '@eventstore/db-client/generated/users_pb.js';
import type * as UsersService from '@eventstore/db-client/generated/users_grpc_pb.js';

// The generated code and the libraries it was made for are taken from the client's own place: a second copy of either
// would make messages and services that the first doesn't know.
const here = createRequire(import.meta.url);
const ofClient = createRequire(here.resolve('@eventstore/db-client/package.json'));

export type CallMetadata = Parameters<StreamsService.IStreamsServer['read']>[0]['metadata'];

export interface GrpcServer {
  addService(definition: unknown, implementation: object): void;
  createConnectionInjector(credentials: object): { injectConnection(connection: Socket): void };
  forceShutdown(): void;
}

interface Grpc {
  readonly Server: new (options?: Readonly<Record<string, number>>) => GrpcServer;
  readonly ServerCredentials: {
    createInsecure(): object;
    createSsl(root: Buffer | null, pairs: readonly { private_key: Buffer; cert_chain: Buffer }[]): object;
  };
  readonly Metadata: new () => CallMetadata;
  readonly status: Readonly<
    Record<
      | 'UNKNOWN'
      | 'INVALID_ARGUMENT'
      | 'DEADLINE_EXCEEDED'
      | 'NOT_FOUND'
      | 'ALREADY_EXISTS'
      | 'PERMISSION_DENIED'
      | 'FAILED_PRECONDITION'
      | 'ABORTED'
      | 'UNAVAILABLE'
      | 'UNAUTHENTICATED',
      number
    >
  >;
}

interface WellKnownTypes {
  readonly Any: new () => NonNullable<ReturnType<Status.Status['getDetails']>>;
  readonly Empty: new () => NonNullable<ReturnType<Streams.BatchAppendResp['getAny']>>;
}

export const grpc = ofClient('@grpc/grpc-js') as Grpc;

export const streams = ofClient('./generated/streams_pb.js') as typeof Streams;
export const shared = ofClient('./generated/shared_pb.js') as typeof Shared;
export const status = ofClient('./generated/status_pb.js') as typeof Status;
export const gossip = ofClient('./generated/gossip_pb.js') as typeof Gossip;
export const serverFeatures = ofClient('./generated/serverfeatures_pb.js') as typeof ServerFeatures;
export const users = ofClient('./generated/users_pb.js') as typeof Users;

export const { StreamsService: streamsService } = ofClient('./generated/streams_grpc_pb.js') as typeof StreamsService;
export const { GossipService: gossipService } = ofClient('./generated/gossip_grpc_pb.js') as typeof GossipService;
export const { ServerFeaturesService: serverFeaturesService } = ofClient(
  './generated/serverfeatures_grpc_pb.js',
) as typeof ServerFeaturesService;
export const { UsersService: usersService } = ofClient('./generated/users_grpc_pb.js') as typeof UsersService;

export const { Any } = ofClient('google-protobuf/google/protobuf/any_pb.js') as Pick<WellKnownTypes, 'Any'>;
/** `google.protobuf.Empty`; the protocol has one of its own besides ({@link shared}). */
export const { Empty: GoogleEmpty } = ofClient('google-protobuf/google/protobuf/empty_pb.js') as Pick<
  WellKnownTypes,
  'Empty'
>;

export type { Shared, Status, Streams, StreamsService, Users, UsersService };

export type ReadCall = Parameters<StreamsService.IStreamsServer['read']>[0];
export type AppendCall = Parameters<StreamsService.IStreamsServer['append']>[0];
export type AppendAnswer = Parameters<StreamsService.IStreamsServer['append']>[1];
export type BatchAppendCall = Parameters<StreamsService.IStreamsServer['batchAppend']>[0];
export type DeleteCall = Parameters<StreamsService.IStreamsServer['delete']>[0];
export type DeleteAnswer = Parameters<StreamsService.IStreamsServer['delete']>[1];
export type TombstoneCall = Parameters<StreamsService.IStreamsServer['tombstone']>[0];
export type TombstoneAnswer = Parameters<StreamsService.IStreamsServer['tombstone']>[1];
