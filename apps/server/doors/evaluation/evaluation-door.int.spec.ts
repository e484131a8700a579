import { EVALUATION_PATH, EVALUATIONS_PATH, VISIT_HEADER } from '@gatebook/protocol';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { newSigningKey, VisitTokens } from '#server/adapters/keys/visit-tokens';
import { InProcess, PRODUCT, START, type HttpAnswer, type Inside } from '#server/testing/in-process';

const STACK = /\bat .*\.(ts|js)|node_modules|stacktrace|\.ts:\d/i;

describe('The evaluation door', () => {
  let service: InProcess;
  let inside: Inside;
  let book: string;
  let denials: string;
  beforeEach(async () => {
    service = await InProcess.start();
    await service.enable();
    inside = await service.enter();
    book = `workspace-${service.workspaceId('acme')}`;
    denials = `denials-${service.workspaceId('acme')}`;
  });
  afterEach(() => service.close());

  const ask = (body: object | string, headers: Readonly<Record<string, string>>, path = EVALUATION_PATH) =>
    service.call(path, { headers, body });
  const asProduct = (token = inside.token) => ({ ...service.bearer('product'), [VISIT_HEADER]: token });
  const question = (page = 'billing', more: object = {}) => service.question(inside, page, more);
  const typesIn = async (stream: string) => (await service.facts(stream)).map(({ type }) => type);
  const rulesDenied = async (stream = denials) => (await service.facts(stream)).map(({ data }) => data['rule']);
  const isProblem = ({ status, headers, body, text }: HttpAnswer, type: string, expected: number) => {
    expect({ status, type: body.type }).toEqual({ status: expected, type: `urn:gatebook:problem:${type}` });
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).not.toMatch(STACK);
  };

  it('records a page, then answers with what the product needs to serve it (S0-48, S1-51)', async () => {
    const { status, headers, body } = await service.view(inside, 'invoice', { record: 'INV-88' });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      decision: true,
      context: {
        view: expect.any(String),
        validForMs: 1000,
        position: await service.head(),
        masks: {
          'bank.iban': 'last4',
          'card.number': 'last4',
          'customer.email': 'email',
          'customer.note': 'hidden',
          'customer.phone': 'phone',
          'customer.taxId': 'personal-id',
          'integration.secret': 'secret',
          'member.email': 'email',
        },
        banner: {
          mode: 'read',
          notice: 'Looking at case CASE-123 with you',
          staffName: 'Sam Lee',
          customer: 'Acme Co',
          caseRef: 'CASE-123',
          approval: 'Maria Ortiz turned staff access on',
          can: expect.any(Array),
          cannot: expect.any(Array),
          endsAt: '2026-11-21T10:00:00.000Z',
          idleEndsAt: '2026-11-21T09:15:00.000Z',
        },
      },
    });
    expect((await service.facts(book)).at(-1)).toMatchObject({
      type: 'PageViewed',
      data: { sessionId: inside.sessionId, page: 'invoice', record: 'INV-88', label: 'Invoice INV-88' },
    });
  });

  it('takes no key but the product’s own, and nothing is stored of who has none', async () => {
    const head = await service.head();
    const wrong: Record<string, string>[] = [
      {},
      { authorization: 'Bearer ' },
      { authorization: service.productKey },
      { authorization: `Basic ${service.productKey}` },
      { authorization: `Bearer ${service.productKey}x` },
      { authorization: `Bearer ${inside.token}` },
      { ...service.bearer('directory') },
      { ...service.bearer('operator') },
    ];
    for (const headers of wrong)
      for (const path of [EVALUATION_PATH, EVALUATIONS_PATH]) {
        const answer = await ask(question(), { ...headers, [VISIT_HEADER]: inside.token }, path);
        isProblem(answer, 'unauthenticated', 401);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
    expect(await service.head()).toBe(head);
    const { text } = await service.call('/metrics', { method: 'GET' });
    expect(text).toContain('gatebook_evaluations{outcome="unauthenticated"} 16\n');
  });

  it('takes no token that is missing, forged, for another product, or too old (T1, T3, T4, T5)', async () => {
    const clock = { now: () => service.now };
    const { url, signingKey } = service;
    const claims = {
      sub: service.workspaceId('acme'),
      act: { sub: service.staffId('sam'), iss: url },
      sid: inside.sessionId as `ses_${string}`,
      ws: service.workspaceId('acme'),
      case: 'CASE-123',
      gb_mode: 'read' as const,
      auth_time: START / 1000,
    };
    const made = async (issuer: string, product: string, key: typeof signingKey = signingKey, life = 300) =>
      (await VisitTokens.with(issuer, product, clock, key)).sign(claims, life);
    const all = {
      ...claims,
      iss: url,
      aud: PRODUCT,
      client_id: PRODUCT,
      iat: START / 1000,
      exp: START / 1000 + 300,
      jti: 'j',
    };
    const key = await importJWK(signingKey, 'RS256');
    const signed = (payload: object, header: object = {}) =>
      new SignJWT(payload as Record<string, unknown>)
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', ...header })
        .sign(key);
    const publicKey = new TextEncoder().encode(
      JSON.stringify((await service.call('/oauth/jwks', { method: 'GET' })).body.keys[0]),
    );
    const [head = '', payload = '', signature = ''] = inside.token.split('.');
    const changed = Buffer.from(payload, 'base64url')
      .toString()
      .replace(service.staffId('sam'), service.staffId('priya'));

    // The control: made in this way and right in everything, it passes.
    expect((await ask(question('team'), asProduct(await signed(all)))).body).toMatchObject({ decision: true });
    const before = await service.head();
    const forged: Record<string, string> = {
      'no token': '',
      'no JWT': 'not.a.token',
      'another key': await made(url, PRODUCT, (await newSigningKey()) as typeof signingKey),
      'another product': await made(url, 'other-product'),
      'another issuer': await made('https://evil.example', PRODUCT),
      'no signature': new UnsecuredJWT(all).encode(),
      'an empty signature': `${head}.${payload}.`,
      'another payload': `${head}.${Buffer.from(changed).toString('base64url')}.${signature}`,
      'the public key as a secret': await new SignJWT(all)
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .sign(publicKey),
      'another type': await signed(all, { typ: 'JWT' }),
      'no expiry': await signed({ ...all, exp: undefined }),
      'an expiry that is text': await signed({ ...all, exp: '9999999999' }),
      'a time to come': await signed({ ...all, iat: START / 1000 + 60, exp: START / 1000 + 360 }),
      'an expiry before its time': await signed({ ...all, exp: START / 1000 - 1 }),
      'no person': await signed({ ...all, act: undefined }),
      'a person of no kind': await signed({ ...all, act: { sub: 'root' } }),
      'a session of no kind': await signed({ ...all, sid: 'ses_1' }),
      'five thousand letters': await signed({ ...all, extra: 'x'.repeat(5000) }),
      'a member’s sign-in': await service.memberToken('maria'),
      'their own sign-in': await service.staffToken('sam'),
    };
    for (const [name, token] of Object.entries(forged)) {
      const answer = await ask(question(), asProduct(token));
      expect([name, answer.status, answer.body.type]).toEqual([name, 401, 'urn:gatebook:problem:visit-unknown']);
      expect(answer.text).not.toMatch(STACK);
    }
    isProblem(await ask(question(), service.bearer('product')), 'visit-unknown', 401);
    service.now += 300_000;
    isProblem(await ask(question(), asProduct()), 'visit-unknown', 401);
    expect(await service.head()).toBe(before);
  });

  it.each([
    ['nothing', null],
    ['a list', []],
    ['no subject', { subject: undefined }],
    ['a subject of another type', { subject: { type: 'user', id: 'x' } }],
    ['an id that is a number', { subject: { type: 'staff', id: 7 } }],
    ['an action that nobody knows', { action: { name: 'delete' } }],
    ['no resource', { resource: undefined }],
    ['a resource of another type', { resource: { type: 'file', id: 'x', properties: { workspace: 'w' } } }],
    ['no workspace', { resource: { type: 'page', id: 'billing', properties: {} } }],
    ['a workspace that is a list', { resource: { type: 'page', id: 'billing', properties: { workspace: ['w'] } } }],
    ['an empty page', { resource: { type: 'page', id: '', properties: { workspace: 'w' } } }],
    ['a page of 201 letters', { resource: { type: 'page', id: 'x'.repeat(201), properties: { workspace: 'w' } } }],
    ['a purpose that nobody knows', { context: { purpose: 'force' } }],
    ['input that is text', { context: { input: 'true' } }],
    ['a field that is not there', { hunter2: 'hunter2' }],
    [
      'a field beside the resource',
      { resource: { type: 'page', id: 'x', hunter2: 1, properties: { workspace: 'w' } } },
    ],
  ])('refuses a question with %s, says where, and stores nothing', async (_, wrong) => {
    const head = await service.head();
    const body = wrong === null || Array.isArray(wrong) ? JSON.stringify(wrong) : { ...question(), ...wrong };
    const answer = await ask(body, asProduct());
    isProblem(answer, 'invalid-request', 400);
    expect(answer.body.detail).toMatch(/^body/);
    expect(answer.text).not.toContain('hunter2');
    expect(await service.head()).toBe(head);
  });

  it('refuses person, workspace and visit that don’t belong together, in the visit’s own book and in no other (T2)', async () => {
    await service.enable('bluebird');
    const priya = await service.enter({ staff: 'priya', workspace: 'bluebird' });
    const foreign = await service.facts(`denials-${service.workspaceId('bluebird')}`);
    const mixes = [
      { ...question(), subject: { type: 'staff', id: service.staffId('priya') } },
      service.question(priya, 'billing'),
      service.question({ workspace: 'bluebird', staff: 'sam' }, 'billing'),
    ];
    const missing = { ...question(), resource: { type: 'page', id: 'billing', properties: { workspace: 'ws_none' } } };
    const answers: HttpAnswer[] = [];
    for (const mix of [...mixes, missing]) answers.push(await ask(mix, asProduct()));
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toEqual({
        decision: false,
        context: {
          rule: 'visitIsTheirs',
          reason_user: { en: 'Person, workspace and visit don’t belong together.' },
          position: expect.any(String),
        },
      });
    }
    // A workspace that is another's and one that is nobody's are told apart by nothing.
    expect(answers.at(-1)?.text).toBe(answers.at(-2)?.text);
    expect(await rulesDenied()).toEqual(Array(4).fill('visitIsTheirs'));
    expect(await service.facts(`denials-${service.workspaceId('bluebird')}`)).toEqual(foreign);
    expect((await typesIn(book)).filter((type) => type === 'PageViewed')).toEqual([]);
  });

  it.each([
    ['a page that is not declared', 'labs', 'pageIsDeclared'],
    ['a page named like a part of every object', 'constructor', 'pageIsDeclared'],
    ['a page named __proto__', '__proto__', 'pageIsDeclared'],
    ['a sensitive page', 'customer', 'pageIsViewable'],
    ['a page that is never open', 'files', 'pageIsViewable'],
  ])('refuses %s, and the owner has the line', async (_, page, rule) => {
    expect((await service.view(inside, page)).body).toMatchObject({ decision: false, context: { rule } });
    expect(await rulesDenied()).toEqual([rule]);
    expect((await typesIn(book)).at(-1)).toBe('SessionEntered');
  });

  it.each([
    ['{"value":"10 %","value":"99 %"}', '', 'has the key “value” twice'],
    ['{"v":1e400}', '/v', 'has the number 1e400, which can’t be kept as it is written'],
    ['{"v":9007199254740993}', '/v', 'has the number 9007199254740993, which can’t be kept as it is written'],
    ['{"v":"\\ud800"}', '/v', 'has half of a surrogate pair in its text'],
    ['{"a/b":{"constructor":1}}', '/a~1b', 'has the key “constructor”, which can’t be used'],
  ])('takes no arguments that are read in two ways: %s', async (given, at, says) => {
    const { resource, ...rest } = question();
    const change = { ...rest, action: { name: 'perform' }, resource: { ...resource, type: 'operation', id: 'x.y' } };
    const text = JSON.stringify(change).replace('"properties":{', `"properties":{"arguments":${given},`);
    for (const [path, body, before] of [
      [EVALUATION_PATH, text, ''],
      [EVALUATIONS_PATH, `{"evaluations":[${text}]}`, '/evaluations/0'],
    ] as const) {
      const answer = await ask(body, asProduct(), path);
      isProblem(answer, 'invalid-request', 400);
      const pointer = `${before}/resource/properties/arguments${at}`;
      expect(answer.body).toMatchObject({ detail: `This ${says}.`, errors: [{ pointer, detail: `This ${says}.` }] });
    }
    expect(await rulesDenied()).toEqual([]);
  });

  it.each([
    ['id', 'billing\u202e'],
    ['id', 'bil\u200bling'],
    ['properties/record', 'INV\u202e88'],
    ['properties/record', 'INV\u200b88'],
    ['properties/record', 'INV-88\n'],
    ['properties/record', '\u0000'],
  ])(
    'takes no name of a thing that people couldn’t read as it is, and says where: %s %j (T25, T52)',
    async (at, name) => {
      const { resource, ...rest } = question();
      const named = at === 'id' ? { id: name } : { properties: { ...resource.properties, record: name } };
      const head = await service.head();
      const detail = `/resource/${at} holds characters that can’t be seen or that turn text around.`;
      const wrong = { ...rest, resource: { ...resource, ...named } };
      const change = { ...wrong, action: { name: 'perform' }, resource: { ...wrong.resource, type: 'operation' } };
      const told = { detail, errors: [{ pointer: `/resource/${at}`, detail }] };
      // As it is sent usually, with its characters in themselves, and with them escaped.
      for (const body of [wrong, change, JSON.stringify(wrong).replace(/[^ -~]/g, '\\u202e')]) {
        const answer = await ask(body, asProduct());
        isProblem(answer, 'invalid-request', 400);
        expect(answer.body).toMatchObject(told);
      }
      const ofMany = await ask({ evaluations: [question(), wrong] }, asProduct(), EVALUATIONS_PATH);
      isProblem(ofMany, 'invalid-request', 400);
      const second = `/evaluations/1/resource/${at}`;
      expect(ofMany.body.errors[0].pointer).toBe(second);
      const ofAll = await ask({ ...wrong, evaluations: [{}] }, asProduct(), EVALUATIONS_PATH);
      expect(ofAll.body).toMatchObject(told);
      expect(await service.head()).toBe(head);
      expect(await rulesDenied()).toEqual([]);
    },
  );

  it('names the case that the visit is for by now: the one that its own was merged into (policy.md, 9)', async () => {
    const banner = async () => (await service.view(inside, 'billing')).body.context.banner;
    expect(await banner()).toMatchObject({ caseRef: 'CASE-123', notice: 'Looking at case CASE-123 with you' });
    await service.signals(
      { type: 'case.opened', workspace: 'acme', case: 'CASE-777', title: 'The same, told twice' },
      { type: 'case.merged', workspace: 'acme', case: 'CASE-123', into: 'CASE-777' },
    );
    expect(await banner()).toMatchObject({ caseRef: 'CASE-777', notice: 'Looking at case CASE-777 with you' });
  });

  it('takes names in any script, with the signs that belong to them', async () => {
    for (const record of ['Rechnung Ü-88', '請求書 88', 'فاتورة ٨٨', 'note 📝️'])
      expect((await service.view(inside, 'invoice', { record })).body.decision).toBe(true);
  });

  it('refuses every change, however the question is put (S0-10)', async () => {
    const change = {
      action: { name: 'perform' },
      resource: { ...question().resource, type: 'operation', id: 'inquiry.reply' },
    };
    const changes = [
      change,
      { action: { name: 'view' }, resource: change.resource },
      { action: { name: 'perform' }, resource: question().resource },
      { ...change, resource: { ...change.resource, id: 'constructor' } },
      // A yes to show a field is none to change it.
      { ...change, resource: { ...change.resource, type: 'field', id: 'customer.email' } },
      { ...change, action: { name: 'reveal' } },
    ];
    for (const each of changes)
      expect((await ask({ ...question(), ...each }, asProduct())).body).toMatchObject({
        decision: false,
        context: { rule: 'nothingIsChanged' },
      });
    expect(await rulesDenied()).toEqual(Array(changes.length).fill('nothingIsChanged'));
    const head = await service.head();
    const asked = await ask({ ...question(), ...change, context: { purpose: 'ask' } }, asProduct());
    expect(asked.body).toMatchObject({ decision: false, context: { rule: 'nothingIsChanged' } });
    expect(await service.head()).toBe(head);
  });

  it('answers “ask” from the newest state and records nothing, neither a yes nor a no', async () => {
    const head = await service.head();
    const asking = { context: { purpose: 'ask', input: true } };
    const yes = await ask({ ...question(), ...asking }, asProduct());
    expect(yes.body).toMatchObject({ decision: true, context: { position: expect.any(String) } });
    expect(yes.body.context.view).toBeUndefined();
    for (const page of ['labs', 'files', 'customer'])
      expect((await ask({ ...question(page), ...asking }, asProduct())).body.decision).toBe(false);
    const elsewhere = service.question({ workspace: 'bluebird', staff: 'sam' }, 'billing');
    expect((await ask({ ...elsewhere, ...asking }, asProduct())).body.decision).toBe(false);
    expect(await service.head()).toBe(head);
  });

  it('takes many questions in one, in order, as AuthZEN says, with defaults for all of them', async () => {
    const { resource, ...defaults } = question();
    const of = (id: string) => ({ resource: { ...resource, id } });
    const evaluations = [of('billing'), of('labs'), of('team'), of('files')];
    const sent = async (semantic?: string) => {
      const options = semantic === undefined ? {} : { options: { evaluations_semantic: semantic } };
      const { body } = await ask({ ...defaults, evaluations, ...options }, asProduct(), EVALUATIONS_PATH);
      return body.evaluations.map(({ decision }: { decision: boolean }) => decision) as boolean[];
    };
    expect(await sent()).toEqual([true, false, true, false]);
    expect((await service.facts(book)).slice(-4).map(({ type, data }) => [type, data['page']])).toEqual([
      ['AreaEntered', undefined],
      ['PageViewed', 'billing'],
      ['AreaEntered', undefined],
      ['PageViewed', 'team'],
    ]);
    expect(await sent('execute_all')).toEqual([true, false, true, false]);
    expect(await sent('deny_on_first_deny')).toEqual([true, false]);
    expect(await sent('permit_on_first_permit')).toEqual([true]);
  });

  it('decides nothing of many questions where one of them is wrong, none is there, or there are too many', async () => {
    const head = await service.head();
    const bodies: object[] = [
      { evaluations: [question(), { ...question(), action: { name: 'hunter2' } }] },
      { evaluations: [] },
      { evaluations: [7] },
      { evaluations: Array(51).fill(question()) },
      { evaluations: [question()], options: { evaluations_semantic: 'hunter2' } },
      { evaluations: { 0: question() } },
      {},
    ];
    for (const body of bodies) {
      const answer = await ask(body, asProduct(), EVALUATIONS_PATH);
      isProblem(answer, 'invalid-request', 400);
      expect(answer.text).not.toContain('hunter2');
    }
    expect(await service.head()).toBe(head);
  });

  it('names the request in every answer as the caller named it, cut to what a name may be', async () => {
    const headers = { 'x-request-id': 'req-1' };
    const answers = [
      await ask(question(), { ...asProduct(), ...headers }),
      await ask(question('labs'), { ...asProduct(), ...headers }),
      await ask({}, { ...asProduct(), ...headers }),
      await ask('{', { ...asProduct(), ...headers }),
      await ask(question(), headers),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 400, 401]);
    expect(answers.map((answer) => answer.headers.get('x-request-id'))).toEqual(Array(5).fill('req-1'));
    const long = await ask(question(), { ...asProduct(), 'x-request-id': 'x'.repeat(500) });
    expect(long.headers.get('x-request-id')).toHaveLength(200);
  });

  it('says where it is, as AuthZEN’s metadata (section 9)', async () => {
    const { status, body } = await service.call('/.well-known/authzen-configuration', { method: 'GET' });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        policy_decision_point: service.url,
        access_evaluation_endpoint: `${service.url}/access/v1/evaluation`,
        access_evaluations_endpoint: `${service.url}/access/v1/evaluations`,
      },
    });
  });

  it('refuses with the sentence of the end after the owner’s off, and no view stands behind it (S3-7, S3-15, S3-21)', async () => {
    await service.view(inside, 'billing');
    await service.disable();
    const { body } = await service.view(inside, 'team');
    expect(body).toMatchObject({
      decision: false,
      context: {
        rule: 'visitHasNotEnded',
        reason_user: { en: 'Support access has been revoked' },
        ended: { cause: 'revoked', at: '2026-11-21T09:00:00.000Z' },
      },
    });
    expect((await typesIn(book)).slice(-3)).toEqual(['PageViewed', 'StaffAccessDisabled', 'SessionEnded']);
    expect(await rulesDenied()).toEqual(['visitHasNotEnded']);
  });

  it('writes down what is tried with an old token after the end, and asks for a new one before it', async () => {
    service.now += 301_000;
    isProblem(await service.view(inside, 'billing'), 'visit-unknown', 401);
    expect(await rulesDenied()).toEqual([]);
    await service.disable();
    expect((await service.view(inside, 'billing')).body).toMatchObject({
      decision: false,
      context: { reason_user: { en: 'Support access has been revoked' } },
    });
    expect(await rulesDenied()).toEqual(['visitHasNotEnded']);
  });
});
