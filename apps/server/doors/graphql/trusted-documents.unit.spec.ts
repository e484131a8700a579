import { describe, expect, it } from '@jest/globals';
import { hashOf, oneForm, refuseUntrusted, trustedDocumentsFrom } from './trusted-documents.ts';

const OWN = 'query Who { viewer { name ...Roles } } fragment Roles on Viewer { staffRoles }';
const trusted = new Map([[hashOf(oneForm(OWN)), oneForm(OWN)]]);
const browser = { origin: 'https://gatebook.test' };

describe('A document in its one form', () => {
  it('is the same however it is spaced and commented, with or without __typename and a client’s own directives', () => {
    const other = `# Who is it?
      fragment Roles on Viewer @_unmask { __typename, staffRoles }
      query Who { viewer { __typename name ...Roles } }`;
    expect(oneForm(other)).toBe(oneForm(OWN));
  });

  it('is another one with another field, argument, name, alias or directive', () => {
    for (const [from, to] of [
      ['name', 'email'],
      ['viewer', 'viewer(minPosition: "1")'],
      ['Who', 'Whom'],
      ['name', 'name: email'],
      ['name', 'name @skip(if: true)'],
      ['name', 'name: __typename'],
    ] as const) {
      expect(oneForm(OWN.replace(from, to))).not.toBe(oneForm(OWN));
    }
  });
});

describe('Where trusted documents are enforced', () => {
  const code = (run: () => void) => {
    try {
      run();
      return 'served';
    } catch (error) {
      return (error as { extensions: { code: string; http: { status: number } } }).extensions;
    }
  };
  const refused = { code: 'FORBIDDEN', http: { status: 403 } };

  it('a browser is served the pages’ own operations, by POST and by GET', () => {
    expect(code(() => refuseUntrusted({ headers: browser, body: { query: OWN } }, trusted))).toBe('served');
    expect(code(() => refuseUntrusted({ headers: browser, query: { query: OWN } }, trusted))).toBe('served');
  });

  it.each([
    ['another operation', { query: '{ viewer { email } }' }],
    ['one that is its own and one more', { query: `${OWN} query More { viewer { email } }` }],
    ['no document', { query: '{' }],
    [
      'a hash without its document',
      { extensions: { persistedQuery: { version: 1, sha256Hash: [...trusted.keys()][0] } } },
    ],
    ['a query that is no text', { query: { toString: 1 } }],
    ['a batch', [{ query: OWN }]],
    ['nothing', undefined],
  ])('a browser is refused %s', (_, body) => {
    expect(code(() => refuseUntrusted({ headers: browser, body }, trusted))).toEqual(refused);
    expect(code(() => refuseUntrusted({ headers: { 'sec-fetch-site': 'same-origin' }, body }, trusted))).toEqual(
      refused,
    );
  });

  it('programs ask what they like; without enforcing, everybody does', () => {
    const body = { query: '{ viewer { email } }' };
    expect(code(() => refuseUntrusted({ headers: {}, body }, trusted))).toBe('served');
    expect(code(() => refuseUntrusted({ headers: browser, body }, undefined))).toBe('served');
  });
});

describe('The manifest', () => {
  it('holds documents under their own hashes', () => {
    expect(trustedDocumentsFrom(JSON.stringify(Object.fromEntries(trusted)))).toEqual(trusted);
    for (const wrong of ['{"00":"{ viewer { name } }"}', '{"00":1}', '[1]', '{']) {
      expect(() => trustedDocumentsFrom(wrong)).toThrow();
    }
  });
});
