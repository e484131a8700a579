import { describe, expect, it } from '@jest/globals';
import { signOf } from './can-sign.ts';

describe('The sign before what somebody can do', () => {
  it.each([
    ['change the setting tax, once', 'pen'],
    ['Export the customers, once', 'pen'],
    ['see the card number of cus_81, once', 'eye'],
    ['open Dashboard and Settings', 'eye'],
    ['Open Once, Twice', 'eye'],
    ['stay for 30 minutes, then it ends by itself', 'clock'],
  ])('tells looking from changing: %s', (phrase, sign) => expect(signOf(phrase)).toBe(sign));
});
