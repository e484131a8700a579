import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ID_PREFIXES, isTypedId, isUuidV7, prefixOf, timeOfUuidV7, typedId } from './ids.ts';
import { isRuleCode, RULES } from './rules.ts';
import { END_CAUSES, END_SENTENCES } from './evaluation.ts';

describe('The id of a thing', () => {
  it.each([
    ['00000000-0000-0000-0000-000000000000', 'ses_00000000000000000000000000'],
    ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'ses_7zzzzzzzzzzzzzzzzzzzzzzzzz'],
    ['0199aa00-0000-7000-8000-000000000001', 'ses_01k6n00000e008000000000001'],
  ])('writes the UUID %s as %s', (uuid, id) => {
    expect(typedId('ses', uuid)).toBe(id);
    expect(isTypedId('ses', id)).toBe(true);
  });

  it('is the whole UUID: read back by another way, it gives the same', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(uuidOf(typedId('mem', uuid))).toBe(uuid);
      }),
    );
  });

  it('sorts as its UUID does, and two UUIDs never share one', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (a, b) => {
        const [idA, idB] = [typedId('ws', a), typedId('ws', b)];
        expect(idA < idB).toBe(a < b);
        expect(idA === idB).toBe(a === b);
        expect(prefixOf(idA)).toBe('ws');
      }),
    );
  });

  it.each(['', 'abc', '0199AA00-0000-7000-8000-000000000001', '0199aa0000007000800000000000000'])(
    'is made of a UUID in lower case only, not of %j',
    (text) => {
      expect(() => typedId('ws', text)).toThrow(`"${text}" is not a UUID in lower case.`);
    },
  );

  it.each<unknown>([
    'ws_01k6n00000e00800000000000', // 25 characters
    'ws_01k6n00000e008000000000001x',
    'ws_81k6n00000e00800000000000', // beyond 128 bits
    'ws_81k6n00000e008000000000000',
    'ws_01k6n00000e0080000000000il', // letters that the alphabet leaves out
    'ws_01K6N00000E008000000000000',
    'ses_01k6n00000e008000000000000',
    ' ws_01k6n00000e008000000000000',
    'ws_01k6n00000e008000000000000\n',
    'ws_',
    'ws',
    '',
    null,
    7,
  ])('of a workspace is not %j', (text) => {
    expect(isTypedId('ws', text)).toBe(false);
  });

  it('tells its prefix', () => {
    for (const prefix of ID_PREFIXES) {
      expect(prefixOf(typedId(prefix, '0199aa00-0000-7000-8000-000000000001'))).toBe(prefix);
    }
    expect(prefixOf('cus_01k6n00000e008000000000001')).toBeUndefined();
    expect(prefixOf('constructor')).toBeUndefined();
  });
});

describe('The id of a command', () => {
  it('is a UUID of version 7 in lower case (RFC 9562)', () => {
    expect(isUuidV7('0199aa00-0000-7000-8000-000000000001')).toBe(true);
    for (const other of [
      '0199aa00-0000-4000-8000-000000000001',
      '0199aa00-0000-7000-c000-000000000001',
      '0199AA00-0000-7000-8000-000000000001',
      '0199aa00-0000-7000-8000-000000000001\n',
      7,
    ]) {
      expect(isUuidV7(other)).toBe(false);
    }
  });

  it('holds when it was made (RFC 9562, appendix A.6)', () => {
    expect(timeOfUuidV7('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')).toBe(Date.parse('2022-02-22T19:22:22.000Z'));
  });
});

describe('What is published beside the ids', () => {
  it('knows its own rule codes, and nothing that every object has', () => {
    for (const code of Object.keys(RULES)) expect(isRuleCode(code)).toBe(true);
    for (const other of ['constructor', 'toString', '__proto__', '', null, 7]) expect(isRuleCode(other)).toBe(false);
  });

  it('has a sentence for each cause of an end, S3-21’s own for a revocation', () => {
    expect(Object.keys(END_SENTENCES).sort()).toStrictEqual([...END_CAUSES].sort());
    expect(END_SENTENCES.revoked).toBe('Support access has been revoked');
  });
});

/** The UUID behind an id, read bit by bit as Crockford's base 32 says. */
function uuidOf(id: string): string {
  const bits = Array.from(id.slice(id.indexOf('_') + 1), (sign) =>
    '0123456789abcdefghjkmnpqrstvwxyz'.indexOf(sign).toString(2).padStart(5, '0'),
  )
    .join('')
    .slice(2);
  const hex = bits.replace(/[01]{4}/g, (four) => Number.parseInt(four, 2).toString(16));
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
