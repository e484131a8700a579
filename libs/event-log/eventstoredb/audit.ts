import type { EventStoreDBClient } from '@eventstore/db-client';

import { LogUnavailable } from '../port.ts';
import type { StreamName } from '../port.ts';
import { disposed } from './calls.ts';
import { clientFor } from './connection.ts';
import { sentenceFor } from './errors.ts';
import {
  BUILT_IN_USERS,
  DEFAULT_PASSWORD,
  mayAppend,
  mayDelete,
  mayReadAll,
  maySetMetadata,
  PROBED_STREAM,
} from './rights.ts';
import { within } from './silence.ts';

export interface AuditOptions {
  readonly connectionString: string;
  /** In production every finding is told; else only what would lose facts. */
  readonly production: boolean;
  /** Streams whose metadata is looked at, besides `installation`. */
  readonly streams?: readonly StreamName[];
}

const PROBE_MS = 10_000;
const HINT = '"gatebook doctor --bootstrap" sets the rights.';

/**
 * The audit at the start (threat T47): what is unsafe about this EventStoreDB, a sentence a finding, none of them with a
 * secret. Nothing is changed: what may be done is tried with expectations that can't be met.
 * @throws {LogUnavailable} the server couldn't be asked.
 */
export async function auditEventStore({
  connectionString,
  production,
  streams = [],
}: AuditOptions): Promise<readonly string[]> {
  const findings: string[] = [];
  const asking = async (as: string, ask: (client: EventStoreDBClient) => Promise<unknown>) => {
    const client = clientFor(as);
    try {
      return await within(PROBE_MS, ask(client));
    } catch (error) {
      throw new LogUnavailable(`EventStoreDB could not be audited. ${sentenceFor(error)}`, { cause: error });
    } finally {
      await disposed(client);
    }
  };

  if (production) {
    findings.push(...findingsInString(connectionString));
    const isEncrypted = !turnsTlsOff(connectionString);
    // Without TLS the client sends no credentials, so that nobody can be tried.
    if (isEncrypted) {
      await asking(withoutUser(connectionString), async (client) => findings.push(...(await openDoors(client))));
    }
    await asking(connectionString, async (client) => findings.push(...(await excessRights(client))));
  }
  await asking(connectionString, async (client) => {
    for (const stream of new Set(['installation', ...streams])) findings.push(...(await lossy(client, stream)));
  });
  return findings;
}

function findingsInString(connectionString: string): string[] {
  const findings: string[] = [];
  const user = userOf(connectionString);
  if (turnsTlsOff(connectionString)) findings.push('The connection to EventStoreDB is not encrypted (tls=false).');
  if (user === undefined) {
    findings.push(
      'The connection to EventStoreDB names no user, so that the server can’t tell the service from anybody.',
    );
  } else if (BUILT_IN_USERS.some((builtIn) => builtIn === user)) {
    findings.push(`The service signs in to EventStoreDB as "${user}", not as a user of its own. ${HINT}`);
  }
  return findings;
}

/** What whoever reaches the server finds open. */
async function openDoors(stranger: EventStoreDBClient): Promise<string[]> {
  const findings: string[] = [];
  for (const username of BUILT_IN_USERS) {
    if ((await mayReadAll(stranger, { username, password: DEFAULT_PASSWORD })) !== 'unknown caller') {
      findings.push(`EventStoreDB's user "${username}" has the password that it came with.`);
    }
  }
  if ((await mayReadAll(stranger)) === 'allowed') findings.push('Anybody may read the whole log without signing in.');
  if ((await mayAppend(stranger)) === 'allowed') findings.push('Anybody may append to streams without signing in.');
  return findings;
}

async function excessRights(service: EventStoreDBClient): Promise<string[]> {
  const findings: string[] = [];
  if ((await maySetMetadata(service)) === 'allowed') {
    findings.push(`The service may set metadata of streams, which hides facts (tried on "${PROBED_STREAM}"). ${HINT}`);
  }
  if ((await mayDelete(service)) === 'allowed') {
    findings.push(`The service may delete streams (tried on "${PROBED_STREAM}"). ${HINT}`);
  }
  return findings;
}

/** Metadata that hides facts, and lets a scavenge delete them. */
async function lossy(client: EventStoreDBClient, stream: StreamName): Promise<string[]> {
  const { metadata } = await client.getStreamMetadata(stream, { requiresLeader: true });
  const keys = [
    ['$maxAge', metadata?.maxAge],
    ['$maxCount', metadata?.maxCount],
    ['$tb', metadata?.truncateBefore],
  ] as const;
  return keys
    .filter(([, value]) => value !== undefined)
    .map(([key]) => `Stream "${stream}" has the metadata ${key}: EventStoreDB hides its facts and may delete them.`);
}

const USER = /^(\s*esdb(?:\+discover)?:\/\/)([^:@/?]+):[^@]*@/;

const userOf = (connectionString: string): string | undefined => {
  const [, , user] = USER.exec(connectionString) ?? [];
  return user === undefined ? undefined : decodeURIComponent(user);
};

const withoutUser = (connectionString: string) => connectionString.replace(USER, '$1');

const turnsTlsOff = (connectionString: string) => /[?&]tls=false(&|$)/i.test(connectionString);
