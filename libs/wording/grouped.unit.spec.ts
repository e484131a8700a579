import { describe, expect, it } from '@jest/globals';
import { grouped } from './grouped.ts';

describe('A list of what can or can’t be done', () => {
  it('is told by what is done, and leaves nothing out (S4-31)', () => {
    const phrases = ['change anything else', 'open Team', 'reply to the inquiry', 'open Billing', 'delete a customer'];
    expect(grouped(phrases, 'or')).toEqual([
      'open Team or Billing',
      'change anything else: reply to the inquiry or delete a customer',
    ]);
    expect(grouped(['open Team'], 'or')).toEqual(['open Team']);
    expect(grouped(['change anything'], 'or')).toEqual(['change anything']);
    expect(grouped([], 'or')).toEqual([]);
  });
});
