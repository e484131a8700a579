import { describe, expect, it } from '@jest/globals';
import { exactJson, exactObject, type NotExact } from './exact-json.ts';

const mistakeIn = (text: string): NotExact | undefined => {
  const read = exactJson(text);
  return 'mistake' in read ? read.mistake : undefined;
};

describe('JSON that means one thing to everybody (RFC 7493, RFC 8785)', () => {
  it('is read as JSON.parse reads it', () => {
    for (const text of [
      '{"value":"10 %"}',
      ' { "a" : [ 1 , -0.5 , 1e2 , true , null , "\\u00e9\\n\\ud83d\\ude00" ] , "b" : {} , "c" : [] } ',
      '"x"',
      '-0',
      '9007199254740991',
      '1.50',
    ])
      expect(exactJson(text)).toEqual({ value: JSON.parse(text) as unknown });
  });

  it('has no key twice, however it is written', () => {
    const twice = { path: [], says: 'has the key “value” twice' };
    expect(mistakeIn('{"value":"10 %","value":"99 %"}')).toEqual(twice);
    expect(mistakeIn('{"value":"10 %","\\u0076alue":"10 %"}')).toEqual(twice);
    expect(mistakeIn('{"a":[0,{"b":1,"b":1}]}')).toEqual({ path: ['a', 1], says: 'has the key “b” twice' });
    expect(mistakeIn('{"a":{"b":1},"b":1}')).toBeUndefined();
  });

  it('has no number that is kept as another one', () => {
    for (const number of ['1e400', '9007199254740993', '1e21', '0.1000000000000000055', '1e-400', '-1e309'])
      expect(mistakeIn(`{"v":${number}}`)).toEqual({
        path: ['v'],
        says: `has the number ${number}, which can’t be kept as it is written`,
      });
    for (const number of ['0.1', '1.0', '100e-2', '5e-324', '0e9', '-0.0'])
      expect(mistakeIn(`{"v":${number}}`)).toBeUndefined();
  });

  it('has no half of a surrogate pair, in a text or in a key', () => {
    const half = 'has half of a surrogate pair in its text';
    expect(mistakeIn('{"v":"\\ud800"}')).toEqual({ path: ['v'], says: half });
    expect(mistakeIn('{"\\udc00":1}')).toEqual({ path: [], says: half });
  });

  it('has no key that an object has by itself', () => {
    for (const key of ['__proto__', 'constructor', 'prototype'])
      expect(mistakeIn(`{"a":{"${key}":{}}}`)).toEqual({
        path: ['a'],
        says: `has the key “${key}”, which can’t be used`,
      });
  });

  it('is not nested without end', () => {
    expect(mistakeIn(`${'['.repeat(4000)}${']'.repeat(4000)}`)?.says).toBe('is nested deeper than 32');
  });

  it('is JSON to its end', () => {
    for (const text of ['', '{', '{"a":1', '{"a" 1}', '{a:1}', '[1,]', '{"a":1,}', '01', '1 2', "'a'", '"\n"', 'nul'])
      expect(mistakeIn(text)?.says).toBe('must be JSON');
  });

  it('is an object where arguments are read', () => {
    expect(exactObject('{"a":1}')).toEqual({ value: { a: 1 } });
    for (const text of ['[]', 'null', '"a"', '1'])
      expect(exactObject(text)).toEqual({ mistake: { path: [], says: 'must be a JSON object' } });
  });
});
