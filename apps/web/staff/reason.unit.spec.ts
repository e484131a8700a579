import { describe, expect, it } from '@jest/globals';
import { GOOD, POOR, readReason } from './reason.ts';

describe('The examples beside the reason', () => {
  it('are taken and refused as they say, by the rule that decides (S1-15)', () => {
    expect(readReason(GOOD)).toEqual({ kind: 'specific', reason: GOOD });
    expect(readReason(POOR)).toMatchObject({ kind: 'vague', because: `“${POOR}” could be about anything.` });
  });
});
