import type { FastifyRequest } from 'fastify';
import type { Envelope } from '#event-log/envelope';
import type { EventLog } from '#event-log/port';
import type { Runner, Tables } from '#projections/index';
import type { TokenVerifier } from '../../adapters/oidc/token-verifier.ts';
import type { Clock } from '../../desk/clock.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Visits } from '../../desk/visits.ts';
import type { AnonymousCause } from './principal.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

export const GRAPHQL_DOOR = Symbol('GraphQL door');

/** What the GraphQL door is built from. */
export interface GraphqlDoorOptions {
  readonly desk: Desk;
  readonly visits: Visits;
  readonly tables: Tables;
  readonly runner: Runner;
  readonly verifier: TokenVerifier;
  /** Audience of the access tokens, by realm. */
  readonly audiences: Readonly<Record<'members' | 'staff', string>>;
  readonly clock: Clock;
  /** What subscriptions are fed from. */
  readonly log: EventLog;
  readonly envelope: Envelope;
  /** Origins of pages that may open a WebSocket; programs that name no origin may. */
  readonly origins: readonly string[];
  /** WebSockets that one person may have open; default 20. */
  readonly socketsPerPerson?: number;
  /** How many times as long as usual is waited for what is on its way; default 1. */
  readonly patience?: number;
  /** Milliseconds between two pings of a WebSocket; default 20,000. Who hasn’t answered one by the next is let go. */
  readonly pingMs?: number;
  readonly cursorKey: Uint8Array;
  readonly production: boolean;
  /** Where the product takes one-time codes. */
  readonly enterUrl: string;
  /** The pages’ own operations, where browsers are served no others (GATEBOOK_TRUSTED_DOCUMENTS). */
  readonly trustedDocuments?: TrustedDocuments;
  /** Whether a request's operation may be executed by a plan; default: each. A spec holds the two ways to each other. */
  readonly isPlanned?: (request: FastifyRequest) => boolean;
  /** Hears of every error whose words a caller must not see; the caller is given the trace id to name it by. */
  readonly onError: (error: unknown, traceId: string) => void;
  /** Hears of every call without a person, for a metric: nothing else is kept of it. */
  readonly onRefusedAnonymously?: (cause: AnonymousCause) => void;
}
