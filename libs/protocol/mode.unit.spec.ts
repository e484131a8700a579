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

  it('is nothing, and one masked value and whether it was shown, on a reveal (S1-44)', () => {
    const value = 'customer.email of inq_1';
    expect(modeInWords(null, { label: value, isShown: false })).toBe(
      `Read only, and one masked value: ${value} (not shown yet)`,
    );
    expect(modeInWords(null, { label: value, isShown: true })).toBe(
      `Read only, and one masked value: ${value} (shown)`,
    );
  });
});
