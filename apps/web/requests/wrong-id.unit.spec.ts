import { describe, expect, it } from '@jest/globals';
import { wrongId } from './wrong-id.ts';

describe('What a request is about', () => {
  it('is what is called by an id: nothing hidden, and nothing as long as no id is (T25)', () => {
    for (const id of ['INV-88', 'cus 81”', 'x'.repeat(200)]) expect(wrongId(id, 'invoice')).toBeUndefined();
    expect(wrongId('', 'invoice')).toBe('Name the invoice by its id, as the product does.');
    for (const id of ['cus_81\u202e18', 'cus_81\ncus_82', 'cus_81\u200b'])
      expect(wrongId(id, 'record')).toBe(
        'This id holds characters that can’t be seen or that turn text around. Write it anew, as the product has it.',
      );
    expect(wrongId('x'.repeat(201), 'record')).toBe('This id is longer than ids are: 200 characters at most.');
  });
});
