import { EventStoreDBClient } from '@eventstore/db-client';

import { LogUnavailable } from '../port.ts';

/** What a connection string may set; anything else is a mistake, or would break a promise of the log. */
const KNOWN = new Set(
  [
    ...['tls', 'tlsVerifyCert', 'tlsCAFile', 'userCertFile', 'userKeyFile', 'connectionName', 'nodePreference'],
    ...['maxDiscoverAttempts', 'discoveryInterval', 'gossipTimeout', 'keepAliveInterval', 'keepAliveTimeout'],
    ...['defaultDeadline', 'throwOnAppendFailure'],
  ].map((option) => option.toLowerCase()),
);

/** The one value that an option may have, and why. */
const ONLY: Readonly<Record<string, readonly [value: string, why: string]>> = {
  nodepreference: ['leader', 'nothing is decided on what a follower has not heard yet'],
  tlsverifycert: ['true', 'else any server can pass for it'],
  throwonappendfailure: ['true', 'a refused append must not look like one that was stored'],
};

/**
 * A client for a connection string, which looks for the leader of a cluster.
 * @throws {LogUnavailable} the string can't be used; the sentence shows nothing of its secrets.
 */
export function clientFor(connectionString: string): EventStoreDBClient {
  const given = connectionString.trim().replace(/\/+$/, '');
  // A password may hold a question mark.
  const questionMark = given.indexOf('?', given.lastIndexOf('@') + 1);
  const options = questionMark < 0 ? '' : given.slice(questionMark + 1);
  const seen = new Set<string>();
  for (const [name, value] of new URLSearchParams(options)) {
    const option = name.toLowerCase();
    if (!KNOWN.has(option)) throw unusable(`has an option that is not taken here: ${name}`);
    if (seen.has(option)) throw unusable(`says ${name} twice`);
    seen.add(option);
    const [only, why] = ONLY[option] ?? [];
    if (only !== undefined && value.toLowerCase() !== only) throw unusable(`must leave ${name} at "${only}": ${why}`);
  }
  const leader = seen.has('nodepreference') ? '' : `${questionMark < 0 ? '?' : '&'}nodePreference=leader`;
  try {
    return EventStoreDBClient.connectionString(given + leader);
  } catch (error) {
    // The client's own words repeat the string, and with it the password.
    const isFile = /certificate|userCertFile/.test(String((error as { message?: unknown }).message));
    throw unusable(isFile ? 'names a certificate file that can’t be read' : 'can’t be read');
  }
}

const unusable = (what: string) => new LogUnavailable(`The connection string of EventStoreDB ${what}.`);
