import { EventStoreDBClient } from '@eventstore/db-client';

import { LogUnavailable } from '../port.ts';

/** What a connection string may set; anything else is a mistake, or would break a promise of the log. */
const KNOWN = new Set(
  [
    ...['tls', 'tlsVerifyCert', 'tlsCAFile', 'userCertFile', 'userKeyFile', 'connectionName', 'nodePreference'],
    ...['maxDiscoverAttempts', 'discoveryInterval', 'gossipTimeout', 'keepAliveInterval', 'keepAliveTimeout'],
  ].map((option) => option.toLowerCase()),
);

/**
 * A client for a connection string. Reads go to the leader, so that nothing is decided on what a follower has not heard.
 * @throws {LogUnavailable} the string can't be used; the sentence shows nothing of it.
 */
export function clientFor(connectionString: string): EventStoreDBClient {
  const [, options = ''] = connectionString.split('?');
  for (const [name, value] of new URLSearchParams(options)) {
    if (!KNOWN.has(name.toLowerCase())) {
      throw new LogUnavailable(`The connection string of EventStoreDB has an option that is not taken here: ${name}.`);
    }
    if (name.toLowerCase() === 'nodepreference' && value.toLowerCase() !== 'leader') {
      throw new LogUnavailable('The connection string of EventStoreDB must leave nodePreference at "leader".');
    }
  }
  try {
    return EventStoreDBClient.connectionString`${connectionString}`;
  } catch {
    // The client's own words repeat the string, and with it the password.
    throw new LogUnavailable('The connection string of EventStoreDB can’t be read.');
  }
}
