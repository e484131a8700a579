import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { playDoor, type PlayedDoor } from './testing/played-door.ts';

/** Stands for the door's address, which is known only once it is open. */
const PLACE = 'http://door.test/graphql';

/**
 * What we do otherwise on purpose. A proxy or an alarm that looks at statuses alone would take a refused document that
 * comes with 200 for a success: it gets 400 in both media types. A form is what another origin's page can send (T41).
 */
const OTHERWISE: Readonly<Record<string, string>> = {
  'SHOULD use 200 status code on document parsing failure when accepting application/json': 'warn',
  'SHOULD use 200 status code on document validation failure when accepting application/json': 'warn',
  'SHOULD use a status code of 200 on variable coercion failure when accepting application/json': 'warn',
  'MAY accept application/x-www-form-urlencoded formatted GET requests': 'notice',
};

describe('GraphQL over HTTP (graphql-http’s audits of a server)', () => {
  let door: PlayedDoor;
  let authorization: string;
  beforeAll(async () => {
    door = await playDoor();
    authorization = `Bearer ${await door.token('owner')}`;
  });
  afterAll(async () => {
    expect(door.faults).toEqual([]);
    await door.close();
  });

  const audits = serverAudits({
    url: PLACE,
    fetchFn: (address: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', authorization);
      // Reading by GET takes a header that no form can send (threat T41).
      if (init.method === 'GET') headers.set('apollo-require-preflight', 'true');
      return fetch(address.replace(PLACE, door.url), { ...init, headers });
    },
  });

  it('are as many as they were when this was written, at least', () => {
    expect(audits.length).toBeGreaterThanOrEqual(60);
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (name, audit) => {
    const { status, ...found } = await audit.fn();
    expect({ status, said: 'reason' in found ? found.reason : '' }).toMatchObject({ status: OTHERWISE[name] ?? 'ok' });
  });
});
