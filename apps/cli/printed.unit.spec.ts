import { describe, expect, it } from '@jest/globals';
import { forTerminal } from './printed.ts';

const HOSTILE = 'a\u001b[2J\u0007b\nc\u009bd\u007f\u202ee\u2066f\u061cg\u2028h';

describe('A line for a terminal', () => {
  it('holds nothing that a terminal obeys or turns around (T25, T52)', () => {
    expect(forTerminal(HOSTILE)).toBe('a\\u001b[2J\\u0007b\\u000ac\\u009bd\\u007f\\u202ee\\u2066f\\u061cg\\u2028h');
    expect(forTerminal('half \ud800 of a pair')).toBe('half \\ud800 of a pair');
  });

  it('leaves alone what people write', () => {
    const written = '“Zoë” — 日本語, العربية, 👩‍🚀 \\u001b';
    expect(forTerminal(written)).toBe(written);
  });

  it('of JSON is the same value', () => {
    expect(JSON.parse(forTerminal(JSON.stringify({ [HOSTILE]: [HOSTILE] })))).toEqual({ [HOSTILE]: [HOSTILE] });
  });
});
