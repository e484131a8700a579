import { jsonEvent, type EventStoreDBClient } from '@eventstore/db-client';

import { LogUnavailable } from '../port.ts';
import { disposed } from './calls.ts';
import { clientFor } from './connection.ts';
import { sentenceFor } from './errors.ts';
import { ADMINS, BUILT_IN_USERS, mayReadAll } from './rights.ts';
import { within } from './silence.ts';
import { usersOf } from './users.ts';

export interface BootstrapOptions {
  /** Of somebody in `$admins`, over TLS: without it the server knows no users. */
  readonly adminConnectionString: string;
  /** The service's own user: made where it isn't there, given this password where it is. */
  readonly user: { readonly name: string; readonly password: string };
}

const SETTINGS_STREAM = '$settings';
const WHOLE_LOG = '$all';
const STEP_MS = 10_000;
const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Gives the service a user of its own, with the least rights: to read and append to user streams, to read their
 * metadata, and to read the whole log. It can neither delete nor set metadata, nor touch the server's own streams.
 * Running it again changes nothing. What is said of other users' rights on user streams is replaced.
 * @returns what was done, a sentence a step.
 * @throws {LogUnavailable} a step failed; what was done before it stays, and running it again goes on.
 * @throws {RangeError} name or password can't be used.
 */
export async function bootstrapEventStore({
  adminConnectionString,
  user: { name, password },
}: BootstrapOptions): Promise<readonly string[]> {
  if (!NAME.test(name)) throw new RangeError('The name of a user has 1 to 64 letters, digits, dots, dashes.');
  if (BUILT_IN_USERS.some((builtIn) => builtIn === name.toLowerCase())) {
    throw new RangeError(`"${name}" is a user that EventStoreDB comes with: the service has one of its own.`);
  }
  if (password.length < 12) throw new RangeError('The password of the service has at least 12 characters.');

  const client = clientFor(adminConnectionString);
  const done: string[] = [];
  const step = async (what: string, run: () => Promise<string | undefined>) => {
    try {
      done.push((await within(STEP_MS, run())) ?? `${what}.`);
    } catch (error) {
      throw new LogUnavailable(`"${what}" failed. ${sentenceFor(error)}`, { cause: error });
    }
  };
  try {
    await step(`User "${name}" is there, in no group`, () => ensureUser(client, name, password));
    await step(`User "${name}" may read and append to user streams, and nothing else`, () => setDefaults(client, name));
    await step(`User "${name}" may read the whole log`, () => openWholeLog(client, name));
    return done;
  } finally {
    await disposed(client);
  }
}

async function ensureUser(client: EventStoreDBClient, name: string, password: string): Promise<string | undefined> {
  const users = usersOf(client);
  const details = await users.details(name);
  if (!details) {
    await users.create(name, password);
    return `Made user "${name}", in no group.`;
  }
  const did: string[] = [];
  if (details.groups.length > 0) {
    await users.leaveGroups(name);
    did.push(`took it out of ${details.groups.join(', ')}`);
  }
  if (details.isDisabled) {
    await users.enable(name);
    did.push('enabled it');
  }
  if ((await mayReadAll(client, { username: name, password })) === 'unknown caller') {
    await users.resetPassword(name, password);
    did.push('gave it the new password');
  }
  return `User "${name}" was there${did.length > 0 ? `: ${did.join(', ')}` : ''}.`;
}

/** The defaults for streams without a list of their own. */
async function setDefaults(client: EventStoreDBClient, name: string): Promise<undefined> {
  const both = [ADMINS, name];
  const data = {
    $userStreamAcl: { $r: both, $w: both, $d: ADMINS, $mr: both, $mw: ADMINS },
    $systemStreamAcl: { $r: ADMINS, $w: ADMINS, $d: ADMINS, $mr: ADMINS, $mw: ADMINS },
  };
  if (JSON.stringify(await newestData(client, SETTINGS_STREAM)) === JSON.stringify(data)) return;
  await client.appendToStream(SETTINGS_STREAM, jsonEvent({ type: '$settings', data }));
}

async function openWholeLog(client: EventStoreDBClient, name: string): Promise<undefined> {
  const acl = {
    readRoles: [ADMINS, name],
    writeRoles: [ADMINS],
    deleteRoles: [ADMINS],
    metaReadRoles: [ADMINS],
    metaWriteRoles: [ADMINS],
  };
  const { metadata } = await client.getStreamMetadata(WHOLE_LOG);
  if (JSON.stringify(metadata?.acl) === JSON.stringify(acl)) return;
  await client.setStreamMetadata(WHOLE_LOG, { ...metadata, acl });
}

async function newestData(client: EventStoreDBClient, stream: string): Promise<unknown> {
  try {
    for await (const { event } of client.readStream(stream, {
      direction: 'backwards',
      fromRevision: 'end',
      maxCount: 1,
    })) {
      return event?.data;
    }
  } catch (error) {
    if ((error as { readonly type?: unknown }).type !== 'stream-not-found') throw error;
  }
  return undefined;
}
