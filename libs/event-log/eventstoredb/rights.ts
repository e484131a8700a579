import { BACKWARDS, END, type EventStoreDBClient } from '@eventstore/db-client';

/** Users that an EventStoreDB comes with, and the password that it gives them where nobody chose another. */
export const BUILT_IN_USERS = ['admin', 'ops'] as const;
export const DEFAULT_PASSWORD = 'changeit';

export const ADMINS = '$admins';

/** A stream that never is: what may be done is tried on it with an expectation that can't be met. */
export const PROBED_STREAM = 'gatebook-audit';
const IMPOSSIBLE_REVISION = 1_000_000_000n;

/** How a server took a call that had no effect: the caller may do it, may not, or is nobody it knows. */
export type Taken = 'allowed' | 'refused' | 'unknown caller';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const UNAUTHENTICATED = 16;
const PERMISSION_DENIED = 7;

/** @throws what the call threw, where it says nothing about rights. */
async function taken(call: Promise<unknown>): Promise<Taken> {
  try {
    await call;
    return 'allowed';
  } catch (error) {
    const { type, code } = error as { readonly type?: unknown; readonly code?: unknown };
    if (type === 'wrong-expected-version') return 'allowed';
    if (code === UNAUTHENTICATED) return 'unknown caller';
    if (type === 'access-denied' || code === PERMISSION_DENIED) return 'refused';
    throw error;
  }
}

/** Reads the newest event of the whole log. */
export const mayReadAll = (client: EventStoreDBClient, credentials?: Credentials) =>
  taken(
    (async () => {
      const read = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1, credentials });
      for await (const _ of read) break;
    })(),
  );

export const mayAppend = (client: EventStoreDBClient) =>
  taken(client.appendToStream(PROBED_STREAM, PROBE, { expectedRevision: IMPOSSIBLE_REVISION }));

export const maySetMetadata = (client: EventStoreDBClient) =>
  taken(client.setStreamMetadata(PROBED_STREAM, {}, { expectedRevision: IMPOSSIBLE_REVISION }));

export const mayDelete = (client: EventStoreDBClient) =>
  taken(client.deleteStream(PROBED_STREAM, { expectedRevision: IMPOSSIBLE_REVISION }));

const PROBE = {
  id: '00000000-0000-4000-8000-000000000000',
  contentType: 'application/json',
  type: 'Probed',
  data: {},
  metadata: {},
} as const;
