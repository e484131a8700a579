import { describe, expect, it } from '@jest/globals';
import { argumentItems, exactText, triedAndApproved, visibly, withExactly, withExactlyInstead } from './exactly.ts';

describe('The exact arguments of an action (S4-16)', () => {
  it('are told one by one, as JSON, so that nothing looks like another thing', () => {
    expect(argumentItems({ value: '20 %', force: true, n: 1, of: { b: [1, null], a: '1' } })).toEqual([
      { name: 'force', value: 'true' },
      { name: 'n', value: '1' },
      { name: 'of', value: '{"a":"1","b":[1,null]}' },
      { name: 'value', value: '"20 %"' },
    ]);
    expect(withExactly({ value: '20 %" , force true' })).toBe('With exactly: value "20 %\\" , force true".');
    expect(withExactly({ 'a, b': 1 })).toBe('With exactly: "a, b" 1.');
  });

  it('are told beside what was asked for, each that was changed, given or left out (S4-26, S4-47)', () => {
    expect(withExactlyInstead({ value: '21' }, { value: '20 %' })).toBe(
      'With exactly: value "21" where "20 %" was asked for.',
    );
    expect(withExactlyInstead({ b: 1, c: true }, { a: null, c: true })).toBe(
      'With exactly: b 1 where none was asked for, c true, a left out where null was asked for.',
    );
    expect(withExactlyInstead(undefined, {})).toBeUndefined();
  });

  it('are told of what was tried and what was approved, each where it is known (S1-30, S4-16)', () => {
    expect(triedAndApproved({ tried: { value: '0 %' }, approved: { value: '20 %' } })).toBe(
      'Tried with exactly: value "0 %". Approved with exactly: value "20 %".',
    );
    expect(triedAndApproved({ tried: null, approved: { value: 1 } })).toBe(
      'Tried with nothing. Approved with exactly: value 1.',
    );
    expect(triedAndApproved({ tried: { value: 1 } })).toBe('Tried with exactly: value 1.');
    expect(triedAndApproved({ tried: {}, approved: null })).toBeUndefined();
  });

  it('are nothing where there are none', () => {
    expect([withExactly(null), withExactly({}), withExactly(undefined)]).toEqual([undefined, undefined, undefined]);
  });

  it('show what can’t be seen, and stay the same JSON (T25, T52)', () => {
    const value = 'a\u202eb\u009bc\u00a0d\u200be\u2028\u{e0041}f\u0007';
    const text = exactText({ value });
    expect(text).toBe('{"value":"a\\u202eb\\u009bc\\u00a0d\\u200be\\u2028\\udb40\\udc41f\\u0007"}');
    expect(JSON.parse(text)).toEqual({ value });
    expect(visibly('Zażółć 20 % 😀')).toBe('Zażółć 20 % 😀');
  });
});
