import { describe, expect, it } from '@jest/globals';
import { caseInWords } from './case.ts';

describe('What a visit is for, in words', () => {
  it.each<[string | null, string]>([
    [null, 'without a case'],
    ['CASE-123', 'for CASE-123'],
    ['Żółw 7', 'for Żółw 7'],
    ['CASE-\u202e321\u0007', 'for CASE-\\u202e321\\u0007'],
    ['CASE\u00a01\u2028', 'for CASE\\u00a01\\u2028'],
  ])('is %j as “%s”: nothing in it turns the sentence around or hides (T52)', (caseRef, words) =>
    expect(caseInWords(caseRef)).toBe(words),
  );
});
