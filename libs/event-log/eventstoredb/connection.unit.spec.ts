import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { LogUnavailable } from '../port.ts';
import { clientFor } from './connection.ts';

describe('A connection string of EventStoreDB', () => {
  let said: jest.SpiedFunction<typeof console.warn>;
  beforeEach(() => {
    said = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => said.mockRestore());

  it.each([
    ['one node', 'esdb://127.0.0.1:2113?tls=false'],
    ['a cluster by name', 'esdb+discover://gatebook:secret@log.internal:2113'],
    [
      'a cluster by its nodes',
      'esdb://gatebook:secret@a:2113,b:2113,c:2113?nodePreference=leader&maxDiscoverAttempts=3',
    ],
    ['a password with a question mark', 'esdb://gatebook:what?%21@a:2113?keepAliveInterval=10000'],
    ['a slash at its end', 'esdb://127.0.0.1:2113/'],
  ])('is taken for %s', (_, connectionString) => {
    clientFor(connectionString);
    expect(said).not.toHaveBeenCalled();
  });

  it.each([
    ['an option that nobody knows', 'esdb://u:s3cret@a?tsl=false', 'has an option that is not taken here: tsl'],
    ['an option twice', 'esdb://u:s3cret@a?tls=true&TLS=false', 'says TLS twice'],
    [
      'any certificate',
      'esdb://u:s3cret@a?tlsVerifyCert=false',
      'must leave tlsVerifyCert at "true": else any server can pass for it',
    ],
    [
      'reads from a follower',
      'esdb+discover://u:s3cret@a?nodePreference=follower',
      'must leave nodePreference at "leader": nothing is decided on what a follower has not heard yet',
    ],
    [
      'appends that fail silently',
      'esdb://u:s3cret@a?throwOnAppendFailure=false',
      'must leave throwOnAppendFailure at "true": a refused append must not look like one that was stored',
    ],
    ['another protocol', 'http://u:s3cret@a', 'can’t be read'],
    ['a port that is no number', 'esdb://u:s3cret@a:port', 'can’t be read'],
    [
      'a certificate that isn’t there',
      'esdb://u:s3cret@a?tlsCAFile=/nowhere',
      'names a certificate file that can’t be read',
    ],
  ])('is refused with %s, in a sentence without a secret, and nothing printed', (_, connectionString, what) => {
    const refused = () => clientFor(connectionString);
    expect(refused).toThrow(LogUnavailable);
    expect(refused).toThrow(`The connection string of EventStoreDB ${what}.`);
    expect(refused).not.toThrow(/s3cret/);
    expect(said).not.toHaveBeenCalled();
  });
});
