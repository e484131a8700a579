import {
  INTROSPECT_PATH,
  JWKS_PATH,
  REVOKE_PATH,
  TOKEN_PATH,
  TOKEN_TYPE_ACCESS,
  TOKEN_TYPE_ENTRY_CODE,
  TOKEN_TYPE_ID,
} from '@gatebook/protocol';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { InProcess, PRODUCT, START, type HttpAnswer } from '#server/testing/in-process';

const MARK = 'hunter2';

const failed = ({ status, body }: HttpAnswer) => ({ status, error: body.error, why: body.error_description });
const refusal = (error: string, why: string, status = 400) => ({ status, error, why });

describe('The token door', () => {
  let service: InProcess;
  let denials: string;
  beforeEach(async () => {
    service = await InProcess.start();
    denials = `denials-${service.workspaceId('acme')}`;
    await service.enable();
  });
  afterEach(() => service.close());

  const rulesDenied = async () => (await service.facts(denials)).map(({ data }) => data['rule']);
  const post = (
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = service.bearer('product'),
  ) => service.call(path, { headers, body: new URLSearchParams(form) });

  it('gives a token of minutes for a code: person, workspace, session, case and product in it (RFC 8693, RFC 9068)', async () => {
    const { code, sessionId } = await service.code();
    const { status, headers, body } = await service.exchange(code, 'sam');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      access_token: expect.any(String),
      issued_token_type: TOKEN_TYPE_ACCESS,
      token_type: 'Bearer',
      expires_in: 300,
    });
    const keys = createRemoteJWKSet(new URL(service.url + JWKS_PATH));
    const { payload, protectedHeader } = await jwtVerify(body.access_token as string, keys, {
      currentDate: new Date(service.now),
    });
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
    expect(payload).toEqual({
      iss: service.url,
      aud: PRODUCT,
      client_id: PRODUCT,
      sub: service.workspaceId('acme'),
      act: { sub: service.staffId('sam'), iss: service.url },
      sid: sessionId,
      ws: service.workspaceId('acme'),
      case: 'CASE-123',
      gb_mode: 'read',
      auth_time: START / 1000,
      iat: START / 1000,
      exp: START / 1000 + 300,
      jti: expect.any(String),
    });
    expect((await service.facts(`workspace-${service.workspaceId('acme')}`)).at(-1)?.type).toBe('SessionEntered');
  });

  it('takes the product by Basic or by its key, and nobody else', async () => {
    const { code } = await service.code();
    const basic = (id: string, key: string) => ({
      authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`,
    });
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: code,
      subject_token_type: TOKEN_TYPE_ENTRY_CODE,
      actor_token: await service.staffIdToken('sam'),
      actor_token_type: TOKEN_TYPE_ID,
    };
    const head = await service.head();
    const wrong: Record<string, string>[] = [
      {},
      basic('another', service.productKey),
      basic(PRODUCT, `${service.productKey}x`),
      basic(PRODUCT, ''),
      { authorization: 'Basic !!!' },
      { ...service.bearer('directory') },
      { ...service.bearer('operator') },
      { authorization: `Bearer ${await service.staffToken('sam')}` },
    ];
    for (const headers of wrong)
      for (const path of [TOKEN_PATH, INTROSPECT_PATH, REVOKE_PATH]) {
        const answer = await post(path, form, headers);
        expect(failed(answer)).toEqual(
          refusal('invalid_client', 'The product’s id and key are missing or wrong.', 401),
        );
        expect(answer.headers.get('www-authenticate')).toBe('Basic realm="gatebook"');
      }
    expect(await service.head()).toBe(head);
    expect((await post(TOKEN_PATH, form, basic(PRODUCT, service.productKey))).status).toBe(200);
  });

  const NOT_VALID = 'The code is not valid.';
  const ACTOR = 'The actor token is not valid.';
  const GO_TOGETHER = 'actor_token and actor_token_type go together.';
  const TARGET = 'A visit’s token is for the product that asks, and for no other.';
  const NO_SUCH_TYPE = (what: string) => `${what} is none that is known here.`;
  it.each<[string, Record<string, string | undefined>, string, string]>([
    ['no grant', { grant_type: undefined }, 'unsupported_grant_type', 'Only token exchange is spoken here (RFC 8693).'],
    [
      'another grant',
      { grant_type: 'client_credentials' },
      'unsupported_grant_type',
      'Only token exchange is spoken here (RFC 8693).',
    ],
    ['no subject token', { subject_token: undefined }, 'invalid_request', 'subject_token is missing.'],
    ['an empty subject token', { subject_token: '' }, 'invalid_request', 'subject_token is missing.'],
    ['no type of it', { subject_token_type: undefined }, 'invalid_request', NO_SUCH_TYPE('subject_token_type')],
    [
      'another type of it',
      { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' },
      'invalid_request',
      NO_SUCH_TYPE('subject_token_type'),
    ],
    [
      'the code as a token',
      { subject_token_type: TOKEN_TYPE_ACCESS, actor_token: undefined, actor_token_type: undefined },
      'invalid_request',
      'The token is not valid.',
    ],
    ['a code that nobody made', { subject_token: MARK }, 'invalid_request', NOT_VALID],
    [
      'no actor',
      { actor_token: undefined, actor_token_type: undefined },
      'invalid_request',
      'The actor token is missing: without it nobody knows who acts.',
    ],
    ['an actor without a type', { actor_token_type: undefined }, 'invalid_request', GO_TOGETHER],
    ['an actor’s type without an actor', { actor_token: undefined }, 'invalid_request', GO_TOGETHER],
    [
      'an actor of another type',
      { actor_token_type: TOKEN_TYPE_ACCESS },
      'invalid_request',
      NO_SUCH_TYPE('actor_token_type'),
    ],
    ['an actor that is no token', { actor_token: MARK }, 'invalid_request', ACTOR],
    ['another audience', { audience: 'another-product' }, 'invalid_target', TARGET],
    ['a resource', { resource: 'https://fernway.example/' }, 'invalid_target', TARGET],
    ['a scope', { scope: 'everything' }, 'invalid_scope', 'What a visit may open was settled when it was started.'],
    [
      'another token wanted',
      { requested_token_type: TOKEN_TYPE_ID },
      'invalid_request',
      'Only access tokens are given here.',
    ],
  ])('refuses an exchange with %s, stores nothing, and the code is still good', async (_, wrong, error, why) => {
    const { code } = await service.code();
    const head = await service.head();
    const answer = await service.exchange(code, 'sam', wrong);
    expect(failed(answer)).toEqual(refusal(error, why));
    expect(answer.text).not.toContain(MARK);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await service.head()).toBe(head);
    const right = { audience: PRODUCT, requested_token_type: TOKEN_TYPE_ACCESS };
    expect((await service.exchange(code, 'sam', right)).status).toBe(200);
  });

  it('refuses an actor who can’t be the staff member: another realm, audience, use or time (T4, T5)', async () => {
    const { code } = await service.code();
    const head = await service.head();
    const person = { sub: 'sam' };
    const actors = [
      await service.issuers.members.idToken(person),
      await service.staffIdToken('sam', { audience: 'another-product' }),
      await service.staffToken('sam'),
      await service.staffToken('sam', { audience: PRODUCT }),
      await service.staffIdToken('sam', { issuedAt: service.now - 3_600_000 }),
      `${(await service.staffIdToken('sam')).split('.').slice(0, 2).join('.')}.`,
    ];
    for (const actor_token of actors)
      expect(failed(await service.exchange(code, 'sam', { actor_token }))).toEqual(refusal('invalid_request', ACTOR));
    expect(await service.head()).toBe(head);
  });

  it('refuses another staff member’s sign-in, which is a line, and leaves the code to its own (S1-64, S4-2)', async () => {
    const { code } = await service.code();
    expect(failed(await service.exchange(code, 'priya'))).toEqual(
      refusal('invalid_request', 'This visit is somebody else’s.'),
    );
    expect(await rulesDenied()).toEqual(['visitIsTheirs']);
    expect((await service.exchange(code, 'sam')).status).toBe(200);
  });

  it('takes a code once, of many at the same time too', async () => {
    const { code } = await service.code();
    const answers = await Promise.all(Array.from({ length: 8 }, () => service.exchange(code, 'sam')));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(7).fill(400)]);
    expect(failed(await service.exchange(code, 'sam'))).toEqual(
      refusal('invalid_request', 'This code was used already.'),
    );
    expect(new Set(await rulesDenied())).toEqual(new Set(['entryIsFirst']));
    const book = await service.facts(`workspace-${service.workspaceId('acme')}`);
    expect(book.filter(({ type }) => type === 'SessionEntered')).toHaveLength(1);
  });

  it('takes a code for sixty seconds', async () => {
    const first = await service.code();
    service.now = START + 60_000;
    expect(failed(await service.exchange(first.code, 'sam'))).toEqual(
      refusal('invalid_request', 'This code is too old.'),
    );
    expect(await rulesDenied()).toEqual(['entryIsFirst']);
    await service.enable('bluebird');
    const second = await service.code({ staff: 'priya', workspace: 'bluebird' });
    service.now += 59_999;
    expect((await service.exchange(second.code, 'priya')).status).toBe(200);
  });

  it('takes no code that is changed, of another session, or made for another product (T1)', async () => {
    await service.enable('bluebird');
    const sams = await service.code();
    const priyas = await service.code({ staff: 'priya', workspace: 'bluebird' });
    const head = await service.head();
    const [mark, ids = '', mac = ''] = sams.code.split('_');
    const changed = [
      `${mark}_${ids}_${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`,
      `${mark}_${priyas.code.split('_')[1]}_${mac}`,
      `${mark}_${ids.slice(26)}${ids.slice(0, 26)}_${mac}`,
      `${mark}_${ids.slice(0, 26)}${priyas.code.split('_')[1]?.slice(26)}_${mac}`,
      `${mark}_${ids}_`,
      `${mark}_${ids}`,
      `${sams.code} `,
      `${sams.code}A`,
      sams.code.toUpperCase(),
      'x'.repeat(10_000),
    ];
    for (const code of changed)
      expect(failed(await service.exchange(code, 'sam'))).toEqual(refusal('invalid_request', NOT_VALID));
    await service.restart({ product: { id: 'another', name: 'Another', url: 'http://localhost:1' } });
    const actor_token = await service.staffIdToken('sam', { audience: 'another' });
    expect(failed(await service.exchange(sams.code, 'sam', { actor_token }))).toEqual(
      refusal('invalid_request', NOT_VALID),
    );
    expect(await service.head()).toBe(head);
  });

  it('takes the console’s sign-in for the actor where that is set', async () => {
    await service.restart({ actorToken: 'console' });
    const { code } = await service.code();
    const without = { actor_token: undefined, actor_token_type: undefined };
    expect((await service.exchange(code, 'sam', without)).status).toBe(200);
  });

  it('refuses a parameter that stands twice, whichever it is (RFC 6749, 3.2)', async () => {
    const { code } = await service.code();
    const head = await service.head();
    for (const name of ['subject_token', 'grant_type', 'unknown']) {
      const body = new URLSearchParams([
        [name, code],
        [name, MARK],
        ['grant_type', 'x'],
      ]);
      const answer = await service.call(TOKEN_PATH, { headers: service.bearer('product'), body });
      expect(failed(answer)).toEqual(refusal('invalid_request', `${name} stands twice.`));
    }
    expect(await service.head()).toBe(head);
  });

  it('publishes its keys without their private part, and where it is (RFC 7517, RFC 8414)', async () => {
    const { body } = await service.call(JWKS_PATH, { method: 'GET' });
    expect(body).toEqual({
      keys: [
        { kty: 'RSA', use: 'sig', alg: 'RS256', kid: expect.any(String), n: expect.any(String), e: expect.any(String) },
      ],
    });
    const metadata = await service.call('/.well-known/oauth-authorization-server', { method: 'GET' });
    expect(metadata.body).toMatchObject({
      issuer: service.url,
      token_endpoint: service.url + TOKEN_PATH,
      introspection_endpoint: service.url + INTROSPECT_PATH,
      revocation_endpoint: service.url + REVOKE_PATH,
    });
  });
});
