import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { createSourceEventStream, GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { handleProtocols, makeServer, type Server } from 'graphql-ws';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { NotNow } from '../../../desk/not-now.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { principalOf } from '../principal.ts';
import { errorSpeaker } from '../spoken.ts';
import { refuseUntrusted } from '../trusted-documents.ts';
import { Closings } from './closings.ts';
import { Documents, type Operation } from './documents.ts';
import { Feeds } from './feeds.ts';
import { SubscriptionEndCause } from './live.types.ts';
import { CLOSE, LiveSocket, LiveSubscription, render, type Close, type LiveContext } from './live-socket.ts';
import { LogFollowing, type Listener } from './log-following.ts';
import { RequestNews } from './request-news.ts';
import { Slices } from './slices.ts';

export const LIVE_PATH = '/graphql';
export const SOCKETS_PER_PERSON = 20;
export const SUBSCRIPTIONS_PER_SOCKET = 20;
const SOCKETS_MAX = 20_000;
/** What comes in: a token, a document of at most so many tokens, some variables. */
const MESSAGE_BYTES = 64 * 1024;
const MESSAGES_PER_SECOND = 50;
const SIGN_IN_MS = 3000;
const SWEEP_MS = 1000;
/** Between two pings: who hasn't answered one by the next is gone. */
const PING_MS = 20_000;
/** How long a close may take before it is made. */
const CLOSING_MS = 2000;

interface Extra {
  readonly socket: LiveSocket;
}

/**
 * Subscriptions over WebSockets, by graphql-ws's protocol (graphql.md, "The WebSocket door is a second API"): who calls
 * is known before anything is answered, nothing but subscriptions is let through, the right is asked at each delivery,
 * and when it ends the socket is cut: a last event, `complete`, then 4401.
 */
@Injectable()
export class LiveDoor implements OnApplicationBootstrap, OnModuleDestroy {
  readonly feeds: Feeds;
  readonly following: LogFollowing;
  readonly requests: RequestNews;
  readonly counts = { deliveries: 0, slowCut: 0, silentCut: 0 };
  readonly #door: GraphqlDoorOptions;
  readonly #schemaHost: GraphQLSchemaHost;
  readonly #http: HttpServer;
  readonly #slices: Slices;
  readonly #closings: Closings;
  readonly #sockets = new Set<LiveSocket>();
  readonly #perPerson = new Map<string, number>();
  readonly #operations = new WeakMap<ExecutionArgs, Operation>();
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES,
    handleProtocols,
  });
  readonly #onUpgrade = (request: IncomingMessage, raw: Duplex, head: Buffer): void =>
    this.#upgrade(request, raw, head);
  readonly #speak;
  #documents!: Documents;
  #server!: Server<Extra>;
  #sweeping: NodeJS.Timeout | undefined;
  #pinging: NodeJS.Timeout | undefined;
  #leaveOutside: Promise<() => void> | undefined;
  #stopping = false;

  constructor(
    @Inject(GRAPHQL_DOOR) door: GraphqlDoorOptions,
    schemaHost: GraphQLSchemaHost,
    http: HttpAdapterHost<FastifyAdapter>,
  ) {
    const onError = (error: unknown) => door.onError(error, '');
    const { log, envelope, desk, tables, clock, patience } = door;
    this.#door = door;
    this.#schemaHost = schemaHost;
    this.#http = http.httpAdapter.getHttpServer() as HttpServer;
    this.#speak = errorSpeaker(door);
    this.#slices = new Slices(onError);
    this.#closings = new Closings(this.#slices);
    this.following = new LogFollowing(log, onError);
    this.requests = new RequestNews(door);
    const { following, requests } = this;
    this.feeds = new Feeds({ log, envelope, desk, tables, clock, following, requests, patience, onError });
  }

  /** Open now. */
  get sockets(): number {
    return this.#sockets.size;
  }

  /** Open now, of all sockets together. */
  get subscriptions(): number {
    let count = 0;
    for (const { subscriptions } of this.#sockets) count += subscriptions.size;
    return count;
  }

  onApplicationBootstrap(): void {
    const { schema } = this.#schemaHost;
    this.#documents = new Documents(schema, { introspection: !this.#door.production });
    this.#server = makeServer<Record<string, unknown>, Extra>({
      connectionInitWaitTimeout: SIGN_IN_MS * (this.#door.patience ?? 1),
      onConnect: ({ connectionParams, extra: { socket } }) => this.#signIn(socket, connectionParams),
      onSubscribe: ({ extra: { socket } }, id, payload) => {
        const operation = this.#operationFrom(socket, payload);
        if (!('args' in operation)) return operation;
        const subscription = new LiveSubscription(id, operation, socket);
        socket.subscriptions.set(id, subscription);
        const contextValue: LiveContext = { principal: socket.principal!, subscription };
        const args = { ...operation.args, contextValue };
        this.#operations.set(args, operation);
        return args;
      },
      subscribe: (args) => this.#subscribe(args),
      onNext: (_context, _id, _payload, _args, { data, errors }) => {
        this.counts.deliveries++;
        return errors && { ...(data !== undefined && { data }), errors: this.#spoken(errors) as GraphQLError[] };
      },
      onError: (_context, _id, _payload, errors) => this.#spoken(errors as readonly GraphQLError[]),
      onComplete: ({ extra: { socket } }, id) => void socket.subscriptions.delete(id),
    });
    this.#http.on('upgrade', this.#onUpgrade);
    this.#sweeping = setInterval(() => this.#sweep(), SWEEP_MS).unref();
    this.#pinging = setInterval(() => this.#ping(), this.#door.pingMs ?? PING_MS).unref();
  }

  /** Every page is told to come again (1001), and nobody is waited for. Apollo waits for open connections: before it. */
  async onModuleDestroy(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#sweeping);
    clearInterval(this.#pinging);
    this.#http.off('upgrade', this.#onUpgrade);
    const open = [...this.#sockets];
    for (const socket of open) this.#closings.add(socket.ws, () => socket.close(...CLOSE.GOING_AWAY));
    await this.#slices.idle();
    const deadline = performance.now() + CLOSING_MS / 2;
    while (this.#sockets.size > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    for (const socket of this.#sockets) this.#slices.add(() => socket.ws.terminate());
    await this.#slices.idle();
    await this.#leaveOutside?.then((leave) => leave()).catch(() => undefined);
    await this.following.stop();
  }

  #upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void {
    raw.on('error', () => raw.destroy());
    const { origin } = request.headers;
    const [path, query] = (request.url ?? '').split('?', 2);
    if (path !== LIVE_PATH) return refuse(raw, '404 Not Found');
    // A token in an address would end in logs; nothing else could be meant by a query.
    if (query !== undefined) return refuse(raw, '400 Bad Request');
    // Browsers name the page's origin: another site's page can't use what is open here (threat T43).
    if (origin !== undefined && !this.#door.origins.includes(origin)) return refuse(raw, '403 Forbidden');
    if (this.#stopping || this.#sockets.size >= SOCKETS_MAX) return refuse(raw, '503 Service Unavailable');
    this.#webSockets.handleUpgrade(request, raw, head, (ws) => this.#opened(ws, raw, request));
  }

  #opened(ws: WebSocket, raw: Duplex, { headers }: IncomingMessage): void {
    const socket = new LiveSocket(ws, raw, headers, {
      now: () => this.#door.clock.now(),
      counts: this.counts,
      cut: (cut, cause, close) => this.#closings.add(ws, () => cut.finish(cause, close)),
    });
    this.#sockets.add(socket);
    const closed = this.#server.opened(
      {
        protocol: ws.protocol,
        send: (data) => socket.send(data),
        close: (code, reason) => socket.close(code ?? 1000, reason ?? ''),
        onMessage: (read) =>
          ws.on('message', (data) => {
            if (++socket.messages > MESSAGES_PER_SECOND) return socket.close(...CLOSE.TOO_FAST);
            read(String(data)).catch((error: unknown) => {
              this.#door.onError(error, '');
              socket.close(...CLOSE.TRY_AGAIN);
            });
          }),
      },
      { socket },
    );
    ws.on('pong', () => (socket.isAlive = true));
    ws.on('error', () => ws.terminate());
    ws.once('close', (code, reason) => {
      this.#sockets.delete(socket);
      if (socket.principal) this.#countPerson(socket, -1);
      // Behind the others that are being closed: nothing is told here any more, and they come first.
      this.#slices.add(() => {
        for (const subscription of socket.subscriptions.values()) subscription.close();
        socket.subscriptions.clear();
        void Promise.resolve(closed(code, String(reason))).catch((error: unknown) => this.#door.onError(error, ''));
      });
    });
  }

  /** Who isn't signed in learns nothing: the socket is closed without an answer. */
  async #signIn(socket: LiveSocket, parameters: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const authorization = parameters?.['authorization'];
    try {
      const text = typeof authorization === 'string' ? authorization : undefined;
      socket.signIn(await principalOf(text, this.#door));
    } catch (error) {
      const away = error instanceof GraphQLError && error.extensions['code'] === 'TRY_AGAIN';
      if (!(error instanceof GraphQLError)) this.#door.onError(error, '');
      const [code, reason] = away ? CLOSE.TRY_AGAIN : CLOSE.UNAUTHORIZED;
      socket.close(code, reason);
      return false;
    }
    if (!socket.isOpen || this.#countPerson(socket, 1) > (this.#door.socketsPerPerson ?? SOCKETS_PER_PERSON)) {
      socket.close(...CLOSE.TOO_MANY);
      return false;
    }
    if (socket.recheckToken()) return false;
    await this.#listenOutside();
    return true;
  }

  #countPerson({ principal }: LiveSocket, change: 1 | -1): number {
    const key = JSON.stringify([principal?.person.issuer, principal?.person.subject]);
    const count = (this.#perPerson.get(key) ?? 0) + change;
    if (count > 0) this.#perPerson.set(key, count);
    else this.#perPerson.delete(key);
    return count;
  }

  #operationFrom(socket: LiveSocket, payload: object): Operation | readonly GraphQLError[] {
    if (socket.subscriptions.size >= SUBSCRIPTIONS_PER_SOCKET) {
      const message = `A connection has ${SUBSCRIPTIONS_PER_SOCKET} subscriptions at most.`;
      return [new GraphQLError(message, { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } })];
    }
    try {
      refuseUntrusted({ headers: socket.headers, body: payload }, this.#door.trustedDocuments);
    } catch (error) {
      return [error as GraphQLError];
    }
    return this.#documents.check(payload as Parameters<Documents['check']>[0]);
  }

  async #subscribe(args: ExecutionArgs): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    const operation = this.#operations.get(args);
    const { subscription } = args.contextValue as LiveContext;
    const { socket } = subscription;
    if (!operation || !socket.isOpen) return { errors: [new GraphQLError('The connection is closing.')] };
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    const events = source[Symbol.asyncIterator]();
    const answers: AsyncIterableIterator<ExecutionResult> = {
      async next() {
        const result = await events.next();
        if (result.done === true) return result;
        return { done: false, value: await render(operation, result.value as object) };
      },
      async return() {
        subscription.close();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => answers,
    };
    return answers;
  }

  #spoken(errors: readonly GraphQLError[]) {
    return errors.map((error) => {
      const notNow = error.originalError instanceof NotNow;
      const { message, extensions, ...same } = error.toJSON();
      const said = notNow
        ? { message: 'That can’t be told right now. Try again.', extensions: { code: 'TRY_AGAIN' } }
        : { message, extensions };
      return this.#speak({ ...same, ...said }, error);
    });
  }

  /** Staff members' roles and the policy, which rights of staff depend on, are listened to while anybody is here. */
  #listenOutside(): Promise<unknown> {
    const { envelope, desk } = this.#door;
    const listener: Listener = {
      hear: (recorded) => {
        try {
          // The desk follows these too; whichever comes first, the right is asked of a state that holds the fact.
          desk.outside.fold(envelope.decode(recorded));
        } catch {
          // What can't be read closes the state as soon as the desk hears of it; the sweep asks again.
        }
        for (const socket of this.#sockets) if (socket.principal?.realm === 'staff') this.#recheck(socket);
        for (const hear of [...this.#outsideHearers]) hear();
      },
      lost: () => this.#cutAll(SubscriptionEndCause.LOG_REPLACED, CLOSE.LOG_REPLACED),
    };
    this.#leaveOutside ??= this.following.listenOutside(listener).then(
      ({ leave }) => leave,
      (error: unknown) => {
        this.#leaveOutside = undefined;
        throw error;
      },
    );
    return this.#leaveOutside;
  }

  readonly #outsideHearers = new Set<() => void>();

  /** Calls back when a staff member's state or the installation's may have changed. */
  whenOutsideChanges(hear: () => void): () => void {
    this.#outsideHearers.add(hear);
    return () => this.#outsideHearers.delete(hear);
  }

  #recheck(socket: LiveSocket): void {
    for (const subscription of socket.subscriptions.values()) subscription.recheck();
  }

  #cutAll(cause: SubscriptionEndCause, close: Close): void {
    for (const socket of this.#sockets) socket.cut(cause, close);
  }

  #sweep(): void {
    for (const socket of this.#sockets) {
      socket.messages = 0;
      if (socket.closedAt !== undefined) {
        if (performance.now() - socket.closedAt > CLOSING_MS) this.#slices.add(() => socket.ws.terminate());
        continue;
      }
      if (socket.recheckToken()) continue;
      // Of members the feeds tell; a staff member's state may have been heard of first by the desk.
      if (socket.principal?.realm === 'staff') this.#recheck(socket);
    }
    if (this.#sockets.size > 0 || !this.#leaveOutside) return;
    void this.#leaveOutside.then((leave) => leave()).catch(() => undefined);
    this.#leaveOutside = undefined;
  }

  /** Lets go who is gone without a word: a closed laptop, a network that was left. */
  #ping(): void {
    for (const socket of this.#sockets) {
      if (socket.closedAt !== undefined) continue;
      this.#slices.add(() => {
        if (!socket.isAlive) {
          this.counts.silentCut++;
          return socket.ws.terminate();
        }
        socket.isAlive = false;
        socket.ws.ping();
      });
    }
  }
}

function refuse(raw: Duplex, status: string): void {
  raw.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\ncache-control: no-store\r\n\r\n`);
}
