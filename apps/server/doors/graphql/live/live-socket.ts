import { execute, type ExecutionResult } from 'graphql';
import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Principal } from '../principal.ts';
import type { Operation } from './documents.ts';
import { ENDED, SubscriptionEndCause } from './live.types.ts';
import { Outlet, type LiveEvent } from './outlet.ts';

/** Close codes: 4401 is final to clients; after 1001, 1012 and 1013 they come again. */
export const CLOSE = {
  UNAUTHORIZED: [4401, 'Unauthorized'],
  TOO_MANY: [4429, 'Too many connections'],
  TOO_FAST: [4429, 'Too many messages'],
  GOING_AWAY: [1001, 'Going away'],
  LOG_REPLACED: [1012, 'Log replaced'],
  TRY_AGAIN: [1013, 'Try again'],
  FELL_BEHIND: [1013, 'Fell behind'],
} as const;
export type Close = (typeof CLOSE)[keyof typeof CLOSE];

/** Bytes that wait for a reader before the next event waits too; beyond the second, not even answers are kept for it. */
const UNREAD_BYTES = 64 * 1024;
const UNREAD_BYTES_MAX = 1024 * 1024;
const EVENTS_MAX = 1000;

export interface SocketCounts {
  deliveries: number;
  slowCut: number;
}

export interface SocketParts {
  readonly now: () => number;
  readonly counts: SocketCounts;
  /** Has the socket cut, in its turn. */
  readonly cut: (socket: LiveSocket, cause: SubscriptionEndCause, close: Close) => void;
}

const rendered = new WeakMap<LiveEvent, Map<string, ExecutionResult | Promise<ExecutionResult>>>();

/**
 * An event as a subscription asked for it. All who ask the same share one answer, so the execution knows of no person:
 * a field that looks at one would find none.
 */
export function render({ args, field, key }: Operation, event: LiveEvent): ExecutionResult | Promise<ExecutionResult> {
  let answers = rendered.get(event);
  if (!answers) rendered.set(event, (answers = new Map()));
  let answer = answers.get(key);
  if (!answer) {
    answer = execute({ ...args, rootValue: { [field]: event }, contextValue: {} });
    answers.set(key, answer);
  }
  return answer;
}

const lastPayloads = new WeakMap<ExecutionResult, string>();

/** What {@link render} gives, as text that is made once for all who are told the same. */
function lastPayload(operation: Operation, event: LiveEvent): string | Promise<string> {
  const result = render(operation, event);
  return result instanceof Promise ? result.then(textOf) : textOf(result);
}

function textOf(result: ExecutionResult): string {
  let text = lastPayloads.get(result);
  if (text === undefined) lastPayloads.set(result, (text = JSON.stringify({ data: result.data })));
  return text;
}

/** One subscription of a socket: what its resolver is given as context. */
export interface LiveContext {
  readonly principal: Principal;
  readonly subscription: LiveSubscription;
}

export class LiveSubscription {
  readonly id: string;
  readonly operation: Operation;
  readonly socket: LiveSocket;
  #outlet: Outlet | undefined;
  #holds: () => boolean = () => true;

  constructor(id: string, operation: Operation, socket: LiveSocket) {
    this.id = id;
    this.operation = operation;
    this.socket = socket;
  }

  /** Where its events go in. `holds`: whether the right stands, asked at each delivery. */
  open(holds: () => boolean, onLeft: () => void): Outlet {
    this.#holds = holds;
    this.#outlet = new Outlet({
      most: EVENTS_MAX,
      mayStill: () => this.socket.isOpen && !this.socket.tokenEnded && holds(),
      onLost: () => this.recheck(),
      onTooSlow: () => this.socket.fellBehind(),
      onLeft,
    });
    return this.#outlet;
  }

  /** Has the socket cut where the right is gone. */
  recheck(): void {
    if (this.socket.isOpen && !this.socket.recheckToken() && !this.#holds())
      this.socket.cut(SubscriptionEndCause.RIGHT_ENDED, CLOSE.UNAUTHORIZED);
  }

  close(): void {
    this.#outlet?.close();
  }
}

/** One WebSocket of a person, with its subscriptions. */
export class LiveSocket {
  readonly ws: WebSocket;
  readonly subscriptions = new Map<string, LiveSubscription>();
  /** Of the request that it began with. */
  readonly headers: IncomingHttpHeaders;
  readonly #raw: Duplex;
  readonly #parts: SocketParts;
  #principal: Principal | undefined;
  #lastEvents = new Map<LiveSubscription, LiveEvent>();
  #cutting: SubscriptionEndCause | undefined;
  #drained: (() => void)[] = [];
  /** Answered the last ping. */
  isAlive = true;
  closedAt: number | undefined;
  messages = 0;

  constructor(ws: WebSocket, raw: Duplex, headers: IncomingHttpHeaders, parts: SocketParts) {
    this.ws = ws;
    this.headers = headers;
    this.#raw = raw;
    this.#parts = parts;
    raw.on('drain', () => this.#wake());
    ws.on('close', () => this.#wake());
  }

  get principal(): Principal | undefined {
    return this.#principal;
  }

  signIn(principal: Principal): void {
    this.#principal = principal;
  }

  /** Whether anything may still be told. */
  get isOpen(): boolean {
    return this.#cutting === undefined && this.ws.readyState === this.ws.OPEN;
  }

  get tokenEnded(): boolean {
    return this.#principal !== undefined && this.#parts.now() >= this.#principal.expiresAt;
  }

  /** Has it cut where the token is over, and says so. */
  recheckToken(): boolean {
    if (this.isOpen && this.tokenEnded) this.cut(SubscriptionEndCause.TOKEN_ENDED, CLOSE.UNAUTHORIZED);
    return this.tokenEnded;
  }

  fellBehind(): void {
    if (!this.isOpen) return;
    this.#parts.counts.slowCut++;
    this.cut(SubscriptionEndCause.TOO_SLOW, CLOSE.FELL_BEHIND);
  }

  /** From now on nothing is told but why it ends. `last`: what one subscription is told instead of that. */
  cut(cause: SubscriptionEndCause, close: Close, last?: readonly [LiveSubscription, LiveEvent]): void {
    if (last) this.#lastEvents.set(...last);
    if (!this.isOpen) return;
    this.#cutting = cause;
    this.#wake();
    this.#parts.cut(this, cause, close);
  }

  /** The last events, `complete` for each, and the close, in one packet. */
  finish(cause: SubscriptionEndCause, close: Close): void | Promise<void> {
    const all = [...this.subscriptions.values()];
    const payloads = all.map((each) => lastPayload(each.operation, this.#lastEvents.get(each) ?? ENDED[cause]));
    if (payloads.every((payload) => typeof payload === 'string')) return this.#last(all, payloads, close);
    return Promise.all(payloads.map(async (payload) => payload)).then((texts) => this.#last(all, texts, close));
  }

  #last(subscriptions: readonly LiveSubscription[], payloads: readonly string[], [code, reason]: Close): void {
    this.#raw.cork();
    for (const [at, subscription] of subscriptions.entries()) {
      const id = JSON.stringify(subscription.id);
      this.ws.send(`{"id":${id},"type":"next","payload":${payloads[at]!}}`);
      this.ws.send(`{"id":${id},"type":"complete"}`);
      this.#parts.counts.deliveries++;
    }
    this.close(code, reason);
    this.#raw.uncork();
  }

  close(code: number, reason: string): void {
    this.closedAt ??= performance.now();
    this.ws.close(code, reason);
  }

  /** Sends, and resolves when the reader has taken enough for more. Nothing goes out any more once it is being cut. */
  send(data: string): Promise<void> | undefined {
    if (!this.isOpen) return undefined;
    this.ws.send(data);
    const unread = this.ws.bufferedAmount;
    if (unread > UNREAD_BYTES_MAX) {
      this.#parts.counts.slowCut++;
      this.ws.terminate();
    }
    if (unread < UNREAD_BYTES) return undefined;
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}
