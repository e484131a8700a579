import { describe, expect, it } from '@jest/globals';
import { waitsAgain } from './request-lines.ts';

describe('Why a request waits for the customer again', () => {
  it('is that who approved it first may not decide any more, or is no member', () => {
    expect(waitsAgain('may not decide', 'Maria Lopez')).toBe(
      'Maria Lopez approved it first and may no longer decide: that approval counts no more, and the customer’s is asked for again.',
    );
    expect(waitsAgain('no member', null)).toBe(
      'Somebody approved it first and is no member any more: that approval counts no more, and the customer’s is asked for again.',
    );
  });
});
