import { EVALUATION_PATH, EVALUATIONS_PATH, INTROSPECT_PATH, PRESENCE_PATH } from '@gatebook/protocol';
import { REVOKE_PATH, SIGNALS_PATH, TOKEN_PATH, VISIT_HEADER } from '@gatebook/protocol';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InProcess, type HttpAnswer, type HttpCall, type Inside } from '#server/testing/in-process';

/** Stands in every bad input: no answer may say it back. */
const MARK = 'hunter2-do-not-repeat';
const REST = [EVALUATION_PATH, EVALUATIONS_PATH, SIGNALS_PATH, PRESENCE_PATH, '/v1/operator/rebuild'];
const OAUTH = [TOKEN_PATH, INTROSPECT_PATH, REVOKE_PATH];
const STACK = /\bat .*\.(ts|js)|node_modules|stack|\.ts:\d/i;

const problem = (type: string, status: number, title: string) => ({
  status,
  type: 'application/problem+json; charset=utf-8',
  cache: 'no-store',
  body: { type: `urn:gatebook:problem:${type}`, title, status },
});
const INVALID = problem('invalid-request', 400, 'The request is not what this door takes.');
const UNREAD = {
  ...INVALID,
  body: { ...INVALID.body, detail: 'The body is empty, broken off or otherwise no JSON.' },
};
const TOO_LARGE = problem('too-large', 413, 'The request is too large.');
const NO_SUCH_TYPE = problem('unsupported-media-type', 415, 'This door takes no content of this type.');
const oauth = (status: number) => ({
  status,
  type: 'application/json; charset=utf-8',
  cache: 'no-store',
  body: {
    error: 'invalid_request',
    error_description: 'The body can’t be read: this endpoint takes a small application/x-www-form-urlencoded.',
  },
});

const BODIES: readonly (readonly [string, HttpCall, object, number])[] = [
  ['broken off', { body: `{"${MARK}":` }, UNREAD, 400],
  ['empty', { body: '' }, UNREAD, 400],
  ['with __proto__ in it', { body: `{"__proto__":{"${MARK}":1}}` }, UNREAD, 400],
  ['with constructor.prototype in it', { body: `{"constructor":{"prototype":{"${MARK}":1}}}` }, UNREAD, 400],
  ['of another type', { body: `<${MARK}/>`, headers: { 'content-type': 'application/xml' } }, NO_SUCH_TYPE, 415],
  ['of two megabytes', { body: JSON.stringify({ [MARK]: 'x'.repeat(2 * 1024 * 1024) }) }, TOO_LARGE, 413],
];

describe('A body that no door can read', () => {
  let service: InProcess;
  let inside: Inside;
  beforeAll(async () => {
    service = await InProcess.start();
    await service.enable();
    inside = await service.enter();
  });
  afterAll(() => service.close());

  const send = (path: string, { headers, ...call }: HttpCall): Promise<HttpAnswer> =>
    service.call(path, {
      headers: {
        ...service.bearer(path.includes('operator') ? 'operator' : 'product'),
        [VISIT_HEADER]: inside.token,
        ...headers,
      },
      ...call,
    });
  const seen = ({ status, headers, body }: HttpAnswer) => ({
    status,
    type: headers.get('content-type'),
    cache: headers.get('cache-control'),
    body,
  });

  it.each(BODIES)('%s, is a typed problem, and nothing is stored or said back', async (_, call, expected) => {
    const head = await service.head();
    for (const path of REST) {
      const answer = await send(path, call);
      expect([path, seen(answer)]).toEqual([path, expected]);
      expect(answer.text).not.toMatch(STACK);
      expect(answer.text).not.toContain(MARK);
    }
    expect(await service.head()).toBe(head);
  });

  it.each(BODIES)('%s, is an OAuth error at the token endpoints (RFC 6749, 5.2)', async (_, call, __, status) => {
    const head = await service.head();
    for (const path of OAUTH) {
      const answer = await send(path, call);
      expect([path, seen(answer)]).toEqual([path, oauth(status)]);
      expect(answer.text).not.toContain(MARK);
    }
    expect(await service.head()).toBe(head);
  });

  it('is counted, without a name of anybody (design.md, section 6)', async () => {
    const invalid = async () => {
      const { text } = await service.call('/metrics', { method: 'GET' });
      return Number(/gatebook_evaluations\{outcome="invalid"\} (\d+)/.exec(text)?.[1]);
    };
    const before = await invalid();
    await send(EVALUATION_PATH, { body: '{' });
    expect(await invalid()).toBe(before + 1);
  });

  it('and an address where nothing is get the same kind of answer, with nothing of the address in it', async () => {
    for (const path of [`/nowhere?token=${MARK}`, `/${MARK}`, EVALUATION_PATH]) {
      const answer = await service.call(path, { method: 'GET' });
      expect(seen(answer)).toEqual(problem('not-found', 404, 'There is nothing here.'));
    }
  });

  it.each(REST)('refuses half of a surrogate pair at %s, and says where it stands', async (path) => {
    const { status, body } = await send(path, { body: '{"a":[{"b":"x\\ud800"}]}' });
    const detail = 'This text has half of a surrogate pair in it.';
    expect([status, body]).toEqual([400, { ...INVALID.body, detail, errors: [{ pointer: '/a/0/b', detail }] }]);
  });
});
