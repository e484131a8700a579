import { describe, expect, it } from '@jest/globals';
import { modeInWords } from './mode.ts';

const label = 'retry the failed invoice sync on INV-88';

describe('What a visit lets change, in words', () => {
  it('is nothing in a visit that looks (S0-10)', () => expect(modeInWords(null)).toBe('Read only'));

  it('is one action by its name and target, and whether it was used, on a write grant (S0-24, S1-50)', () => {
    expect(modeInWords({ label, isUsed: false })).toBe(
      'Read only, and one action: retry the failed invoice sync on INV-88 (not used yet)',
    );
    expect(modeInWords({ label, isUsed: true })).toBe(
      'Read only, and one action: retry the failed invoice sync on INV-88 (used)',
    );
  });
});
