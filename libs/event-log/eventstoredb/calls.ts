import { createRequire } from 'node:module';
import type { Duplex, Readable } from 'node:stream';

import type { EventStoreDBClient } from '@eventstore/db-client';
import type * as Shared from '@eventstore/db-client/generated/shared_pb.js';
import type * as Status from '@eventstore/db-client/generated/status_pb.js';
import type * as Streams from '@eventstore/db-client/generated/streams_pb.js';

// The client's own appends and reads take and give parsed JSON, while a fact is kept letter by letter; its appends share
// one table of waiting answers over the whole process, and its reads tell checkpoints out of turn. So the calls are made
// here, with the messages and over the connection (discovery, TLS, sign-in, the way to the leader) of the client. All of
// it is taken from the client's own place: a second copy of the messages would be other messages.
const ofClient = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client/package.json'));

export const streams = ofClient('./generated/streams_pb.js') as typeof Streams;
export const shared = ofClient('./generated/shared_pb.js') as typeof Shared;
const { StreamsClient } = ofClient('./generated/streams_grpc_pb.js') as { readonly StreamsClient: unknown };
/** `google.protobuf.Empty`; the protocol has one of its own besides ({@link shared}). */
const { Empty: GoogleEmpty } = ofClient('google-protobuf/google/protobuf/empty_pb.js') as {
  readonly Empty: new () => NonNullable<ReturnType<Streams.BatchAppendReq.Options['getAny']>>;
};

export type { Shared, Status, Streams };
export { GoogleEmpty };

/** One read or subscription, as messages in their order. */
export type ReadCall = Readable & { cancel(): void };
/** Appends out, answers in. */
export type AppendCall = Duplex & { cancel(): void };

interface Channel {
  getConnectivityState(tryToConnect: boolean): number;
  watchConnectivityState(state: number, deadline: Date, changed: (error?: Error) => void): void;
}

interface Stub {
  read(request: Streams.ReadReq, metadata: object, options: object): ReadCall;
  batchAppend(metadata: object, options: object): AppendCall;
  getChannel(): Channel;
  close(): void;
}

/** What the client's own calls are made with; not part of what it publishes, hence the pinned version. */
interface CallsOfClient {
  getGRPCClient(service: unknown, name: string): Promise<Stub>;
  GRPCStreamCreator<Call>(service: unknown, name: string, creator: (stub: Stub) => Call): () => Promise<Call>;
  callArguments(
    options: { readonly requiresLeader: boolean },
    callOptions: { readonly deadline: number },
  ): [metadata: object, options: object];
  handleError(stub: Stub, error: Error): Promise<void>;
  readonly disposableStreams: ReadonlySet<Readable>;
  dispose(): Promise<void>;
}

export interface Calls {
  /**
   * Resolves when there is a connection to send on; what is sent after that may arrive.
   * @throws what kept it from connecting: nothing was sent.
   */
  connected(withinMs: number): Promise<void>;
  /** Whether a call can be sent right now. */
  isConnected(): boolean;
  read(request: Streams.ReadReq): Promise<ReadCall>;
  batchAppend(): Promise<AppendCall>;
  /** Ends every call. */
  close(): Promise<void>;
}

/** Connectivity states of the gRPC library. */
const READY = 2;
const TRANSIENT_FAILURE = 3;

/** The gRPC status that makes the client look for a node, and connect, anew. */
const UNAVAILABLE = 14;

const CLOSE_MS = 1000;

/** A connection that takes longer than `connectMs` is begun anew: the operating system tries again less and less often. */
export function callsOf(client: EventStoreDBClient, connectMs: number): Calls {
  const calls = client as unknown as CallsOfClient;
  const callArguments = () => calls.callArguments({ requiresLeader: true }, { deadline: Infinity });
  let stub: Stub | undefined;

  const connectedBy = async (deadline: number): Promise<void> => {
    for (;;) {
      stub = await calls.getGRPCClient(StreamsClient, 'streams');
      const channel = stub.getChannel();
      const state = channel.getConnectivityState(true);
      if (state === READY) return;
      if (state === TRANSIENT_FAILURE || Date.now() >= deadline) {
        const error = unavailable(state === TRANSIENT_FAILURE);
        // Else the next try would wait for the channel's own pauses, which grow to two minutes.
        await calls.handleError(stub, error);
        throw error;
      }
      await new Promise<void>((resolve) => channel.watchConnectivityState(state, new Date(deadline), () => resolve()));
    }
  };

  const isConnected = () => stub?.getChannel().getConnectivityState(false) === READY;

  return {
    connected: (withinMs) => connectedBy(Date.now() + Math.min(withinMs, connectMs)),
    isConnected,
    async read(request) {
      if (!isConnected()) await connectedBy(Date.now() + connectMs);
      return calls.GRPCStreamCreator(StreamsClient, 'read', (by) => by.read(request, ...callArguments()))();
    },
    batchAppend: () =>
      calls.GRPCStreamCreator(StreamsClient, 'batchAppend', (by) => by.batchAppend(...callArguments()))(),
    async close() {
      await disposed(client);
      stub?.close();
    },
  };
}

/** Ends every call of a client. */
export async function disposed(client: EventStoreDBClient): Promise<void> {
  const calls = client as unknown as CallsOfClient;
  // A call that nobody reads to its end never ends.
  for (const call of calls.disposableStreams) call.on('error', () => undefined).resume();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, CLOSE_MS);
  await Promise.race([calls.dispose(), promise]);
  clearTimeout(timer);
}

function unavailable(isRefused: boolean): Error & { readonly code: number } {
  const details = isRefused ? 'No connection established' : 'No connection in time';
  return Object.assign(new Error(details), { code: UNAVAILABLE, details });
}

export const streamIdentifier = (stream: string) =>
  new shared.StreamIdentifier().setStreamName(new Uint8Array(Buffer.from(stream, 'utf8')));

/** Servers tell ids as text or as two numbers, whatever they were sent. */
export function uuidText(uuid: Shared.UUID | undefined): string {
  const structured = uuid?.getStructured();
  if (!structured) return uuid?.getString() ?? '';
  const hex = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()]
    .map((bits) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0'))
    .join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Where a read of the whole log begins: inclusive forwards, exclusive backwards and for a subscription. */
export type FromPosition = 'start' | 'end' | bigint;

interface AllRead {
  readonly from: FromPosition;
  readonly backwards?: boolean;
  /** Default: all. */
  readonly limit?: number;
  /** Only streams whose names begin with one of these. */
  readonly prefixes?: readonly string[];
}

const ALL = String(Number.MAX_SAFE_INTEGER);
const BACKWARDS = 1;

export function readAllRequest({ from, backwards = false, limit, prefixes }: AllRead): Streams.ReadReq {
  const options = allOptions(from, prefixes);
  options.setCount(limit === undefined ? ALL : String(limit));
  if (backwards) options.setReadDirection(BACKWARDS as Parameters<typeof options.setReadDirection>[0]);
  return new streams.ReadReq().setOptions(options);
}

/** With prefixes, checkpoints too. */
export function subscriptionRequest(from: FromPosition, prefixes: readonly string[] | undefined): Streams.ReadReq {
  const options = allOptions(from, prefixes);
  options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
  return new streams.ReadReq().setOptions(options);
}

export interface StreamRead {
  readonly stream: string;
  /** Inclusive. */
  readonly from: 'start' | 'end' | number;
  readonly backwards: boolean;
  /** Default: all. */
  readonly limit?: number;
}

export function readStreamRequest({ stream, from, backwards, limit }: StreamRead): Streams.ReadReq {
  const ofStream = new streams.ReadReq.Options.StreamOptions().setStreamIdentifier(streamIdentifier(stream));
  if (from === 'start') ofStream.setStart(new shared.Empty());
  else if (from === 'end') ofStream.setEnd(new shared.Empty());
  else ofStream.setRevision(String(from));
  const options = common().setStream(ofStream).setNoFilter(new shared.Empty());
  options.setCount(limit === undefined ? ALL : String(limit));
  if (backwards) options.setReadDirection(BACKWARDS as Parameters<typeof options.setReadDirection>[0]);
  return new streams.ReadReq().setOptions(options);
}

function common(): Streams.ReadReq.Options {
  const uuids = new streams.ReadReq.Options.UUIDOption().setString(new shared.Empty());
  return new streams.ReadReq.Options().setResolveLinks(false).setUuidOption(uuids);
}

function allOptions(from: FromPosition, prefixes: readonly string[] | undefined): Streams.ReadReq.Options {
  const all = new streams.ReadReq.Options.AllOptions();
  if (from === 'start') all.setStart(new shared.Empty());
  else if (from === 'end') all.setEnd(new shared.Empty());
  else {
    // Facts are never written by the server's old transactions, so commit and prepare are one.
    const place = String(from);
    all.setPosition(new streams.ReadReq.Options.Position().setCommitPosition(place).setPreparePosition(place));
  }
  const options = common().setAll(all);
  if (prefixes === undefined) return options.setNoFilter(new shared.Empty());
  const names = new streams.ReadReq.Options.FilterOptions.Expression().setPrefixList([...prefixes]);
  const filter = new streams.ReadReq.Options.FilterOptions()
    .setStreamIdentifier(names)
    .setCount(new shared.Empty())
    .setCheckpointintervalmultiplier(1);
  return options.setFilter(filter);
}
