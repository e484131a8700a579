import { describe, expect, it } from '@jest/globals';
import { minutesSpent, timeSpent } from './time-spent.ts';

const MINUTE = 60_000;
const of60 = (spentMs: number) => timeSpent({ spentMs, givenMs: 60 * MINUTE });

describe('What a visit used of its time', () => {
  it('is told in whole minutes, a begun one not counted, and never as nothing', () => {
    expect(of60(15.9 * MINUTE)).toBe('15 of 60 minutes');
    expect(of60(MINUTE)).toBe('1 of 60 minutes');
    expect(of60(MINUTE - 1)).toBe('less than 1 of 60 minutes');
    expect(of60(0)).toBe('less than 1 of 60 minutes');
    expect(minutesSpent({ spentMs: 9000, givenMs: MINUTE })).toBe('less than 1');
    expect(timeSpent({ spentMs: MINUTE, givenMs: MINUTE })).toBe('1 of 1 minute');
  });

  it('is never more than was given, and nothing before the beginning', () => {
    expect(of60(61 * MINUTE)).toBe('60 of 60 minutes');
    expect(of60(-MINUTE)).toBe('less than 1 of 60 minutes');
  });
});
