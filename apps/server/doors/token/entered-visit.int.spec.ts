import {
  INTROSPECT_PATH,
  PRESENCE_PATH,
  REVOKE_PATH,
  TOKEN_TYPE_ACCESS,
  TOKEN_TYPE_ID,
  VISIT_HEADER,
} from '@gatebook/protocol';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VisitTokens } from '#server/adapters/keys/visit-tokens';
import { InProcess, PRODUCT, type HttpAnswer, type Inside } from '#server/testing/in-process';

const failed = ({ status, body }: HttpAnswer) => ({ status, error: body.error, why: body.error_description });
const refusal = (error: string, why: string, status = 400) => ({ status, error, why });

describe('The token door, for a visit that is entered,', () => {
  let service: InProcess;
  let inside: Inside;
  beforeEach(async () => {
    service = await InProcess.start();
    await service.enable();
    inside = await service.enter();
  });
  afterEach(() => service.close());

  const bookOfAcme = () => `workspace-${service.workspaceId('acme')}`;
  const rulesDenied = async () =>
    (await service.facts(`denials-${service.workspaceId('acme')}`)).map(({ data }) => data['rule']);
  const endings = async () =>
    (await service.facts(bookOfAcme())).filter(({ type }) => type === 'SessionEnded').map(({ data }) => data['cause']);
  const post = (path: string, form: Record<string, string>) =>
    service.call(path, { headers: service.bearer('product'), body: new URLSearchParams(form) });
  const renew = (token: string, more: Record<string, string | undefined> = {}) =>
    service.exchange(token, 'sam', {
      subject_token_type: TOKEN_TYPE_ACCESS,
      actor_token: undefined,
      actor_token_type: undefined,
      ...more,
    });
  const introspect = async (token: string) => (await post(INTROSPECT_PATH, { token })).body;
  const presence = (headers: Record<string, string>) => service.call(PRESENCE_PATH, { headers });

  it('renews the token while the visit goes on, also behind the old token’s time, and writes nothing', async () => {
    service.now += 400_000;
    const head = await service.head();
    const { status, body } = await renew(inside.token);
    expect({ status, expires: body.expires_in }).toEqual({ status: 200, expires: 300 });
    expect(await service.head()).toBe(head);
    expect((await service.view({ ...inside, token: body.access_token as string }, 'billing')).body.decision).toBe(true);
  });

  it('renews nothing after the end, and no token with an actor, of another audience or issuer', async () => {
    const actor = { actor_token: await service.staffIdToken('sam'), actor_token_type: TOKEN_TYPE_ID };
    expect(failed(await renew(inside.token, actor))).toEqual(
      refusal('invalid_request', 'A visit’s token names its actor already.'),
    );
    const visit = await introspect(inside.token);
    for (const [issuer, product] of [
      [service.url, 'another'],
      ['https://evil.example', PRODUCT],
    ] as const) {
      const others = await VisitTokens.with(issuer, product, { now: () => service.now }, service.signingKey);
      expect(failed(await renew(await others.sign(visit, 300)))).toEqual(
        refusal('invalid_request', 'The token is not valid.'),
      );
    }
    await service.disable();
    const book = await service.facts(bookOfAcme());
    expect(failed(await renew(inside.token))).toEqual(refusal('invalid_request', 'Support access has been revoked'));
    expect(await service.facts(bookOfAcme())).toEqual(book);
  });

  it('renews nothing for a staff member who was disabled meanwhile (T9)', async () => {
    const { issuer } = service.issuers.staff;
    await service.signals({ type: 'staff.disabled', issuer, subject: 'sam' });
    expect((await renew(inside.token)).status).toBe(400);
  });

  it('tells the product whose visit a token is of (RFC 7662), and no more than “not active” of any other', async () => {
    const { text } = await post(INTROSPECT_PATH, { token: inside.token });
    expect(JSON.parse(text)).toMatchObject({
      active: true,
      sid: inside.sessionId,
      ws: service.workspaceId('acme'),
      workspaceRef: 'acme',
      workspaceName: 'Acme Co',
      staff: service.staffId('sam'),
      staffName: 'Sam Lee',
      staffEmail: 'sam@fernway.example',
      banner: { mode: 'read', caseRef: 'CASE-123' },
    });
    for (const token of ['x', await service.staffToken('sam'), `${inside.token}x`])
      expect(await introspect(token)).toEqual({ active: false });
    service.now += 300_000;
    expect(await introspect(inside.token)).toEqual({ active: false });
    await service.disable();
    expect(await introspect(inside.token)).toEqual({
      active: false,
      ended: { cause: 'revoked', at: '2026-11-21T09:05:00.000Z', sentence: 'Support access has been revoked' },
    });
  });

  it('ends the visit when its token is revoked, once; an unknown token is as good as revoked (RFC 7009)', async () => {
    expect(await post(REVOKE_PATH, { token: 'unknown' })).toMatchObject({ status: 200, body: {} });
    expect(await endings()).toEqual([]);
    service.now += 400_000;
    expect((await post(REVOKE_PATH, { token: inside.token })).status).toBe(200);
    expect(await endings()).toEqual(['exited']);
    expect((await post(REVOKE_PATH, { token: inside.token })).status).toBe(200);
    expect([await endings(), await rulesDenied()]).toEqual([['exited'], []]);
    expect((await service.view(inside, 'billing')).body.decision).toBe(false);
    expect((await service.facts(bookOfAcme())).at(-1)?.type).toBe('SessionEnded');
  });

  it.each([INTROSPECT_PATH, REVOKE_PATH])('%s needs a token', async (path) => {
    for (const form of [{}, { token: '' }, { tokens: 'x' }])
      expect(failed(await post(path, form as Record<string, string>))).toEqual(
        refusal('invalid_request', 'token is missing.'),
      );
  });

  it('moves the idle end, and no other, when a person says that they are there (S4-62)', async () => {
    const visit = { ...service.bearer('product'), [VISIT_HEADER]: inside.token };
    service.now += 120_000;
    const { status, body } = await presence(visit);
    expect({ status, body }).toEqual({ status: 200, body: { idleEndsAt: '2026-11-21T09:17:00.000Z' } });
    expect((await introspect(inside.token)).banner).toMatchObject({
      idleEndsAt: '2026-11-21T09:17:00.000Z',
      endsAt: '2026-11-21T10:00:00.000Z',
    });
  });

  it('hears nobody’s presence without the product’s key, a fresh token and a live visit', async () => {
    const head = await service.head();
    const type = (answer: HttpAnswer) => [answer.status, answer.body.type];
    const unknown = [401, 'urn:gatebook:problem:visit-unknown'];
    expect(type(await presence({ [VISIT_HEADER]: inside.token }))).toEqual([
      401,
      'urn:gatebook:problem:unauthenticated',
    ]);
    expect(type(await presence(service.bearer('product')))).toEqual(unknown);
    expect(type(await presence({ ...service.bearer('product'), [VISIT_HEADER]: 'x.y.z' }))).toEqual(unknown);
    service.now += 300_000;
    expect(type(await presence({ ...service.bearer('product'), [VISIT_HEADER]: inside.token }))).toEqual(unknown);
    expect(await service.head()).toBe(head);
    const { body } = await renew(inside.token);
    await service.disable();
    const fresh = { ...service.bearer('product'), [VISIT_HEADER]: body.access_token as string };
    expect(type(await presence(fresh))).toEqual(unknown);
    expect(await rulesDenied()).toEqual(['visitHasNotEnded']);
  });
});
