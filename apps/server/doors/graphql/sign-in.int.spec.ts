import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AUDIENCE, playDoor, type PlayedDoor } from './testing/played-door.ts';

const VIEWER = '{ viewer { name } }';

describe('Signing in at the GraphQL door', () => {
  let door: PlayedDoor;
  beforeAll(async () => {
    door = await playDoor();
  });
  afterAll(async () => {
    expect(door.faults).toEqual([]);
    await door.close();
  });
  beforeEach(() => {
    door.refusals.length = 0;
  });

  const call = (authorization: string | undefined, query = VIEWER) =>
    door.post(JSON.stringify({ query }), {
      'content-type': 'application/json',
      ...(authorization !== undefined && { authorization }),
    });

  it('is asked of everybody before the document is looked at: status 401, nothing of the schema, one count (T41)', async () => {
    for (const query of [VIEWER, '{ nothing }', '{ viewer {', '{ __schema { queryType { name } } }']) {
      const answer = await call(undefined, query);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.body).toEqual({
        errors: [
          {
            message: 'Sign in first: the access token is missing or not valid.',
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      });
    }
    expect(door.refusals).toEqual(Array(4).fill('missing'));
  });

  it.each([
    ['of another scheme', async () => `Basic ${await door.token('owner')}`, 'missing'],
    ['that is no token', async () => 'Bearer nonsense', 'malformed'],
    [
      'that has expired',
      async () => `Bearer ${await door.token('owner', { issuedAt: door.now - 3_600_000 })}`,
      'expired',
    ],
    ['for another audience', async () => `Bearer ${await door.token('owner', { audience: 'fernway' })}`, 'audience'],
    [
      'of a visit: who acts for another decides nothing (T10, T19)',
      async () => `Bearer ${await door.token('owner', { claims: { act: { sub: 'sam' } } })}`,
      'acts-for-another',
    ],
    ['that is an ID token', async () => `Bearer ${await door.token('owner', { header: { typ: 'JWT' } })}`, 'type'],
    [
      'with its signature cut off',
      async () => `Bearer ${(await door.token('owner')).replace(/[^.]+$/, '')}`,
      undefined,
    ],
  ])('is refused with a token %s', async (_, authorization, cause) => {
    const answer = await call(await authorization());
    expect(answer.status).toBe(401);
    expect(answer.body.errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'UNAUTHENTICATED' }]);
    if (cause !== undefined) expect(door.refusals).toEqual([cause]);
    expect(door.refusals).toHaveLength(1);
  });

  it('takes members’ tokens and staff’s, each of its own issuer', async () => {
    expect((await call(`Bearer ${await door.token('owner')}`)).body.data).toEqual({
      viewer: { name: 'Owner Example' },
    });
    expect((await call(`bearer ${await door.token('sam')}`)).body.data).toEqual({ viewer: { name: 'Sam Example' } });
    const forged = await door.issuers.staff.accessToken(
      { sub: 'owner' },
      { audience: AUDIENCE, claims: { iss: door.issuers.members.issuer } },
    );
    expect((await call(`Bearer ${forged}`)).status).toBe(401);
  });
});
