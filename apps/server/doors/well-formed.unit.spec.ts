import { describe, expect, it } from '@jest/globals';
import { brokenTextIn } from './well-formed.ts';

describe('Text that no UTF-8 can carry', () => {
  it.each([
    ['nowhere in text with whole pairs', { a: ['😀', 'ż', ''], b: null, c: 1 }, undefined],
    ['in a text', '\ud800', []],
    ['in a list', { a: ['x', { b: 'y\udc00' }] }, ['a', '1', 'b']],
    ['in a name', { 'a\ud800': 1 }, ['a\ufffd']],
  ])('is found %s', (_, value, path) => {
    expect(brokenTextIn(value)).toEqual(path);
  });
});
